package scoring

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"schemer"
)

// A small internet of a test: pages and posts are added in plain words.
type scene struct {
	posts []schemer.Post
	n     int
}

const (
	openWords   = "We host phishing pages and botnet panels, abuse ignored, police letters go into the bin."
	hintWords   = "We ignore all abuse complaints and never suspend a customer."
	strictWords = "It is forbidden to use our servers for phishing, malware, spam or botnets. Abuse reports are handled within an hour and such servers are switched off. We cooperate with the police."
	shopWords   = "VPS from $9, dedicated servers from $79 a month, servers in Amsterdam."
)

func (s *scene) page(host, path, title, text string, change ...func(*schemer.Post)) {
	p := schemer.Post{URL: "http://" + host + path, Site: host, SourceKind: schemer.KindUnknown, Kind: schemer.PostPage, Title: title, Text: text, Role: roleOf(path), CapturedAt: demoDay, LastSeen: demoDay}
	s.add(p, change)
}

func (s *scene) post(forum, thread, author, date, text string, change ...func(*schemer.Post)) {
	at := 1
	for _, p := range s.posts {
		if p.Site == forum && p.Thread == thread {
			at++
		}
	}
	p := schemer.Post{
		URL: fmt.Sprintf("http://%s/t/%s#%d", forum, strings.ReplaceAll(thread, " ", "-"), s.n), Site: forum, SourceKind: schemer.KindForum, Kind: schemer.PostForum,
		Board: "Hosting & Servers", Thread: thread, ThreadID: thread, Position: at, Author: author, PostedAt: day(date), Text: text, CapturedAt: demoDay,
	}
	s.add(p, change)
}

func (s *scene) add(p schemer.Post, change []func(*schemer.Post)) {
	s.n++
	for _, f := range change {
		f(&p)
	}
	finish(&p)
	p.ID = schemer.NewPostID(p.Site, fmt.Sprint(p.URL, s.n))
	s.posts = append(s.posts, p)
}

func (s *scene) score(t *testing.T, change ...func(*Input)) map[string]schemer.Candidate {
	t.Helper()
	in := Input{Corpus: Posts(s.posts), Rules: defaultRules(t), AsOf: demoDay, Edition: "2026"}
	for _, f := range change {
		f(&in)
	}
	ed, err := Score(in)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]schemer.Candidate{}
	for _, c := range ed.Candidates {
		out[c.Name] = c
	}
	return out
}

func names(m map[string]schemer.Candidate) []string { return sortedKeys(m) }

// TestAdvertInAnotherName: an account uses an honest company's name, host, prices and even its contacts. The company says
// that the adverts are fake. It is not proposed, the account is parted from it, and its words are no evidence.
func TestAdvertInAnotherName(t *testing.T) {
	var s scene
	s.page("brackwater.example", "/", "Brackwater Hosting", shopWords+" support@brackwater.example, Telegram @brackwater_help")
	s.page("brackwater.example", "/notice", "Fake adverts in our name", "Adverts in our name are fake. We have no account on such boards and none of it is by us.")
	s.page("brackwater.example", "/aup", "Rules", strictWords)
	s.post("board.example", "Brackwater goes bulletproof", "brackwater_official", "2026-03-01", openWords+" VPS from $9. brackwater.example, telegram @brackwater_help")
	s.post("board.example", "Brackwater goes bulletproof", "mate", "2026-03-02", "is that real?")
	got := s.score(t)
	c, ok := got["Brackwater Hosting"]
	if !ok || c.Listed {
		t.Fatalf("candidates %v, proposed %v", names(got), c.Listed)
	}
	if !slices.Contains(c.Flags, "impersonated") {
		t.Errorf("flags %v", c.Flags)
	}
	for _, e := range c.Evidence {
		if e.Author == "brackwater_official" {
			t.Errorf("the impersonator's words are evidence: %q", e.Quote)
		}
	}
	for name, c := range got {
		if c.Listed {
			t.Errorf("%s is proposed", name)
		}
	}
}

// TestUnboundAccountRaisesNothing: the same advert without any notice, on a silent site: the company is not proposed.
func TestUnboundAccountRaisesNothing(t *testing.T) {
	for _, contact := range []string{"PM me", "@sedge_bp", "@sedge_help"} {
		var s scene
		s.page("sedgeford.example", "/", "Sedgeford Hosting", shopWords+" Telegram @sedge_help")
		s.post("board.example", "Sedgeford bulletproof servers", "sedge", "2026-03-01", openWords+" VPS $9. sedgeford.example, "+contact)
		s.post("board.example", "Sedgeford bulletproof servers", "sedge", "2026-10-20", openWords+" Bump.")
		for name, c := range s.score(t) {
			if c.Listed {
				t.Errorf("contact %s: %s is proposed", contact, name)
			}
		}
	}
}

// TestReciprocalAccountRaises: the site admits a hint and names the board; the account names the site: its open words count.
func TestReciprocalAccountRaises(t *testing.T) {
	var s scene
	s.page("mirefen.example", "/", "Mirefen", shopWords+" "+hintWords+" Telegram @mirefen. Our thread is on darkquay.example.")
	s.post("darkquay.example", "[VENDOR] Mirefen servers", "mirefen", "2026-03-01", openWords+" VPS $9, mirefen.example, @mirefen")
	c := s.score(t)["Mirefen"]
	if !c.Listed || c.Grade != schemer.GradeOpen {
		t.Fatalf("proposed %v, grade %s, flags %v", c.Listed, c.Grade, c.Flags)
	}
	if !slices.Contains(c.Crimes, "phishing") {
		t.Errorf("crimes %v", c.Crimes)
	}
}

// TestTalkMakesNobodyEligible: fifty strangers accuse, fifty customers praise; the company says nothing of the kind.
func TestTalkMakesNobodyEligible(t *testing.T) {
	var s scene
	s.page("tarnwick.example", "/", "Tarnwick Hosting", shopWords)
	for i := range 50 {
		s.post("board.example", "Tarnwick Hosting experiences", fmt.Sprint("user", i), "2026-05-01", "My phishing panel at Tarnwick has been up for months, they ignore abuse and host botnets.")
		s.post("board.example", "Tarnwick Hosting experiences", fmt.Sprint("other", i), "2026-05-02", "Tarnwick hosts phishing and ignores all abuse complaints.")
	}
	c := s.score(t)["Tarnwick Hosting"]
	if c.Listed || c.Grade == schemer.GradeOpen || c.Grade == schemer.GradeHint {
		t.Errorf("proposed %v with grade %s", c.Listed, c.Grade)
	}
	if c.Score > -3 {
		t.Errorf("talk alone weighs %.2f", c.Score)
	}
}

// TestLookalikesStayApart: names one letter apart, of which one admits.
func TestLookalikesStayApart(t *testing.T) {
	var s scene
	s.page("pebblelane.example", "/", "Pebble Lane Hosting", shopWords+" crew@pebblelane.example")
	s.page("pebblelane.example", "/aup", "Rules", strictWords)
	s.page("pebblelaner.example", "/", "Pebble Laner Hosting", shopWords+" "+openWords+" Telegram @pebblelaner_shop")
	got := s.score(t)
	if got["Pebble Lane Hosting"].Listed || !got["Pebble Laner Hosting"].Listed {
		t.Fatalf("candidates %v", names(got))
	}
	for _, name := range []string{"Pebble Lane Hosting", "Pebble Laner Hosting"} {
		if !slices.Contains(got[name].Flags, "lookalike") || len(got[name].Related) == 0 {
			t.Errorf("%s: flags %v, related %v", name, got[name].Flags, got[name].Related)
		}
	}
}

// TestRebrandIsLinkedNotMerged: another name, the same wallet and advert, after the first fell silent.
func TestRebrandIsLinkedNotMerged(t *testing.T) {
	var s scene
	wallet := "bc1qsamewalletforbothshops7"
	advert := "Cold iron for warm hands, nobody knocks here twice. " + openWords
	s.post("board.example", "Coldiron servers", "coldiron", "2024-02-01", advert+" VPS $9, $19. telegram @coldiron_shop, btc "+wallet)
	s.post("board.example", "Coldiron servers", "victim", "2025-06-01", "site down since May, gone with my money")
	s.post("board.example", "Warmsteel servers", "warmsteel", "2025-07-01", advert+" VPS $9, $19. telegram @warmsteel_shop, btc "+wallet)
	s.post("board.example", "Warmsteel servers", "warmsteel", "2026-10-01", openWords)
	got := s.score(t)
	c := got["Warmsteel"]
	if len(got) != 2 || !c.Listed {
		t.Fatalf("candidates %v, proposed %v", names(got), c.Listed)
	}
	if len(c.Related) == 0 || c.Related[0].Relation != "successor_of" || c.Related[0].Name != "Coldiron" || !strings.Contains(c.Related[0].Why, wallet) {
		t.Errorf("related %v", c.Related)
	}
	if old := got["Coldiron"]; old.Listed || !slices.Contains(old.Flags, "gone") {
		t.Errorf("the former shop: proposed %v, flags %v", old.Listed, old.Flags)
	}
}

// TestNewOwnerStartsClean: the old wording admits, the current one names a new owner and forbids.
func TestNewOwnerStartsClean(t *testing.T) {
	var s scene
	s.page("oldmoor.example", "/", "Oldmoor", shopWords+" "+openWords, func(p *schemer.Post) { p.Superseded, p.GoneSince = true, day("2026-02-01") })
	s.page("oldmoor.example", "/", "Oldmoor", shopWords+" Since February 2026 under new management: Oldmoor is owned by Plain B.V. "+strictWords)
	s.post("board.example", "Oldmoor servers", "oldmoor", "2025-01-01", openWords+" $9, oldmoor.example")
	c := s.score(t)["Oldmoor"]
	if c.Listed || !slices.Contains(c.Flags, "new_owner") {
		t.Errorf("proposed %v, grade %s, flags %v", c.Listed, c.Grade, c.Flags)
	}
}

// TestMirrorIsTheSameSeller: a second host of the same name that calls itself a mirror.
func TestMirrorIsTheSameSeller(t *testing.T) {
	var s scene
	s.page("stonejetty.example", "/", "Stonejetty", shopWords+" "+openWords+" If the main site is down use our mirror stone-jetty.test. Telegram @stonejetty_desk")
	s.page("stone-jetty.test", "/", "Stonejetty mirror", "You are on the mirror of stonejetty.example. Support: Telegram @stonejetty_desk")
	got := s.score(t)
	if len(got) != 1 || len(got["Stonejetty"].Domains) != 2 {
		t.Errorf("candidates %v, hosts %v", names(got), got["Stonejetty"].Domains)
	}
}

// TestScriptsAreOneName: a seller with a Russian name on a board and a Latin one on its site, bound by a contact.
func TestScriptsAreOneName(t *testing.T) {
	var s scene
	s.page("lozovik.example", "/", "Lozovik Host", shopWords+" Telegram @lozovik_desk. "+hintWords)
	s.post("prichal.example", "Лозовик: серверы в Амстердаме", "lozovik_admin", "2026-04-01", "Серверы от 9 долларов, фишинг и ботнеты разрешены, жалобы игнорируем. @lozovik_desk")
	got := s.score(t)
	if len(got) != 1 {
		t.Fatalf("candidates %v", names(got))
	}
	if c := got["Lozovik Host"]; !c.Listed || !slices.Contains(c.Aliases, "Лозовик") {
		t.Errorf("proposed %v, aliases %v", c.Listed, c.Aliases)
	}
}

// TestAnalystsDecideBindings: a negative decision parts what a rule would join, a positive one joins what none would.
func TestAnalystsDecideBindings(t *testing.T) {
	var s scene
	s.page("quaymark.example", "/", "Quaymark", shopWords+" Telegram @quaymark")
	s.post("board.example", "Quaymark servers", "quaymark", "2026-04-01", openWords+" VPS $9, @quaymark, quaymark.example")
	account := schemer.Alias{Kind: "account", Value: "quaymark@board.example"}
	host := schemer.Alias{Kind: "domain", Value: "quaymark.example"}
	parted := s.score(t, func(in *Input) {
		in.Decisions = []schemer.Binding{{A: host, B: account, Relation: "same", Negative: true, By: "analyst"}}
	})
	for _, c := range parted {
		if slices.Contains(c.Domains, "quaymark.example") && len(c.Evidence) > 0 {
			t.Errorf("parted, yet %q is evidence", c.Evidence[0].Quote)
		}
	}
	s.post("board.example", "Another name", "somebody", "2026-04-02", openWords+" VPS $9, jabber: some@jabber.example")
	joined := s.score(t, func(in *Input) {
		in.Decisions = []schemer.Binding{{A: host, B: schemer.Alias{Kind: "account", Value: "somebody@board.example"}, Relation: "same", Strength: schemer.Hard, By: "analyst", Why: "seen"}}
	})
	if c := joined["Quaymark"]; !slices.Contains(c.Handles, "jabber:some@jabber.example") {
		t.Errorf("handles %v", c.Handles)
	}
}

// TestWarnedNamesAreNeverProposed: a member of the warning list, and a host that looks like it.
func TestWarnedNamesAreNeverProposed(t *testing.T) {
	var s scene
	s.page("harrowgate.example", "/", "Harrowgate", shopWords+" "+openWords)
	s.page("harrowgatte.example", "/", "Harrowgatte", shopWords+" "+openWords+" @harrowgatte_bp")
	for name, c := range s.score(t, func(in *Input) { in.Warned = []string{"harrowgate.example"} }) {
		if c.Listed || !slices.Contains(c.Flags, "warninglist") {
			t.Errorf("%s: proposed %v, flags %v", name, c.Listed, c.Flags)
		}
	}
}

// TestFreshChangeWaits: a page that had stood clean for months admits since a week.
func TestFreshChangeWaits(t *testing.T) {
	var s scene
	was := demoDay.AddDate(0, 0, -7)
	s.page("linnet.example", "/", "Linnet Hosting", shopWords, func(p *schemer.Post) {
		p.FirstSeen, p.LastSeen, p.GoneSince, p.Superseded = demoDay.AddDate(0, -8, 0), was.AddDate(0, 0, -1), was, true
	})
	s.page("linnet.example", "/", "Linnet Hosting", shopWords+" "+openWords, func(p *schemer.Post) { p.FirstSeen, p.LastSeen = was, demoDay })
	c := s.score(t)["Linnet Hosting"]
	if c.Listed || !slices.Contains(c.Flags, "changed_lately") || !slices.Contains(c.Flags, "fragile") {
		t.Errorf("proposed %v, flags %v", c.Listed, c.Flags)
	}
	later := s.score(t, func(in *Input) { in.AsOf = demoDay.AddDate(0, 2, 0) })["Linnet Hosting"]
	if !later.Listed {
		t.Errorf("two months later: proposed %v, flags %v", later.Listed, later.Flags)
	}
}

// TestChangeSinceLastYear: new, stayed, stronger, weaker and renamed against an earlier edition.
func TestChangeSinceLastYear(t *testing.T) {
	var s scene
	s.page("alnwick.example", "/", "Alnwick", shopWords+" "+openWords)
	s.page("belwick.example", "/", "Belwick", shopWords+" "+openWords)
	s.page("celwick.example", "/", "Celwick", shopWords+" "+hintWords)
	s.page("delwick.example", "/", "Delwick", shopWords+" "+openWords)
	s.page("elwick.example", "/", "Elwick", shopWords+" "+openWords+" Telegram @oldname_desk")
	got := s.score(t, func(in *Input) {
		in.Previous = &schemer.Edition{Edition: "2025", Candidates: []schemer.Candidate{
			{Name: "Alnwick", Domains: []string{"alnwick.example"}, Listed: true, Grade: schemer.GradeOpen},
			{Name: "Belwick", Domains: []string{"belwick.example"}, Listed: true, Grade: schemer.GradeHint},
			{Name: "Celwick", Domains: []string{"celwick.example"}, Listed: true, Grade: schemer.GradeOpen},
			{Name: "Oldname", Handles: []string{"telegram:oldname_desk"}, Listed: true, Grade: schemer.GradeOpen},
		}}
	})
	for name, want := range map[string]string{"Alnwick": "stayed", "Belwick": "stronger", "Celwick": "weaker", "Delwick": "new", "Elwick": "renamed"} {
		if got[name].Change != want {
			t.Errorf("%s: %q, want %q", name, got[name].Change, want)
		}
	}
}

// TestWhoSpeaks holds the voices on one thread: seller, buyer, stranger, moderator.
func TestWhoSpeaks(t *testing.T) {
	var s scene
	s.post("board.example", "[VENDOR] Rushmere servers", "rushmere", "2026-01-01", openWords+" VPS $9, @rushmere_shop")
	s.post("board.example", "[VENDOR] Rushmere servers", "kunde", "2026-02-01", "Paid in January, my box hosts a phishing page for months, they ignore every abuse complaint.")
	s.post("board.example", "[VENDOR] Rushmere servers", "bankdesk", "2026-03-01", "Not a customer. I reported a phishing page there, they ignore abuse complaints.")
	c := s.score(t)["Rushmere"]
	want := map[string]schemer.Speaker{"rushmere": schemer.SpeakerSelf, "kunde": schemer.SpeakerBuyer, "bankdesk": schemer.SpeakerThird}
	seen := map[string]bool{}
	for _, e := range c.Evidence {
		seen[e.Author] = true
		if e.Speaker != want[e.Author] {
			t.Errorf("%s speaks as %s: %q", e.Author, e.Speaker, e.Quote)
		}
	}
	for author := range want {
		if !seen[author] {
			t.Errorf("nothing quoted of %s", author)
		}
	}
	if c.Evidence[0].Speaker != schemer.SpeakerSelf {
		t.Errorf("the first quote is by %s", c.Evidence[0].Speaker)
	}
}

// TestExplainTellsEverything holds that the dossier names every factor, quote and binding.
func TestExplainTellsEverything(t *testing.T) {
	var s scene
	s.page("mirefen.example", "/", "Mirefen", shopWords+" "+hintWords+" Telegram @mirefen. Mirefen Ltd, Belize.")
	c := s.score(t)["Mirefen"]
	var out strings.Builder
	if err := Explain(&out, c); err != nil {
		t.Fatal(err)
	}
	for _, f := range c.Factors {
		if !strings.Contains(out.String(), f.Note) {
			t.Errorf("factor %q is missing", f.Signal)
		}
	}
	for _, e := range c.Evidence {
		if !strings.Contains(out.String(), e.URL) {
			t.Errorf("quote of %s is missing", e.URL)
		}
	}
	if c.Registered != "BZ" || c.Nexus != "claimed" || !strings.Contains(c.NexusProof, "Amsterdam") {
		t.Errorf("seat %q, nexus %q by %q", c.Registered, c.Nexus, c.NexusProof)
	}
}

// TestNexusIsTheirOwnOffer holds what claims servers in the Netherlands and what does not.
func TestNexusIsTheirOwnOffer(t *testing.T) {
	for text, want := range map[string]string{
		"Servers in Amsterdam and Sofia, VPS from $9.":                            "claimed",
		"Machines staan in Naaldwijk, VPS vanaf € 9.":                             "claimed",
		"Серверы в Нидерландах от 9 долларов.":                                    "claimed",
		"荷兰机房，独立服务器，每月 $9。":                                                       "claimed",
		"Nos serveurs aux Pays-Bas, VPS 9 €.":                                     "claimed",
		"VPS from $9. Servers in Moldova, nothing in NL or DE.":                   "none",
		"VPS from $9 in Chisinau. Who needs Amsterdam should look elsewhere.":     "none",
		"VPS from $9 in Chisinau. A letter from the Dutch police hangs framed.":   "none",
		"Серверы в Кишинёве от 9 долларов. Не в Нидерландах и не в Германии.":     "none",
		"Dedicated servers $79 in Riga. Our customers in the Netherlands like us": "none",
	} {
		var s scene
		s.page("nexus.example", "/", "Nexus Hosting", text)
		for _, c := range s.score(t) {
			if c.Nexus != want {
				t.Errorf("%q: nexus %q by %q, want %q", text, c.Nexus, c.NexusProof, want)
			}
		}
	}
}
