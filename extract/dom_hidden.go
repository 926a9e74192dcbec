package extract

import "strings"

// hidesText reports whether an inline style keeps its element from being seen: not displayed, invisible, of zero
// size or opacity, or moved off the screen.
func hidesText(style string) bool {
	if len(style) < 9 {
		return false
	}
	offscreen, placed := false, false
	for rest := style; rest != ""; {
		var decl string
		decl, rest, _ = strings.Cut(rest, ";")
		name, value, ok := strings.Cut(decl, ":")
		if !ok {
			continue
		}
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.ToLower(strings.TrimSpace(value))
		value = strings.TrimSpace(strings.TrimSuffix(value, "!important"))
		switch name {
		case "display":
			if value == "none" {
				return true
			}
		case "visibility":
			if value == "hidden" || value == "collapse" {
				return true
			}
		case "opacity", "font-size", "font":
			if zeroLength(value) {
				return true
			}
		case "text-indent", "margin-left":
			if farAway(value) {
				return true
			}
		case "position":
			placed = value == "absolute" || value == "fixed"
		case "left", "top", "right":
			offscreen = offscreen || farAway(value)
		case "clip":
			if strings.HasPrefix(value, "rect(0") {
				return true
			}
		}
	}
	return placed && offscreen
}

// zeroLength reports whether a CSS number or length is 0 ("0", "0px", "0.0em").
func zeroLength(v string) bool {
	digits := strings.TrimRight(v, "abcdefghijklmnopqrstuvwxyz%")
	return digits != "" && strings.Trim(digits, "0.") == "" && strings.Contains(digits, "0")
}

// farAway reports whether a length moves something off any screen: -500 px or em and beyond.
func farAway(v string) bool {
	if !strings.HasPrefix(v, "-") {
		return false
	}
	digits := strings.TrimRight(v[1:], "abcdefghijklmnopqrstuvwxyz%")
	whole, _, _ := strings.Cut(digits, ".")
	return len(whole) >= 4 || len(whole) == 3 && whole[0] >= '5'
}

// styleSheet notes the simple selectors (one compound: .x, #x, tag.x) that the page's own style sheet hides. Rules
// inside @media blocks depend on the screen and are left alone.
func (p *page) styleSheet(sheet string) {
	if !strings.Contains(sheet, "none") && !strings.Contains(sheet, "hidden") && !strings.Contains(sheet, "-9") &&
		!strings.Contains(sheet, "font-size:0") {
		return
	}
	depth := 0
	for len(sheet) > 0 && len(p.hides) < 64 {
		open := strings.IndexAny(sheet, "{}")
		if open < 0 {
			return
		}
		head := strings.TrimSpace(sheet[:open])
		if sheet[open] == '}' {
			depth = max(depth-1, 0)
			sheet = sheet[open+1:]
			continue
		}
		if strings.HasPrefix(head, "@") {
			depth++
			sheet = sheet[open+1:]
			continue
		}
		shut := strings.IndexByte(sheet[open:], '}')
		if shut < 0 {
			return
		}
		if depth == 0 && hidesText(sheet[open+1:open+shut]) {
			p.hideSelectors(head)
		}
		sheet = sheet[open+shut+1:]
	}
}

func (p *page) hideSelectors(head string) {
	if k := strings.LastIndex(head, "*/"); k >= 0 {
		head = head[k+2:]
	}
	for sel := range strings.SplitSeq(head, ",") {
		sel = strings.TrimSpace(sel)
		if plainSelector(sel) {
			p.hides = append(p.hides, compile(sel))
		}
	}
}

// plainSelector accepts one compound of letters, digits, hyphens with at least one class or id.
func plainSelector(s string) bool {
	marks := 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '.' || c == '#':
			if i+1 == len(s) || s[i+1] == '.' || s[i+1] == '#' {
				return false
			}
			marks++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_':
		default:
			return false
		}
	}
	return marks > 0
}

// hide marks the nodes that the page's own style sheet hides.
func (p *page) hide() {
	for _, r := range p.hides {
		if !p.mayHave(r) {
			continue
		}
		for _, i := range p.marked {
			if p.is(int(i), r) {
				p.nodes[i].hidden = true
			}
		}
	}
}
