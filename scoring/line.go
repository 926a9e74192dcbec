package scoring

import "strings"

// bullet reports a line that is an item of a list.
func bullet(line string) bool {
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
