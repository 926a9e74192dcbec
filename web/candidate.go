package web

import (
	"fmt"
	"net/http"

	"schemer"
)

func (s *server) candidate(w http.ResponseWriter, r *http.Request) {
	id := schemer.ResellerID(r.PathValue("id"))
	edition, err := s.House.Draft(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, c := range edition.Candidates {
		if c.ID != id {
			continue
		}
		if s.viewed(w, r, "candidate "+string(id)) {
			s.render(w, r, http.StatusOK, "candidate", c)
		}
		return
	}
	s.fail(w, r, fmt.Errorf("candidate %q of edition %s: %w", id, edition.Edition, schemer.ErrNotFound))
}
