package scoring

import (
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
