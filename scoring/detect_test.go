package scoring

import (
	"reflect"
	"sync"
	"testing"

	"schemer"
)

// polarityCase is a text with what must be found in it.
type polarityCase struct {
	name   string
	post   schemer.Post
	signal schemer.SignalID
	want   int    // polarity; 9 means that the signal must not be there
	scope  string // of the hit
}

// list makes a post whose lines after the first are items under it.
func list(lead string, items ...string) schemer.Post {
	p := schemer.Post{Board: "Hosting"}
	add := func(kind, text string, heads ...string) {
		if p.Text != "" {
			p.Text += "\n"
		}
		start := len(p.Text)
		p.Text += text
		p.Blocks = append(p.Blocks, schemer.Block{Kind: kind, Start: start, End: len(p.Text), Headings: heads})
	}
	add("heading", lead)
	for _, it := range items {
		add("item", it, lead)
	}
	return p
}

func said(text string) schemer.Post { return schemer.Post{Text: text, Board: "Hosting"} }

func TestPolarityAndScope(t *testing.T) {
	rules, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []polarityCase{
		{"negator and permission forbid", said("Phishing is not allowed."), "c_phish", 9, ""},
		{"negator and enforcement permit", said("Phishing pages are never suspended."), "c_phish", 1, ""},
		{"heading forbids its list", list("Forbidden:", "phishing", "spam"), "K_prohib", -1, ""},
		{"heading permits its list", list("Welcome:", "phishing pages", "botnets"), "c_phish", 1, ""},
		{"Dutch heading", list("Verboden:", "phishing en botnets"), "c_phish", 9, ""},
		{"Russian heading", list("Принимаем:", "фишинг", "ботнеты"), "c_c2", 1, ""},
		{"list in plain lines", said("Not allowed:\n- phishing\n- botnets"), "c_c2", 9, ""},
		{"permission in plain lines", said("Allowed:\n- phishing\n- botnets"), "c_c2", 1, ""},
		{"list in one sentence", said("Not allowed: phishing, botnets, spam."), "c_spam", 9, ""},
		{"question", said("Is phishing allowed?"), "c_phish", 0, "question"},
		{"question answered yes", said("Is phishing allowed? Yes, of course."), "c_phish", 1, "answer"},
		{"question answered no", said("Are your servers bulletproof? No."), "K_not_bp", -1, "answer"},
		{"news", said("Police said the arrested men sold servers and allowed phishing."), "c_phish", 0, "news"},
		{"definition", said("Bulletproof hosting is a service that ignores complaints."), "bp_self", 9, ""},
		{"sarcasm", said("Sure, phishing is welcome here. That was sarcasm."), "c_phish", 0, "sarcasm"},
		{"quoted words", said("He wrote „phishing is welcome“ in the advert."), "c_phish", 1, "reported"},
		{"denial", said("Anyone who says that we allow phishing is lying."), "c_phish", 0, "denial"},
		{"protection", said("Phishing protection is allowed on all plans."), "c_phish", 9, ""},
		{"exception", said("Everything is allowed except child porn."), "residual", 1, ""},
		{"contrast in one sentence", said("Spam is forbidden, but phishing is fine."), "c_phish", 1, ""},
		{"contrast, the other half", said("Spam is forbidden, but phishing is fine."), "c_spam", 9, ""},
		{"vest", said("We sell bulletproof vests and servers."), "bp_self", 9, ""},
		{"under a heading about complaints", list("Abuse reports", "We laugh and delete them."), "abuse_ignored", 1, ""},
		{"double negation", said("No complaint goes unanswered."), "abuse_ignored", 9, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			hits := rules.Detect(&c.post)
			for _, h := range hits {
				if h.Signal != c.signal {
					continue
				}
				if c.want == 9 && h.Polarity > 0 && h.Scope == "" {
					t.Fatalf("%s found in %q", c.signal, h.Quote)
				}
				if c.want != 9 && (h.Polarity != c.want || h.Scope != c.scope) {
					t.Fatalf("%s: polarity %d scope %q, want %d %q", c.signal, h.Polarity, h.Scope, c.want, c.scope)
				}
				return
			}
			if c.want != 9 {
				t.Fatalf("%s not found; hits %+v", c.signal, hits)
			}
		})
	}
}

func TestSubject(t *testing.T) {
	rules, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"We ignore complaints.":                       "we",
		"They ignore complaints.":                     "they",
		"Complaints are ignored.":                     "none",
		"I ignore complaints.":                        "i",
		"Жалобы игнорируем.":                          "we",
		"Ignoramos las quejas.":                       "we",
		"My panel stays, they just ignore complaints": "they",
	} {
		got := ""
		for _, h := range rules.Detect(&schemer.Post{Text: text}) {
			if h.Signal == "abuse_ignored" {
				got = h.Subject
			}
		}
		if got != want {
			t.Errorf("%q: subject %q, want %q", text, got, want)
		}
	}
}

// TestDetectIsDeterministic holds that the same post gives the same hits, whoever asks at the same time.
func TestDetectIsDeterministic(t *testing.T) {
	rules, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	posts := []*schemer.Post{
		{Text: "We take botnets, spam and phishing. Complaints go in the pond. Police get no answer."},
		{Text: "Фишинг можно, жалобы не читаем. p h i s h i n g welcome"},
		{Text: "Wij negeren klachten. Verboden: spam, phishing.", Signature: "bulletproof servers"},
	}
	want := make([][]schemer.Hit, len(posts))
	for i, p := range posts {
		want[i] = rules.Detect(p)
	}
	again, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if again.Digest() != rules.Digest() {
		t.Error("the same rules have another digest")
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i, p := range posts {
				if got := rules.Detect(p); !reflect.DeepEqual(got, want[i]) {
					t.Errorf("hits differ: %+v, want %+v", got, want[i])
				}
				if got := again.Detect(p); !reflect.DeepEqual(got, want[i]) {
					t.Errorf("hits of a second load differ: %+v, want %+v", got, want[i])
				}
			}
		})
	}
	wg.Wait()
}
