package crawler_test

import (
	"net/http"
	"testing"

	"schemer"
)

// TestHostThatIsNotThereIsAskedOnce: a server that says by 421 that it is not the host's is not asked for its pages.
func TestHostThatIsNotThereIsAskedOnce(t *testing.T) {
	s, m := newWeb(t), newMemory()
	s.hosts["none.example"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMisdirectedRequest) }
	for range 2 {
		run(t, s.options(m, schemer.Source{ID: "none.example", URL: "http://none.example/", Kind: schemer.KindUnknown, Discovered: true}))
	}
	if asked := s.asked("none.example"); len(asked) != 1 || asked[0] != "/robots.txt" {
		t.Errorf("asked for %v", asked)
	}
	if m.errorsOf()["status-421"] != 2 { // of robots.txt and of the page that was left alone
		t.Errorf("errors %v", m.errorsOf())
	}
}
