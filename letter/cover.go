package letter

import (
	"embed"
	"fmt"
	"regexp"
	"strings"
	"text/template"
)

//go:embed templates
var templates embed.FS

// block is a piece of running text of the covering letter.
type block struct {
	Kind  string // heading, paragraph, bullets, steps
	Text  string
	Items []string
}

var (
	bullet = regexp.MustCompile(`^- +`)
	step   = regexp.MustCompile(`^\d+\. +`)
)

// coverBlocks fills in the text of the covering letter, templates/brief.txt, and cuts it into blocks. The text is kept
// apart from ODT and HTML so that a lawyer can read and change it.
func coverBlocks(c content) ([]block, error) {
	t, err := template.ParseFS(templates, "templates/brief.txt")
	if err != nil {
		return nil, fmt.Errorf("letter: covering text: %w", err)
	}
	var b strings.Builder
	if err := t.Execute(&b, c); err != nil {
		return nil, fmt.Errorf("letter: covering text: %w", err)
	}
	var out []block
	for part := range strings.SplitSeq(b.String(), "\n\n") {
		part = strings.TrimSpace(part)
		switch {
		case part == "":
		case strings.HasPrefix(part, "## "):
			out = append(out, block{Kind: "heading", Text: clean(part[3:])})
		case bullet.MatchString(part):
			out = append(out, block{Kind: "bullets", Items: items(part, bullet)})
		case step.MatchString(part):
			out = append(out, block{Kind: "steps", Items: items(part, step)})
		default:
			out = append(out, block{Kind: "paragraph", Text: clean(part)})
		}
	}
	return out, nil
}

func items(part string, mark *regexp.Regexp) []string {
	var out []string
	for line := range strings.SplitSeq(part, "\n") {
		if line = clean(mark.ReplaceAllString(line, "")); line != "" {
			out = append(out, line)
		}
	}
	return out
}
