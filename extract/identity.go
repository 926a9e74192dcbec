package extract

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"schemer"
)

// identityLimit is how much of a text is read for an identity.
const identityLimit = 128 << 10

// readIdentity reads the company identity that a page claims: the company's name with its legal form, the country of
// its seat, register numbers, address, means of payment, places of servers and shop software. Nothing of it is
// verified. It returns nil when the text claims none of these.
//
// The seat comes, in falling order, from words that claim registration or a company's seat, from a line that names a
// legal entity and a place, from "we are an Estonian company", from a national register or its number, from the law
// that governs the terms, and from a legal form that only one country knows. Where servers stand is kept apart and
// never makes a seat; nor does what is negated, former, or said of suppliers and customers. Claim is verbatim.
func readIdentity(text string, blocks []schemer.Block) *schemer.Identity {
	return identityIn(text, blocks, findMentions(text, "text"))
}

// identityIn is readIdentity with the mentions of the text, which must come in order.
func identityIn(text string, blocks []schemer.Block, mentions []schemer.Mention) *schemer.Identity {
	if len(text) > identityLimit {
		cut := identityLimit
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut]
	}
	room, ok := identityRooms.Get().(*identityRoom)
	if !ok {
		room = new(identityRoom)
	}
	defer identityRooms.Put(room)
	room.tokens = cutTokens(text, room.tokens[:0], room)
	r := identityReader{text: text, tokens: room.tokens, room: room, marks: room.marks[:0]}
	if len(r.tokens) == 0 {
		return nil
	}
	r.prepare(blocks, mentions)
	room.marks, room.spots = r.marks, r.spots
	var id schemer.Identity
	if c, ok := r.seat(); ok {
		id.Country, id.Start, id.End = c.iso, c.start, closeBracket(text, c.start, c.end)
		id.Claim = text[id.Start:id.End]
		if c.owner >= 0 {
			id.Name = r.entities[c.owner].name
		}
	}
	if id.Name == "" {
		id.Name = r.ownName()
	}
	id.Numbers = r.numbers
	id.Address = r.address()
	id.Payments = r.payments()
	id.Places = r.serverPlaces()
	id.Shop = r.shop()
	if id.Name == "" && id.Country == "" && len(id.Numbers)+len(id.Payments)+len(id.Places) == 0 && id.Address == "" && id.Shop == "" {
		return nil
	}
	return &id
}

// eitherIdentity completes what a page's text tells of a company with what its data say. Either may be nil.
func eitherIdentity(told, data *schemer.Identity) *schemer.Identity {
	if told == nil || data == nil {
		return cmp.Or(told, data)
	}
	told.Name, told.Address = cmp.Or(told.Name, data.Name), cmp.Or(told.Address, data.Address)
	told.Country = cmp.Or(told.Country, data.Country)
	for _, n := range data.Numbers {
		if !slices.Contains(told.Numbers, n) {
			told.Numbers = append(told.Numbers, n)
		}
	}
	return told
}

// identityRoom is the memory that one reading leaves to the next. Nothing that a reading gives away lies in it.
type identityRoom struct {
	tokens                       []idToken
	folded                       []byte
	sentence, placeAt, companyAt []int
	marks                        []idMark
	spots                        [phraseSorts][]spot
}

var identityRooms sync.Pool // *identityRoom

// numbers returns n numbers, all the same, in the memory of list.
func numbers(list []int, n, all int) []int {
	if cap(list) < n {
		list = make([]int, n)
	}
	list = list[:n]
	for k := range list {
		list[k] = all
	}
	return list
}

// closeBracket moves end over a bracket that was opened since start.
func closeBracket(text string, start, end int) int {
	for _, pair := range [...][2]string{{"(", ")"}, {"（", "）"}} {
		if strings.Count(text[start:end], pair[0]) > strings.Count(text[start:end], pair[1]) && strings.HasPrefix(text[end:], pair[1]) {
			end += len(pair[1])
		}
	}
	return end
}

// idMark is a phrase found at the tokens first to last.
type idMark struct {
	cue         idCue
	first, last int
}

// claim is a possible seat.
type claim struct {
	iso        string
	score      float64
	start, end int
	owner      int // index of the entity, or -1
}

// An identityReader holds what was found in a text.
type identityReader struct {
	text      string
	room      *identityRoom
	tokens    []idToken
	sentence  []int // per token: number of its sentence
	spots     [phraseSorts][]spot
	placeAt   []int // per token: index of the place that begins there, or -1
	companyAt []int // per token: index of the entity that it belongs to, or -1
	places    []place
	entities  []entity
	marks     []idMark
	numbers   []string
	found     []schemer.Mention // company numbers
	claims    []claim
}

// prepare finds sentences, places, entities and phrases.
func (r *identityReader) prepare(blocks []schemer.Block, mentions []schemer.Mention) {
	r.spots = idBook().find(r.text, r.tokens, r.room.spots)
	r.places = places().find(r.text, r.tokens, r.spots[phrasePlace])
	r.entities = findEntities(r.text, r.tokens)
	r.room.placeAt, r.room.companyAt = numbers(r.room.placeAt, len(r.tokens), -1), numbers(r.room.companyAt, len(r.tokens), -1)
	r.placeAt, r.companyAt = r.room.placeAt, r.room.companyAt
	for k := len(r.places) - 1; k >= 0; k-- {
		r.placeAt[r.places[k].first] = k
	}
	r.entities = slices.DeleteFunc(r.entities, r.isSort)
	for k, e := range r.entities {
		for i := e.first; i <= e.last; i++ {
			r.companyAt[i] = k
		}
	}
	r.splitSentences(blocks)
	for _, s := range r.spots[phraseCue] {
		r.marks = append(r.marks, idMark{idCue(s.tag), s.first, s.last})
	}
	r.hanMarks()
	for _, m := range mentions {
		if m.Kind != mentionCompany || m.Field != "text" || m.End > len(r.text) || len(r.found) == maxClaims {
			continue
		}
		r.found = append(r.found, m)
		if !slices.Contains(r.numbers, m.Value) {
			r.numbers = append(r.numbers, m.Value)
		}
	}
}

// isSort reports whether an entity is a sort of company and no name: "a Seychelles IBC", "Wyoming LLC".
func (r *identityReader) isSort(e entity) bool {
	k := r.placeAt[e.first]
	return k >= 0 && r.places[k].end < e.end && strings.TrimSpace(r.text[r.places[k].end:e.end]) == e.form
}

// hanMarks finds the Chinese phrases, which stand within runs.
func (r *identityReader) hanMarks() {
	for i, t := range r.tokens {
		if t.fold[0] < 0xe4 || t.fold[0] > 0xe9 {
			continue
		}
		for cue, list := range map[idCue][]string{idSeat: hanSeat, idLaw: hanLaw, idServer: hanServer} {
			if containsAnyOf(t.fold, list) {
				r.marks = append(r.marks, idMark{cue, i, i})
			}
		}
	}
	slices.SortFunc(r.marks, func(a, b idMark) int {
		return cmp.Or(a.first-b.first, int(a.cue)-int(b.cue), a.last-b.last)
	})
}

func containsAnyOf(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

// maxSentence is how many words a sentence can have; what is longer is no sentence.
const maxSentence = 120

// splitSentences numbers the sentences. One ends at a block's end, an empty line, or at a full stop, a question or an
// exclamation mark before a capital letter that no abbreviation explains.
func (r *identityReader) splitSentences(blocks []schemer.Block) {
	r.room.sentence = numbers(r.room.sentence, len(r.tokens), 0)
	r.sentence = r.room.sentence
	n, b, length := 0, 0, 0
	for i := 1; i < len(r.tokens); i++ {
		gap := r.text[r.tokens[i-1].end:r.tokens[i].start]
		length++
		ended := length > maxSentence || r.endsSentence(i, gap)
		for b < len(blocks) && blocks[b].End <= r.tokens[i].start {
			b++
			ended = true
		}
		if ended {
			n++
			length = 0
		}
		r.sentence[i] = n
	}
}

func (r *identityReader) endsSentence(i int, gap string) bool {
	switch {
	case gap == " " || gap == ", " || gap == "-" || gap == "":
		return false
	case strings.Contains(gap, "\n\n"), strings.ContainsAny(gap, "?!;"), strings.Contains(gap, "。"), strings.Contains(gap, "\n") && strings.ContainsAny(gap, "-*•|#"):
		return true
	case !strings.Contains(gap, ". ") && !strings.Contains(gap, ".\n") && !strings.Contains(gap, ".*"):
		return false
	}
	before := r.tokens[i-1]
	if abbreviated(before.fold) || before.fold == "no" || before.fold == "nr" || before.fold == "тел" || before.fold == "г" || before.fold == "ул" {
		return false
	}
	// "Ltd. Panama" may be one line, "Ltd. The" is two sentences.
	return r.tokens[i].upper && (r.companyAt[i-1] < 0 || r.placeAt[i] < 0)
}

// marked reports whether a phrase of this kind begins among the tokens lo to hi.
func (r *identityReader) marked(cue idCue, lo, hi int) bool {
	k, _ := slices.BinarySearchFunc(r.marks, lo, func(m idMark, lo int) int { return m.first - lo })
	for ; k < len(r.marks) && r.marks[k].first <= hi; k++ {
		if r.marks[k].cue == cue {
			return true
		}
	}
	return false
}

// sentenceSpan returns the first and last token of the sentence around token i.
func (r *identityReader) sentenceSpan(i int) (lo, hi int) {
	lo, hi = i, i
	for lo > 0 && r.sentence[lo-1] == r.sentence[i] {
		lo--
	}
	for hi+1 < len(r.tokens) && r.sentence[hi+1] == r.sentence[i] {
		hi++
	}
	return lo, hi
}

// ownName returns the name of the company that runs the site: the one that a phrase introduces, else the one that is
// named most and is nobody else's.
func (r *identityReader) ownName() string {
	count := make(map[string]int)
	for k := range r.entities {
		e := &r.entities[k]
		if r.foreign(e) {
			continue
		}
		count[e.name]++
		if r.introduced(e) {
			count[e.name] += 2
		}
	}
	best := ""
	for _, name := range sortedKeys(count) {
		if best == "" || count[name] > count[best] {
			best = name
		}
	}
	return best
}

// introduced reports whether a phrase before the entity says that it runs the site.
func (r *identityReader) introduced(e *entity) bool {
	lo, _ := r.sentenceSpan(e.first)
	if r.marked(idImprint, max(lo, e.first-5), e.first-1) {
		return true
	}
	return strings.Contains(r.text[max(0, e.start-8):e.start], "©")
}

// foreign reports whether the sentence before the entity makes it somebody else's company, or a former one.
func (r *identityReader) foreign(e *entity) bool {
	lo, _ := r.sentenceSpan(e.first)
	return r.marked(idFormer, max(lo, e.first-4), e.first-1) || r.marked(idSupplier, max(lo, e.first-8), e.first-1) || r.marked(idOther, lo, e.first-1)
}

// payments returns the means of payment that are spoken of as taken, in alphabetical order.
func (r *identityReader) payments() []string {
	found := make(map[string]bool)
	for _, s := range r.spots[phrasePay] {
		i := s.first
		lo, hi := r.sentenceSpan(i)
		name := payNames[s.tag]
		coin := name == "btc" || name == "xmr" || name == "usdt" || name == "crypto" || name == "paypal"
		if !coin && !r.marked(idPay, lo, hi) || r.marked(idNot, max(lo, i-3), i-1) || r.refused(s.last+1) || !coin && r.crooked(lo, hi) {
			continue
		}
		found[name] = true
	}
	for _, p := range hanPay {
		if strings.Contains(r.text, p.word) {
			found[p.means] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// crooked reports whether a sentence speaks of fraud: what it names is stolen, not taken in payment.
func (r *identityReader) crooked(lo, hi int) bool {
	for i := lo; i <= hi; i++ {
		for _, stem := range [...]string{"fraud", "stolen", "carding", "phish", "betrug", "kartenbetrug", "gestolen", "мошен", "кардинг", "краден", "шахрай"} {
			if strings.HasPrefix(r.tokens[i].fold, stem) {
				return true
			}
		}
	}
	return false
}

// refused reports whether a negation follows at token i without a comma between: "PayPal niet".
func (r *identityReader) refused(i int) bool {
	return i < len(r.tokens) && r.marked(idNot, i, i) && strings.TrimSpace(r.text[r.tokens[i-1].end:r.tokens[i].start]) == ""
}

// serverPlaces returns the countries where the page says that its servers stand, in the order in which they are named.
func (r *identityReader) serverPlaces() []string {
	var out []string
	for _, p := range r.places {
		if p.sort == placePeople || slices.Contains(out, p.iso) {
			continue
		}
		lo, hi := r.sentenceSpan(p.first)
		if !r.marked(idServer, lo, hi) || r.marked(idNot, max(lo, p.first-3), p.first-1) || r.marked(idSeat, max(lo, p.first-6), p.first-1) ||
			r.marked(idLimit, max(lo, p.first-4), p.first-1) || r.inClaim(p) {
			continue
		}
		out = append(out, p.iso)
	}
	return out
}

// inClaim reports whether a place belongs to a line that names an entity with its seat.
func (r *identityReader) inClaim(p place) bool {
	return slices.ContainsFunc(r.claims, func(c claim) bool { return c.owner >= 0 && p.start >= c.start && p.end <= c.end })
}

// shop returns the shop system that the text names.
func (r *identityReader) shop() string {
	if found := r.spots[phraseShop]; len(found) > 0 {
		return shopNames[found[0].tag]
	}
	return ""
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
