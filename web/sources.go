package web

import "net/http"

// sourceGroup is a heading over sources: those a person gave, those that they led to, those guessed from a name.
type sourceGroup struct {
	Title   string
	Sources []SourceState
}

func (s *server) sources(w http.ResponseWriter, r *http.Request) {
	states, err := s.House.Sources(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	groups := []sourceGroup{{Title: "watched"}, {Title: "discovered"}, {Title: "guessed"}}
	for _, state := range states {
		g := &groups[0]
		switch {
		case state.Source.Guessed:
			g = &groups[2]
		case state.Source.Discovered:
			g = &groups[1]
		}
		g.Sources = append(g.Sources, state)
	}
	s.render(w, r, http.StatusOK, "sources", groups)
}
