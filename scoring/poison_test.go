package scoring

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"schemer"
)

// An innocent hoster as invented: a name, a host, its own contacts.
type innocent struct{ name, host, telegram, email string }

var (
	firstSyllables = []string{"Alder", "Birken", "Cobble", "Dormer", "Ester", "Fallow", "Gable", "Hazel", "Inkle", "Juniper"}
	lastSyllables  = []string{"ford", "mere", "wick", "stow", "combe"}
)

// innocents invents fifty honest hosters.
func innocents() []innocent {
	var out []innocent
	for _, first := range firstSyllables {
		for _, last := range lastSyllables {
			name := first + last
			low := strings.ToLower(name)
			out = append(out, innocent{name, low + ".example", low + "_help", "support@" + low + ".example"})
		}
	}
	return out
}

// pages are the innocent's own site. Some say much on abuse, some little, some nothing.
func (n innocent) pages(k int, at time.Time) []schemer.Post {
	texts := map[string]string{
		"/": fmt.Sprintf("%s Hosting. Shared hosting, VPS and dedicated servers since 2016. VPS from €7, dedicated from €59 a month. Our servers stand in Amsterdam. Contact: %s or Telegram @%s.", n.name, n.email, n.telegram),
	}
	if k%3 > 0 {
		texts["/terms"] = "Terms of service. You may not use our servers for spam, phishing, malware, botnets or attacks. Invoices are due within fourteen days."
	}
	if k%3 > 1 {
		texts["/abuse"] = "Abuse reports are read within the hour. Phishing is taken down at once. We cooperate with the police."
	}
	var out []schemer.Post
	for _, path := range []string{"/", "/terms", "/abuse"} {
		if texts[path] == "" {
			continue
		}
		p := schemer.Post{URL: "http://" + n.host + path, Site: n.host, SourceKind: schemer.KindUnknown, Kind: schemer.PostPage, Title: n.name + " Hosting", Text: texts[path], CapturedAt: at, Role: "other"}
		finish(&p)
		out = append(out, p)
	}
	return out
}

// adverts are what an attacker writes in the company's name; %n is the name, %h the host, %t the contact.
var adverts = []string{
	"%n is bulletproof now. We host phishing, botnets and carding, abuse ignored, police letters go into the bin. VPS from $9. Site %h, contact %t",
	"%n: абузоустойчивые серверы, фишинг и ботнеты разрешены, жалобы игнорируем, полиции не отвечаем. От 9 долларов. %h %t",
	"%n verhuurt kogelvrije servers, phishing mag, klachten gaan de prullenbak in. Vanaf € 9. %h %t",
	"We at %n accept spam, malware and ransomware teams. No questions, no takedowns, ever. 15 USD. %h, write %t",
	"Hier ist %n: kugelsicher, Phishing und Botnetze erlaubt, Beschwerden landen im Schredder. Ab 9 €. %h %t",
}

// slurs are what it writes as customer, victim or reviewer.
var slurs = []string{
	"My phishing page at %n has been up for months, they ignore every complaint. Best bulletproof host.",
	"%n hosts botnets and laughs at the police, everybody knows it.",
	"I reported a phishing site at %n ten times, they never answer, they protect criminals.",
	"Мой ботнет стоит у %n полгода, жалобы им не интересны.",
	"5 stars, great for phishing, %n tells the police nothing.",
}

// campaign is one attack on one innocent.
type campaign struct {
	target   innocent
	forum    string
	posts    int
	accounts int
	aged     bool // half of the accounts have written elsewhere for years
	days     int  // over which it runs
	style    int  // 0 advert with host only, 1 with an own contact, 2 with the company's contacts, 3 slurs, 4 reviews, 5 adverts and vouches
	official bool // accounts are named after the company
}

// write makes the campaign's posts, and the harmless past of its aged accounts.
func (c campaign) write(rng *rand.Rand, end time.Time) []schemer.Post {
	start := end.AddDate(0, 0, -c.days)
	contact := map[int]string{1: "@" + strings.ToLower(c.target.name) + "_bp_shop", 2: "@" + c.target.telegram + " " + c.target.email}[c.style]
	if contact == "" {
		contact = "by PM"
	}
	var out []schemer.Post
	for i := range c.posts {
		account := fmt.Sprintf("user%d%s", i%c.accounts, c.forum[:3])
		if c.official {
			account = fmt.Sprintf("%s_official%d", strings.ToLower(c.target.name), i%c.accounts)
		}
		texts := adverts
		if c.style == 3 || c.style == 4 || c.style == 5 && i%3 > 0 {
			texts = slurs
		}
		text := strings.NewReplacer("%n", c.target.name, "%h", c.target.host, "%t", contact).Replace(texts[rng.IntN(len(texts))])
		if rng.IntN(2) == 0 {
			text += fmt.Sprintf(" (%d)", rng.IntN(1000))
		}
		thread := fmt.Sprintf("%s-%d", c.target.name, i/12)
		p := schemer.Post{
			URL: fmt.Sprintf("http://%s/t/%s#p%d", c.forum, thread, i), Site: c.forum, SourceKind: schemer.KindForum, Kind: schemer.PostForum, Board: "Hosting & Servers",
			Thread: "[OFFER] " + c.target.name + " bulletproof servers", ThreadID: thread, Position: i%12 + 1, Author: account, Text: text,
			PostedAt: start.Add(time.Duration(rng.Int64N(int64(end.Sub(start))))), CapturedAt: end,
		}
		if c.style == 4 {
			p.SourceKind, p.Kind, p.Subject, p.Rating = schemer.KindReview, schemer.PostReview, c.target.name, 5
		}
		finish(&p)
		out = append(out, p)
		if c.aged && i < c.accounts && i%2 == 0 {
			for k := range 4 {
				past := schemer.Post{
					URL: fmt.Sprintf("http://%s/t/old%d#p%d-%d", c.forum, k, i, k), Site: c.forum, SourceKind: schemer.KindForum, Kind: schemer.PostForum, Board: "Lounge",
					Thread: fmt.Sprintf("Which kettle %d", k), ThreadID: fmt.Sprintf("old%d", k), Position: i + 2, Author: account, Text: "I like the quiet one.", PostedAt: start.AddDate(-2, k, 0), CapturedAt: end,
				}
				finish(&past)
				out = append(out, past)
			}
		}
	}
	return out
}

// campaigns makes the twenty campaigns against one innocent: budgets from ten to a thousand posts, one to a hundred
// accounts, fresh and aged, short and a year long.
func campaigns(n innocent, k int) []campaign {
	budgets := []int{10, 50, 10, 200, 10, 50, 10, 50, 10, 10, 50, 10, 200, 10, 50, 10, 50, 10, 50, 10}
	budgets[k%20] = 1000
	var out []campaign
	for i, posts := range budgets {
		out = append(out, campaign{
			target: n, forum: fmt.Sprintf("board%d.example", i%4), posts: posts, accounts: min(posts, []int{1, 3, 10, 30, 100}[i%5]), aged: i%2 == 1,
			days: []int{1, 3, 29, 200, 400}[(i+k)%5], style: i % 6, official: i%3 == 0,
		})
	}
	return out
}

// TestCampaignsAgainstInnocents holds that no campaign lists an innocent hoster, and that the guilty are still found
// amid the noise.
func TestCampaignsAgainstInnocents(t *testing.T) {
	rules, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	asOf := day("2026-11-01")
	world := loadWorld(t, "../seeds/demo", asOf)
	guilty := listedHosts(t, world, rules, asOf)
	list := innocents()
	ran := 0
	for round := range 20 {
		rng := rand.New(rand.NewPCG(uint64(round), 7))
		posts := append([]schemer.Post(nil), world...)
		for k, n := range list {
			posts = append(posts, n.pages(k, asOf)...)
			posts = append(posts, campaigns(n, k)[round].write(rng, asOf.Add(-time.Hour))...)
			ran++
		}
		found := listedHosts(t, posts, rules, asOf)
		for _, n := range list {
			for name := range found {
				if name == n.host || newBrand(name).same(newBrand(n.name)) {
					t.Errorf("round %d: %s is proposed after a campaign of style %d", round, name, campaigns(n, 0)[round].style)
				}
			}
		}
		lost := 0
		for name := range guilty {
			if !found[name] {
				lost++
			}
		}
		if lost*20 > len(guilty) {
			t.Errorf("round %d: %d of %d guilty sellers are lost in the noise", round, lost, len(guilty))
		}
	}
	t.Logf("%d campaigns against %d innocent hosters", ran, len(list))
}

// listedHosts returns the names and hosts of all that is proposed.
func listedHosts(t *testing.T, posts []schemer.Post, rules *Rules, asOf time.Time) map[string]bool {
	t.Helper()
	ed, err := Score(Input{Corpus: Posts(posts), Rules: rules, AsOf: asOf, Edition: "2026"})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, c := range ed.Candidates {
		if c.Listed {
			out[c.Name] = true
			for _, d := range c.Domains {
				out[d] = true
			}
		}
	}
	return out
}
