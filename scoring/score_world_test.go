package scoring

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"schemer"
)

const demoWorld = "../seeds/demo"

var demoDay = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

func defaultRules(t testing.TB) *Rules {
	t.Helper()
	rules, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func demoLabels(t testing.TB) Labels {
	t.Helper()
	f, err := os.Open(demoWorld + "/truth.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	labels, err := ReadLabels(f)
	if err != nil {
		t.Fatal(err)
	}
	return labels
}

func scoreDemo(t testing.TB, posts []schemer.Post, rules *Rules) schemer.Edition {
	t.Helper()
	ed, err := Score(Input{Corpus: Posts(posts), Rules: rules, AsOf: demoDay, Edition: "2026"})
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

// TestDemoList holds the figures of the list on the demo: no clean firm, no bystander, no stranger; nearly all of the
// others, each once.
func TestDemoList(t *testing.T) {
	ed := scoreDemo(t, loadWorld(t, demoWorld, demoDay), defaultRules(t))
	r := Evaluate(ed, demoLabels(t))
	if err := r.Write(testWriter{t}); err != nil {
		t.Fatal(err)
	}
	if r.Precision < 0.97 || len(r.Wrong) > 0 {
		t.Errorf("wrongly proposed: %v", r.Wrong)
	}
	if r.Recall < 0.85 {
		t.Errorf("recall %.3f; missed %v", r.Recall, r.Missed)
	}
	if len(r.Merged) > 0 || len(r.Split) > 0 {
		t.Errorf("merged %v, split %v", r.Merged, r.Split)
	}
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimRight(string(p), "\n"))
	return len(p), nil
}

// TestOrderAndWorkersDoNotMatter holds that the same posts give the same bytes in any order, on any number of workers.
func TestOrderAndWorkersDoNotMatter(t *testing.T) {
	rules, posts := defaultRules(t), loadWorld(t, demoWorld, demoDay)
	var want []byte
	for round := range 4 {
		rng := rand.New(rand.NewPCG(uint64(round), 3))
		rng.Shuffle(len(posts), func(i, j int) { posts[i], posts[j] = posts[j], posts[i] })
		ed, err := Score(Input{Corpus: Posts(posts), Rules: rules, AsOf: demoDay, Edition: "2026", Workers: round + 1})
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(ed)
		if err != nil {
			t.Fatal(err)
		}
		if round > 0 && string(got) != string(want) {
			t.Fatalf("round %d differs from the first", round)
		}
		want = got
	}
}

// TestCachedHitsChangeNothing holds that hits handed in give what detection gives.
func TestCachedHitsChangeNothing(t *testing.T) {
	rules, posts := defaultRules(t), loadWorld(t, demoWorld, demoDay)
	kept := map[schemer.PostID][]schemer.Hit{}
	for i := range posts {
		kept[posts[i].ID] = rules.Detect(&posts[i])
	}
	cached, err := Score(Input{
		Corpus: Posts(posts), Rules: rules, AsOf: demoDay, Edition: "2026",
		Hits: func(p *schemer.Post) ([]schemer.Hit, bool) { return kept[p.ID], true },
	})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(cached)
	b, _ := json.Marshal(scoreDemo(t, posts, rules))
	if string(a) != string(b) {
		t.Error("cached hits give another edition")
	}
}

// TestFactorsAddUp holds that the factors of every candidate add up to its score, that quotes stand in their posts and
// that only open and hint are proposed.
func TestFactorsAddUp(t *testing.T) {
	posts := loadWorld(t, demoWorld, demoDay)
	text := map[schemer.PostID]string{}
	for _, p := range posts {
		text[p.ID] = p.Title + "\n" + p.Text + "\n" + p.Signature
	}
	for _, c := range scoreDemo(t, posts, defaultRules(t)).Candidates {
		sum := 0.0
		for _, f := range c.Factors {
			sum += f.Points
		}
		if d := sum - c.Score; d > 1e-9 || d < -1e-9 {
			t.Errorf("%s: factors add up to %v, score %v", c.Name, sum, c.Score)
		}
		if c.Listed && c.Grade != schemer.GradeOpen && c.Grade != schemer.GradeHint {
			t.Errorf("%s is proposed with grade %s", c.Name, c.Grade)
		}
		for _, e := range append(c.Evidence, c.Contra...) {
			if !strings.Contains(text[e.Post], e.Quote) {
				t.Errorf("%s: %q does not stand in its post", c.Name, e.Quote)
			}
		}
	}
}

// TestEachForumLeftOut holds that no honest firm is proposed whichever forum is not read, and that most others still are.
func TestEachForumLeftOut(t *testing.T) {
	posts := loadWorld(t, demoWorld, demoDay)
	var forums []string
	for _, p := range posts {
		if p.SourceKind != schemer.KindUnknown && !slices.Contains(forums, p.Site) {
			forums = append(forums, p.Site)
		}
	}
	reports, err := WithoutEach(Input{Corpus: Posts(posts), Rules: defaultRules(t), AsOf: demoDay, Edition: "2026"}, demoLabels(t), forums)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		t.Logf("without %-24q precision %.3f recall %.3f missed %v", r.Without, r.Report.Precision, r.Report.Recall, r.Report.Missed)
		if len(r.Report.Wrong) > 0 {
			t.Errorf("without %s: wrongly proposed %v", r.Without, r.Report.Wrong)
		}
		if r.Report.Recall < 0.6 {
			t.Errorf("without %s: recall %.3f", r.Without, r.Report.Recall)
		}
	}
}

// TestRenamedWorld holds that nothing hangs on the names of the demo: with every name, nickname, host and contact
// replaced by an invented one, the figures stay.
func TestRenamedWorld(t *testing.T) {
	rules, posts, labels := defaultRules(t), loadWorld(t, demoWorld, demoDay), demoLabels(t)
	before := Evaluate(scoreDemo(t, posts, rules), labels)
	for seed := range 3 {
		n := newRenamer(seed, posts, labels)
		renamed := make([]schemer.Post, len(posts))
		for i, p := range posts {
			renamed[i] = n.post(p)
		}
		ed := scoreDemo(t, renamed, rules)
		after := Evaluate(ed, n.labels(labels))
		t.Logf("names %d: precision %.3f to %.3f, recall %.3f to %.3f, wrong %v, missed %v, merged %v, split %v", seed, before.Precision, after.Precision, before.Recall, after.Recall, after.Wrong, after.Missed, after.Merged, after.Split)
		if after.Precision < before.Precision-0.04 || after.Recall < before.Recall-0.1 {
			t.Errorf("names %d: precision fell from %.3f to %.3f, recall from %.3f to %.3f", seed, before.Precision, after.Precision, before.Recall, after.Recall)
		}
	}
}

// renamer replaces names consistently by invented ones of the same script.
type renamer struct {
	seed  int
	words map[string]bool // loose words of names
	forms map[string]bool // spellings to replace, in small letters
	most  int
}

func newRenamer(seed int, posts []schemer.Post, labels Labels) *renamer {
	n := &renamer{seed: seed, words: map[string]bool{}, forms: map[string]bool{}}
	add := func(name string) {
		if len(name) < 4 {
			return
		}
		n.forms[strings.ToLower(name)] = true
		for _, word := range splitName(name) {
			if token := looseToken(foldText(word)); len(token) >= 3 && !tradeWords[token] && !legalForms[token] && !placeWords[token] {
				n.words[token] = true
			}
		}
	}
	for _, l := range labels.Items {
		for _, name := range append([]string{l.Name}, l.Aliases...) {
			add(name)
		}
		for _, d := range l.Domains {
			add(strings.Split(d, ".")[0])
		}
		for _, h := range l.Handles {
			if kind, value, ok := strings.Cut(h, ":"); ok && kind != "tox" && kind != "wallet" {
				user, _, _ := strings.Cut(value, "@")
				if !generic[user] {
					add(user)
				}
			}
		}
	}
	for _, p := range posts {
		add(bareNick(p.Author))
		add(strings.Split(p.Site, ".")[0])
	}
	for form := range n.forms {
		n.most = max(n.most, len(form))
	}
	return n
}

// text replaces every spelling of a name in text.
func (n *renamer) text(text string) string {
	var out strings.Builder
	lower := strings.ToLower(text)
	if len(lower) != len(text) {
		lower = text
	}
	letter := false
	for i := 0; i < len(text); {
		r := []rune(text[i:min(len(text), i+4)])[0]
		size := len(string(r))
		word := unicode.IsLetter(r) || unicode.IsDigit(r)
		if word && !letter {
			if end := n.longest(lower, i); end > i {
				out.WriteString(n.name(text[i:end]))
				i = end
				letter = false
				continue
			}
		}
		letter = word
		out.WriteString(text[i : i+size])
		i += size
	}
	return out.String()
}

// longest returns where the longest name that begins at i ends, or i.
func (n *renamer) longest(lower string, i int) int {
	for end := min(len(lower), i+n.most); end > i+3; end-- {
		if n.forms[lower[i:end]] && (end == len(lower) || !isWordByte(lower[end:])) {
			return end
		}
	}
	return i
}

func isWordByte(rest string) bool {
	r := []rune(rest[:min(len(rest), 4)])[0]
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// name invents the replacement of one spelling, word by word; a word run together of several is cut at known ones.
func (n *renamer) name(form string) string {
	var out strings.Builder
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out.WriteString(n.word(form[start:end]))
			start = -1
		}
	}
	for i, r := range form {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if start >= 0 && unicode.IsUpper(r) && unicode.IsLower([]rune(form[start:i])[len([]rune(form[start:i]))-1]) {
				flush(i)
			}
			if start < 0 {
				start = i
			}
			continue
		}
		flush(i)
		out.WriteRune(r)
	}
	flush(len(form))
	return out.String()
}

// word invents the replacement of one word: trade words stay, others become syllables drawn by their loose form.
func (n *renamer) word(word string) string {
	token := looseToken(foldText(word))
	if tradeWords[token] || placeWords[token] || legalForms[token] || len(token) < 3 {
		return word
	}
	if !n.words[token] {
		for cut := len(word) - 3; cut >= 3; cut-- {
			if left := looseToken(foldText(word[:cut])); n.words[left] {
				return n.word(word[:cut]) + n.word(word[cut:])
			}
		}
	}
	last := ""
	if base, ok := strings.CutSuffix(token, "r"); ok && n.words[base] {
		token, last = base, "r" // one letter more stays one letter more
	}
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%d %s", n.seed, token)
	rng := rand.New(rand.NewPCG(h.Sum64(), 1))
	plain := ""
	for range 2 + rng.IntN(2) {
		plain += string("bdfgklmnprstvz"[rng.IntN(14)]) + string("aeiou"[rng.IntN(5)])
	}
	plain += string("lmnrst"[rng.IntN(6)]) + last
	first := []rune(word)[0]
	switch {
	case unicode.Is(unicode.Cyrillic, first):
		plain = strings.NewReplacer("b", "б", "d", "д", "f", "ф", "g", "г", "k", "к", "l", "л", "m", "м", "n", "н", "p", "п", "r", "р", "s", "с", "t", "т", "v", "в", "z", "з", "a", "а", "e", "е", "i", "и", "o", "о", "u", "у").Replace(plain)
	case unicode.Is(unicode.Han, first):
		plain = string([]rune("山水石林风")[rng.IntN(5)]) + string([]rune("桥门田城湖")[rng.IntN(5)])
	}
	if unicode.IsUpper(first) {
		plain = strings.ToUpper(string([]rune(plain)[:1])) + string([]rune(plain)[1:])
	}
	return plain
}

func (n *renamer) post(p schemer.Post) schemer.Post {
	p.URL, p.Site, p.Thread, p.Title, p.Subject = n.text(p.URL), n.text(p.Site), n.text(p.Thread), n.text(p.Title), n.text(p.Subject)
	p.Author, p.Text, p.Signature = n.text(p.Author), n.text(p.Text), n.text(p.Signature)
	p.Quotes = slices.Clone(p.Quotes)
	for i := range p.Quotes {
		p.Quotes[i].Author, p.Quotes[i].Text = n.text(p.Quotes[i].Author), n.text(p.Quotes[i].Text)
	}
	p.Mentions, p.Blocks = nil, nil
	finish(&p)
	return p
}

func (n *renamer) labels(labels Labels) Labels {
	out := Labels{AsOf: labels.AsOf}
	each := func(list []string) []string {
		var renamed []string
		for _, s := range list {
			renamed = append(renamed, n.text(s))
		}
		return renamed
	}
	for _, l := range labels.Items {
		l.Name, l.Aliases, l.Domains, l.Handles = n.text(l.Name), each(l.Aliases), each(l.Domains), each(l.Handles)
		out.Items = append(out.Items, l)
	}
	return out
}
