package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"schemer"
	"schemer/index"
	"schemer/letter"
	"schemer/web"
)

// poison is what a page could write to hurt whoever reads it. MARK shows that the rest came through.
const poison = `"><script>alert(1)</script><img src=//evil.example/x onerror=alert(2)>{{.}}'MARK`

// tricky holds characters that one reads past: they are made visible.
const tricky = "evil\u202egnp.exe\u200b\x07"

var when = time.Date(2026, 3, 5, 14, 22, 0, 0, time.UTC)

// house is a House over fixed data that remembers what was looked at.
type house struct {
	edition  schemer.Edition
	err      error // of Draft and Letter
	viewErr  error // of Viewed
	mu       sync.Mutex
	views    []string
	searched index.Query
}

func (h *house) Draft(context.Context) (schemer.Edition, error) { return h.edition, h.err }

func (h *house) Search(_ context.Context, q index.Query) (index.Page, error) {
	h.mu.Lock()
	h.searched = q
	h.mu.Unlock()
	if q.Text == `"open` {
		return index.Page{}, fmt.Errorf("%w: a quotation mark is not closed: %s", schemer.ErrUsage, poison)
	}
	if q.Text == "nothing" {
		return index.Page{ReadAs: q.Text}, nil
	}
	hit := index.Hit{
		ID: "p1", URL: "http://board.example/t/1?x=" + poison, Site: "board.example", Author: poison, Thread: poison, Lang: poison, PostedAt: when,
		Signals: []schemer.SignalID{"abuse_ignored"}, Gone: when,
		Fragments: []index.Fragment{{Field: "text", Text: "abuse " + poison, Marks: []index.Span{{Start: 0, End: 5}}}},
	}
	plain := index.Hit{ID: "p2", URL: "http://board.example/t/2", Author: "klaus", Title: "Umzug", Lang: "de", Fragments: []index.Fragment{{Field: "text", Text: "nichts"}}}
	return index.Page{
		ReadAs: q.Text, Total: 2, Hits: []index.Hit{hit, plain}, Next: "cursor&" + poison,
		Facets: []index.Facet{{Field: "site", Buckets: []index.Bucket{{Value: "board.example", Count: 1}, {Value: poison, Count: 1}}}, {Field: "month"}},
	}, nil
}

func (h *house) Sources(context.Context) ([]web.SourceState, error) {
	return []web.SourceState{
		{Source: schemer.Source{ID: "board.example", Kind: schemer.KindForum, Basis: poison}, LastRun: when, NextDue: when, Fetched: 12, Posts: 34, Errors: map[string]int{"timeout": 2, poison: 1}, Note: poison},
		{Source: schemer.Source{ID: schemer.SourceID("evil.example" + tricky), Kind: schemer.KindUnknown, Discovered: true}},
	}, nil
}

func (h *house) Viewed(_ context.Context, who, object string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.views = append(h.views, who+" "+object)
	return h.viewErr
}

func (h *house) Letter(context.Context) (letter.Letter, error) {
	return letter.Letter{Edition: h.edition, Date: when, Draft: true}, h.err
}

// newHouse is a small edition: one candidate whose every text is hostile, one plain one, one that is only watched.
func newHouse() *house {
	proof := schemer.Evidence{
		URL: "https://evil.example/" + poison, Quote: poison + tricky, Author: poison, Speaker: schemer.SpeakerSelf, Grade: schemer.GradeOpen, Signal: "c_phish",
		PostedAt: when, CapturedAt: when, SHA256: schemer.DigestOf([]byte(poison)), WARC: "1.warc.gz#9", Admiralty: "B2", Site: "evil.example", Lang: poison, GoneSince: when,
	}
	bad := schemer.Candidate{
		Rank: 1, ID: "r-000000000001", Name: poison, Aliases: []string{poison, tricky}, Domains: []string{"evil.example", poison}, Handles: []string{"telegram:" + poison},
		ASNs: []int64{64500}, Listed: true, Grade: schemer.GradeOpen, Score: 7.5, Probability: 0.98, Crimes: []string{"phishing", "hacking", poison}, Registered: "SC", SeatClaim: poison,
		Nexus: "claimed", NexusProof: poison, Change: "new", Related: []schemer.Related{{Name: poison, Relation: "successor_of", Why: poison}},
		Factors: []schemer.Factor{{Signal: "c_phish", Points: 9, Note: poison}, {Signal: "K_coop", Points: -1.5, Note: "works with the police"}},
		Flags:   []string{"one_source", poison}, Evidence: []schemer.Evidence{proof}, Contra: []schemer.Evidence{proof}, Sources: 2, WouldChange: []string{poison},
		Bindings: []schemer.Binding{{A: schemer.Alias{Kind: "domain", Value: "evil.example"}, B: schemer.Alias{Kind: "telegram", Value: poison}, Strength: "hard", By: poison, Why: poison}},
	}
	plain := schemer.Candidate{
		Rank: 2, ID: "r-000000000002", Name: "Stille Kade", Domains: []string{"stillekade.example"}, Listed: true, Grade: schemer.GradeHint, Score: 3.2, Nexus: "verified", Change: "stayed",
		Evidence: []schemer.Evidence{{Quote: "Somebody else says so.", Speaker: schemer.SpeakerThird, Grade: schemer.GradeHint, Points: 9}, {URL: "https://stillekade.example/balie", Quote: "Klachten raken hier nogal eens zoek.", Speaker: schemer.SpeakerSelf, Grade: schemer.GradeHint, Signal: "abuse_ignored", Lang: "nl", Admiralty: "C3"}},
	}
	watched := schemer.Candidate{Rank: 3, ID: "r-000000000003", Name: "Only Watched", Grade: schemer.GradeWatch, Nexus: "none"}
	return &house{edition: schemer.Edition{Edition: "2026", GeneratedAt: when, Inputs: schemer.Inputs{AsOf: when}, Candidates: []schemer.Candidate{bad, plain, watched}}}
}

func newWorkbench(t *testing.T, h *house) http.Handler {
	t.Helper()
	handler, err := web.New(web.Options{House: h, Log: slog.New(slog.DiscardHandler), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return handler
}
