// Package letter turns an edition into what leaves the house: the letter to hosting companies as ODT and HTML, the
// list as HTML, CSV and JSON, the difference with last year's edition, and STIX 2.1 for partners that take it.
//
// It computes only: no clock, no network, no randomness. The same edition gives the same bytes. Everything that comes
// from crawled pages is hostile: control and direction characters are made visible, addresses are defanged, markup is
// escaped and spreadsheet formulas are disarmed.
package letter

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"schemer"
)

// Letter is an edition on its way to one recipient. Only listed candidates of grade open or hint are named in it.
type Letter struct {
	Edition     schemer.Edition
	Previous    *schemer.Edition // last year's, to say what changed; nil when there is none
	Recipient   string           // name and address, one line each; empty leaves a blank to fill in
	Reference   string           // the sender's file number
	Date        time.Time        // of the letter
	ReviewBy    time.Time        // when each entry must have been looked at again; zero means a year after Date
	Sender      string           // who signs, one line each; empty leaves a blank to fill in
	Contact     string           // where objections and findings go; empty leaves a blank to fill in
	Fingerprint schemer.Digest   // SHA-256 of the list as [JSON] writes it; empty computes it
	Draft       bool             // marked CONCEPT on every page; an unreviewed or unfrozen edition always is
}

// maxQuotes bounds the proof printed per candidate; the dossier holds the rest.
const maxQuotes = 3

// maxQuote bounds a quote in characters.
const maxQuote = 360

// content is a letter in words, ready for a template. All strings are clean and defanged, but not escaped.
type content struct {
	Title, Edition, Date, ReviewBy, Reference, Contact, Fingerprint, Short string
	Recipient, Sender                                                      []string
	Draft                                                                  bool
	Cover                                                                  []block
	Entries                                                                []entry
	Left                                                                   []left
	Count, Open, Hint, New                                                 int
	Previous                                                               string
	Codes                                                                  []code
	Made                                                                   time.Time
}

// entry is one candidate in words.
type entry struct {
	Rank                                 int
	Name, Says, Grade, Seat, Nexus, Seen string
	Change, Review                       string
	Aliases, Domains, Handles, ASNs      []string
	Crimes, Related                      []string
	Quotes, Contra                       []quote
	Facts                                []fact
}

// fact is a line of the table of an entry.
type fact struct {
	Label string
	Lines []string
}

// quote is one piece of proof in words.
type quote struct {
	Text, Lang, Language, Author, Speaker, Where, Posted, Gone, Captured, SHA256, Code, Meaning string
}

// left is a name that was on last year's list and is on this one no more.
type left struct{ Name, Grade, Why string }

// build puts a letter into words.
func (l Letter) build() (content, error) {
	c := content{
		Edition: clean(l.Edition.Edition), Date: dutchDate(l.Date), Reference: clean(l.Reference),
		Contact: cmp.Or(clean(l.Contact), "[contactadres]"), Recipient: lines(l.Recipient, "[naam en adres van de ontvanger]"), //nolint:misspell // Dutch
		Sender: lines(l.Sender, "[naam, functie en eenheid van de afzender]"),
		Draft:  l.Draft || l.Edition.Unreviewed || !l.Edition.Frozen, Made: l.Date.UTC(), Codes: admiraltyTable(),
	}
	review := l.ReviewBy
	if review.IsZero() {
		review = l.Date.AddDate(1, 0, 0)
	}
	c.ReviewBy = dutchDate(review)
	c.Title = "Wederverkopers van serverruimte die zich aanprijzen bij criminelen, editie " + c.Edition
	print := l.Fingerprint
	if print == "" {
		sum, err := Fingerprint(l.Edition)
		if err != nil {
			return content{}, err
		}
		print = sum
	}
	c.Fingerprint, c.Short = groups(string(print)), string(print[:min(16, len(print))])
	changes := map[schemer.ResellerID]Change{}
	if l.Previous != nil {
		c.Previous = clean(l.Previous.Edition)
		for _, ch := range Diff(l.Previous, &l.Edition) {
			if ch.Kind == Gone {
				c.Left = append(c.Left, left{Name: clean(ch.PreviousName), Grade: gradeWord(ch.PreviousGrade), Why: clean(ch.Why)})
				continue
			}
			changes[ch.ID] = ch
		}
	}
	for _, cand := range Listed(l.Edition) {
		e := entryOf(cand, c.ReviewBy)
		e.Rank = len(c.Entries) + 1
		e.Change = changeWord(cand.Change, changes[cand.ID], c.Previous)
		e.Facts = e.facts()
		c.Entries = append(c.Entries, e)
		c.count(cand, changes[cand.ID])
	}
	c.Count = len(c.Entries)
	var err error
	c.Cover, err = coverBlocks(c)
	return c, err
}

func (c *content) count(cand schemer.Candidate, ch Change) {
	if cand.Grade == schemer.GradeOpen {
		c.Open++
	} else {
		c.Hint++
	}
	if ch.Kind == New {
		c.New++
	}
}

// Listed returns the candidates that a letter names: those proposed for listing with grade open or hint, by rank.
func Listed(e schemer.Edition) []schemer.Candidate {
	var out []schemer.Candidate
	for _, c := range e.Candidates {
		if c.Listed && (c.Grade == schemer.GradeOpen || c.Grade == schemer.GradeHint) {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b schemer.Candidate) int { return cmp.Compare(a.Rank, b.Rank) })
	return out
}

func entryOf(c schemer.Candidate, review string) entry {
	e := entry{
		Name: clean(c.Name), Grade: gradeWord(c.Grade), Aliases: cleaned(c.Aliases), Domains: defanged(c.Domains),
		Seat: seatWords(c.Registered, c.SeatClaim), Nexus: nexusWords(c.Nexus, c.NexusProof), Review: review,
		Crimes: crimeWords(c.Crimes), Seen: seenWords(c.FirstSeen, c.LastSeen),
	}
	e.Says = saysWords(c, e.Crimes)
	for _, h := range c.Handles {
		e.Handles = append(e.Handles, handleWords(h))
	}
	for _, n := range c.ASNs {
		e.ASNs = append(e.ASNs, asn(n))
	}
	e.ASNs = append(e.ASNs, cleaned(c.Prefixes)...)
	for _, r := range c.Related {
		e.Related = append(e.Related, relationWords(r))
	}
	for _, ev := range pick(c.Evidence, maxQuotes) {
		e.Quotes = append(e.Quotes, quoteOf(ev))
	}
	for _, ev := range pick(c.Contra, 2) {
		e.Contra = append(e.Contra, quoteOf(ev))
	}
	return e
}

// facts lays an entry out as the lines of its table; empty ones are left out.
func (e entry) facts() []fact {
	all := []fact{
		{"Ook bekend als", e.Aliases},
		{"Domeinen", e.Domains},
		{"Accounts", e.Handles},
		{"Netwerken", e.ASNs},
		{"Zetel", []string{e.Seat}},
		{"Band met Nederland", []string{e.Nexus}},
		{"Noemt of duidt aan", e.Crimes},
		{"Verwant", e.Related},
		{"Gezien", []string{e.Seen}},
		{"Sinds vorig jaar", []string{e.Change}},
		{"Opnieuw bekijken vóór", []string{e.Review}},
	}
	return slices.DeleteFunc(all, func(f fact) bool { return strings.Join(f.Lines, "") == "" })
}

// pick chooses the proof to print: what the seller says itself first, open before hint, heavier before lighter, no
// quote twice, and one of each site as long as there are others of weight.
func pick(all []schemer.Evidence, most int) []schemer.Evidence {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b schemer.Evidence) int {
		return cmp.Or(cmp.Compare(weight(b), weight(a)), cmp.Compare(b.Points, a.Points), a.CapturedAt.Compare(b.CapturedAt),
			strings.Compare(a.URL, b.URL), strings.Compare(a.Quote, b.Quote))
	})
	var out []schemer.Evidence
	sites, quotes := map[string]bool{}, map[string]bool{}
	for _, again := range []bool{false, true} {
		for _, ev := range sorted {
			if len(out) == most || quotes[ev.Quote] || !again && (sites[ev.Site] || weight(ev)%4 == 0) {
				continue
			}
			sites[ev.Site], quotes[ev.Quote] = true, true
			out = append(out, ev)
		}
	}
	return out
}

func weight(e schemer.Evidence) int {
	w := 0
	if e.Speaker == schemer.SpeakerSelf {
		w += 4
	}
	switch e.Grade {
	case schemer.GradeOpen:
		w += 2
	case schemer.GradeHint:
		w++
	}
	return w
}

func quoteOf(e schemer.Evidence) quote {
	return quote{
		Text: shorten(clean(e.Quote), maxQuote), Lang: langTag(e.Lang), Language: languageWord(e.Lang), Author: clean(e.Author),
		Speaker: speakerWord(e.Speaker), Where: defang(e.URL), Posted: dutchDate(e.PostedAt), Captured: dutchTime(e.CapturedAt), Gone: dutchDate(e.GoneSince),
		SHA256: clean(string(e.SHA256)), Code: clean(e.Admiralty), Meaning: admiraltyWords(e.Admiralty),
	}
}

// Columns are the headings of the overview.
func (content) Columns() []string {
	return []string{"Nr.", "Naam en domeinen", "Hoe", "Noemt of duidt aan", "Sinds vorig jaar"}
}
