package crawler_test

import (
	"bytes"
	"errors"
	"image/png"
	"slices"
	"testing"

	"schemer"
	"schemer/crawler"
)

func TestScreenshot(t *testing.T) {
	s, m := newWeb(t), newMemory()
	port, hits := trapPort(t)
	s.pages("shot.example", map[string]string{
		"/": `<body style="height:3000px;background:#cde"><h1>Servers</h1><img src="http://127.0.0.1:` + port + `/a.png"><img src="http://localhost:8080/b.png"><img src="http://169.254.169.254/c.png"><img src="/own.png">`,
	})
	opt := s.options(m, site("shot.example"))
	opt.Resolve = map[string]string{"shot.example": s.addr()}
	opt.Lookup = neverLookUp(t) // nor does the browser call home
	c, err := crawler.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	ex, err := c.Screenshot(t.Context(), opt.Sources[0], "http://shot.example/")
	if errors.Is(err, schemer.ErrNotFound) {
		t.Log("no Chromium on this machine: the refusal is all there is to test")
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.DecodeConfig(bytes.NewReader(ex.Body))
	if err != nil || picture.Width < 1000 || picture.Height < 3000 {
		t.Errorf("picture %+v, %v; want the whole page", picture, err)
	}
	if hits.Load() != 0 {
		t.Errorf("the page reached inside %d times", hits.Load())
	}
	if !slices.Contains(s.asked("shot.example"), "/own.png") {
		t.Errorf("the page's own picture was not asked for: %q", s.asked("shot.example"))
	}
	if ex.Target.Kind != crawler.KindScreenshot || !bytes.HasSuffix(ex.Response, ex.Body) {
		t.Errorf("exchange of kind %s", ex.Target.Kind)
	}
}
