package scoring

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"schemer"
)

// The fictional internet as posts, without crawler and reader: what a faithful reader would make of it.

type worldSite struct {
	Host, Kind, Engine, Lang, Title string
	Pages                           []struct {
		Path, Title, Lang, From, Until, Markdown string
	}
	Boards []struct {
		ID      int
		Name    string
		Threads []struct {
			ID     int
			Title  string
			Sticky bool
			Posts  []struct {
				ID, QuoteOf             int
				Author, Date, Until     string
				Text, Signature, Edited string
			}
		}
	}
}

func (s *worldSite) UnmarshalJSON(data []byte) error {
	type plain worldSite
	fixed := regexp.MustCompile(`"quote_of"`).ReplaceAll(data, []byte(`"QuoteOf"`))
	return json.Unmarshal(fixed, (*plain)(s))
}

func visible(from, until string, asOf time.Time) bool {
	return (from == "" || !day(from).After(asOf)) && (until == "" || day(until).After(asOf))
}

func day(s string) time.Time {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, s); err == nil {
			return at
		}
	}
	panic("date " + s)
}

// loadWorld reads the sites of a world as posts visible at asOf.
func loadWorld(t testing.TB, dir string, asOf time.Time) []schemer.Post {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "sites", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no sites in %s: %v", dir, err)
	}
	var out []schemer.Post
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var s worldSite
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out = append(out, s.posts(asOf)...)
	}
	return out
}

func (s *worldSite) posts(asOf time.Time) []schemer.Post {
	var out []schemer.Post
	kind := schemer.SourceKind(s.Kind)
	if s.Kind == "reseller" || s.Kind == "hoster" {
		kind = schemer.KindUnknown // found by the crawler, not given
	}
	for _, p := range s.Pages {
		if !visible(p.From, p.Until, asOf) {
			continue
		}
		url := "http://" + s.Host + p.Path
		post := schemer.Post{URL: url, Site: s.Host, SourceKind: kind, Kind: schemer.PostPage, Title: p.Title, Text: plainText(p.Markdown), Role: roleOf(p.Path), CapturedAt: asOf}
		finish(&post)
		out = append(out, post)
	}
	for _, b := range s.Boards {
		for _, th := range b.Threads {
			texts := map[int][2]string{}
			for i, p := range th.Posts {
				texts[p.ID] = [2]string{p.Author, p.Text}
				if !visible(p.Date, p.Until, asOf) {
					continue
				}
				url := fmt.Sprintf("http://%s/t/%d#p%d", s.Host, th.ID, p.ID)
				post := schemer.Post{
					URL: url, Site: s.Host, SourceKind: kind, Kind: schemer.PostForum, Board: b.Name, Thread: th.Title, ThreadID: fmt.Sprint(th.ID), Sticky: th.Sticky,
					Number: fmt.Sprint(p.ID), Position: i + 1, Author: p.Author, PostedAt: day(p.Date), Text: plainText(p.Text), Signature: p.Signature, CapturedAt: asOf,
				}
				switch s.Kind {
				case "review":
					post.Kind, post.Subject = schemer.PostReview, th.Title
				case "news", "blog":
					post.Kind = schemer.PostComment
					if i == 0 {
						post.Kind = schemer.PostArticle
					}
				}
				if p.QuoteOf != 0 {
					q := texts[p.QuoteOf]
					post.Quotes = []schemer.Quote{{Author: q[0], Text: q[1], Post: fmt.Sprint(p.QuoteOf)}}
				}
				finish(&post)
				out = append(out, post)
			}
		}
	}
	return out
}

func finish(p *schemer.Post) {
	p.ID = schemer.NewPostID(p.Site, p.URL)
	p.SHA256 = schemer.DigestOf([]byte(p.Text))
	find := func(field, text string) {
		for _, pattern := range mentionPatterns {
			for _, m := range pattern.re.FindAllStringSubmatch(text, -1) {
				value := strings.ToLower(strings.Trim(m[1], "."))
				if pattern.kind == "wallet" || pattern.kind == "tox" {
					value = m[1]
				}
				p.Mentions = append(p.Mentions, schemer.Mention{Kind: pattern.kind, Value: value, Field: field})
			}
		}
	}
	find("text", p.Text)
	find("signature", p.Signature)
}

var mentionPatterns = []struct {
	kind string
	re   *regexp.Regexp
}{
	{"jabber", regexp.MustCompile(`(?i)([a-z0-9_.-]+@(?:xmpp|jabber)[a-z0-9.-]*\.(?:example|test))`)},
	{"email", regexp.MustCompile(`(?i)\b([a-z0-9_.-]+@[a-wyz][a-z0-9-]*\.(?:example|test))`)},
	{"telegram", regexp.MustCompile(`(?:^|[\s(*:—,])@([A-Za-z][A-Za-z0-9_]{4,})`)},
	{"telegram", regexp.MustCompile(`(?i)(?:telegram|тг|tg)[: ]+@?([a-z][a-z0-9_]{4,})`)},
	{"tox", regexp.MustCompile(`\b([0-9A-F]{2}[0-9A-Z]{20,})\b`)},
	{"wallet", regexp.MustCompile(`\b(bc1[a-z0-9]{10,}|4X[A-Za-z0-9]{15,})\b`)},
	{"domain", regexp.MustCompile(`(?i)(?:^|[\s(/:*])((?:[a-z0-9-]+\.)+(?:example|test|onion))`)},
	{"asn", regexp.MustCompile(`\bAS(\d{5})\b`)},
	{"prefix", regexp.MustCompile(`\b(\d+\.\d+\.\d+\.\d+/\d+)`)},
}

var marks = regexp.MustCompile("(?m)^#+ |\\*\\*|```|^> ?|`")

func plainText(markdown string) string { return marks.ReplaceAllString(markdown, "") }

func roleOf(path string) string {
	for role, words := range map[string][]string{
		"home": {"/"}, "terms": {"terms", "tos", "agb", "conditions", "umovy", "usloviya", "tiaokuan", "voorwaarden"}, "aup": {"aup", "pravila", "rules", "regeln"},
		"about": {"about", "o-nas", "over-ons", "haus"}, "contact": {"contact", "kontakty"}, "faq": {"faq"},
	} {
		for _, w := range words {
			if path == "/"+w || path == w {
				return role
			}
		}
	}
	return "other"
}
