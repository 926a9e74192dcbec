package scoring

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"schemer"
)

// tie is how firmly an utterance is bound to the seller in whose name it is made, firmest first.
type tie uint8

// The ties.
const (
	tieSite    tie = iota // a page of its own site
	tieChannel            // a channel whose handle the seller gives
	tieMutual             // an account that names the seller and that the seller's site names
	tieAlone              // the account is the seller: it speaks for no site
	tieShared             // an account that gives the same contact as the seller's site: one-way, contacts can be copied
	tieClaim              // an account that only uses the seller's name
	tieNone               // somebody else
)

// factor is the share of a signal's weight that counts, as in the dossier: own pages and accounts bound both ways in
// full, accounts bound one way by half.
func (t tie) factor() float64 {
	switch t {
	case tieSite, tieChannel, tieMutual:
		return 1
	case tieAlone:
		return 0.9
	case tieShared:
		return 0.7
	case tieClaim:
		return 0.5
	}
	return 0
}

// saying is one hit as said about one seller.
type saying struct {
	trace   *trace
	hit     schemer.Hit
	signal  schemer.Signal
	entity  *entity
	speaker schemer.Speaker
	tie     tie
	source  string // for independence: the site, or the operator behind several
	at      time.Time
	loose   string // the quote in loose letters
	stale   bool   // said before a new owner took over, or withdrawn since by the seller itself
}

// orphan is a hit that is about nobody known.
type orphan struct {
	trace *trace
	hit   schemer.Hit
}

// attribute gives every hit to the seller that it is about and decides in whose voice it stands.
func (w *world) attribute(det detector) {
	for _, t := range w.census.traces {
		if t.isPage() {
			w.attributePage(t, det)
		}
	}
	for _, th := range w.threads {
		buyers := w.buyersIn(th)
		for _, t := range th.traces {
			w.attributePost(th, t, buyers, det)
		}
	}
	w.repeated(det)
}

// attributePage handles a page: its owner's own words on a seller's site, talk about others elsewhere.
func (w *world) attributePage(t *trace, det detector) {
	s := w.sites[t.site]
	if e := w.owners[s]; e != nil {
		e.self = append(e.self, t)
		w.speakerAt[t] = e
		for _, h := range t.hits {
			w.say(t, h, det, e, schemer.SpeakerSelf, tieSite)
		}
		return
	}
	speaker := schemer.SpeakerThird
	if s.kind == schemer.KindDirectory {
		speaker = schemer.SpeakerOther
	}
	for _, h := range t.hits {
		e := w.namedNear(t.post.Text, h)
		if e == nil && s.kind == schemer.KindReview {
			e = w.names.only(t.post.Title)
		}
		if e != nil {
			w.say(t, h, det, e, reviewer(t, h, speaker), tieNone)
		}
	}
}

// reviewer is the voice of a line on a page of reviews: a customer's, unless the line speaks of being harmed by the
// provider or of complaining to it; on other pages it is the page's.
func reviewer(t *trace, h schemer.Hit, page schemer.Speaker) schemer.Speaker {
	if t.post.SourceKind != schemer.KindReview || h.Field != "text" || h.Start < 0 || h.End > len(t.post.Text) || h.Start > h.End {
		return page
	}
	line := t.post.Text[strings.LastIndexByte(t.post.Text[:h.Start], '\n')+1:]
	line, _, _ = strings.Cut(line, "\n")
	if c := countCues(line); c[cueVictim] > 0 || c[cueAccuser] > c[cueBuyer] {
		return page
	}
	return schemer.SpeakerBuyer
}

// attributePost handles an utterance on a platform.
func (w *world) attributePost(th *thread, t *trace, buyers map[string]bool, det detector) {
	e, how := w.speaksFor(th, t)
	if e != nil {
		e.self = append(e.self, t)
		w.speakerAt[t] = e
		e.span(t.at)
	}
	w.noteEnd(th, t, e)
	for _, h := range t.hits {
		if h.Field == "title" && t.position != 1 {
			continue
		}
		ofOthers := h.Subject == "they" && th.topic != nil && th.topic != e || e != nil && w.ofAnother(e, h)
		if e != nil && !ofOthers {
			w.say(t, h, det, e, schemer.SpeakerSelf, how)
			continue
		}
		about := w.about(th, t, h)
		switch {
		case about == nil:
			w.orphans = append(w.orphans, orphan{t, h})
		case about != e:
			w.say(t, h, det, about, w.outsider(th, t, h, buyers), tieNone)
		}
	}
}

// say records a hit.
func (w *world) say(t *trace, h schemer.Hit, det detector, e *entity, speaker schemer.Speaker, how tie) {
	e.said = append(e.said, &saying{
		trace: t, hit: h, signal: det.Signal(h.Signal), entity: e, speaker: speaker, tie: how, source: t.site, at: t.seen(), loose: looseText(h.Quote),
	})
}

// speaksFor returns the seller in whose name an account speaks in a thread, and how firmly it is bound to it.
func (w *world) speaksFor(th *thread, t *trace) (*entity, tie) {
	if t.post.Author == "" {
		return nil, tieNone
	}
	if e := w.voiceIn(th, t); e != nil {
		return e, w.tieOf(e, t)
	}
	nick := bareNick(t.post.Author)
	if owned(t) {
		if e := w.names.only(cmp.Or(t.post.Subject, th.title)); e != nil {
			return e, tieShared
		}
	}
	if e := w.handles[strings.ToLower(nick)]; e != nil && !generic[strings.ToLower(nick)] {
		return e, w.tieOf(e, t)
	}
	firstPerson := t.cues[cueWe]+t.cues[cueI] > 0 || t.position == 1
	if th.topic != nil && namedBy(th.topic, w.nick(nick)) && (firstPerson || len(t.hits) > 0) && !staffed(t) {
		return th.topic, w.tieOf(th.topic, t)
	}
	if t.cues[cueWe] > 0 && !staffed(t) {
		for _, n := range w.names.all(t.post.Text) {
			if namedBy(n.entity, w.nick(nick)) {
				return n.entity, w.tieOf(n.entity, t)
			}
		}
	}
	if e := w.introduced(t); e != nil {
		return e, tieClaim
	}
	return nil, tieNone
}

// ofAnother reports whether a seller's sentence is about another seller: it names that one alone, and neither "we" nor "I"
// is its subject.
func (w *world) ofAnother(e *entity, h schemer.Hit) bool {
	if h.Subject == "we" || h.Subject == "i" {
		return false
	}
	other := w.names.only(h.Quote)
	return other != nil && other != e && other != e.heir && other.heir != e
}

// owned reports whether the platform marks the post as the reviewed provider's own.
func owned(t *trace) bool {
	return t.post.Kind == schemer.PostReply || strings.Contains(strings.ToLower(t.post.Author), "(owner)")
}

// namedBy reports whether a nickname stands for one of the seller's names.
func namedBy(e *entity, n nick) bool {
	return slices.ContainsFunc(e.brands, func(b brand) bool { return b.called(n) })
}

// nick returns the forms of a nickname, made once.
func (w *world) nick(name string) nick {
	n, ok := w.nicks[name]
	if !ok {
		n = newNick(name)
		w.nicks[name] = n
	}
	return n
}

// tieOf grades the bond between an account and a seller.
func (w *world) tieOf(e *entity, t *trace) tie {
	nick := strings.ToLower(bareNick(t.post.Author))
	if !e.sited() {
		return tieAlone
	}
	var v *voice
	for _, known := range e.voices {
		if known.site == t.site && known.account == t.post.Author {
			v = known
		}
	}
	shared := false
	for _, s := range e.sites {
		for id := range s.ids {
			own := strings.EqualFold(lastPart(id), nick) && id.kind != "email"
			if own && v != nil && v.channel && (t.post.SourceKind == schemer.KindChannel || s.names(t.site, nick) || s.faceless()) {
				return tieChannel
			}
			shared = shared || own || v != nil && v.ids[id]
		}
		if s.names(t.site, nick) && (shared || v != nil && slices.Contains(v.domains, s.host)) {
			return tieMutual
		}
	}
	switch {
	case shared:
		return tieShared
	case owned(t):
		return tieShared
	}
	return tieClaim
}

// names reports whether the site's own text names the platform, as "our thread on Such Board".
func (s *site) names(platform, nick string) bool {
	for _, p := range s.pages {
		if !p.past() && strings.Contains(p.post.Text, platform) {
			return true
		}
	}
	label := looseToken(foldText(strings.ReplaceAll(hostLabel(platform), "-", "")))
	return len(label) >= 7 && strings.Contains(s.loose, label)
}

// about finds the seller that a hit in somebody else's post is about: named in the sentence or just before it, else the
// only one that the post names, else the one it answers, else the thread's.
func (w *world) about(th *thread, t *trace, h schemer.Hit) *entity {
	if h.Field == "text" {
		if e := w.namedNear(t.post.Text, h); e != nil {
			return e
		}
	}
	for _, q := range t.post.Quotes {
		if list := w.voices[authorKey{t.site, q.Author}]; len(list) == 1 {
			return list[0]
		}
	}
	return th.topic
}

// namedNear returns the seller named in the hit's sentence or line, else the last named before it in its paragraph,
// else the only one in the text.
func (w *world) namedNear(text string, h schemer.Hit) *entity {
	if h.Field != "text" || h.Start < 0 || h.End > len(text) || h.Start > h.End {
		return w.names.only(text)
	}
	lineStart := strings.LastIndexByte(text[:h.Start], '\n') + 1
	lineEnd := len(text)
	if n := strings.IndexByte(text[h.End:], '\n'); n >= 0 {
		lineEnd = h.End + n
	}
	var last *entity
	for _, n := range w.names.all(text[lineStart:lineEnd]) {
		if lineStart+n.at <= h.End {
			last = n.entity
		} else if last == nil {
			last = n.entity
		}
	}
	if last != nil {
		return last
	}
	return w.names.only(text)
}

// repeated gives hits in posts that are about nobody known to the seller whose published words they repeat.
func (w *world) repeated(det detector) {
	words := map[string]*entity{}
	for _, e := range w.entities {
		for _, s := range e.said {
			if s.speaker != schemer.SpeakerSelf {
				continue
			}
			form := s.loose
			if known, ok := words[form]; ok && known != e {
				words[form] = nil
			} else if len(form) >= 24 {
				words[form] = e
			}
		}
	}
	for _, o := range w.orphans {
		if e := words[looseText(o.hit.Quote)]; e != nil {
			w.say(o.trace, o.hit, det, e, schemer.SpeakerThird, tieNone)
		}
	}
}
