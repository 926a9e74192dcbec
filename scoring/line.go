package scoring

import (
	"strings"

	"schemer"
)

// bullet reports a line that is an item of a list.
func bullet(line string) bool {
	if line == "" || line[0] >= 'A' && line[0] <= 'Z' {
		return false
	}
	for _, mark := range [...]string{"- ", "* ", "• ", "– ", "· ", "+ ", "● ", "▪ ", "✓ ", "✔ ", "✗ ", "❌ ", "✅ "} {
		if strings.HasPrefix(line, mark) {
			return true
		}
	}
	if len(line) > 3 && line[0] >= 'a' && line[0] <= 'z' && (line[1] == '.' || line[1] == ')') && line[2] == ' ' {
		return true
	}
	i := 0
	for i < len(line) && line[i] >= '0' && line[i] <= '9' {
		i++
	}
	return i > 0 && i < 3 && i+1 < len(line) && (line[i] == '.' || line[i] == ')') && line[i+1] == ' '
}

// lineBlocks makes blocks from lines, for text that came without: items by their bullets, the lead-in line above them as
// their heading.
func lineBlocks(text string) []schemer.Block {
	var out []schemer.Block
	lead, leadBlank := "", false
	for start := 0; start < len(text); {
		end := len(text)
		if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
			end = start + n
		}
		line := text[start:end]
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "":
			leadBlank = true
		case bullet(trimmed):
			b := schemer.Block{Kind: "item", Start: start, End: end}
			if lead != "" {
				b.Headings = []string{lead}
			}
			out = append(out, b)
			leadBlank = false
		default:
			if n := len(out); n > 0 && !leadBlank && out[n-1].Kind == "paragraph" && lead == "" {
				out[n-1].End = end
			} else {
				out = append(out, schemer.Block{Kind: "paragraph", Start: start, End: end})
			}
			lead, leadBlank = "", false
			if trimmed[len(trimmed)-1] == ':' || strings.HasSuffix(trimmed, "：") {
				lead = trimmed
			}
		}
		start = end + 1
	}
	return out
}
