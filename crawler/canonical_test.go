package crawler_test

import (
	"strings"
	"testing"

	"schemer/crawler"
)

func TestCanonical(t *testing.T) {
	const id = "0123456789abcdef0123456789abcdef"
	for in, want := range map[string]string{
		"HTTP://WWW.Board.Example:80":                                     "http://www.board.example/",
		"https://board.example:443/a#b":                                   "https://board.example/a",
		"http://board.example:8080/":                                      "http://board.example:8080/",
		"http://board.example./a/../b/./c":                                "http://board.example/b/c",
		"http://board.example/viewtopic.php?t=5&sid=" + id:                "http://board.example/viewtopic.php?t=5",
		"http://board.example/viewtopic.php?sid=" + id:                    "http://board.example/viewtopic.php",
		"http://board.example/viewtopic.php?sid=" + id + "&amp;t=5":       "http://board.example/viewtopic.php?t=5",
		"http://board.example/index.php?PHPSESSID=abc123def456&topic=5.0": "http://board.example/index.php?topic=5.0",
		"http://board.example/index.php?PHPSESSID=abc123;topic=5.0":       "http://board.example/index.php?topic=5.0",
		"http://board.example/index.php?topic=5.0;PHPSESSID=abc123":       "http://board.example/index.php?topic=5.0",
		"http://board.example/index.php/topic,5.0.html?PHPSESSID=abc123":  "http://board.example/index.php/topic,5.0.html",
		"http://board.example/index.php?action=recent;start=10":           "http://board.example/index.php?action=recent;start=10",
		"http://board.example/showthread.php?s=" + id + "&t=9":            "http://board.example/showthread.php?t=9",
		"http://board.example/?s=server":                                  "http://board.example/?s=server",
		"http://board.example/?sid=5":                                     "http://board.example/?sid=5",
		"http://board.example/a;jsessionid=" + id + "?x=1":                "http://board.example/a?x=1",
		"http://board.example/a;jsessionid=" + id + ".node1/b":            "http://board.example/a/b",
		"http://board.example/a;v=1":                                      "http://board.example/a;v=1",
		"http://board.example/(S(abcdefghijklmnopqrstuvwx))/p.aspx":       "http://board.example/p.aspx",
		"http://board.example/?utm_source=x&id=2&fbclid=y":                "http://board.example/?id=2",
		"http://board.example/%d0%bc%7Euser":                              "http://board.example/%D0%BC~user",
		"http://board.example/м":                                          "http://board.example/%D0%BC",
		"http://board.example/a b?q=c d":                                  "http://board.example/a%20b?q=c%20d",
		"http://board.example/100%":                                       "",
		"http://bücher.example/":                                          "http://xn--bcher-kva.example/",
		"http://user@board.example/":                                      "",
		"ftp://board.example/":                                            "",
		"javascript:alert(1)":                                             "",
		"mailto:a@board.example":                                          "",
		"//board.example/":                                                "",
		"/relative":                                                       "",
		"http://":                                                         "",
		"http://board.example/" + strings.Repeat("a", 2100):               "",
	} {
		got, err := crawler.Canonical(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s\n got %q, %v\nwant %q", in, got, err, want)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{
		"http://a.example/x;jsessionid=1?b=%zz&amp;sid=2#c", "https://[::1]:8080/%41/../(S(a))/", "http://bücher.example//a//?&;&",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		once, err := crawler.Canonical(raw)
		if err != nil {
			return
		}
		twice, err := crawler.Canonical(once)
		if err != nil && len(once) <= 2048 || err == nil && twice != once {
			t.Errorf("%q becomes %q, and that %q (%v)", raw, once, twice, err)
		}
		if strings.ContainsAny(once, " \t\r\n#\"<>") {
			t.Errorf("%q becomes %q", raw, once)
		}
	})
}
