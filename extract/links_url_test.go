package extract

import "testing"

func TestResolve(t *testing.T) {
	b := newBase("https://Board.example:8443/forum/viewtopic.php?t=5&sid=0123456789abcdef0123456789abcdef", "")
	for ref, want := range map[string]string{
		"viewtopic.php?t=7":          "https://board.example:8443/forum/viewtopic.php?t=7",
		"./viewtopic.php?p=9#p9":     "https://board.example:8443/forum/viewtopic.php?p=9#p9",
		"../index.php":               "https://board.example:8443/index.php",
		"/a/./b/../c":                "https://board.example:8443/a/c",
		"?start=10":                  "https://board.example:8443/forum/viewtopic.php?start=10",
		"//Other.example/x":          "https://other.example/x",
		"HTTP://Other.example:80":    "http://other.example/",
		"http://user@other.example/": "http://other.example/",
		"/%d0%bc%D0%B8":              "https://board.example:8443/%D0%BC%D0%B8",
		"/ми?q=я":                    "https://board.example:8443/%D0%BC%D0%B8?q=%D1%8F",
		"/a b":                       "https://board.example:8443/a%20b",
		"#top":                       "",
		"mailto:x@board.example":     "",
		"javascript:void(0)":         "",
		"viewtopic.php?f=1&sid=0123456789abcdef0123456789abcdef&t=7":    "https://board.example:8443/forum/viewtopic.php?f=1&t=7",
		"index.php?PHPSESSID=abcdefghijklmnopqrstuvwxyz&topic=5.0":      "https://board.example:8443/forum/index.php?topic=5.0",
		"topic,5.0.html?PHPSESSID=abcdefghijklmnopqrstuvwxyz":           "https://board.example:8443/forum/topic,5.0.html",
		"index.php?PHPSESSID=abcdefghijklmnopqrstuvwxyz;action=x;u=3#m": "https://board.example:8443/forum/index.php?action=x;u=3#m",
		"showthread.php?s=00112233445566778899aabbccddeeff&t=4":         "https://board.example:8443/forum/showthread.php?t=4",
		"search?s=vps":           "https://board.example:8443/forum/search?s=vps",
		"/p;jsessionid=AB12?x=1": "https://board.example:8443/p?x=1",
	} {
		if got := b.resolve(ref); got != want {
			t.Errorf("resolve(%q) = %q, want %q", ref, got, want)
		}
	}
}
