package web_test

import (
	"archive/zip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"schemer"
	"schemer/web"
)

// get asks for an address as an analyst on another machine does.
func get(t *testing.T, h http.Handler, address string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	r.RemoteAddr = "[2001:db8::7]:4711"
	h.ServeHTTP(w, r)
	return w
}

// pages are the addresses of the workbench and what looking at each of them is recorded as.
var pages = []struct{ address, view string }{
	{"/", "list 2026"},
	{"/list.json", "list.json 2026"},
	{"/list.csv", "list.csv 2026"},
	{"/candidate/r-000000000001", "candidate r-000000000001"},
	{"/candidate/r-000000000003?lang=en", "candidate r-000000000003"},
	{"/search", ""},
	{"/search?q=abuse&lang=en", "search abuse"},
	{"/search?q=nothing", "search nothing"},
	{"/sources", ""},
	{"/letter", "letter 2026"},
	{"/letter.odt", "letter.odt 2026"},
	{"/healthz", ""},
	{"/static/schemer.css", ""},
	{"/static/schemer.svg", ""},
}

func TestEveryPageIsServedSafelyAndLogged(t *testing.T) {
	for _, p := range pages {
		t.Run(p.address, func(t *testing.T) {
			h := newHouse()
			res := get(t, newWorkbench(t, h), p.address)
			if res.Code != http.StatusOK {
				t.Fatalf("status %d: %s", res.Code, res.Body.String())
			}
			policy := res.Header().Get("Content-Security-Policy")
			for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} {
				if !strings.Contains(policy, want) {
					t.Errorf("the policy %q lacks %s", policy, want)
				}
			}
			if strings.Contains(policy, "script-src") || strings.Contains(policy, "*") || strings.Contains(policy, "http") {
				t.Errorf("the policy %q opens a door", policy)
			}
			for name, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store",
			} {
				if got := res.Header().Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if res.Header().Get("Content-Type") == "" || res.Header().Get("Set-Cookie") != "" {
				t.Errorf("Content-Type %q, cookies %v", res.Header().Get("Content-Type"), res.Header()["Set-Cookie"])
			}
			var want []string
			if p.view != "" {
				want = []string{"web:2001:db8::7 " + p.view}
			}
			if !slices.Equal(h.views, want) {
				t.Errorf("recorded %q, want %q", h.views, want)
			}
		})
	}
}

// elements parses a page and returns its elements without their text, and all its text.
func elements(t *testing.T, page string) (shape []string, text string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var words strings.Builder
	for n := range doc.Descendants() {
		switch n.Type {
		case html.TextNode:
			words.WriteString(n.Data)
		case html.ElementNode:
			shape = append(shape, n.Data)
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "src" {
					t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
				}
				if (a.Key == "href" || a.Key == "action") && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "?") && !strings.HasPrefix(a.Val, "#") {
					t.Errorf("<%s %s=%q> leads out", n.Data, a.Key, a.Val)
				}
			}
		}
	}
	return shape, words.String()
}

func TestHostileTextIsShownAsText(t *testing.T) {
	handler := newWorkbench(t, newHouse())
	for _, address := range []string{"/", "/candidate/r-000000000001", "/search?q=abuse", "/search?q=%22open", "/sources", "/search?q=" + strings.ReplaceAll(httpEscape(poison), "+", "%20")} {
		shape, text := elements(t, get(t, handler, address).Body.String())
		for _, name := range []string{"script", "img", "iframe", "object", "svg"} {
			if slices.Contains(shape, name) {
				t.Errorf("%s holds a <%s>", address, name)
			}
		}
		if !strings.Contains(text, poison) {
			t.Errorf("%s does not show the hostile text", address)
		}
		for _, r := range "\u202e\u200b\x07" {
			if strings.ContainsRune(text, r) {
				t.Errorf("%s shows %U as it is", address, r)
			}
		}
		if strings.Contains(text, "://evil.example") || strings.Contains(text, "http://board.example") {
			t.Errorf("%s shows an address that can be followed", address)
		}
	}
	if _, text := elements(t, get(t, handler, "/candidate/r-000000000001").Body.String()); !strings.Contains(text, "⟨U+202E⟩") || !strings.Contains(text, "hxxps://evil[.]example/") {
		t.Error("the candidate's page hides what is tricky in its texts")
	}
}

func httpEscape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

func TestDownloads(t *testing.T) {
	handler := newWorkbench(t, newHouse())
	var edition schemer.Edition
	if err := json.Unmarshal(get(t, handler, "/list.json").Body.Bytes(), &edition); err != nil || len(edition.Candidates) != 3 || edition.Candidates[0].Name != poison {
		t.Errorf("list.json: %v, %d candidates", err, len(edition.Candidates))
	}
	res := get(t, handler, "/list.csv")
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(res.Body.String(), "\ufeff")))
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 3 {
		t.Errorf("list.csv: %v, %d rows", err, len(rows))
	}
	if got := res.Header().Get("Content-Disposition"); got != `attachment; filename="schemer-list.csv"` {
		t.Errorf("list.csv is offered as %q", got)
	}
	h := newHouse()
	h.edition.Edition = "2026\"\r\nX-Evil: 1; \"concept"
	res = get(t, newWorkbench(t, h), "/letter.odt")
	odt := res.Body.String()
	if _, err := zip.NewReader(strings.NewReader(odt), int64(len(odt))); err != nil {
		t.Errorf("letter.odt: %v", err)
	}
	if got := res.Header().Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") || strings.ContainsAny(got, "\r\n") || res.Header().Get("X-Evil") != "" {
		t.Errorf("letter.odt is offered as %q", got)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	h := newHouse()
	handler := newWorkbench(t, h)
	for address, status := range map[string]int{
		"/candidate/r-ffffffffffff": http.StatusNotFound, "/candidate/%3Cscript%3E": http.StatusNotFound, "/nowhere": http.StatusNotFound,
		"/search?q=%22open": http.StatusBadRequest, "/static/routes.go": http.StatusNotFound,
	} {
		res := get(t, handler, address)
		if res.Code != status {
			t.Errorf("%s: status %d, want %d", address, res.Code, status)
		}
		if strings.Contains(res.Body.String(), "<script>") {
			t.Errorf("%s echoes markup", address)
		}
	}
	if len(h.views) > 0 {
		t.Errorf("recorded as seen: %q", h.views)
	}
	for err, status := range map[error]int{
		fmt.Errorf("draft: %w", schemer.ErrNotFound): http.StatusNotFound, fmt.Errorf("held: %w", schemer.ErrLocked): http.StatusServiceUnavailable, errors.New("disk"): http.StatusInternalServerError,
	} {
		h.err = err
		for _, address := range []string{"/", "/list.json", "/list.csv", "/candidate/r-000000000001", "/letter", "/letter.odt"} {
			if res := get(t, handler, address); res.Code != status {
				t.Errorf("%s after %v: status %d, want %d", address, err, res.Code, status)
			}
		}
	}
}

func TestWhatCannotBeLoggedIsNotShown(t *testing.T) {
	h := newHouse()
	h.viewErr = errors.New("the log is full")
	handler := newWorkbench(t, h)
	for _, p := range pages {
		if p.view == "" {
			continue
		}
		res := get(t, handler, p.address)
		if text := res.Body.String(); res.Code != http.StatusInternalServerError || strings.Contains(text, "MARK") || strings.Contains(text, "Stille Kade") {
			t.Errorf("%s: status %d", p.address, res.Code)
		}
	}
}

func TestOnlyReading(t *testing.T) {
	handler := newWorkbench(t, newHouse())
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch} {
		for _, site := range []string{"same-origin", "cross-site"} {
			w := httptest.NewRecorder()
			r := httptest.NewRequestWithContext(t.Context(), method, "/", strings.NewReader("q=1"))
			r.Header.Set("Sec-Fetch-Site", site)
			handler.ServeHTTP(w, r)
			if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" || w.Header().Get("Content-Security-Policy") == "" {
				t.Errorf("%s from %s: status %d, headers %v", method, site, w.Code, w.Header())
			}
		}
	}
}

func TestSearchAsksWhatWasTyped(t *testing.T) {
	h := newHouse()
	page := get(t, newWorkbench(t, h), "/search?q=abuse+-backup&sort=newest&after=c1&lang=en").Body.String()
	if h.searched.Text != "abuse -backup" || h.searched.Sort != "newest" || h.searched.After != "c1" {
		t.Errorf("asked %+v", h.searched)
	}
	for _, want := range []string{
		`value="abuse -backup"`, `<option value="newest" selected>`, `href="/search?after=cursor%26`, `href="/search?lang=en&amp;q=abuse&#43;-backup&#43;site%3A%22board.example%22&amp;sort=newest"`,
		`<mark>abuse</mark>`, `href="?after=c1&amp;lang=nl&amp;q=abuse&#43;-backup&amp;sort=newest" hreflang="nl"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestTheListShowsWhatTheSellerSaysItself(t *testing.T) {
	_, text := elements(t, get(t, newWorkbench(t, newHouse()), "/").Body.String())
	if !strings.Contains(text, "Klachten raken hier nogal eens zoek.") || strings.Contains(text, "Somebody else says so.") {
		t.Error("the line of Stille Kade shows the wrong quote")
	}
}

func TestBothLanguages(t *testing.T) {
	handler := newWorkbench(t, newHouse())
	for address, words := range map[string][]string{
		"/":                                 {`<html lang="nl">`, "Voorgesteld voor de brief (2)", "laat doorschemeren", "één bron"},
		"/?lang=en":                         {`<html lang="en">`, "Proposed for the letter (2)", "one source"},
		"/candidate/r-000000000001":         {"computervredebreuk", "Opvolger van", "verdwenen sinds"},
		"/sources":                          {"Bekeken plaatsen (1)", "Gevonden via een bron (1)", "nog onbekend"},
		"/candidate/r-000000000001?lang=en": {"hacking", "Successor of", "gone since"},
	} {
		page := get(t, handler, address).Body.String()
		for _, w := range words {
			if !strings.Contains(page, w) {
				t.Errorf("%s lacks %q", address, w)
			}
		}
	}
}

func TestNewNeedsItsParts(t *testing.T) {
	if _, err := web.New(web.Options{}); err == nil {
		t.Error("a workbench without a house opened")
	}
}
