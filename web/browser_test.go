//go:build browser

package web_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browserPages are what an analyst opens.
var browserPages = []string{"/", "/candidate/r-000000000001", "/candidate/r-000000000003", "/search", "/search?q=abuse", "/search?q=%22open", "/sources", "/candidate/unknown"}

// tab is a real Chromium on the workbench and what went wrong in it.
type tab struct {
	context.Context
	origin   string
	mu       sync.Mutex
	wrong    []string
	requests int
}

func (b *tab) complain(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wrong = append(b.wrong, fmt.Sprintf(format, args...))
}

// newTab starts Chromium. A dialog, a request that leaves the workbench, an error on the console and a script that
// throws are remembered; that a page answers 404 or 400 is no error of the workbench.
func newTab(t *testing.T) *tab {
	t.Helper()
	server := httptest.NewServer(newWorkbench(t, newHouse()))
	t.Cleanup(server.Close)
	allocator, stop := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)...)
	t.Cleanup(stop)
	ctx, stop := chromedp.NewContext(allocator)
	t.Cleanup(stop)
	b := &tab{Context: ctx, origin: server.URL}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *tab) hear(event any) {
	switch e := event.(type) {
	case *page.EventJavascriptDialogOpening:
		b.complain("dialog %q", e.Message)
		go func() {
			_, _ = chromedp.Call(b.Context, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}()
	case *network.EventRequestWillBeSent:
		b.mu.Lock()
		b.requests++
		b.mu.Unlock()
		if !strings.HasPrefix(e.Request.URL, b.origin+"/") {
			b.complain("request to %s", e.Request.URL)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && !strings.Contains(e.Entry.Text, "status of 40") {
			b.complain("console: %s", e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		b.complain("exception: %s", e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.complain("console.%s", e.Type)
	}
}

func (b *tab) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.Context, steps...); err != nil {
		t.Fatal(err)
	}
}

// ask returns the value of an action: a text, the result of a script, a picture.
func ask[T any](t *testing.T, b *tab, action chromedp.Action[T]) T {
	t.Helper()
	value, err := chromedp.Run(b.Context, action)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// settled fails the test for everything that went wrong so far.
func (b *tab) settled(t *testing.T, address string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, w := range b.wrong {
		t.Errorf("%s: %s", address, w)
	}
	if b.requests == 0 {
		t.Errorf("%s: no request was seen", address)
	}
	b.wrong, b.requests = nil, 0
}

func TestNothingHostileRuns(t *testing.T) {
	b := newTab(t)
	for _, address := range append(browserPages, "/letter") {
		b.do(t, chromedp.Navigate(b.origin+address))
		text := ask(t, b, chromedp.Text("body"))
		b.settled(t, address)
		if hostile := address == "/" || strings.HasSuffix(address, "01") || strings.Contains(address, "?q=") || address == "/sources" || address == "/letter"; hostile {
			if !strings.Contains(text, "<script>alert(1)</script>") {
				t.Errorf("%s does not show the hostile text as text:\n%.600s", address, text)
			}
		}
	}
}

func TestKeyboardReachesEverything(t *testing.T) {
	b := newTab(t)
	b.do(t, chromedp.Navigate(b.origin+"/?lang=en"))
	type focus struct {
		Text    string `json:"text"`
		Visible bool   `json:"visible"`
	}
	var reached []string
	for range 9 {
		b.do(t, chromedp.KeyEvent("\t"))
		at := ask(t, b, chromedp.Evaluate[focus](`(() => { const e = document.activeElement, r = e.getBoundingClientRect();
			return {text: e.textContent, visible: r.left >= 0 && r.top >= 0 && r.right <= innerWidth && getComputedStyle(e).outlineStyle !== "none"} })()`))
		if !at.Visible {
			t.Errorf("the focus on %q is not to be seen", at.Text)
		}
		reached = append(reached, at.Text)
	}
	want := "Skip to content,List,Search,Sources,Letter,Nederlands,JSON,CSV,ODT"
	if got := strings.Join(reached, ","); got != want {
		t.Errorf("the tab key reaches %s, want %s", got, want)
	}
	b.do(t, chromedp.Navigate(b.origin+"/?lang=en"), chromedp.KeyEvent("\t\r"))
	if at := ask(t, b, chromedp.Evaluate[string](`document.activeElement.id`)); at != "content" {
		t.Errorf("the skip link leads to %q", at)
	}
	b.do(t, chromedp.KeyEvent("\t\t\t\t\r"), chromedp.WaitVisible("dl.facts"))
	if at := ask(t, b, chromedp.Evaluate[string](`location.pathname`)); at != "/candidate/r-000000000001" {
		t.Errorf("the first candidate of the list leads to %s", at)
	}
	b.do(t, chromedp.Navigate(b.origin+"/search?lang=en"), chromedp.Focus("#q"), chromedp.KeyEvent("abuse -backup\r"), chromedp.WaitVisible("article.proof"))
	at := ask(t, b, chromedp.Evaluate[string](`location.search`))
	if q, err := url.ParseQuery(strings.TrimPrefix(at, "?")); err != nil || q.Get("q") != "abuse -backup" || q.Get("lang") != "en" {
		t.Errorf("the search form asks %s", at)
	}
	b.settled(t, "by keyboard")
}

// axeScript checks the page and returns the violations in words.
const axeScript = `axe.run().then(r => r.violations.map(v => v.id + ": " + v.help + ": " + v.nodes.map(n => n.html).join(" | ")))`

// TestAccessible checks every page with axe-core in both languages, wide and narrow; SCHEMER_AXE is the path of
// axe.min.js. No page may be wider than the screen. With SCHEMER_SHOTS pictures are left in that directory.
func TestAccessible(t *testing.T) {
	axe, err := os.ReadFile(os.Getenv("SCHEMER_AXE"))
	if err != nil {
		t.Fatalf("SCHEMER_AXE: %v (npm install axe-core)", err)
	}
	b := newTab(t)
	for _, width := range []int64{1280, 320} {
		b.do(t, chromedp.EmulateViewport(width, 900))
		for _, lang := range []string{"nl", "en"} {
			for k, address := range browserPages {
				name := fmt.Sprintf("%s at %d in %s", address, width, lang)
				u, err := url.Parse(b.origin + address)
				if err != nil {
					t.Fatal(err)
				}
				q := u.Query()
				q.Set("lang", lang)
				u.RawQuery = q.Encode()
				b.do(t, chromedp.Navigate(u.String()), chromedp.Evaluate[chromedp.Void](string(axe)))
				for _, v := range ask(t, b, chromedp.Evaluate[[]string](axeScript, chromedp.EvalAwaitPromise)) {
					t.Errorf("%s: %.400s", name, v)
				}
				if wide := ask(t, b, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`)); wide > width {
					t.Errorf("%s: %d pixels wide", name, wide)
				}
				if dir := os.Getenv("SCHEMER_SHOTS"); dir != "" && lang == "nl" {
					if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d-%d.png", width, k)), ask(t, b, chromedp.FullScreenshot(100)), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				b.settled(t, name)
			}
		}
	}
}
