package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"schemer"
	"schemer/internal/pipeline"
)

// postLine is one line of "schemer posts --json", a contract of its own: other programs read it.
type postLine struct {
	URL        string          `json:"url"`
	Site       string          `json:"site"`
	Engine     string          `json:"engine"`
	Kind       string          `json:"kind"`
	Board      string          `json:"board"`
	Thread     string          `json:"thread"`
	PostID     string          `json:"post_id"`
	Author     string          `json:"author"`
	PostedAt   string          `json:"posted_at"` // RFC 3339, "" when unknown
	Text       string          `json:"text"`
	Quotes     []schemer.Quote `json:"quotes"`
	Signature  string          `json:"signature"`
	CapturedAt string          `json:"captured_at"`
	SHA256     schemer.Digest  `json:"sha256"`
	GoneSince  string          `json:"gone_since,omitempty"`
	Title      string          `json:"title,omitempty"`
	Role       string          `json:"role,omitempty"`
	Lang       string          `json:"lang,omitempty"`
}

func (a *app) postsCommand() *cobra.Command {
	var site string
	var pages bool
	cmd := &cobra.Command{
		Use:   "posts",
		Short: "stream every post as read (--json: one object a line)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.look(cmd.Context(), func(p *pipeline.Pipeline) error {
				w := bufio.NewWriterSize(os.Stdout, 1<<16)
				enc := json.NewEncoder(w)
				enc.SetEscapeHTML(false)
				err := p.Posts(cmd.Context(), site, func(post *schemer.Post) error {
					if post.Kind == schemer.PostPage && !pages {
						return nil
					}
					line := newPostLine(post)
					if a.JSON {
						return enc.Encode(line)
					}
					_, err := fmt.Fprintf(w, "%s  %s  %s\n  %s\n", line.PostedAt, printable(line.Author), printable(line.URL), clip(printable(line.Text), 160))
					return err
				})
				return errors.Join(err, w.Flush())
			})
		},
	}
	cmd.Flags().StringVar(&site, "site", "", "only this host")
	cmd.Flags().BoolVar(&pages, "pages", false, "also whole pages of sites, which are kept like posts")
	return cmd
}

func newPostLine(p *schemer.Post) postLine {
	line := postLine{
		URL: p.URL, Site: p.Site, Engine: p.Engine, Kind: string(p.Kind), Board: p.Board, Thread: p.Thread,
		PostID: p.Number, Author: p.Author, PostedAt: rfc3339(p.PostedAt), Text: p.Text, Quotes: p.Quotes,
		Signature: p.Signature, CapturedAt: rfc3339(p.CapturedAt), SHA256: p.SHA256, GoneSince: rfc3339(p.GoneSince),
		Title: p.Title, Role: p.Role, Lang: p.Lang,
	}
	if line.Quotes == nil {
		line.Quotes = []schemer.Quote{}
	}
	return line
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
