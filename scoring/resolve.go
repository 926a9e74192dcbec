package scoring

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"schemer"
)

// entity is a seller as resolved: its sites and accounts, and why they are held to be one.
type entity struct {
	name     string
	brand    brand
	brands   []brand
	aliases  []string
	sites    []*site
	voices   []*voice
	ids      map[identifier]bool
	domains  []string
	bindings []schemer.Binding
	related  []schemer.Related
	flags    map[string]bool
	said     []*saying
	self     []*trace // all that it says itself, with or without hits
	first    time.Time
	last     time.Time // of its own utterances; zero when only pages are known
	heir     *entity   // successor, when it was rebranded
	changed  time.Time // when a new owner took over, by its own pages
	closed   []*trace  // what others say of its end
	ghost    bool      // known only by what its account said in the thread named after it
	order    int
	lent     []identifier    // shared with another seller, under whom they are listed
	lines    map[string]bool // its own long sentences, made when first asked for
}

func (e *entity) flag(name string) {
	if e.flags == nil {
		e.flags = map[string]bool{}
	}
	e.flags[name] = true
}

func (e *entity) relate(other *entity, relation, why string) {
	for _, r := range e.related {
		if r.Name == other.name && r.Relation == relation {
			return
		}
	}
	e.related = append(e.related, schemer.Related{Name: other.name, Relation: relation, Why: why})
}

// sited reports whether a site of its own was seen.
func (e *entity) sited() bool { return len(e.sites) > 0 }

// world is everything that resolution found.
type world struct {
	census    *census
	sites     map[string]*site
	threads   []*thread
	entities  []*entity
	names     *nameIndex
	voices    map[authorKey][]*entity // accounts that open offers, by whose voice they are
	handles   map[string]*entity      // contact names to their one owner
	bonds     []entityBond
	boards    *boardCues
	owners    map[*site]*entity
	orphans   []orphan
	tellings  []telling
	nicks     map[string]nick
	toldSeats map[*entity]seatClaim // seats by directories, made when first asked for
	speakerAt map[*trace]*entity    // utterances of sellers, by whose they are
}

// entityBond is an identifier that two differently named sellers share.
type entityBond struct {
	a, b *entity
	id   identifier
}

// resolve finds the sellers that a corpus speaks of.
func resolve(c *census, decisions []schemer.Binding) *world {
	w := &world{census: c, sites: sites(c), threads: threads(c.traces), boards: &boardCues{known: map[string]cueCount{}}, speakerAt: map[*trace]*entity{}, nicks: map[string]nick{}}
	nodes := nodesOf(w.sites, offers(w.threads, w.boards, c.authors))
	b := bindNodes(nodes, w.sites, decisions, c.latest)
	w.gather(b)
	w.index()
	w.ghosts()
	w.index()
	w.topics()
	keepApart(w.entities)
	return w
}

// gather makes entities of the binder's components.
func (w *world) gather(b *binder) {
	index := map[*node]*entity{}
	for _, n := range b.nodes {
		root := n.find()
		e := index[root]
		if e == nil {
			e = &entity{ids: map[identifier]bool{}, order: len(w.entities)}
			index[root] = e
			w.entities = append(w.entities, e)
		}
		e.take(n, w.sites)
	}
	for _, ed := range b.edges {
		e := index[ed.a.find()]
		e.bindings = append(e.bindings, schemer.Binding{
			A: ed.left, B: ed.right, Relation: "same", Strength: ed.strength, Posts: nonNil(ed.posts), Why: ed.why, By: ed.by,
		})
	}
	for _, bd := range b.bonds {
		if x, y := index[bd.a.find()], index[bd.b.find()]; x != y {
			w.bonds = append(w.bonds, entityBond{x, y, bd.id})
		}
	}
	for pair := range b.apart {
		site, account := index[pair[0].find()], index[pair[1].find()]
		if site != account {
			site.flag("impersonated")
			account.flag("impersonator")
		}
	}
	for _, e := range w.entities {
		e.christen()
	}
}

// assign leaves an identifier that two sellers share with the one that it is better known under: the one with a site,
// else the elder. The other names it in its link, so that a contact means one seller.
func (w *world) assign() {
	for _, bd := range w.bonds {
		loser := bd.b
		if len(bd.a.domains) == 0 && (len(bd.b.domains) > 0 || bd.b.first.Before(bd.a.first)) {
			loser = bd.a
		}
		if len(loser.domains) == 0 {
			loser.lent = append(loser.lent, bd.id)
		}
	}
}

func nonNil(posts []schemer.PostID) []schemer.PostID {
	if posts == nil {
		return []schemer.PostID{}
	}
	return posts
}

// take adds a node to the entity.
func (e *entity) take(n *node, all map[string]*site) {
	for id := range n.ids {
		e.ids[id] = true
	}
	e.brands = append(e.brands, n.firm...)
	if n.site != nil {
		e.sites = append(e.sites, n.site)
		e.domains = append(e.domains, n.site.host)
		return
	}
	e.brands = append(e.brands, n.soft...)
	e.voices = append(e.voices, n.voice)
	for _, d := range n.voice.domains {
		if all[d] == nil && !slices.Contains(e.domains, d) && n.owns(d) {
			e.domains = append(e.domains, d)
		}
	}
	e.span(n.voice.first)
	e.span(n.voice.last)
}

// owns reports whether an unseen host that the account names is its own by name, or its only one.
func (n *node) owns(host string) bool {
	label := newBrand(hostLabel(host))
	return anySame(n.names(), []brand{label}) || slices.ContainsFunc(n.names(), func(b brand) bool { return likeness(b, label) > 0 }) ||
		len(n.voice.domains) == 1 || strings.HasSuffix(host, ".onion")
}

func (e *entity) span(at time.Time) {
	if at.IsZero() {
		return
	}
	if e.first.IsZero() || at.Before(e.first) {
		e.first = at
	}
	if at.After(e.last) {
		e.last = at
	}
}

// christen chooses the name that the entity goes by: its site's, else the firmest of its accounts'; the others are
// aliases.
func (e *entity) christen() {
	var names []string
	slices.SortStableFunc(e.sites, func(a, b *site) int {
		return cmp.Or(boolRank(b.selling)-boolRank(a.selling), len(b.pages)-len(a.pages))
	})
	for _, s := range e.sites {
		names = append(names, s.name)
	}
	for _, channels := range [...]bool{false, true} { // a channel's handle is the weaker name
		for _, v := range e.voices {
			if v.channel != channels {
				continue
			}
			for _, b := range v.names {
				names = append(names, unmixed(b.name), b.name)
			}
		}
	}
	for _, s := range e.sites {
		for _, p := range s.pages {
			if id := p.post.Identity; id != nil && id.Name != "" && countCues(firstWord(id.Name))[cueWe] == 0 {
				names = append(names, stripLegal(id.Name))
			}
		}
	}
	for _, name := range names {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(e.aliases, name) {
			e.aliases = append(e.aliases, name)
		}
	}
	if len(e.aliases) == 0 {
		e.aliases = append(e.aliases, "?")
	}
	e.name, e.aliases = e.aliases[0], e.aliases[1:]
	e.brand = newBrand(e.name)
}

// index makes the entities findable by name, account and contact.
func (w *world) index() {
	w.names = newNameIndex(w.entities)
	w.voices = map[authorKey][]*entity{}
	w.handles = map[string]*entity{}
	w.owners = map[*site]*entity{}
	for _, e := range w.entities {
		for _, s := range e.sites {
			w.owners[s] = e
		}
		for _, v := range e.voices {
			key := authorKey{v.site, v.account}
			if !slices.Contains(w.voices[key], e) {
				w.voices[key] = append(w.voices[key], e)
			}
		}
		if e.ghost {
			continue
		}
		for _, id := range sortedIDs(e.ids) {
			handle := strings.ToLower(lastPart(id))
			if id.kind == "email" && generic[handle] || len(handle) < 4 {
				continue
			}
			if w.handles[handle] == nil || e.last.After(w.handles[handle].last) || e.sited() && !w.handles[handle].sited() {
				w.handles[handle] = e
			}
		}
	}
}

// generic are mailbox names that tell nobody apart.
var generic = map[string]bool{
	"abuse": true, "info": true, "sales": true, "support": true, "contact": true, "hello": true, "noc": true, "admin": true, "desk": true, "team": true,
	"help": true, "mail": true, "office": true, "billing": true, "kontakt": true, "hallo": true, "post": true, "care": true, "legal": true, "kids": true,
}

// ghosts finds sellers that are known only by the past: an account whose nickname is a known seller's contact speaks
// for a shop of another name, in a thread named after that shop.
func (w *world) ghosts() {
	for _, th := range w.threads {
		if !th.named.telling() || w.names.exact(th.named) != nil || !tradeNamed(th.title) {
			continue
		}
		for _, t := range th.traces {
			owner := w.handles[strings.ToLower(bareNick(t.post.Author))]
			if t.post.Author == "" || owner == nil || anySame(owner.brands, []brand{th.named}) || t.cues[cueWe]+t.cues[cueI]+t.cues[cueContinuity] == 0 && len(t.hits) == 0 {
				continue
			}
			v := &voice{site: th.site, account: t.post.Author, names: []brand{th.named}, ids: map[identifier]bool{}}
			v.add(th, w.census.authors)
			ghost := &entity{ids: map[identifier]bool{}, order: len(w.entities), voices: []*voice{v}, brands: v.names, ghost: true}
			ghost.span(v.first)
			ghost.span(v.last)
			ghost.christen()
			w.entities = append(w.entities, ghost)
			for _, id := range sortedIDs(owner.ids) {
				if strings.EqualFold(lastPart(id), bareNick(t.post.Author)) {
					ghost.ids[id] = true
					w.bonds = append(w.bonds, entityBond{ghost, owner, id})
				}
			}
			break
		}
	}
}

// tradeNamed reports whether the first words of a title hold a trade word: "Example VPS, anyone?".
func tradeNamed(title string) bool {
	parts := segments(title)
	if len(parts) == 0 {
		return false
	}
	for _, word := range splitName(parts[0]) {
		if token := looseToken(foldText(word)); tradeWords[token] && !placeWords[token] {
			return true
		}
	}
	return false
}

// topics finds whom each thread is about: its opener's shop, the shop in its title, or the reviewed provider.
func (w *world) topics() {
	for _, th := range w.threads {
		if t := th.opener; t != nil {
			th.topic = w.voiceIn(th, t)
		}
		if th.topic == nil && channelOf(th) != nil {
			th.topic = w.voiceIn(th, channelOf(th))
		}
		if th.topic == nil {
			th.topic = w.names.only(cmp.Or(subjectOf(th), th.title))
		}
		if th.topic == nil && th.named.telling() {
			th.topic = w.names.exact(th.named)
		}
	}
}

// voiceIn returns the seller as whose voice an account that opens offers speaks in a thread: the one of that thread,
// of its title, or the latest before the post.
func (w *world) voiceIn(th *thread, t *trace) *entity {
	list := w.voices[authorKey{t.site, t.post.Author}]
	if len(list) == 0 {
		return nil
	}
	for _, e := range list {
		for _, v := range e.voices {
			if v.site == t.site && v.account == t.post.Author && slices.Contains(v.threads, th) {
				return e
			}
		}
	}
	for _, e := range list {
		if th.named.telling() && anySame(e.brands, []brand{th.named}) {
			return e
		}
	}
	list = slices.DeleteFunc(slices.Clone(list), func(e *entity) bool { return e.ghost })
	if len(list) == 0 {
		return nil
	}
	best := list[0]
	for _, e := range list[1:] {
		if !e.first.After(t.at) && e.first.After(best.first) {
			best = e
		}
	}
	return best
}
