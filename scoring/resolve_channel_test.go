package scoring

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"schemer"
)

// TestMirroredChannelIsItsOwner holds that a page of a channel mirror is said by the channel's owner, and that a page which
// only looks like one, on a host that nobody named as a source, is not.
func TestMirroredChannelIsItsOwner(t *testing.T) {
	for kind, self := range map[schemer.SourceKind]bool{schemer.KindOther: true, schemer.KindUnknown: false} {
		var s scene
		s.page("larkshed.example", "/", "Larkshed servers", shopWords+" We like birds. Telegram @larkshed_news")
		s.page("copies.example", "/c/larkshed", "Channel: Larkshed", "Channel: Larkshed (@larkshed_news)\n\n2026-03-08 "+openWords, func(p *schemer.Post) { p.SourceKind = kind })
		c := s.score(t)["Larkshed servers"]
		if c.Listed != self {
			t.Errorf("mirror of kind %q: proposed %v, evidence %v", kind, c.Listed, c.Evidence)
		}
	}
}

// TestHostileMirrorsListNobody holds that pages of a mirror of channels that show the handle of an honest firm over words of
// an attacker never propose the firm: fifty firms, each shown in five wordings, alone and beside adverts on a board.
func TestHostileMirrorsListNobody(t *testing.T) {
	rules := defaultRules(t)
	for style, advert := range adverts {
		var posts []schemer.Post
		for k, n := range innocents() {
			posts = append(posts, n.pages(k, demoDay)...)
			words := strings.NewReplacer("%n", n.name, "%h", n.host, "%t", "@"+n.telegram).Replace(advert)
			for i := range 1 + k%3 {
				p := schemer.Post{
					URL: fmt.Sprintf("http://mirror%d.example/c/%s", i, n.telegram), Site: fmt.Sprintf("mirror%d.example", i), SourceKind: schemer.KindOther, Kind: schemer.PostPage,
					Title: "Channel: " + n.name + " (@" + n.telegram + ")", Text: "Channel: " + n.name + " (@" + n.telegram + ")\n\n2026-02-03 " + words + "\n\n2026-10-20 " + words, CapturedAt: demoDay, LastSeen: demoDay,
				}
				finish(&p)
				posts = append(posts, p)
			}
			if k%2 == 0 {
				posts = append(posts, campaign{target: n, forum: "board.example", posts: 10, accounts: 3, aged: true, days: 200, style: 2}.write(rand.New(rand.NewPCG(uint64(k), 1)), demoDay)...)
			}
		}
		for name := range listedHosts(t, posts, rules, demoDay) {
			t.Errorf("wording %d: %s is proposed", style, name)
		}
	}
}

// TestSignedThreadIsAnOffer holds that an opener who signs with the name in the title and a contact speaks as that shop,
// without a price or a tag.
func TestSignedThreadIsAnOffer(t *testing.T) {
	var s scene
	s.post("board.example", "Larkshed: the doors are unlocked", "l_7", "2026-01-01", "Dedicated servers in Riga. "+openWords, func(p *schemer.Post) { p.Signature = "Larkshed, telegram @lark_desk" })
	s.post("board.example", "Larkshed: the doors are unlocked", "l_7", "2026-09-01", "Servers stay up.", func(p *schemer.Post) { p.Signature = "Larkshed, telegram @lark_desk" })
	c, ok := s.score(t)["Larkshed"]
	if !ok || !c.Listed || len(c.Evidence) == 0 || c.Evidence[0].Speaker != schemer.SpeakerSelf {
		t.Errorf("found %v, proposed %v, evidence %v; all: %v", ok, c.Listed, c.Evidence, names(s.score(t)))
	}
}

// TestAlphabetsInEqualShares holds that a short word half of whose letters are of another alphabet is told by the letter
// that only one of them has.
func TestAlphabetsInEqualShares(t *testing.T) {
	if got := foldText("wе hоst"); got != "we host" {
		t.Errorf("folded to %q", got)
	}
}
