package extract

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// tagFlag holds what the rules of tree construction ask of an element's name.
type tagFlag uint32

const (
	tagSpecial   tagFlag = 1 << iota // ends a search for a stray end tag's partner
	tagScope                         // a boundary of every scope but that of tables
	tagListScope                     // a boundary of list item scope too
	tagButtonScope
	tagTableScope
	tagImplied  // closed by the end of what is around it
	tagFosterer // its text belongs before the table
	tagHeading
	tagCell
	tagSection // tbody, thead, tfoot
	tagVerse   // drops a line feed at its start
	tagRaw     // its content is text without markup
	tagRCDATA  // likewise, with character references
	tagBreakout
	tagVoid
	tagRowContext
	tagSectionContext
)

// startRule says what a start tag does in a body; endRule what an end tag does there.
type (
	startRule uint8
	endRule   uint8
)

const (
	startOther startRule = iota
	startHTML
	startHeadVoid
	startHeadRaw
	startTemplate
	startBody
	startBlock
	startHeading
	startForm
	startItem
	startTerm
	startButton
	startAnchor
	startFormat
	startNobr
	startMarker
	startTable
	startVoid
	startInput
	startLoneVoid
	startHr
	startTextarea
	startXmp
	startRaw
	startSelect
	startOption
	startOptgroup
	startRuby
	startRubyText
	startForeign
	startPart
)

const (
	endOther endRule = iota
	endBody
	endHTML
	endBlock
	endForm
	endParagraph
	endItem
	endTerm
	endHeading
	endFormat
	endMarker
	endBr
	endTemplate
)

// A tag is what is known of one element name. Names unknown to the standard share one without flags.
type tag struct {
	name  string
	atom  atom.Atom
	no    uint8
	flags tagFlag
	start startRule
	end   endRule
}

func (t *tag) has(f tagFlag) bool { return t.flags&f != 0 }

// The sets are those of WHATWG HTML, 13.2.4 and 13.2.6.
var tagSets = map[tagFlag]string{
	tagSpecial: `address applet area article aside base basefont bgsound blockquote body br button caption center col colgroup dd details
 dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img input
 keygen li link listing main marquee menu meta nav noembed noframes noscript object ol p param plaintext pre script section select source
 style summary table tbody td template textarea tfoot th thead title tr track ul wbr xmp`,
	tagScope:          `applet caption html table td th marquee object template select`,
	tagListScope:      `applet caption html table td th marquee object template select ol ul`,
	tagButtonScope:    `applet caption html table td th marquee object template select button`,
	tagTableScope:     `html table template`,
	tagRowContext:     `html tr template`,
	tagSectionContext: `html tbody tfoot thead template`,
	tagImplied:        `dd dt li optgroup option p rb rp rt rtc`,
	tagFosterer:       `table tbody tfoot thead tr`,
	tagHeading:        `h1 h2 h3 h4 h5 h6`,
	tagCell:           `td th`,
	tagSection:        `tbody thead tfoot`,
	tagVerse:          `pre listing textarea`,
	tagRaw:            `iframe noembed noframes script style textarea title xmp`,
	tagRCDATA:         `textarea title`,
	tagBreakout: `b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol
 p pre ruby s small span strong strike sub sup table tt u ul var`,
	tagVoid: `area base basefont bgsound br col embed hr img input keygen link meta param source track wbr`,
}

var startRules = map[startRule]string{
	startHTML:     `html`,
	startHeadVoid: `base basefont bgsound link meta`,
	startHeadRaw:  `noframes script style title`,
	startTemplate: `template`,
	startBody:     `body`,
	startBlock: `address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer header hgroup listing
 main menu nav ol p plaintext pre search section summary ul`,
	startHeading:  `h1 h2 h3 h4 h5 h6`,
	startForm:     `form`,
	startItem:     `li`,
	startTerm:     `dd dt`,
	startButton:   `button`,
	startAnchor:   `a`,
	startFormat:   `b big code em font i s small strike strong tt u`,
	startNobr:     `nobr`,
	startMarker:   `applet marquee object`,
	startTable:    `table`,
	startVoid:     `area br embed img keygen wbr image`,
	startInput:    `input`,
	startLoneVoid: `param source track`,
	startHr:       `hr`,
	startTextarea: `textarea`,
	startXmp:      `xmp`,
	startRaw:      `iframe noembed`,
	startSelect:   `select`,
	startOption:   `option`,
	startOptgroup: `optgroup`,
	startRuby:     `rb rtc`,
	startRubyText: `rp rt`,
	startForeign:  `math svg`,
	startPart:     `caption col colgroup frame frameset head tbody td tfoot th thead tr`,
}

var endRules = map[endRule]string{
	endBody: `body`,
	endHTML: `html`,
	endBlock: `address article aside blockquote button center details dialog dir div dl fieldset figcaption figure footer header hgroup
 listing main menu nav ol pre search section select summary ul`,
	endForm:      `form`,
	endParagraph: `p`,
	endItem:      `li`,
	endTerm:      `dd dt`,
	endHeading:   `h1 h2 h3 h4 h5 h6`,
	endFormat:    `a b big code em font i nobr s small strike strong tt u`,
	endMarker:    `applet marquee object`,
	endBr:        `br`,
	endTemplate:  `template`,
}

// tagSlots is the size of the table of names, a power of two well above their number.
const tagSlots = 1 << 10

// maxTags bounds the number of names, for counters.
const maxTags = 192

// tagNames is an open hash table of the names.
type tagNames struct {
	slots [tagSlots]*tag
	count uint8
}

var tags = newTagNames()

// unknownTag is that of every name that the standard does not know.
var unknownTag tag

func newTagNames() *tagNames {
	t := new(tagNames)
	// The order in which names come does not matter: nothing depends on their numbers.
	for flag, names := range tagSets {
		for name := range strings.FieldsSeq(names) {
			t.named(name).flags |= flag
		}
	}
	for rule, names := range startRules {
		for name := range strings.FieldsSeq(names) {
			t.named(name).start = rule
		}
	}
	for rule, names := range endRules {
		for name := range strings.FieldsSeq(names) {
			t.named(name).end = rule
		}
	}
	for name := range strings.FieldsSeq("abbr acronym audio bdi bdo canvas cite data del dfn ins kbd label legend map mark meter noscript output picture progress q ruby samp span sub sup time tbody var video") {
		t.named(name)
	}
	return t
}

// named returns the tag of a name in lower case, which it adds when it is new.
func (t *tagNames) named(name string) *tag {
	at := tagHash(name)
	for t.slots[at] != nil && t.slots[at].name != name {
		at = (at + 1) % tagSlots
	}
	if t.slots[at] == nil {
		t.count++
		t.slots[at] = &tag{name: name, atom: atom.Lookup([]byte(name)), no: t.count}
	}
	return t.slots[at]
}

// find returns the tag of a name in lower case, or nil.
func (t *tagNames) find(name string) *tag {
	for at := tagHash(name); t.slots[at] != nil; at = (at + 1) % tagSlots {
		if t.slots[at].name == name {
			return t.slots[at]
		}
	}
	return nil
}

// tagHash mixes a name's length and first three and last letters.
func tagHash(name string) uint32 {
	n := len(name)
	h := uint32(n) + uint32(name[0])*31 + uint32(name[n-1])*517
	if n > 2 {
		h += uint32(name[1])*131 + uint32(name[2])*1031
	} else if n > 1 {
		h += uint32(name[1]) * 131
	}
	return (h ^ h>>7) % tagSlots
}
