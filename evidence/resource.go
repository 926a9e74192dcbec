package evidence

import (
	"encoding/json"
	"strings"
	"time"

	"schemer"
	"schemer/evidence/warc"
)

// isResource tells whether an exchange was made up round something that no server sent: its URL is a urn, as in
// "urn:screenshot:https://…".
func isResource(url string) bool { return strings.HasPrefix(url, "urn:") }

// buildResource makes the group of a resource: its Body as a WARC resource record, and its custody. The HTTP message that
// was made up round it is not kept.
func (a *Archive) buildResource(b *builder, d draft, started, now time.Time) (*group, error) {
	dressed := wire{head: d.Response}
	if w, err := parseWire(d.Response); err == nil {
		dressed = w
	}
	x := *d.Exchange
	x.Response, x.Request = x.Body, nil
	d.Exchange = &x
	c := a.manifest(b, d, &wire{payload: [][]byte{x.Body}, whole: true}, started, now)
	c.Response.ContentType = first(dressed.field("Content-Type"), "application/octet-stream")
	id, metaID := b.ids.next(), b.ids.next()
	c.Capture = schemer.CaptureID(id)
	err := b.add(&warc.Record{Block: x.Body, Header: recordHeader(warc.TypeResource, id, x.URL, started, warc.Header{
		{Name: warc.FieldContentType, Value: c.Response.ContentType},
		{Name: warc.FieldBlockDigest, Value: "sha256:" + string(c.Response.Wire)},
		{Name: warc.FieldPayloadDigest, Value: "sha256:" + string(c.Response.Payload)},
	})})
	if err != nil {
		return nil, err
	}
	return b.finish(c, metaID)
}

// finish adds the custody record to the records made so far, the last of which is the response, and takes the group out.
func (b *builder) finish(c *Custody, metaID string) (*group, error) {
	c.Members = b.members
	response := b.members[len(b.members)-1]
	block, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	id := warc.Bracket(string(c.Capture))
	err = b.add(&warc.Record{Block: block, Header: recordHeader(warc.TypeMetadata, metaID, custodyURI+c.URL, c.Time.Started, warc.Header{
		{Name: warc.FieldRefersTo, Value: id},
		{Name: warc.FieldConcurrentTo, Value: id},
		{Name: warc.FieldContentType, Value: "application/json"},
		{Name: warc.FieldBlockDigest, Value: warc.FormatDigest(b.sum(block))},
	})})
	if err != nil {
		return nil, err
	}
	g := b.group()
	g.entry.At, g.entry.Kind, g.entry.Capture = c.Time.Saved, EntryCapture, c.capture("", response)
	return g, nil
}
