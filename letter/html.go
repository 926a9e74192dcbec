package letter

import (
	"fmt"
	"html/template"
	"io"

	"schemer"
)

// HTML writes the letter as one page that needs nothing else, runs nothing and prints well.
func HTML(w io.Writer, l Letter) error {
	c, err := l.build()
	if err != nil {
		return err
	}
	return page(w, "brief.html", c)
}

// List writes the list of an edition, without the letter around it, as one HTML page.
func List(w io.Writer, e schemer.Edition) error {
	c, err := Letter{Edition: e, Date: e.GeneratedAt}.build()
	if err != nil {
		return err
	}
	return page(w, "lijst.html", c)
}

func page(w io.Writer, name string, c content) error {
	t, err := template.ParseFS(templates, "templates/*.html", "templates/style.css")
	if err != nil {
		return fmt.Errorf("letter: HTML templates: %w", err)
	}
	if err := t.ExecuteTemplate(w, name, c); err != nil {
		return fmt.Errorf("letter: %s: %w", name, err)
	}
	return nil
}
