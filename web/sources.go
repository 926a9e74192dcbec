package web

import "net/http"

func (s *server) sources(w http.ResponseWriter, r *http.Request) {
	states, err := s.House.Sources(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "sources", states)
}
