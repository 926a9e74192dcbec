package extract

import (
	"encoding/json"
	"strconv"

	"schemer"
)

// flarumThing is a JSON:API resource: a discussion, post, user or tag.
type flarumThing struct {
	Type       string `json:"type"`
	ID         string `json:"id"`
	Attributes struct {
		Title    string `json:"title"`
		Slug     string `json:"slug"`
		Sticky   bool   `json:"isSticky"`
		Name     string `json:"name"`
		Username string `json:"username"`
		Number   int    `json:"number"`
		Created  string `json:"createdAt"`
		Edited   string `json:"editedAt"`
		Hidden   bool   `json:"isHidden"`
		Sort     string `json:"contentType"`
		HTML     string `json:"contentHtml"`
	} `json:"attributes"`
	Relationships struct {
		User struct {
			Data struct {
				ID string `json:"id"`
			} `json:"data"`
		} `json:"user"`
		Tags struct {
			Data []struct {
				ID string `json:"id"`
			} `json:"data"`
		} `json:"tags"`
	} `json:"relationships"`
}

// flarumPosts reads the payload of a discussion page, or of the API in the same form. Events (renamed, locked) are no
// posts.
func flarumPosts(in Input, payload []byte) []schemer.Post {
	var doc struct {
		API struct {
			Data     json.RawMessage `json:"data"`
			Included []flarumThing   `json:"included"`
		} `json:"apiDocument"`
	}
	var d flarumThing
	if json.Unmarshal(payload, &doc) != nil || json.Unmarshal(doc.API.Data, &d) != nil || d.Type != "discussions" {
		return nil
	}
	users, board := map[string]flarumThing{}, ""
	for _, t := range doc.API.Included {
		switch t.Type {
		case "users":
			users[t.ID] = t
		case "tags":
			for _, tag := range d.Relationships.Tags.Data {
				if tag.ID == t.ID && board == "" {
					board = t.Attributes.Name
				}
			}
		}
	}
	b := newBase(in.Capture.URL, "")
	url := b.origin + "/d/" + d.Attributes.Slug
	if d.Attributes.Slug == "" {
		url = b.origin + "/d/" + d.ID
	}
	var posts []schemer.Post
	for _, t := range doc.API.Included {
		if t.Type != "posts" || t.Attributes.Sort != "comment" {
			continue
		}
		number := strconv.Itoa(t.Attributes.Number)
		u := users[t.Relationships.User.Data.ID]
		post := schemer.Post{
			Kind: schemer.PostForum, Engine: "flarum", Confidence: 1, Board: board, Thread: d.Attributes.Title, ThreadID: d.ID, ThreadURL: url,
			URL: url + "/" + number, Number: t.ID, Position: t.Attributes.Number, Sticky: d.Attributes.Sticky, Author: u.Attributes.Username, AuthorID: u.ID,
			DateRaw: t.Attributes.Created, Deleted: t.Attributes.Hidden, ID: schemer.PostID(b.origin + "/d/" + d.ID + "/" + number),
		}
		if u.Attributes.Username != "" {
			post.AuthorURL = b.origin + "/u/" + u.Attributes.Username
		}
		post.PostedAt, post.DateHow = machineStamp(t.Attributes.Created)
		post.EditedAt, _ = machineStamp(t.Attributes.Edited)
		if !post.Deleted {
			fillHTML(in, &post, t.Attributes.HTML, &flarumCuts)
		}
		posts = append(posts, post)
	}
	return posts
}
