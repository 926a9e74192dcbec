package extract

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"schemer"
)

// readJSON reads the documents that forums serve to programs: Discourse topics, NodeBB topics, Flarum discussions,
// and the rest of a HyperKitty thread.
func readJSON(in Input, text string, doc *schemer.Document) {
	var probe struct {
		PostStream  json.RawMessage `json:"post_stream"`
		Tid         int64           `json:"tid"`
		Data        json.RawMessage `json:"data"`
		Included    json.RawMessage `json:"included"`
		RepliesHTML string          `json:"replies_html"`
	}
	if json.Unmarshal([]byte(text), &probe) != nil {
		return
	}
	switch {
	case probe.PostStream != nil:
		doc.Engine, doc.Posts = discourse.name, discoursePosts(in, []byte(text), doc)
	case probe.Tid > 0:
		doc.Engine, doc.Posts = nodebb.name, nodebbPosts(in, []byte(text), doc)
	case probe.Data != nil && probe.Included != nil:
		doc.Engine, doc.Posts = flarum.name, flarumPosts(in, []byte(`{"apiDocument":`+text+`}`))
	case probe.RepliesHTML != "":
		p, _ := parsePage(in, []byte(probe.RepliesHTML))
		doc.Engine, doc.Posts = hyperkitty.name, p.posts(&hyperkitty)
		p.release()
	default:
		return
	}
	if doc.Kind = schemer.PageOther; len(doc.Posts) > 0 {
		doc.Kind = schemer.PageThread
	}
}

// fillHTML renders a post's HTML from JSON into it.
func fillHTML(in Input, post *schemer.Post, markup string, cut *cuts) {
	p, _ := parsePage(in, []byte(markup))
	defer p.release()
	if p.nodes[p.body].text {
		return
	}
	p.fill(post, p.render(p.body+1, p.end(p.body), cut))
}

// machineStamp reads an ISO date from JSON.
func machineStamp(raw string) (time.Time, string) {
	if at, ok := machineTime(raw); ok {
		return at, "machine"
	}
	return time.Time{}, "none"
}

// discoursePosts reads /t/ID.json. Small actions ("closed", "pinned") are no posts.
func discoursePosts(in Input, text []byte, doc *schemer.Document) []schemer.Post {
	var t struct {
		ID     int64  `json:"id"`
		Title  string `json:"title"`
		Slug   string `json:"slug"`
		Pinned bool   `json:"pinned"`
		Stream struct {
			Posts []struct {
				Number    int    `json:"post_number"`
				Username  string `json:"username"`
				UserTitle string `json:"user_title"`
				Created   string `json:"created_at"`
				Updated   string `json:"updated_at"`
				Version   int    `json:"version"`
				Cooked    string `json:"cooked"`
				Action    string `json:"action_code"`
				TopicID   int64  `json:"topic_id"`
				TopicSlug string `json:"topic_slug"`
				Hidden    bool   `json:"hidden"`
				Deleted   bool   `json:"user_deleted"`
				DeletedAt string `json:"deleted_at"`
			} `json:"posts"`
		} `json:"post_stream"`
	}
	if json.Unmarshal(text, &t) != nil {
		return nil
	}
	b := newBase(in.Capture.URL, "")
	root := b.origin
	if k := strings.Index(b.path, "/t/"); k > 0 {
		root += b.path[:k]
	}
	doc.Title = t.Title
	var posts []schemer.Post
	for _, d := range t.Stream.Posts {
		id, slug := max(t.ID, d.TopicID), t.Slug
		if slug == "" {
			slug = d.TopicSlug
		}
		if d.Action != "" {
			continue
		}
		thread := root + "/t/" + slug + "/" + strconv.FormatInt(id, 10)
		number := strconv.Itoa(d.Number)
		post := schemer.Post{
			Kind: schemer.PostForum, Engine: discourse.name, Confidence: 1, Thread: t.Title, ThreadID: strconv.FormatInt(id, 10), ThreadURL: thread,
			URL: thread + "/" + number, Number: number, Position: d.Number, Sticky: t.Pinned, Author: d.Username, AuthorID: d.Username,
			AuthorURL: root + "/u/" + d.Username, AuthorRank: d.UserTitle, DateRaw: d.Created, Deleted: d.Deleted || d.DeletedAt != "" || d.Hidden,
		}
		post.ID = schemer.PostID(root + "/t/" + post.ThreadID + "/" + number)
		post.PostedAt, post.DateHow = machineStamp(d.Created)
		if d.Version > 1 {
			post.EditedAt, _ = machineStamp(d.Updated)
		}
		if !post.Deleted {
			fillHTML(in, &post, d.Cooked, &discourseCuts)
		}
		posts = append(posts, post)
	}
	return posts
}

// nodebbTopic is what /api/topic/TID answers.
type nodebbTopic struct {
	Tid      int64  `json:"tid"`
	Title    string `json:"titleRaw"`
	Slug     string `json:"slug"`
	Pinned   int    `json:"pinned"`
	Category struct {
		Name string `json:"name"`
	} `json:"category"`
	Posts []struct {
		Pid     json.RawMessage `json:"pid"` // a number, or the address of a post elsewhere
		UID     json.RawMessage `json:"uid"`
		Time    string          `json:"timestampISO"`
		Edited  string          `json:"editedISO"`
		Deleted int             `json:"deleted"`
		Index   int             `json:"index"`
		Content string          `json:"content"`
		User    struct {
			Username  string `json:"username"`
			Slug      string `json:"userslug"`
			Signature string `json:"signature"`
		} `json:"user"`
	} `json:"posts"`
	Pagination struct {
		Next struct {
			Active bool `json:"active"`
			Page   int  `json:"page"`
		} `json:"next"`
	} `json:"pagination"`
}

// nodebbPosts reads /api/topic/TID.
func nodebbPosts(in Input, text []byte, doc *schemer.Document) []schemer.Post {
	var t nodebbTopic
	if json.Unmarshal(text, &t) != nil {
		return nil
	}
	b := newBase(in.Capture.URL, "")
	root := b.origin
	if k := strings.Index(b.path, "/api/"); k > 0 {
		root += b.path[:k]
	}
	doc.Title = t.Title
	if t.Pagination.Next.Active {
		doc.Links = append(doc.Links, schemer.Link{URL: b.origin + b.path + "?page=" + strconv.Itoa(t.Pagination.Next.Page), Kind: linkNext, Rel: "next"})
	}
	var posts []schemer.Post
	for _, d := range t.Posts {
		number := strings.Trim(string(d.Pid), `"`)
		post := schemer.Post{
			Kind: schemer.PostForum, Engine: nodebb.name, Confidence: 1, Board: t.Category.Name, Thread: t.Title, ThreadID: strconv.FormatInt(t.Tid, 10),
			ThreadURL: root + "/topic/" + t.Slug, URL: root + "/post/" + number, Number: number, Position: d.Index + 1, Sticky: t.Pinned == 1,
			Author: d.User.Username, AuthorID: strings.Trim(string(d.UID), `"`), DateRaw: d.Time, Deleted: d.Deleted == 1,
		}
		if d.User.Slug != "" {
			post.AuthorURL = root + "/user/" + d.User.Slug
		}
		post.PostedAt, post.DateHow = machineStamp(d.Time)
		post.EditedAt, _ = machineStamp(d.Edited)
		if !post.Deleted {
			fillHTML(in, &post, d.Content, &nodebb.cut)
			if d.User.Signature != "" {
				var sig schemer.Post
				fillHTML(in, &sig, d.User.Signature, &noCuts)
				post.Signature = sig.Text
			}
		}
		posts = append(posts, post)
	}
	return posts
}
