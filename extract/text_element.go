package extract

import (
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"
)

// element renders one element that belongs to the running text.
func (r *renderer) element(i int, tag atom.Atom) {
	switch tag {
	case atom.Span:
		if code := r.p.attr(i, "data-cfemail"); code != "" {
			r.words(uncloak(code))
			return
		}
		r.children(i)
	case 0, atom.I, atom.Em, atom.U, atom.Font, atom.Small, atom.Abbr, atom.Sup, atom.Sub, atom.Time, atom.Mark, atom.Label:
		r.children(i)
	case atom.B, atom.Strong:
		r.bold++
		r.children(i)
		r.bold--
	case atom.A:
		r.anchor(i)
	case atom.Br:
		r.lineBreak()
	case atom.Img:
		r.image(i)
	case atom.P:
		r.shut(2)
		r.children(i)
		r.shut(2)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		r.heading(i, int(r.p.nodes[i].n.Data[1]-'0'))
	case atom.Ul, atom.Ol, atom.Menu:
		r.list(i, tag == atom.Ol)
	case atom.Li:
		r.item(i)
	case atom.Table:
		r.shut(2)
		r.children(i)
		r.shut(2)
	case atom.Tr:
		r.row(i)
	case atom.Pre, atom.Listing, atom.Xmp:
		r.code(i)
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Svg, atom.Head, atom.Canvas,
		atom.Button, atom.Input, atom.Select, atom.Textarea, atom.Audio, atom.Video, atom.Option, atom.Datalist, atom.Math:
	case atom.Wbr:
	case atom.Q:
		r.words("\"")
		r.children(i)
		r.words("\"")
	default:
		r.box(i, tag)
	}
}

// box renders block elements without a form of their own, and passes through the inline rest.
func (r *renderer) box(i int, tag atom.Atom) {
	gap := 0
	switch tag {
	case atom.Div, atom.Dt, atom.Dd, atom.Figcaption, atom.Summary, atom.Caption, atom.Center, atom.Td, atom.Th, atom.Legend:
		gap = 1
	case atom.Section, atom.Article, atom.Blockquote, atom.Hr, atom.Dl, atom.Address, atom.Main, atom.Header, atom.Footer, atom.Aside,
		atom.Fieldset, atom.Form, atom.Figure, atom.Details, atom.Nav, atom.Body, atom.Html, atom.Hgroup:
		gap = 2
	}
	if gap > 0 {
		r.shut(gap)
	}
	r.children(i)
	if gap > 0 {
		r.shut(gap)
	}
}

func (r *renderer) heading(i, level int) {
	if r.cell > 0 {
		r.children(i)
		return
	}
	r.shut(2)
	r.kind, r.level, r.headed = "heading", level, true
	r.cell++ // a heading is one line
	r.children(i)
	r.cell--
	r.shut(2)
}

func (r *renderer) list(i int, ordered bool) {
	lead := ""
	if n := len(r.blocks); n > 0 || r.open {
		r.shut(1)
		if len(r.lists) == 0 {
			r.shut(2)
		}
		lead = r.lead()
	}
	next := 1
	if s := r.p.attr(i, "start"); ordered && s != "" {
		if n, err := strconv.Atoi(s); err == nil {
			next = n
		}
	}
	r.lists = append(r.lists, list{ordered: ordered, next: next, lead: lead})
	r.heads.changed()
	r.children(i)
	r.shut(1)
	r.prefix = ""
	r.lists = r.lists[:len(r.lists)-1]
	r.heads.changed()
	if len(r.lists) == 0 {
		r.shut(2)
	}
}

func (r *renderer) item(i int) {
	r.shut(1)
	if r.cell > 0 {
		r.children(i)
		r.space = true
		return
	}
	mark := "- "
	if n := len(r.lists); n > 0 {
		if s := r.p.attr(i, "value"); s != "" {
			if v, err := strconv.Atoi(s); err == nil {
				r.lists[n-1].next = v
			}
		}
		mark = r.lists[n-1].mark()
	}
	r.prefix = mark
	gap := min(r.gap, 2)
	if len(r.blocks) > 0 && r.blocks[len(r.blocks)-1].Kind == "item" {
		gap = 1
	}
	r.gap = gap
	r.children(i)
	r.shut(1)
	r.gap = 1
	r.prefix = ""
}

// row renders a table row as one line when its cells hold plain text, and as blocks when the table is only there to
// place things.
func (r *renderer) row(i int) {
	if r.cell > 0 {
		r.children(i)
		r.space = true
		return
	}
	if r.layout(i) || len(r.cut.quote) > 0 && r.p.first(i+1, r.p.end(i), r.cut.quote) >= 0 {
		r.shut(1)
		r.children(i)
		r.shut(1)
		return
	}
	r.shut(1)
	r.kind = "row"
	cells := 0
	for c := i + 1; c < r.p.end(i); c = r.p.end(c) {
		if t := r.p.nodes[c].tag; t != atom.Td && t != atom.Th {
			continue
		}
		if r.p.nodes[c].hidden || r.p.is(c, r.cut.drop) {
			continue
		}
		if cells > 0 && r.open {
			r.space = true
			r.word("|")
			r.space = true
		} else {
			r.prefix = strings.Repeat("| ", cells) // empty cells before the first that says something
		}
		cells++
		bold := r.bold
		r.bold = 0
		r.cell++
		r.children(c)
		r.cell--
		r.bold = bold
	}
	r.prefix = ""
	r.shut(1)
}

// layout reports whether the cells of row i hold more than a line of text each.
func (r *renderer) layout(i int) bool {
	paragraphs := 0
	for k := i + 1; k < r.p.end(i); k++ {
		switch r.p.nodes[k].tag {
		case atom.Td, atom.Th:
			paragraphs = 0
		case atom.P:
			if paragraphs++; paragraphs > 1 {
				return true
			}
		case atom.Table, atom.Ol, atom.Dl, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Pre,
			atom.Article, atom.Section, atom.Hr:
			return true
		case atom.Ul:
			return true
		}
	}
	return false
}

// anchor renders a link's visible text and notes where an outbound one leads.
func (r *renderer) anchor(i int) {
	href := strings.TrimSpace(r.p.attr(i, "href"))
	if code := r.p.attr(i, "data-cfemail"); code != "" {
		r.words(uncloak(code))
		return
	}
	before := len(r.out)
	r.children(i)
	if href == "" || len(href) > 2048 || !r.p.base.leaves(href) {
		return
	}
	start := before
	for start < len(r.out) && (r.out[start] == ' ' || r.out[start] == '\n') {
		start++
	}
	if full, ok := unshortened(string(r.out[start:]), href); ok {
		if r.bold > 0 {
			r.strong += len(full) - (len(r.out) - start)
		}
		r.out = append(r.out[:start], full...)
	}
	if code, ok := strings.CutPrefix(href, "/cdn-cgi/l/email-protection#"); ok {
		href = "mailto:" + uncloak(code)
	}
	r.links = append(r.links, textLink{href: href, start: start, end: len(r.out)})
}

// unshortened gives the whole address back when the visible text is its head and tail with an ellipsis between, as
// forums show long addresses.
func unshortened(shown, href string) (string, bool) {
	if len(shown) < 12 || len(shown) >= len(href)+8 {
		return "", false
	}
	for _, dots := range []string{" ... ", "...", " … ", "…"} {
		head, tail, ok := strings.Cut(shown, dots)
		if !ok {
			continue
		}
		whole := href
		if !strings.HasPrefix(whole, head) {
			_, whole, _ = strings.Cut(href, "://")
			whole = strings.TrimPrefix(whole, "www.")
			head = strings.TrimPrefix(head, "www.")
		}
		if len(head) >= 8 && strings.HasPrefix(whole, head) && strings.HasSuffix(whole, tail) && len(head)+len(tail) < len(whole) {
			return whole, true
		}
	}
	return "", false
}

// uncloak decodes the e-mail address that Cloudflare hides: hex, the first byte is the key of an XOR.
func uncloak(code string) string {
	if len(code) < 4 || len(code)%2 != 0 || len(code) > 400 {
		return ""
	}
	out := make([]byte, 0, len(code)/2)
	var key byte
	for i := 0; i < len(code); i += 2 {
		v, err := strconv.ParseUint(code[i:i+2], 16, 8)
		if err != nil {
			return ""
		}
		if i == 0 {
			key = byte(v)
			continue
		}
		out = append(out, byte(v)^key)
	}
	return strings.ToValidUTF8(string(out), "")
}

// image renders a picture as its alternative text: bare for smilies, in square brackets for content, nothing for
// avatars, icons and file names.
func (r *renderer) image(i int) {
	n := r.p.nodes[i].n
	alt := oneLine(attr(n, "alt"))
	class, src := strings.ToLower(attr(n, "class")), strings.ToLower(attr(n, "src"))
	if len(src) > 300 {
		src = src[:300]
	}
	if isSmiley(class, src) || hasAttr(n, "data-emoji") || hasAttr(n, "data-shortname") || hasAttr(n, "data-smilie") {
		r.words(alt)
		return
	}
	if r.bare || alt == "" || !contentAlt(alt, class, src) {
		return
	}
	if !r.space && r.open && r.breaks == 0 {
		r.space = true
	}
	r.words("[" + alt + "]")
	r.space = true
}

func isSmiley(class, src string) bool {
	for _, mark := range []string{"smil", "emoji", "emoticon", "twemoji"} {
		if strings.Contains(class, mark) || strings.Contains(src, mark) {
			return true
		}
	}
	return false
}

// contentAlt tells a description from a label that software put there.
func contentAlt(alt, class, src string) bool {
	for _, mark := range []string{"avatar", "icon", "logo", "spacer", "userpic", "gravatar", "spinner", "rank"} {
		if strings.Contains(class, mark) || strings.Contains(src, mark) {
			return false
		}
	}
	low := strings.ToLower(alt)
	switch strings.Trim(low, "[]\u200b: ") {
	case "img", "image", "posted image", "attachment", "photo", "picture", "bild", "изображение", "afbeelding", "avatar", "user avatar":
		return false
	}
	if dot := strings.LastIndexByte(low, '.'); dot >= 0 && !strings.Contains(low, " ") {
		switch low[dot+1:] {
		case "png", "jpg", "jpeg", "gif", "webp", "bmp", "svg", "avif":
			return false
		}
	}
	return strings.ContainsAny(alt, " ") || len(alt) > 3
}
