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

// strongest returns the proof that a candidate's line shows: what the seller says itself before what others say, the
// better grade, then the points. Nil without evidence.
func strongest(c schemer.Candidate) *schemer.Evidence {
	weight := func(e schemer.Evidence) float64 {
		w := e.Points
		if e.Speaker == schemer.SpeakerSelf {
			w += 100
		}
		switch e.Grade {
		case schemer.GradeOpen:
			w += 2000
		case schemer.GradeHint:
			w += 1000
		}
		return w
	}
	var best *schemer.Evidence
	for i, e := range c.Evidence {
		if best == nil || weight(e) > weight(*best) {
			best = &c.Evidence[i]
		}
	}
	return best
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
