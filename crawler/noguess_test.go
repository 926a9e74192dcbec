package crawler_test

import (
	"net/http"
	"strings"
	"testing"

	"schemer"
)

// offerReader reads every post as the opening post of a seller's thread.
type offerReader struct{ plainReader }

func (r offerReader) Read(c schemer.Capture, header http.Header, body []byte) schemer.Document {
	doc := r.plainReader.Read(c, header, body)
	for i := range doc.Posts {
		doc.Posts[i].Kind, doc.Posts[i].Position, doc.Posts[i].Thread = schemer.PostForum, 1, "[OFFER] Northern Rack - cheap servers"
	}
	return doc
}

func TestHostsAreGuessedFromNamesUnlessThatIsOff(t *testing.T) {
	for _, off := range []bool{false, true} {
		s, m := newWeb(t), newMemory()
		s.pages("board.example", map[string]string{"/": `<body class=thread><p>Six servers left, write to me</p>`})
		opt := s.options(m, forum("board.example"))
		opt.Reader, opt.NoGuess = offerReader{}, off
		run(t, opt)
		guessed := 0
		for _, line := range s.log {
			if strings.HasPrefix(line, "northernrack.example/") {
				guessed++
			}
		}
		if off && (guessed > 0 || len(m.sites) > 0) {
			t.Errorf("NoGuess: %d requests to a guessed host, sites %v", guessed, m.sites)
		}
		if !off && (guessed == 0 || len(m.sites) == 0 || !m.sites[0].Guessed) {
			t.Errorf("%d requests to the guessed host, sites %v; want some, marked as guessed", guessed, m.sites)
		}
	}
}
