package extract

import "testing"

func TestForumKindByTheWordsOfAnAddress(t *testing.T) {
	for ref, want := range map[string]string{
		"/topic/20/a-title/": linkThread, "/topic/20": linkThread, "/t/some-words-here": linkThread, "/thread.php?id=3": linkThread, "/forum/threads/x.12/": linkThread,
		"/category/8/offers/": linkBoard, "/forum/offers": linkBoard, "/board.asp?id=2": linkBoard, "/c/12": linkBoard,
		"/user/36/u35/": linkProfile, "/members/klaus": linkProfile,
		"/topic/active/": "", "/topic/publish/5/": "", "/topic": "", "/forum": "", "/about": "", "/topical/20": "", "/": "", "/thread.php": "",
	} {
		if got := forumKind(ref); got != want {
			t.Errorf("%s: %q, want %q", ref, got, want)
		}
	}
}
