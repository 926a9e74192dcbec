package index_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"schemer"
	"schemer/index"
)

func open(t testing.TB, url string, o index.Options) index.Index {
	t.Helper()
	ix, err := index.Open(t.Context(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return ix
}

// suite is what every backend must pass. fresh returns the URL of an index that does not exist yet.
func suite(t *testing.T, fresh func(*testing.T) string) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, index.Index)
	}{
		{"Words", findsWords},
		{"Disguised", findsDisguised},
		{"Fields", findsFields},
		{"Highlights", highlights},
		{"Facets", facets},
		{"Pages", pages},
		{"Updates", updates},
		{"Generations", generations},
		{"Refuses", refuses},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.run(t, open(t, fresh(t), index.Options{Timeout: time.Minute}))
		})
	}
}

func TestBleve(t *testing.T) {
	suite(t, func(t *testing.T) string { return "bleve:" + t.TempDir() })
}

// corpus is a handful of posts, each with a one-letter id.
var corpus = []index.Doc{
	{
		Post: &schemer.Post{
			ID: "a", URL: "http://forum.example/t1#1", Site: "forum.example", Source: "forum", Kind: schemer.PostForum, Engine: "phpbb", Author: "Kremen_Sales",
			Thread: "Offshore servers, DMCA ignored", Text: "We offer bulletproof VPS. Abuse ignored, write to @kremen or https://t.me/kremen_sales for a quote.",
			Signature: "Kremen: hosting without questions", Lang: "en", PostedAt: time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC),
			CapturedAt: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Position: 1,
			Mentions: []schemer.Mention{{Kind: "telegram", Value: "kremen_sales"}, {Kind: "domain", Value: "shop.kremen.example"}, {Kind: "asn", Value: "64500"}},
		},
		Signals: []schemer.SignalID{"abuse-ignored", "bulletproof"}, Grade: schemer.GradeOpen, Resellers: []string{"r-1", "Kremen Host"},
	},
	{Post: &schemer.Post{
		ID: "b", URL: "http://forum.example/t1#2", Site: "forum.example", Source: "forum", Kind: schemer.PostForum, Engine: "phpbb", Author: "ann", Thread: "Offshore servers, DMCA ignored",
		Text: "Is this legal? I would not trust them.", Quotes: []schemer.Quote{{Author: "Kremen_Sales", Text: "We offer bulletproof VPS."}},
		Lang: "en", PostedAt: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), CapturedAt: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC),
	}},
	{Post: &schemer.Post{
		ID: "c", URL: "http://board.example/7", Site: "board.example", Source: "board", Kind: schemer.PostForum, Engine: "mybb", Author: "ivan",
		Text: "Предлагаем абузоустойчивый хостинг, bu11etproof. И bulletрroof серверы", Lang: "ru", PostedAt: time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC),
		CapturedAt: time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC), GoneSince: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
	}},
	{Post: &schemer.Post{
		ID: "d", URL: "http://kremen.example/aup", Site: "kremen.example", Source: "kremen.example", Kind: schemer.PostPage, Engine: "static", Role: "aup", Title: "Acceptable use",
		Text: "Spam and phishing are forbidden. We act on abuse within a day.", Lang: "en", CapturedAt: time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC),
	}},
	{Post: &schemer.Post{
		ID: "e", URL: "http://board.example/8", Site: "board.example", Source: "board", Kind: schemer.PostForum, Engine: "mybb", Author: "ann",
		Text: "A bullet-proof vest is no server, and the ratio a:b:c is 1:2:3.", Lang: "en", PostedAt: time.Date(2024, 7, 1, 0, 0, 0, 0, time.UTC),
		CapturedAt: time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC), Mentions: []schemer.Mention{{Kind: "email", Value: "sales@mail.kremen.example"}},
	}},
}

func fill(t testing.TB, ix index.Index) {
	t.Helper()
	if err := ix.Put(t.Context(), corpus); err != nil {
		t.Fatal(err)
	}
}

func search(t testing.TB, ix index.Index, q index.Query) index.Page {
	t.Helper()
	p, err := ix.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("search %+v: %v", q, err)
	}
	return p
}

// ids returns the ids of the hits in the order of the alphabet.
func ids(p index.Page) string {
	var out []string
	for _, h := range p.Hits {
		out = append(out, string(h.ID))
	}
	slices.Sort(out)
	return strings.Join(out, "")
}

// finds checks which posts each query finds.
func finds(t *testing.T, ix index.Index, cases [][2]string) {
	t.Helper()
	fill(t, ix)
	for _, c := range cases {
		p := search(t, ix, index.Query{Text: c[0]})
		if got := ids(p); got != c[1] || p.Total != uint64(len(c[1])) {
			t.Errorf("%q (read as %q) finds %q (total %d), want %q", c[0], p.ReadAs, got, p.Total, c[1])
		}
	}
}

func findsWords(t *testing.T, ix index.Index) {
	finds(t, ix, [][2]string{
		{"", "abcde"},
		{"   ", "abcde"},
		{"abuse", "ad"},
		{"ABUSE", "ad"},
		{"abuse ignored", "a"},
		{"abuse AND ignored", "a"},
		{`"abuse ignored"`, "a"},
		{`"ignored abuse"`, ""},
		{"ignored", "ab"}, // in the title of the thread
		{"abuse -ignored", "d"},
		{"abuse NOT ignored", "d"},
		{"-abuse", "bce"},
		{"-abuse -vest", "bc"},
		{"-(abuse OR vest)", "bc"},
		{"phishing OR legal", "bd"},
		{"(phishing OR legal) spam", "d"},
		{"phishing legal OR trust", "b"},
		{"(trust", "b"},
		{"trust)", "b"},
		{`"not trust`, "b"},
		{"questions", "a"}, // in the signature
		{"хостинг", "c"},
		{"ХОСТИНГ", "c"},
		{"хост*", "c"},
		{"abus*", "ad"},
		{"phisching~1", "d"},
		{"phisching~", "d"},
		{"fishing~1", ""},
		{"fishing~2", "d"},
		{"https://t.me/kremen_sales", "a"},
		{"t.me/kremen_sales", "a"},
		{"@kremen", "a"},
		{"a:b:c", "e"},
		{"— && !!! abuse", "ad"},
		{"OR abuse OR", "ad"},
		{"and", "de"},
	})
}

func findsDisguised(t *testing.T, ix index.Index) {
	finds(t, ix, [][2]string{
		{"bulletproof", "ace"}, // as such, in digits and Cyrillic letters, with a hyphen
		{"BulletProof", "ace"},
		{"bu11etproof", "ace"},
		{"bulletрroof", "ace"}, // with a Cyrillic r
		{`"bulletproof vps"`, "a"},
		{"quotes:bulletproof", "b"},
		{"quote:bulletproof", "b"},
		{"vps", "a"},
	})
}

func findsFields(t *testing.T, ix index.Index) {
	finds(t, ix, [][2]string{
		{"source:forum", "ab"},
		{"Source:FORUM", "ab"},
		{"site:www.forum.example", "ab"},
		{"site:*kremen.example", "d"},
		{"site:kremen.example", "d"},
		{"author:kremen_sales", "a"},
		{"author:krem*", "a"},
		{"author:ann site:board.example", "e"},
		{"kind:page", "d"},
		{"role:aup", "d"},
		{"lang:ru", "c"},
		{"-lang:en", "c"},
		{"engine:phpbb OR engine:static", "abd"},
		{"signal:abuse-ignored", "a"},
		{"signal:abuse*", "a"},
		{"grade:open", "a"},
		{`reseller:"Kremen Host"`, "a"},
		{"reseller:r-1", "a"},
		{"domain:kremen.example", "ae"},
		{"domain:https://shop.kremen.example/order?x=1", "a"},
		{"domain:*kremen.example", "ae"},
		{"handle:@kremen_sales", "a"},
		{"handle:telegram:kremen_sales", "a"},
		{"handle:telegram:@kremen_sales", "a"},
		{"handle:sales@mail.kremen.example", "e"},
		{"asn:AS64500", "a"},
		{"asn:64500", "a"},
		{"is:gone", "c"},
		{"is:opening", "a"},
		{"posted:2026", "ab"},
		{"posted:2026-01", "a"},
		{"posted:2026-01-15", "a"},
		{"posted:2026-01-16..", "b"},
		{"posted:..2025", "ce"},
		{"posted:2025-07..2026-01", "ac"},
		{"seen:2025-01..2026-06", "ce"},
		{"captured:2026-11-03", "d"},
		{"title:acceptable", "d"},
		{`thread:"dmca ignored"`, "ab"},
		{"text:ignored", "a"},
		{"url:http://board.example/8", "e"},
		{"nosuch:field", ""},
		{"site:", ""},
		{`site:"" abuse`, "ad"},
	})
	for _, c := range []struct {
		q    index.Query
		want string
	}{
		{index.Query{Filters: map[string][]string{"site": {"forum.example", "kremen.example"}, "lang": {"en"}}}, "abd"},
		{index.Query{Text: "abuse", Filters: map[string][]string{"kind": {"page"}}}, "d"},
		{index.Query{Since: time.Date(2026, 1, 15, 10, 0, 0, 0, time.UTC)}, "ab"},
		{index.Query{Since: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)}, "ac"},
	} {
		if got := ids(search(t, ix, c.q)); got != c.want {
			t.Errorf("%+v finds %q, want %q", c.q, got, c.want)
		}
	}
}

// marked shows a fragment with its marks in brackets.
func marked(f index.Fragment) string {
	var b strings.Builder
	at := 0
	for _, m := range f.Marks {
		b.WriteString(f.Text[at:m.Start] + "[" + f.Text[m.Start:m.End] + "]")
		at = m.End
	}
	return f.Field + ": " + b.String() + f.Text[at:]
}

func highlights(t *testing.T, ix index.Index) {
	fill(t, ix)
	for _, c := range []struct {
		query, id string
		want      []string
	}{
		{"abuse phishing", "d", []string{"text: Spam and [phishing] are forbidden. We act on [abuse] within a day."}},
		{`"abuse ignored"`, "a", []string{"text: We offer bulletproof VPS. [Abuse] [ignored], write to @kremen or https://t.me/kremen_sales for a quote."}},
		{"offshore questions", "a", []string{"thread: [Offshore] servers, DMCA ignored", "signature: Kremen: hosting without [questions]"}},
		{"bulletproof", "c", []string{"text: Предлагаем абузоустойчивый хостинг, [bu11etproof]. И [bulletрroof] серверы"}},
		{"lang:en site:kremen.example", "d", []string{"text: Spam and phishing are forbidden. We act on abuse within a day."}},
	} {
		p := search(t, ix, index.Query{Text: c.query})
		i := slices.IndexFunc(p.Hits, func(h index.Hit) bool { return string(h.ID) == c.id })
		if i < 0 {
			t.Errorf("%q does not find %s", c.query, c.id)
			continue
		}
		var got []string
		for _, f := range p.Hits[i].Fragments {
			got = append(got, marked(f))
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("fragments of %q (-want +got):\n%s", c.query, d)
		}
	}
	hit := search(t, ix, index.Query{Text: "bulletproof site:forum.example"}).Hits[0]
	hit.Score, hit.Fragments = 0, nil
	p := corpus[0].Post
	want := index.Hit{
		ID: "a", URL: p.URL, Site: p.Site, Source: p.Source, Kind: p.Kind, Author: p.Author, Thread: p.Thread, Lang: "en", PostedAt: p.PostedAt,
		Captured: p.CapturedAt, Signals: corpus[0].Signals, Grade: schemer.GradeOpen,
	}
	if d := cmp.Diff(want, hit); d != "" {
		t.Errorf("hit (-want +got):\n%s", d)
	}
	long := index.Doc{Post: &schemer.Post{ID: "long", Text: strings.Repeat("лес и поле. ", 400) + "Here is the needle. " + strings.Repeat("海と山。", 400)}}
	if err := ix.Put(t.Context(), []index.Doc{long}); err != nil {
		t.Fatal(err)
	}
	f := search(t, ix, index.Query{Text: "needle"}).Hits[0].Fragments
	if len(f) != 1 || !strings.Contains(marked(f[0]), "the [needle].") || len(f[0].Text) > 400 || !f[0].Cut {
		t.Errorf("fragments of a long text: %+v", f)
	}
}

func facets(t *testing.T, ix index.Index) {
	fill(t, ix)
	got := search(t, ix, index.Query{Text: "site:*example -kind:page", Facets: []string{"site", "lang", "month", "signal", "grade"}}).Facets
	want := []index.Facet{
		{Field: "site", Buckets: []index.Bucket{{Value: "board.example", Count: 2}, {Value: "forum.example", Count: 2}}},
		{Field: "lang", Buckets: []index.Bucket{{Value: "en", Count: 3}, {Value: "ru", Count: 1}}},
		{Field: "month", Buckets: []index.Bucket{{Value: "2024-07", Count: 1}, {Value: "2025-07", Count: 1}, {Value: "2026-01", Count: 1}, {Value: "2026-02", Count: 1}}},
		{Field: "signal", Buckets: []index.Bucket{{Value: "abuse-ignored", Count: 1}, {Value: "bulletproof", Count: 1}}},
		{Field: "grade", Buckets: []index.Bucket{{Value: "open", Count: 1}}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("facets (-want +got):\n%s", d)
	}
}

func pages(t *testing.T, ix index.Index) {
	var docs []index.Doc
	for i := range 25 {
		p := &schemer.Post{ID: schemer.PostID(fmt.Sprintf("p%02d", i)), Text: "server" + strings.Repeat(" server", i%3)}
		if i%5 > 0 { // every fifth has no date
			p.PostedAt = time.Date(2026, 1, 1+i%5, 0, 0, 0, 0, time.UTC)
		}
		docs = append(docs, index.Doc{Post: p})
	}
	if err := ix.Put(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	for _, order := range []index.Sort{"", index.ByRelevance, index.NewestFirst, index.OldestFirst} {
		q := index.Query{Text: "server", Sort: order, Size: 7}
		var got []string
		var dates []time.Time
		for {
			p := search(t, ix, q)
			if p.Total != 25 {
				t.Fatalf("%s: total %d", order, p.Total)
			}
			for _, h := range p.Hits {
				got = append(got, string(h.ID))
				dates = append(dates, h.PostedAt)
			}
			if p.Next == "" || len(got) > 50 {
				break
			}
			q.After = p.Next
		}
		if slices.Sort(got); len(got) != 25 || len(slices.Compact(slices.Clone(got))) != 25 {
			t.Fatalf("%s: pages give %d hits: %v", order, len(dates), got)
		}
		if order == index.NewestFirst || order == index.OldestFirst {
			inOrder := slices.IsSortedFunc(dates[:20], func(a, b time.Time) int {
				if order == index.NewestFirst {
					a, b = b, a
				}
				return a.Compare(b)
			})
			if !inOrder || !dates[20].IsZero() || dates[19].IsZero() {
				t.Errorf("%s: dates %v", order, dates)
			}
		}
	}
	next := search(t, ix, index.Query{Text: "server", Size: 7}).Next
	for _, q := range []index.Query{{Text: "other", Size: 7, After: next}, {Text: "server", Size: 7, After: "rubbish"}, {Text: "server", Sort: "newest", Size: 7, After: next}} {
		if _, err := ix.Search(t.Context(), q); !errors.Is(err, schemer.ErrUsage) {
			t.Errorf("a cursor of another search is taken: %+v: %v", q, err)
		}
	}
}

func updates(t *testing.T, ix index.Index) {
	fill(t, ix)
	fill(t, ix)
	if n, err := ix.Count(t.Context()); err != nil || n != 5 {
		t.Errorf("count %d after the same five twice (%v)", n, err)
	}
	edited := *corpus[3].Post
	edited.Text = "Everything goes."
	if err := ix.Put(t.Context(), []index.Doc{{Post: &edited, Signals: []schemer.SignalID{"anything-goes"}}}); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{"phishing": "", "everything": "d", "signal:anything-goes": "d"} {
		if got := ids(search(t, ix, index.Query{Text: query})); got != want {
			t.Errorf("after an edit %q finds %q, want %q", query, got, want)
		}
	}
	if err := ix.Delete(t.Context(), []schemer.PostID{"a", "d", "unknown"}); err != nil {
		t.Fatal(err)
	}
	if got := ids(search(t, ix, index.Query{})); got != "bce" {
		t.Errorf("after deletion %q is left", got)
	}
}

func generations(t *testing.T, ix index.Index) {
	fill(t, ix)
	dropped, err := ix.NewGeneration(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := dropped.Put(t.Context(), corpus[:1]); err != nil {
		t.Fatal(err)
	}
	if err := dropped.Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	g, err := ix.NewGeneration(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Put(t.Context(), corpus[1:3]); err != nil {
		t.Fatal(err)
	}
	if got := ids(search(t, ix, index.Query{})); got != "abcde" {
		t.Errorf("while another is built the index answers %q", got)
	}
	if err := g.Activate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ids(search(t, ix, index.Query{})); got != "bc" {
		t.Errorf("the new generation answers %q", got)
	}
	if err := ix.Put(t.Context(), corpus[4:]); err != nil {
		t.Fatal(err)
	}
	if got := ids(search(t, ix, index.Query{})); got != "bce" {
		t.Errorf("after a further document it answers %q", got)
	}
}

func refuses(t *testing.T, ix index.Index) {
	fill(t, ix)
	for _, q := range []index.Query{
		{Text: "*proof"},
		{Text: "ab*"},
		{Text: "*"},
		{Text: "author:*x"},
		{Text: "author:a*"},
		{Text: "a*b*"},
		{Text: "domain:*ab"},
		{Text: "posted:yesterday"},
		{Text: "posted:2026-13"},
		{Text: "posted:2026..2025"},
		{Text: "ab~1"},
		{Text: strings.Repeat("(", 100) + "a"},
		{Text: strings.Repeat("a ", 300)},
		{Text: strings.Repeat("x", 5000)},
		{Size: -1},
		{Size: 1000},
		{Sort: "best"},
		{Facets: []string{"text"}},
		{Filters: map[string][]string{"text": {"x"}}},
	} {
		if _, err := ix.Search(t.Context(), q); !errors.Is(err, schemer.ErrUsage) {
			t.Errorf("%+.60v: %v, want ErrUsage", q, err)
		}
	}
}
