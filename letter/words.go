package letter

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"schemer"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

var months = []string{
	"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
}

// dutchDate writes "5 maart 2026"; "" for the zero time.
func dutchDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.UTC()
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}

// dutchTime writes "5 maart 2026, 14:22 UTC".
func dutchTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return dutchDate(t) + t.UTC().Format(", 15:04 UTC")
}

// gradeWord names a grade as the letter does.
func gradeWord(g schemer.Grade) string {
	switch g {
	case schemer.GradeOpen:
		return "openlijk"
	case schemer.GradeHint:
		return "laat doorschemeren"
	case schemer.GradeWatch:
		return "ter observatie"
	case schemer.GradeContra:
		return "het bewijs wijst de andere kant op"
	}
	return "geen"
}

// crimes names the kinds of crime in the words of the Dutch police.
var crimes = map[string]string{
	"hacking": "computervredebreuk (hacken)", "phishing": "phishing", "ransomware": "ransomware (gijzelsoftware)",
	"botnet": "botnets", "malware": "malware (kwaadaardige software)", "spam": "spam",
	"carding": "fraude met betaalkaarten (carding)", "ddos": "DDoS-aanvallen", "fraud": "oplichting (fraude)",
}

func crimeWords(kinds []string) []string {
	var out []string
	for _, k := range kinds {
		out = append(out, cmp.Or(crimes[k], clean(k)))
	}
	return out
}

// saysWords is the sentence that says how the seller presents itself; it never says what the seller is.
func saysWords(c schemer.Candidate, kinds []string) string {
	what := "voor criminele activiteiten"
	if len(kinds) > 0 {
		what = "voor " + enumerate(kinds)
	}
	who := ""
	if !saidBySelf(c.Evidence) {
		who = " Dit blijkt uit wat anderen schrijven, niet uit eigen woorden."
	}
	if c.Grade == schemer.GradeOpen {
		return "Stelt zich voor als aanbieder van servers die men openlijk " + what + " mag gebruiken." + who
	}
	return "Stelt zich voor als aanbieder van servers en laat doorschemeren dat gebruik " + what + " wordt gedoogd." + who
}

func saidBySelf(all []schemer.Evidence) bool {
	for _, e := range all {
		if e.Speaker == schemer.SpeakerSelf {
			return true
		}
	}
	return len(all) == 0
}

// enumerate joins with commas and a final "en".
func enumerate(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " en " + words[len(words)-1]
}

// seatWords names the seat as claimed, with its jurisdiction in Dutch.
func seatWords(code, claim string) string {
	claim = shorten(clean(claim), 160)
	if code == "" && claim == "" {
		return "niet opgegeven"
	}
	name := clean(code)
	if region, err := language.ParseRegion(code); err == nil {
		name = cmp.Or(display.Regions(language.Dutch).Name(region), name) + " (" + region.String() + ")"
	}
	switch {
	case claim == "":
		return name + ", volgens eigen opgave"
	case name == "":
		return "volgens eigen opgave: " + claim
	}
	return name + "; volgens eigen opgave: " + claim
}

func nexusWords(nexus, proof string) string {
	proof = shorten(clean(proof), 240)
	if proof != "" {
		proof = ": " + proof
	}
	switch nexus {
	case "verified":
		return "vastgesteld" + proof
	case "claimed":
		return "volgens eigen opgave" + proof
	}
	return "niet gebleken"
}

func speakerWord(s schemer.Speaker) string {
	switch s {
	case schemer.SpeakerSelf:
		return "de aanbieder zelf"
	case schemer.SpeakerBuyer:
		return "een koper"
	case schemer.SpeakerThird:
		return "een derde"
	}
	return "iemand anders"
}

// handleWords writes "telegram:name" as "Telegram: name", with addresses defanged.
func handleWords(handle string) string {
	kind, value, found := strings.Cut(clean(handle), ":")
	if !found {
		return defang(kind)
	}
	names := map[string]string{
		"telegram": "Telegram", "jabber": "Jabber", "tox": "Tox", "session": "Session", "email": "E-mail", "icq": "ICQ",
		"discord": "Discord", "matrix": "Matrix", "whatsapp": "WhatsApp", "signal": "Signal", "phone": "Telefoon",
		"account": "Forumaccount", "onion": "Onion-adres", "wallet": "Wallet", "pgp": "PGP-sleutel", //nolint:misspell // Dutch
	}
	return cmp.Or(names[strings.ToLower(kind)], kind) + ": " + strings.ReplaceAll(strings.TrimSpace(value), ".", "[.]")
}

func asn(n int64) string { return "AS" + strconv.FormatInt(n, 10) }

func relationWords(r schemer.Related) string {
	words := map[string]string{
		"successor_of": "mogelijk opvolger van", "predecessor_of": "mogelijk voorganger van",
		"shares_id": "deelt een kenmerk met", "not_same_as": "niet te verwarren met",
	}
	s := cmp.Or(words[r.Relation], clean(r.Relation)) + " " + clean(r.Name)
	if r.Why != "" {
		s += " (" + shorten(clean(r.Why), 140) + ")"
	}
	return s
}

func seenWords(first, last time.Time) string {
	switch {
	case first.IsZero() && last.IsZero():
		return ""
	case first.IsZero():
		return "laatst op " + dutchDate(last)
	case last.IsZero() || dutchDate(first) == dutchDate(last):
		return "op " + dutchDate(first)
	}
	return "van " + dutchDate(first) + " tot en met " + dutchDate(last)
}

// changeWord says what changed since last year. What was computed here goes before what the edition says.
func changeWord(said string, ch Change, previous string) string {
	kind := cmp.Or(ch.Kind, Kind(said))
	before := ""
	if ch.PreviousName != "" && ch.PreviousName != ch.Name {
		before = " (vorig jaar onder de naam " + clean(ch.PreviousName) + ")"
	}
	switch kind {
	case New:
		return "nieuw op de lijst"
	case Stayed:
		return "gebleven" + before
	case Stronger:
		return "sterker: nu openlijk" + before
	case Weaker:
		return "zwakker: nu doorschemerend" + before
	case Renamed:
		return "hernoemd" + before
	}
	if previous == "" {
		return "geen eerdere lijst"
	}
	return ""
}

// languageWord names a language in Dutch; "" when unknown.
func languageWord(code string) string {
	tag, err := language.Parse(code)
	if code == "" || err != nil {
		return ""
	}
	return display.Languages(language.Dutch).Name(tag)
}

// langTag returns a language code that is safe as an attribute, "" otherwise.
func langTag(code string) string {
	tag, err := language.Parse(code)
	if code == "" || err != nil {
		return ""
	}
	return tag.String()
}

// code is a line of the key to the Admiralty code.
type code struct{ Letter, Source, Digit, Claim string }

var (
	sourceWords = []string{
		"betrouwbaar", "meestal betrouwbaar", "redelijk betrouwbaar", "meestal niet betrouwbaar", "onbetrouwbaar", "niet te beoordelen",
	}
	claimWords = []string{
		"bevestigd door andere bronnen", "waarschijnlijk juist", "mogelijk juist", "twijfelachtig", "onwaarschijnlijk", "niet te beoordelen",
	}
)

// admiraltyWords spells out a code such as B2; "" when it is none.
func admiraltyWords(code string) string {
	if len(code) != 2 || code[0] < 'A' || code[0] > 'F' || code[1] < '1' || code[1] > '6' {
		return ""
	}
	return "bron " + sourceWords[code[0]-'A'] + ", bewering " + claimWords[code[1]-'1']
}

func admiraltyTable() []code {
	var out []code
	for i := range sourceWords {
		out = append(out, code{string(rune('A' + i)), sourceWords[i], strconv.Itoa(i + 1), claimWords[i]})
	}
	return out
}
