package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"golang.org/x/term"
)

// printable makes crawled text safe for a terminal: control, format and bidi characters become visible escapes, line
// ends become spaces.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			fmt.Fprintf(&b, "\\u%04x", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// clip shortens s to at most n display columns; wide East Asian characters count as two.
func clip(s string, n int) string {
	width := 0
	for i, r := range s {
		w := runeWidth(r)
		if width+w > n-1 && displayWidth(s) > n {
			return s[:i] + "…"
		}
		width += w
	}
	return s
}

func displayWidth(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case unicode.Is(unicode.Mn, r):
		return 0
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana), r >= 0xff01 && r <= 0xff60:
		return 2
	case r >= 0x1f300 && r <= 0x1faff:
		return 2
	}
	return 1
}

// table prints rows in columns under a header; the last column is clipped so that a line fits width columns.
func table(w io.Writer, width int, header []string, rows [][]string) error {
	sizes := make([]int, len(header))
	for _, row := range append([][]string{header}, rows...) {
		for i, cell := range row {
			sizes[i] = max(sizes[i], displayWidth(printable(cell)))
		}
	}
	used := 0
	for _, size := range sizes[:len(sizes)-1] {
		used += size + 2
	}
	sizes[len(sizes)-1] = max(20, min(sizes[len(sizes)-1], width-used))
	for _, row := range append([][]string{header}, rows...) {
		var b strings.Builder
		for i, cell := range row {
			cell = clip(printable(cell), sizes[i])
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", sizes[i]-displayWidth(cell)+2))
			}
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(b.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// columns is the width of the terminal behind f, 120 when there is none, so that piped output has stable columns.
func columns(f *os.File) int {
	if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 40 {
		return w
	}
	return 120
}

// interactive says whether progress bars may be drawn on standard error.
func interactive() bool {
	return term.IsTerminal(int(os.Stderr.Fd())) && os.Getenv("TERM") != "dumb"
}
