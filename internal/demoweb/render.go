package demoweb

import (
	"html"
	"html/template"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// markup is how an engine writes what its users wrote.
type markup struct {
	bbcode bool   // lines are kept with br as old boards do; otherwise paragraphs as Markdown engines do
	br     string // the line break of a bbcode engine
	bold   string // opening tag; its name closes it
	em     string
	mail   bool // addresses become mailto links
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

var (
	listItem = regexp.MustCompile(`^\s*[-*] +(.*)$`)
	numItem  = regexp.MustCompile(`^\s*(\d+)[.] +(.*)$`)
	heading  = regexp.MustCompile(`^(#{1,6}) +(.*)$`)
	tableRow = regexp.MustCompile(`^\|(.*)\|\s*$`)
	tableBar = regexp.MustCompile(`^\|[-: |]+\|\s*$`)
)

// html renders the light Markdown of the world: headings, paragraphs, lists, tables, fences and inline marks.
func (m markup) html(text string) template.HTML {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	var blocks []string
	for i := 0; i < len(lines); {
		block, next := m.block(lines, i)
		if block != "" {
			blocks = append(blocks, block)
		}
		i = next
	}
	if m.bbcode {
		return template.HTML(strings.Join(blocks, m.br+"\n"+m.br+"\n")) //nolint:gosec // every part was escaped
	}
	return template.HTML(strings.Join(blocks, "\n")) //nolint:gosec // every part was escaped
}

// block renders the block that starts on line i and returns the line after it.
func (m markup) block(lines []string, i int) (string, int) {
	line := lines[i]
	switch {
	case strings.TrimSpace(line) == "":
		return "", i + 1
	case strings.HasPrefix(line, "```"):
		end := i + 1
		for end < len(lines) && !strings.HasPrefix(lines[end], "```") {
			end++
		}
		return "<pre><code>" + html.EscapeString(strings.Join(lines[i+1:end], "\n")) + "</code></pre>", end + 1
	case heading.MatchString(line):
		part := heading.FindStringSubmatch(line)
		if m.bbcode {
			return m.bold + m.inline(part[2]) + closing(m.bold), i + 1
		}
		tag := "h" + strconv.Itoa(len(part[1]))
		return "<" + tag + ">" + m.inline(part[2]) + "</" + tag + ">", i + 1
	case tableRow.MatchString(line):
		return m.table(lines, i)
	case listItem.MatchString(line):
		return m.list(lines, i, "ul", listItem, 1)
	case numItem.MatchString(line) && !m.bbcode:
		return m.list(lines, i, "ol", numItem, 2)
	}
	var part []string
	for ; i < len(lines) && m.continues(lines[i], len(part) == 0); i++ {
		part = append(part, m.inline(strings.TrimSpace(lines[i])))
	}
	if m.bbcode {
		return strings.Join(part, m.br+"\n"), i
	}
	return "<p>" + strings.Join(part, "<br>\n") + "</p>", i
}

// continues says whether a line belongs to the paragraph before it.
func (m markup) continues(line string, first bool) bool {
	if first {
		return true
	}
	return strings.TrimSpace(line) != "" && !heading.MatchString(line) && !listItem.MatchString(line) &&
		!tableRow.MatchString(line) && !strings.HasPrefix(line, "```") && (m.bbcode || !numItem.MatchString(line))
}

func (m markup) list(lines []string, i int, tag string, item *regexp.Regexp, group int) (string, int) {
	var b strings.Builder
	b.WriteString("<" + tag + ">")
	for ; i < len(lines) && item.MatchString(lines[i]); i++ {
		b.WriteString("<li>" + m.inline(item.FindStringSubmatch(lines[i])[group]) + "</li>")
	}
	b.WriteString("</" + tag + ">")
	return b.String(), i
}

func (m markup) table(lines []string, i int) (string, int) {
	var b strings.Builder
	b.WriteString("<table>")
	headed := i+1 < len(lines) && tableBar.MatchString(lines[i+1])
	for start := i; i < len(lines) && tableRow.MatchString(lines[i]); i++ {
		if tableBar.MatchString(lines[i]) && i > start {
			continue
		}
		tag := "td"
		if headed && i == start {
			tag = "th"
		}
		b.WriteString("<tr>")
		for cell := range strings.SplitSeq(tableRow.FindStringSubmatch(lines[i])[1], "|") {
			b.WriteString("<" + tag + ">" + m.inline(strings.TrimSpace(cell)) + "</" + tag + ">")
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table>")
	return b.String(), i
}

var (
	inCode = regexp.MustCompile("`([^`]+)`")
	inLink = regexp.MustCompile(`\[([^\]]+)\]\(([^)\s]+)\)`)
	inBold = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	inEm   = regexp.MustCompile(`(^|[^*\pL\pN])\*([^*\s](?:[^*]*[^*\s])?)\*`)
	inMail = regexp.MustCompile(`[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	inURL  = regexp.MustCompile(`(^|[\s(])(https?://[^\s<>"')]*[^\s<>"').,;:!?])`)
)

// inline renders what stands within a line.
func (m markup) inline(s string) string {
	s = html.EscapeString(s)
	s = inCode.ReplaceAllString(s, "<code>$1</code>")
	s = inLink.ReplaceAllString(s, `<a href="$2">$1</a>`)
	s = inURL.ReplaceAllString(s, `$1<a href="$2" rel="nofollow">$2</a>`)
	s = inBold.ReplaceAllString(s, m.bold+"$1"+closing(m.bold))
	s = inEm.ReplaceAllString(s, "$1"+m.em+"$2"+closing(m.em))
	if m.mail {
		s = inMail.ReplaceAllString(s, `<a href="mailto:$0">$0</a>`)
	}
	return s
}

// closing returns the end tag of a start tag.
func closing(open string) string {
	name, _, _ := strings.Cut(strings.Trim(open, "<>"), " ")
	return "</" + name + ">"
}
