package store

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"schemer"
)

// appendPost appends a post in the very bytes of [json.Marshal], without reflection: a page has twenty posts, and their
// encoding was a tenth of what a page costs the store. What the store itself adds to a post (first and last sighting,
// gone, superseded) is left out.
func appendPost(b []byte, p *schemer.Post) ([]byte, error) {
	o := object{b: append(b, '{')}
	o.text("id", string(p.ID))
	o.text("url", p.URL)
	o.text("site", p.Site)
	o.text("source", string(p.Source))
	o.text("source_kind", string(p.SourceKind))
	o.text("kind", string(p.Kind))
	o.text("engine", p.Engine)
	o.float("confidence", p.Confidence)
	o.some("board", p.Board)
	o.some("thread", p.Thread)
	o.some("thread_id", p.ThreadID)
	o.some("thread_url", p.ThreadURL)
	o.text("number", p.Number)
	o.someInt("position", p.Position)
	o.someTrue("sticky", p.Sticky)
	o.some("role", p.Role)
	o.some("subject", p.Subject)
	if p.Rating != 0 {
		o.float("rating", p.Rating)
	}
	o.text("author", p.Author)
	o.some("author_id", p.AuthorID)
	o.some("author_url", p.AuthorURL)
	o.some("author_rank", p.AuthorRank)
	o.someTime("posted_at", p.PostedAt)
	o.some("date_how", p.DateHow)
	o.some("date_raw", p.DateRaw)
	o.someTime("edited_at", p.EditedAt)
	o.some("title", p.Title)
	o.text("text", p.Text)
	someList(&o, "blocks", p.Blocks, (*object).block)
	someList(&o, "quotes", p.Quotes, (*object).quote)
	o.some("signature", p.Signature)
	o.some("hidden", p.Hidden)
	o.some("lang", p.Lang)
	o.someTrue("deleted", p.Deleted)
	someList(&o, "mentions", p.Mentions, (*object).mention)
	if p.Identity != nil {
		o.any("identity", p.Identity)
	}
	o.text("capture", string(p.Capture))
	o.name("captured_at")
	o.time(p.CapturedAt)
	o.text("sha256", string(p.SHA256))
	o.some("warc", p.WARC)
	if o.err != nil {
		return b, fmt.Errorf("encode post %s: %w", p.ID, o.err)
	}
	return append(o.b, '}'), nil
}

func (o *object) block(v *schemer.Block) {
	o.text("kind", v.Kind)
	o.someInt("level", v.Level)
	o.int("start", v.Start)
	o.int("end", v.End)
	if len(v.Headings) > 0 {
		o.name("headings")
		for i, h := range v.Headings {
			o.b = append(o.b, "[,"[min(i, 1)])
			o.b = appendString(o.b, h)
		}
		o.b = append(o.b, ']')
	}
}

func (o *object) quote(v *schemer.Quote) {
	o.some("author", v.Author)
	o.some("post", v.Post)
	o.text("text", v.Text)
}

func (o *object) mention(v *schemer.Mention) {
	o.text("kind", v.Kind)
	o.text("value", v.Value)
	o.text("field", v.Field)
	o.int("start", v.Start)
	o.int("end", v.End)
	o.some("raw", v.Raw)
	o.someTrue("checked", v.Checked)
}

// object appends the members of a JSON object; the methods called some… leave out empty values.
type object struct {
	b   []byte
	err error
}

// name begins a member.
func (o *object) name(name string) {
	if o.b[len(o.b)-1] != '{' {
		o.b = append(o.b, ',')
	}
	o.b = append(o.b, '"')
	o.b = append(o.b, name...)
	o.b = append(o.b, '"', ':')
}

func (o *object) text(name, value string) {
	o.name(name)
	o.b = appendString(o.b, value)
}

func (o *object) some(name, value string) {
	if value != "" {
		o.text(name, value)
	}
}

func (o *object) int(name string, value int) {
	o.name(name)
	o.b = strconv.AppendInt(o.b, int64(value), 10)
}

func (o *object) someInt(name string, value int) {
	if value != 0 {
		o.int(name, value)
	}
}

func (o *object) someTrue(name string, value bool) {
	if value {
		o.name(name)
		o.b = append(o.b, "true"...)
	}
}

// float writes the usual numbers; the rest is left to [json.Marshal].
func (o *object) float(name string, value float64) {
	if size := math.Abs(value); value != 0 && size < 1e-6 || size >= 1e21 || math.IsNaN(value) {
		o.any(name, value)
		return
	}
	o.name(name)
	o.b = strconv.AppendFloat(o.b, value, 'f', -1, 64)
}

func (o *object) someTime(name string, value time.Time) {
	if !value.IsZero() {
		o.name(name)
		o.time(value)
	}
}

func (o *object) time(value time.Time) {
	b, err := value.AppendText(append(o.b, '"'))
	if err != nil {
		o.err = err
		return
	}
	o.b = append(b, '"')
}

func (o *object) any(name string, value any) {
	b, err := json.Marshal(value)
	if err != nil {
		o.err = err
		return
	}
	o.name(name)
	o.b = append(o.b, b...)
}

// someList appends a list of objects.
func someList[T any](o *object, name string, list []T, write func(*object, *T)) {
	if len(list) == 0 {
		return
	}
	o.name(name)
	for i := range list {
		o.b = append(o.b, "[,"[min(i, 1)], '{')
		write(o, &list[i])
		o.b = append(o.b, '}')
	}
	o.b = append(o.b, ']')
}

const lowerHex = "0123456789abcdef"

// appendString quotes as [json.Marshal] does: what HTML or JavaScript would stumble over is escaped, bytes that are no
// UTF-8 become U+FFFD.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' {
				i++
				continue
			}
			b = append(b, s[from:i]...)
			b = appendEscape(b, c)
			i++
			from = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || r == '\u2028' || r == '\u2029' {
			b = append(b, s[from:i]...)
			b = append(b, '\\', 'u', lowerHex[r>>12&15], lowerHex[r>>8&15], lowerHex[r>>4&15], lowerHex[r&15])
			from = i + size
		}
		i += size
	}
	b = append(b, s[from:]...)
	return append(b, '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	case '\b':
		return append(b, '\\', 'b')
	case '\f':
		return append(b, '\\', 'f')
	}
	return append(b, '\\', 'u', '0', '0', lowerHex[c>>4], lowerHex[c&15])
}
