package extract

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"schemer"
)

func parsed(t testing.TB, s string) *html.Node {
	t.Helper()
	doc, err := html.ParseWithOptions(strings.NewReader(s), html.ParseOptionEnableScripting(false))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// glance is what a test compares of a review.
type glance struct {
	kind, subject, author, date, text string
	rating                            float64
}

func glances(posts []schemer.Post) []glance {
	var out []glance
	for _, p := range posts {
		date := ""
		if !p.PostedAt.IsZero() {
			date = p.PostedAt.Format(time.DateOnly)
		}
		out = append(out, glance{string(p.Kind), p.Subject, p.Author, date, p.Text, p.Rating})
	}
	return out
}

func TestReadReviews(t *testing.T) {
	for _, c := range []struct {
		name, page string
		want       []glance
	}{
		{
			"microdata", `<div itemscope itemtype="https://schema.org/Organization"><h1 itemprop="name">Blue Gull</h1>
<div class=x itemprop=review itemscope itemtype="http://schema.org/Review" id=r12><span itemprop=author itemscope><span itemprop=name>Ann</span></span>
<meta itemprop=datePublished content="2026-05-04"><span itemprop=reviewRating itemscope><meta itemprop=ratingValue content=8><meta itemprop=bestRating content=10></span>
<b itemprop=name>Fine</b><div itemprop=reviewBody><p>Works well.</p><p>Cheap too.</p></div>
<div class="owner-response"><strong>Blue Gull (owner)</strong> <time datetime="2026-05-05T10:00:00Z">5 May</time><div class=text>Thanks!</div></div></div></div>`,
			[]glance{{"review", "Blue Gull", "Ann", "2026-05-04", "Works well.\n\nCheap too.", 4}, {"reply", "Blue Gull", "Blue Gull (owner)", "2026-05-05", "Thanks!", 0}},
		},
		{
			"classes and stars", `<html lang=en><title>Reviews of Blue Gull | Scale</title><ul><li class="review"><div class="review-author">by Ann</div><div class=date>4 May 2026</div>
<span class=stars>★★★☆☆</span><p class="review-text">So so.</p></li><li class="review"><div class="review-author">Bob</div><div class=date>5 May 2026</div>
<span class=stars>★★★★★</span><p class="review-text">Great.</p></li></ul>`,
			[]glance{{"review", "Blue Gull", "Ann", "2026-05-04", "So so.", 3}, {"review", "Blue Gull", "Bob", "2026-05-05", "Great.", 5}},
		},
		{
			"class rating, reply after", `<html lang=nl><h1>Beoordelingen van Kluut</h1><div class="review-card"><span class="rating rating-2"></span><b>anna</b>, <span class=date>3 mei 2026</span>
<div class=content>Traag.</div></div><div class="owner-reply"><b>Kluut (eigenaar)</b> <span class=date>4 mei 2026</span><div class="reply-text">Excuus.</div></div>
<div class="review-card"><span class="rating rating-45"></span><b>bert</b>, <span class=date>5 mei 2026</span><div class=content>Snel.</div></div>`,
			[]glance{{"review", "Kluut", "anna", "2026-05-03", "Traag.", 2}, {"reply", "Kluut", "Kluut (eigenaar)", "2026-05-04", "Excuus.", 0}, {"review", "Kluut", "bert", "2026-05-05", "Snel.", 4.5}},
		},
		{
			"words, icons, width", `<h1>Tern</h1><div class=review><i class=author>A</i><span title="4 out of 5"></span><time datetime="2026-01-02T03:04:05Z">x</time><p class=text>One.</p></div>
<div class=review><i class=author>B</i><i class="star filled"></i><i class="star filled"></i><i class="star empty"></i><i class="star empty"></i><i class="star empty"></i><time datetime="2026-01-03T03:04:05Z">x</time><p class=text>Two.</p></div>
<div class=review><i class=author>C</i><div class=star-rating><span style="width: 60%"></span></div><time datetime="2026-01-04T03:04:05Z">x</time><p class=text>Three.</p></div>
<div class=review><i class=author>D</i><time datetime="2026-01-05T03:04:05Z">x</time><p class=text>★☆☆☆☆ Four.</p></div>`,
			[]glance{{"review", "Tern", "A", "2026-01-02", "One.", 4}, {"review", "Tern", "B", "2026-01-03", "Two.", 2}, {"review", "Tern", "C", "2026-01-04", "Three.", 3}, {"review", "Tern", "D", "2026-01-05", "★☆☆☆☆ Four.", 1}},
		},
		{
			"owner among the reviews", `<h1>Tern</h1><div class=review><b class=author>A</b><time datetime=2026-01-02>x</time><p class=text>Slow.</p></div>
<div class=review><b class=author>Tern (владелец)</b><time datetime=2026-01-03>x</time><p class=text>Sorry.</p></div>`,
			[]glance{{"review", "Tern", "A", "2026-01-02", "Slow.", 0}, {"reply", "Tern", "Tern (владелец)", "2026-01-03", "Sorry.", 0}},
		},
		{
			"no body marked", `<h1>Tern reviews</h1><div class=review><header class=review-header><b>A</b> <time datetime=2026-01-02>x</time></header><p>Slow but <a href="https://gull.example/x">honest</a>.</p></div>
<div class=review><header class=review-header><b>B</b> <time datetime=2026-01-03>x</time></header><p>Fast.</p></div>`,
			[]glance{{"review", "Tern", "A", "2026-01-02", "Slow but honest.", 0}, {"review", "Tern", "B", "2026-01-03", "Fast.", 0}},
		},
		{"one testimonial", `<h1>Tern</h1><div class=review><b class=author>A</b><p class=text>Great.</p></div>`, nil},
		{"no reviews", `<h1>Tern</h1><form class=review-form><p>x</p></form><div class=reviews-count>3</div>`, nil},
	} {
		got := glances(readReviews(parsed(t, c.page), "https://scale.example/tern", captured))
		if len(got) != len(c.want) {
			t.Errorf("%s: %d posts %+v, want %d", c.name, len(got), got, len(c.want))
			continue
		}
		for k := range got {
			if got[k] != c.want[k] {
				t.Errorf("%s:\n got %+v\nwant %+v", c.name, got[k], c.want[k])
			}
		}
	}
}

func TestReadReviewsNamesAndLinks(t *testing.T) {
	posts := readReviews(parsed(t, `<h1>Tern</h1><div class=review id=p7><b class=author>A</b><a href="/tern#p7"><time datetime=2026-01-02>x</time></a>
<blockquote><cite>B</cite>Fast.</blockquote><div class=text>No, see <a href="https://gull.example/x">this</a>.</div></div><div class=review id=p8><b class=author>B</b><time datetime=2026-01-03>x</time><p class=text>Fast.</p></div>`), "https://scale.example/tern?page=2", captured)
	if len(posts) != 2 {
		t.Fatalf("%d posts", len(posts))
	}
	p := posts[0]
	if p.Number != "7" || p.URL != "https://scale.example/tern#p7" || posts[1].URL != "https://scale.example/tern?page=2#p8" {
		t.Errorf("number %q, URLs %q %q", p.Number, p.URL, posts[1].URL)
	}
	if len(p.Quotes) != 1 || p.Quotes[0].Author != "B" || p.Quotes[0].Text != "Fast." || p.Text != "No, see this." {
		t.Errorf("text %q, quotes %+v", p.Text, p.Quotes)
	}
	var domain *schemer.Mention
	for k := range p.Mentions {
		if p.Mentions[k].Kind == mentionDomain {
			domain = &p.Mentions[k]
		}
	}
	if domain == nil || domain.Value != "gull.example" || p.Text[domain.Start:domain.End] != "this" {
		t.Errorf("mentions %+v", p.Mentions)
	}
}

func TestReadJSONLD(t *testing.T) {
	posts := readJSONLD(parsed(t, `<script type="application/ld+json">{broken</script><script type="application/ld+json">{"@context":"https://schema.org","@graph":[
{"@type":"DiscussionForumPosting","headline":"Which host?","text":"I look for a host.","url":"https://f.example/t/1","author":{"@type":"Person","name":"ann","url":"https://f.example/u/ann"},
"datePublished":"2026-05-04T10:00:00+02:00","comment":[{"@type":"Comment","text":"Take &amp; <b>see</b> Tern.","author":{"name":"bob"},"datePublished":"2026-05-05T10:00:00Z"}]},
{"@type":["Organization"],"name":"Tern","review":{"@type":"Review","reviewBody":"Slow.","author":"eve","reviewRating":{"ratingValue":"2,5","bestRating":5},"datePublished":"2026-01-02"}}]}</script>`))
	want := []glance{{"post", "", "ann", "2026-05-04", "I look for a host.", 0}, {"post", "", "bob", "2026-05-05", "Take & see Tern.", 0}, {"review", "Tern", "eve", "2026-01-02", "Slow.", 2.5}}
	got := glances(posts)
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for k := range got {
		if got[k] != want[k] {
			t.Errorf("got %+v, want %+v", got[k], want[k])
		}
	}
	if posts[0].Thread != "Which host?" || posts[1].Thread != "Which host?" || posts[1].Position != 2 || posts[0].PostedAt.Format(time.RFC3339) != "2026-05-04T08:00:00Z" {
		t.Errorf("%+v", posts[:2])
	}
}

func TestReadJSONLDIdentity(t *testing.T) {
	id := readJSONLDIdentity(parsed(t, `<script type="application/ld+json">{"@type":"WebSite","publisher":{"@type":"Organization","legalName":"Smew Ltd","vatID":"WS 123",
"address":{"streetAddress":"Oak House","addressLocality":"Apia","addressCountry":"Samoa"}}}</script>`))
	if id == nil || id.Name != "Smew Ltd" || id.Country != "WS" || id.Address != "Oak House, Apia, Samoa" || len(id.Numbers) != 1 || id.Numbers[0] != "VAT WS123" {
		t.Errorf("%+v", id)
	}
	if id := readJSONLDIdentity(parsed(t, `<script type="application/ld+json">{"@type":"WebSite","name":"x"}</script>`)); id != nil {
		t.Errorf("%+v", id)
	}
}

func FuzzReadReviews(f *testing.F) {
	f.Add(`<div itemscope itemtype="https://schema.org/Review"><time datetime=2026-01-02>x</time><p itemprop=reviewBody>y</p></div>`)
	f.Add(`<div class=review><b>a</b><time>x</time>★</div><div class=review style="width:%">4/5</div>`)
	f.Add(`<script type="application/ld+json">{"@type":"Review","reviewBody":"x","comment":[[[{"@type":"Comment","text":"<p>"}]]]}</script>`)
	f.Add(`<script type="application/ld+json">{"@type":"Review","comment":{"@type":"Comment","text":"x"}}</script>`)
	f.Fuzz(func(t *testing.T, page string) {
		doc, err := html.Parse(strings.NewReader(page))
		if err != nil {
			return
		}
		for _, p := range append(readReviews(doc, "https://scale.example/", captured), readJSONLD(doc)...) {
			if p.Rating < 0 || p.Rating > 5 {
				t.Fatalf("rating %v", p.Rating)
			}
			for _, b := range p.Blocks {
				if b.Start < 0 || b.End > len(p.Text) || b.Start > b.End {
					t.Fatalf("%+v in %q", b, p.Text)
				}
			}
		}
		readJSONLDIdentity(doc)
	})
}
