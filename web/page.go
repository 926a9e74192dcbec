package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"
	"unicode"

	"schemer/index"
)

//go:embed templates/*.html
var templates embed.FS

// page is one template with the frame around it.
type page struct{ tmpl *template.Template }

// view is what every template gets: the words in the visitor's language and the page's own data.
type view struct {
	Lang    string
	Path    string
	Other   string // address of the same page in the other language
	Version string
	Data    any
}

// T returns the word for key in the view's language; an unknown key shows itself.
func (v view) T(key string) string {
	if w, ok := words[key]; ok {
		if v.Lang == "en" {
			return w.en
		}
		return w.nl
	}
	return key
}

// Sorts returns the orders in which the search page can show its hits.
func (view) Sorts() []string {
	return []string{string(index.ByRelevance), string(index.NewestFirst), string(index.OldestFirst)}
}

var names = []string{"list", "candidate", "search", "sources", "problem"}

func loadPages() (map[string]*page, error) {
	funcs := template.FuncMap{
		"defang": Defang, "pieces": pieces, "visible": visible, "date": date, "stamp": stamp, "minute": minute, "points": points, "tag": tag, "strongest": strongest,
		"percent": func(p float64) string { return fmt.Sprintf("%.0f %%", 100*p) },
	}
	pages := make(map[string]*page, len(names))
	for _, name := range names {
		t, err := template.New("frame.html").Funcs(funcs).ParseFS(templates, "templates/frame.html", "templates/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		pages[name] = &page{tmpl: t}
	}
	return pages, nil
}

// render executes a page whole before anything is sent, so that a failing template never leaves half a page.
func (s *server) render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	lang, other := "nl", "en"
	query := r.URL.Query()
	if query.Get("lang") == "en" {
		lang, other = other, lang
	}
	query.Set("lang", other)
	var b bytes.Buffer
	v := view{Lang: lang, Path: r.URL.Path, Other: "?" + query.Encode(), Version: s.Version, Data: data}
	if err := s.pages[name].tmpl.Execute(&b, v); err != nil {
		s.Log.Error("template failed", "page", name, "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// Defang makes an address unclickable and unmistakable: hxxp://name[.]tld/…; an analyst must not open a reseller's
// page from a police address by accident.
func Defang(address string) string {
	address = strings.Replace(strings.Replace(address, "https://", "hxxps://", 1), "http://", "hxxp://", 1)
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return strings.ReplaceAll(address, ".", "[.]")
	}
	host, path, slash := strings.Cut(rest, "/")
	out := scheme + "://" + strings.ReplaceAll(host, ".", "[.]")
	if slash {
		out += "/" + path
	}
	return out
}

// visible shows control, zero-width and bidi characters of crawled text as escapes, so that nobody reads past them.
func visible(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// tag returns what a page says its language is, when that can be a language at all, for the lang attribute.
func tag(lang string) string {
	if len(lang) != 2 || lang[0] < 'a' || lang[0] > 'z' || lang[1] < 'a' || lang[1] > 'z' {
		return ""
	}
	return lang
}

func date(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format(time.DateOnly)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

func minute(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04")
}

func points(p float64) string { return fmt.Sprintf("%+.2f", p) }
