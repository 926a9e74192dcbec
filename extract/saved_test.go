package extract

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"schemer"
)

// longThread says how to make a thread of twenty replies from a saved page: what stands between two marks is replaced by
// replies in the same markup. {id}, {n}, {who}, {words} and {iso} are filled in, {when} by the layout.
type longThread struct{ engine, file, from, to, reply, layout string }

var longThreads = []longThread{
	{
		"bbpress", "bbpress-topic.html", `<div id="post-40"`, `</li></ul></div></main>`,
		`<div id="post-{id}" class="bbp-reply-header"><div class="bbp-meta"><span class="bbp-reply-post-date">{when}</span><a href="https://annex.example/forums/topic/quiet-rooms/#post-{id}" class="bbp-reply-permalink">#{id}</a></div></div>` +
			`<div class="loop-item-{n} user-id-{n} bbp-parent-forum-20 even post-{id} reply type-reply status-publish hentry"><div class="bbp-reply-author"><a href="https://annex.example/forums/users/{who}/" class="bbp-author-link"><span class="bbp-author-name">{who}</span></a><div class="bbp-author-role">Guest</div></div><div class="bbp-reply-content"><p>{words}</p></div></div>`,
		"January 2, 2006 at 3:04 pm",
	},
	{
		"fluxbb", "fluxbb-topic-fr.html", `<div id="p41"`, `</div><div id="brdfooter"`,
		`<div id="p{id}" class="blockpost roweven"><h2><span><span class="conr">#{n}</span> <a href="viewtopic.php?pid={id}#p{id}">{when}</a></span></h2><div class="box"><div class="inbox"><div class="postbody"><div class="postleft"><dl><dt><strong><a href="profile.php?id={n}">{who}</a></strong></dt><dd class="usertitle"><strong>Membre</strong></dd></dl></div>` +
			`<div class="postright"><h3>Re : Ports ouverts</h3><div class="postmsg"><p>{words}</p></div></div></div></div></div></div>`,
		"2006-01-02 15:04:05",
	},
	{
		"hyperkitty", "hyperkitty-thread.html", `<div class="replies">`, `</div></section>`,
		`<div class="even"><div class="email "><div class="email-header row d-flex" id="AB7XVQ3YFQ6MVAYAJ6ZJGJ5IDW{id}"><div class="email-author"><a class="name" href="/hyperkitty/users/{n}/">{who}</a></div><div class="email-date"><div class="time"><span title="Sender's time: {when}">23 Jun</span></div></div>` +
			`<span class="messagelink"><a href="/hyperkitty/list/ops@lists.quarry.example/message/AB7XVQ3YFQ6MVAYAJ6ZJGJ5IDW{id}/">link</a></span></div><div class="email-body "><p>{words}</p></div></div></div>`,
		"Jan. 2, 2006, 3:04 p.m.",
	},
	{
		"invision", "invision4-topic.html", `<article id="elComment_702"`, `</div></body>`,
		`<article id="elComment_{id}" class="cPost ipsBox ipsComment"><aside class="cAuthorPane"><h3 class="cAuthorPane_author"><a href="https://keja.example/profile/{n}-{who}/">{who}</a></h3></aside><div data-commentid="{id}" class="ipsComment_content"><div class="ipsComment_meta"><a href="https://keja.example/topic/55-serwery/?do=findComment&amp;comment={id}"><time datetime="{iso}">6 Marca</time></a></div>` +
			`<div data-role="commentContent"><p>{words}</p></div></div></article>`,
		time.RFC3339,
	},
	{
		"punbb", "punbb-topic.html", `<div class="post odd firstpost`, `</div></div></div></div></body>`,
		`<div class="post even replypost"><div id="p{id}" class="posthead"><h3 class="hn post-ident"><span class="post-num">{n}</span> <span class="post-byline"><span>Reply by </span><a href="http://breakwater.example/profile.php?id={n}">{who}</a></span> <span class="post-link"><a class="permalink" href="http://breakwater.example/viewtopic.php?pid={id}#p{id}">{when}</a></span></h3></div>` +
			`<div class="postbody"><div class="post-author"><ul class="author-ident"><li class="username"><a href="http://breakwater.example/profile.php?id={n}">{who}</a></li><li class="usertitle"><span>Member</span></li></ul></div><div class="post-entry"><div class="entry-content"><p>{words}</p></div></div></div></div>`,
		"2006-01-02 15:04:05",
	},
	{
		"telegram", "telegram-preview.html", `<div class="tgme_widget_message_wrap"><div class="tgme_widget_message js-widget_message" data-post="locker_nine/34"`, `</section>`,
		`<div class="tgme_widget_message_wrap"><div class="tgme_widget_message js-widget_message" data-post="locker_nine/{id}"><div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author"><a class="tgme_widget_message_owner_name" href="https://t.me/locker_nine"><span>Locker 9</span></a></div><div class="tgme_widget_message_text js-message_text">{words}</div>` +
			`<a class="tgme_widget_message_date" href="https://t.me/locker_nine/{id}"><time datetime="{iso}">08:00</time></a></div></div></div>`,
		time.RFC3339,
	},
	{
		"vanilla", "vanilla-discussion.html", `<li class="Item Alt ItemComment`, `</ul></div></div>`,
		`<li class="Item Alt ItemComment" id="Comment_{id}"><div class="Comment"><div class="Item-Header CommentHeader"><div class="AuthorWrap"><span class="Author"><a href="/profile/{who}" class="Username">{who}</a></span></div><div class="Meta CommentMeta CommentInfo"><span class="MItem DateCreated"><a href="/discussion/comment/{id}/#Comment_{id}" class="Permalink"><time datetime="{iso}">March 2026</time></a></span></div></div>` +
			`<div class="Item-BodyWrap"><div class="Item-Body"><div class="Message userContent">{words}</div></div></div></div></li>`,
		time.RFC3339,
	},
}

// page makes the thread and what it says, oldest reply first.
func (l longThread) page(t *testing.T) (in Input, posts []schemer.Post) {
	t.Helper()
	for _, f := range fixtures(t) {
		if f.file == l.file {
			in = f.input(t)
		}
	}
	head, rest, ok := strings.Cut(string(in.Body), l.from)
	_, foot, ok2 := strings.Cut(rest, l.to)
	if !ok || !ok2 {
		t.Fatalf("%s: marks not found", l.file)
	}
	var body strings.Builder
	body.WriteString(head)
	for k := range 20 {
		who := []string{"cleat", "bollard", "fender", "painter", "hawser", "thole"}[k*k%6]
		if l.engine == "telegram" {
			who = "Locker 9"
		}
		at := time.Date(2026, 3, 6+k/3, 8+k%3*4, 7+k, 0, 0, time.UTC)
		words := fmt.Sprintf("The %d rooms on the quay are let to people who ask %s for nothing but coffee.", k+3, []string{"us", "you", "them"}[k%3])
		posts = append(posts, schemer.Post{Author: who, PostedAt: at, Text: words})
		when := at.Format(l.layout)
		if l.engine == "hyperkitty" {
			when = strings.NewReplacer("AM", "a.m.", "PM", "p.m.").Replace(at.Format("January 2, 2006, 3:04 PM"))
		}
		body.WriteString(strings.NewReplacer("{id}", fmt.Sprint(50100+k), "{n}", fmt.Sprint(k+2), "{who}", who, "{words}", words, "{iso}", at.Format(time.RFC3339), "{when}", when).Replace(l.reply))
	}
	body.WriteString(l.to + foot)
	in.Body = []byte(body.String())
	return in, posts
}

// TestLeaveOneEngineOutOfSavedPages reads threads in the markup of the engines that the fictional internet does not have,
// by their own reader and with it switched off: nine in ten posts are found with their author, date and words.
func TestLeaveOneEngineOutOfSavedPages(t *testing.T) {
	for _, l := range longThreads {
		in, posts := l.page(t)
		whole := map[bool]int{}
		for _, known := range []bool{true, false} {
			doc := Read(in)
			if !known {
				doc = ReadWithout(in, l.engine)
			}
			for _, want := range posts {
				for _, p := range doc.Posts {
					if p.Author == want.Author && p.PostedAt.Equal(want.PostedAt) && p.Text == want.Text {
						whole[known]++
						break
					}
				}
			}
			if whole[known]*10 < len(posts)*9 && len(doc.Posts) > 1 {
				t.Logf("%s by %s: %+v", l.engine, doc.Engine, doc.Posts[1])
			}
		}
		t.Logf("%-12s %d posts, %d by its reader, %d without it", l.engine, len(posts), whole[true], whole[false])
		if whole[true] != len(posts) || whole[false]*10 < len(posts)*9 {
			t.Errorf("%s: %d of %d posts by its reader, %d without it", l.engine, whole[true], len(posts), whole[false])
		}
	}
}
