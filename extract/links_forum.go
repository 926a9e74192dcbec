package extract

import "strings"

// forumKind says by the words of its address what a link of a forum on an unknown engine leads to, "" when they do not
// tell: /topic/20/a-title, /forum/offers, thread.php?id=3. A word alone is no address of a thread or board: what follows
// must name one, by a number or by words joined with hyphens.
func forumKind(ref string) string {
	path, query, asks := strings.Cut(ref, "?")
	segments := strings.Split(strings.Trim(strings.ToLower(path), "/"), "/")
	for k, segment := range segments {
		kind := forumWords[strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(segment, ".php"), ".aspx"), ".asp")]
		switch {
		case kind == "":
			continue
		case k+1 < len(segments):
			if kind == linkProfile || names(segments[k+1]) || kind == linkBoard && k+2 == len(segments) {
				return kind
			}
		case asks && strings.ContainsAny(query, "0123456789"):
			return kind
		}
	}
	return ""
}

// names reports whether a part of an address can name a thread: it holds a digit or a hyphen.
func names(segment string) bool { return strings.ContainsAny(segment, "0123456789-") }

// forumWords are the parts of addresses that forums use everywhere.
var forumWords = map[string]string{
	"topic": linkThread, "topics": linkThread, "thread": linkThread, "threads": linkThread, "discussion": linkThread, "discussions": linkThread,
	"viewtopic": linkThread, "showthread": linkThread, "viewthread": linkThread, "t": linkThread,
	"category": linkBoard, "categories": linkBoard, "board": linkBoard, "boards": linkBoard, "forum": linkBoard, "forums": linkBoard,
	"viewforum": linkBoard, "showforum": linkBoard, "forumdisplay": linkBoard, "viewboard": linkBoard, "c": linkBoard, "f": linkBoard,
	"user": linkProfile, "users": linkProfile, "member": linkProfile, "members": linkProfile, "profile": linkProfile, "u": linkProfile,
}
