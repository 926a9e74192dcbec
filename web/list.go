package web

import (
	"net/http"

	"schemer"
	"schemer/letter"
)

// group is a heading over candidates: proposed for the letter, or not.
type group struct {
	Title      string
	Candidates []schemer.Candidate
}

type listData struct {
	Edition schemer.Edition
	Groups  []group
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	edition, err := s.House.Draft(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if !s.viewed(w, r, "list "+edition.Edition) {
		return
	}
	data := listData{Edition: edition, Groups: []group{{Title: "listed"}, {Title: "unlisted"}}}
	for _, c := range edition.Candidates {
		g := &data.Groups[1]
		if c.Listed {
			g = &data.Groups[0]
		}
		g.Candidates = append(g.Candidates, c)
	}
	s.render(w, r, http.StatusOK, "list", data)
}

func (s *server) listJSON(w http.ResponseWriter, r *http.Request) {
	edition, err := s.House.Draft(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if !s.viewed(w, r, "list.json "+edition.Edition) {
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if err := letter.JSON(w, edition); err != nil {
		s.Log.Error("list.json", "error", err)
	}
}

func (s *server) listCSV(w http.ResponseWriter, r *http.Request) {
	edition, err := s.House.Draft(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if !s.viewed(w, r, "list.csv "+edition.Edition) {
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="schemer-list.csv"`)
	if err := letter.CSV(w, edition); err != nil {
		s.Log.Error("list.csv", "error", err)
	}
}
