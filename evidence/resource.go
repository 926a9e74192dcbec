package evidence

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"schemer"
	"schemer/evidence/warc"
)

// Resource is something that was made of a page and not sent by a server: a screenshot.
type Resource struct {
	URL         string // of the page
	Kind        string // Capture.Kind, e.g. "screenshot"; required
	ContentType string // e.g. "image/png"; required
	Body        []byte
	Source      schemer.SourceID
	Of          schemer.CaptureID // capture of the page it was made of; may be empty
	At          time.Time         // when it was made; zero means now
	Network     schemer.Network
	Policy      schemer.Policy
}

// SaveResource keeps a resource as a WARC resource record with its custody. It is durable on return. Its target URI is
// urn:<kind>:<url>, so that replay tools do not take it for the page.
func (a *Archive) SaveResource(ctx context.Context, r Resource) (schemer.Capture, error) {
	if r.URL == "" || r.Kind == "" || r.ContentType == "" || len(r.Body) == 0 || len(r.Body) > maxBlock {
		return schemer.Capture{}, fmt.Errorf("save resource of %q: URL, Kind, ContentType and a Body up to %d bytes are required: %w", r.URL, maxBlock, schemer.ErrUsage)
	}
	now := a.opts.Now().UTC().Round(0)
	at := r.At.UTC().Round(0)
	if at.IsZero() {
		at = now
	}
	b := a.pool.Get().(*builder)
	defer a.pool.Put(b)
	sum := b.sum(r.Body)
	digest := schemer.Digest(hex.EncodeToString(sum[:]))
	b.reset(newIDs(a.key.vkey, fmt.Sprint(a.saves.Add(1)), r.Kind, r.URL, string(digest)))
	id, metaID := b.ids.next(), b.ids.next()
	uri := "urn:" + r.Kind + ":" + r.URL
	c := &Custody{
		Format: CustodyFormat, Capture: schemer.CaptureID(id), URL: uri, Source: r.Source, Kind: r.Kind, Reason: r.Kind, FoundOn: r.Of,
		Time:    Clocks{Started: at, Saved: now, Zone: a.opts.Now().Format("MST -0700")},
		Network: r.Network, Policy: r.Policy, Agent: a.agent,
		Response: Answer{
			ContentType: r.ContentType, Wire: digest, Payload: digest, PayloadBase32: warc.Base32(sum[:]), Decoded: digest,
			WireBytes: len(r.Body), PayloadBytes: int64(len(r.Body)), DecodedBytes: len(r.Body),
		},
	}
	err := b.add(&warc.Record{Block: r.Body, Header: recordHeader(warc.TypeResource, id, uri, at, warc.Header{
		{Name: warc.FieldContentType, Value: r.ContentType},
		{Name: warc.FieldBlockDigest, Value: warc.FormatDigest(sum)},
		{Name: warc.FieldPayloadDigest, Value: warc.FormatDigest(sum)},
	})})
	if err != nil {
		return schemer.Capture{}, fmt.Errorf("save resource of %s: %w", r.URL, err)
	}
	g, err := b.finish(c, metaID)
	if err != nil {
		return schemer.Capture{}, fmt.Errorf("save resource of %s: %w", r.URL, err)
	}
	if err := a.commit(ctx, &batch{groups: []*group{g}}); err != nil {
		return schemer.Capture{}, fmt.Errorf("save resource of %s: %w", r.URL, err)
	}
	return *g.entry.Capture, nil
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
