package scoring

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"schemer"
)

// thread is the utterances of one thread in order of time, with what its title and opening post say.
type thread struct {
	site   string
	id     string
	title  string
	board  string
	traces []*trace
	opener *trace // the opening post when it is known
	topic  *entity
	named  brand // the name that the title begins with
}

// threads groups the utterances of platforms; pages of sites are left out.
func threads(traces []*trace) []*thread {
	index := map[[2]string]*thread{}
	var out []*thread
	for _, t := range traces {
		if t.isPage() {
			continue
		}
		key := [2]string{t.site, t.thread}
		th := index[key]
		if th == nil {
			th = &thread{site: t.site, id: t.thread}
			index[key] = th
			out = append(out, th)
		}
		th.title = cmp.Or(th.title, t.post.Thread)
		th.board = cmp.Or(th.board, t.post.Board)
		th.traces = append(th.traces, t)
		if t.position == 1 && th.opener == nil && t.post.Kind != schemer.PostReview {
			th.opener = t
		}
	}
	for _, th := range out {
		if th.opener == nil && !slices.ContainsFunc(th.traces, func(t *trace) bool { return t.position > 0 }) {
			th.opener = th.traces[0] // the reader could not tell positions: the oldest that is kept
		}
		th.named = newBrand(th.nameInTitle())
	}
	return out
}

// nameInTitle is the name that the title begins with: one that is written like a name, or the word that a host of the
// opener bears, though it looks like a trade word.
func (th *thread) nameInTitle() string {
	title := cmp.Or(th.title, subjectOf(th))
	if name := titleBrand(title); name != "" || th.opener == nil {
		return name
	}
	return th.opener.hostInTitle(title)
}

// hostInTitle is the first word of a title when a host that the post names bears it.
func (t *trace) hostInTitle(title string) string {
	_, rest := titleTags(title)
	parts := segments(rest)
	if len(parts) == 0 {
		return ""
	}
	word := firstWord(parts[0])
	if loose := looseText(word); len(loose) >= 6 && slices.ContainsFunc(t.domains, func(d string) bool { return looseText(hostLabel(d)) == loose }) {
		return word
	}
	return ""
}

// subjectOf is the provider that the reviews of a thread are about.
func subjectOf(th *thread) string {
	for _, t := range th.traces {
		if t.post.Subject != "" {
			return t.post.Subject
		}
	}
	return ""
}

// voice is an account that speaks as a seller, in the threads of one platform under one name.
type voice struct {
	site    string
	account string
	names   []brand // what it calls its shop, best first
	ids     map[identifier]bool
	domains []string
	traces  []*trace // its opening offers
	channel bool     // a public channel: the account is the contact
	threads []*thread
	first   time.Time
	last    time.Time
}

// offers finds the accounts that open threads with an offer of server space, and the owners of channels.
func offers(all []*thread, boards *boardCues, members map[authorKey]*author) []*voice {
	index := map[[3]string]*voice{}
	var out []*voice
	for _, th := range all {
		t, channel := th.opener, channelOf(th)
		if channel != nil {
			t = channel
		}
		if t == nil || t.post.Author == "" || channel == nil && !isOffer(t, boards.of(th.board)) {
			continue
		}
		name := th.named
		if channel != nil {
			name = newBrand(channelName(th))
		}
		key := [3]string{t.site, t.post.Author, name.core}
		v := index[key]
		if v == nil {
			v = &voice{site: t.site, account: t.post.Author, ids: map[identifier]bool{}, channel: channel != nil}
			if name.full != "" {
				v.names = append(v.names, name)
			}
			v.names = append(v.names, newBrand(bareNick(t.post.Author)))
			index[key] = v
			out = append(out, v)
		}
		v.add(th, members)
	}
	return out
}

// add takes what the account says in a thread of its own.
func (v *voice) add(th *thread, members map[authorKey]*author) {
	v.threads = append(v.threads, th)
	for _, t := range th.traces {
		if t.post.Author != v.account {
			continue
		}
		if v.channel {
			v.ids[identifier{"telegram", strings.ToLower(strings.TrimPrefix(v.account, "@"))}] = true
		}
		for _, id := range t.ids {
			v.ids[id] = true
		}
		for _, name := range t.bare {
			if members[authorKey{v.site, name}] == nil {
				v.ids[identifier{"telegram", name}] = true
			}
		}
		for _, d := range t.domains {
			if !slices.Contains(v.domains, d) {
				v.domains = append(v.domains, d)
			}
		}
		v.traces = append(v.traces, t)
		v.met(t.at)
	}
}

func (v *voice) met(at time.Time) {
	if at.IsZero() {
		return
	}
	if v.first.IsZero() || at.Before(v.first) {
		v.first = at
	}
	if at.After(v.last) {
		v.last = at
	}
}

// channelOf returns a message of the channel's owner when the thread is a public channel: messages of kind channel,
// or a thread whose title is the author's own handle.
func channelOf(th *thread) *trace {
	for _, t := range th.traces {
		if t.post.Kind == schemer.PostChannel {
			return t
		}
		handle, ok := strings.CutPrefix(strings.TrimSpace(th.title), "@")
		if ok && strings.EqualFold(firstWord(handle), strings.TrimPrefix(t.post.Author, "@")) && t.post.Author != "" {
			return t
		}
	}
	return nil
}

// channelName is what a channel calls itself: its title without the handle, or its owner.
func channelName(th *thread) string {
	return strings.TrimPrefix(firstWord(cmp.Or(th.title, th.traces[0].post.Author)), "@")
}

func firstWord(s string) string {
	if fields := strings.Fields(s); len(fields) > 0 {
		return fields[0]
	}
	return ""
}

// bareNick drops marks such as "(owner)" from an account's name.
func bareNick(nick string) string {
	before, _, _ := strings.Cut(nick, " (")
	return strings.TrimSpace(before)
}

// isOffer reports whether an opening post offers server space in its own name: words for servers with a price or a
// contact, in a place or under a tag of selling, and not a question.
func isOffer(t *trace, board cueCount) bool {
	title := t.post.Thread
	tags, rest := titleTags(title)
	tagged := false
	for _, tag := range tags {
		tagged = tagged || countCues(tag)[cueTag] > 0
	}
	own := newBrand(cmp.Or(titleBrand(title), t.hostInTitle(title)))
	sold := board[cueServer]+board[cueSalesBoard]+t.title[cueServer] > 0
	if own.telling() && own.nicknamed(bareNick(t.post.Author)) && sold && !staffed(t) {
		return true // a thread named after its author, where hosting is sold
	}
	asking := !tagged && (t.title[cueRequest] > 0 || strings.HasSuffix(strings.TrimSpace(rest), "?") || strings.HasSuffix(strings.TrimSpace(rest), "？"))
	complaining := t.cues[cueSell]+t.cues[cueWe] == 0 && t.cues[cueBuyer]+t.cues[cueAccuser] > 0
	if asking || complaining || staffed(t) {
		return false
	}
	servers := t.cues[cueServer] > 0 || t.title[cueServer] > 0
	reachable := len(t.ids) > 0 || len(t.domains) > 0 || len(t.bare) > 0
	inviting := reachable || t.cues[cueContact] > 0
	market := tagged || board[cueSalesBoard] > 0
	priced := t.prices > 0 || priceInTitle(title)
	switch {
	case priced && servers && (market || inviting):
		return true
	case priced && reachable && board[cueServer] > 0:
		return true
	case reachable && servers && t.cues[cueSell]+t.cues[cueWe] > 0 && (market || len(t.ids)+len(t.bare) > 0):
		return true
	}
	if own.telling() && sold && servers && signs(t, own) {
		return true // a thread named after the shop that signs it
	}
	return tagged && servers && (priced || inviting)
}

// signs reports whether a post is signed with the name and a contact or host of its own.
func signs(t *trace, own brand) bool {
	signature := t.post.Signature
	if signature == "" || !strings.Contains(looseText(signature), own.core) {
		return false
	}
	if len(bareHandles(signature)) > 0 {
		return true
	}
	lower := strings.ToLower(signature)
	return slices.ContainsFunc(t.domains, func(d string) bool { return strings.Contains(lower, d) }) ||
		slices.ContainsFunc(t.ids, func(id identifier) bool { return strings.Contains(lower, strings.ToLower(lastPart(id))) })
}

func priceInTitle(title string) bool { return countPrices(foldText(title)) > 0 }

// staffed reports whether the author is shown as staff of the platform.
func staffed(t *trace) bool {
	if t.post.AuthorRank != "" && countCues(t.post.AuthorRank)[cueStaff] > 0 {
		return true
	}
	nick := strings.ToLower(t.post.Author)
	return nick == "admin" || nick == "administrator" || nick == "moderator" || nick == "mod"
}

// boardCues remembers the cue words in the names of boards.
type boardCues struct{ known map[string]cueCount }

func (b *boardCues) of(name string) cueCount {
	c, ok := b.known[name]
	if !ok {
		c = countCues(name)
		b.known[name] = c
	}
	return c
}
