package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"net"
	"strconv"
	"strings"
	"time"

	"schemer"
	"schemer/evidence/warc"
)

// builder makes the records of one group; it is pooled, so that a page costs no new compressor and few new buffers.
type builder struct {
	enc     *warc.Encoder
	buf     *bytes.Buffer // of the group that is being made
	hash    hash.Hash
	ids     ids
	members []Member
}

func newBuilder() *builder { return &builder{enc: warc.NewEncoder(), hash: sha256.New()} }

func (b *builder) reset(s ids, buf *bytes.Buffer) {
	b.buf = buf
	b.ids = s
	b.members = nil
}

// sum hashes the pieces one after the other.
func (b *builder) sum(pieces ...[]byte) (out [sha256.Size]byte) {
	b.hash.Reset()
	for _, p := range pieces {
		b.hash.Write(p)
	}
	b.hash.Sum(out[:0])
	return out
}

// add compresses a record and notes where it lies and what its bytes hash to.
func (b *builder) add(r *warc.Record) error {
	at := b.buf.Len()
	n, err := b.enc.Append(b.buf, r)
	if err != nil {
		return err
	}
	sum := b.sum(b.buf.Bytes()[at:])
	b.members = append(b.members, Member{
		Type: r.Type(), ID: r.ID(), Offset: int64(at), Length: n, SHA256: schemer.Digest(hex.EncodeToString(sum[:])),
	})
	return nil
}

// group takes the finished records out of the builder, which may then be used again.
func (b *builder) group() *group {
	return &group{data: b.buf.Bytes(), buf: b.buf, entry: Entry{Records: b.members}}
}

// maxSpace bounds what is kept to be used again; one huge page shall not keep its memory.
const maxSpace = 256 << 10

// space returns an empty buffer for a group.
func (a *Archive) space() *bytes.Buffer {
	if buf, ok := a.spaces.Get().(*bytes.Buffer); ok {
		buf.Reset()
		return buf
	}
	return new(bytes.Buffer)
}

// release gives back the buffers of groups that were written.
func (a *Archive) release(groups []*group) {
	for _, g := range groups {
		if g.buf.Cap() <= maxSpace {
			a.spaces.Put(g.buf)
		}
		g.data, g.buf = nil, nil
	}
}

// Save keeps the exchanges of one fetch, redirect hops first, each as a request, a response (or revisit) and a metadata
// record. On return they are on disk (fsync) and the captures say where; on error none of them counts.
func (a *Archive) Save(ctx context.Context, exchanges []schemer.Exchange) ([]schemer.Capture, error) {
	drafts := make([]draft, len(exchanges))
	for i := range exchanges {
		x := exchanges[i]
		drafts[i].Exchange = &x
	}
	return a.save(ctx, drafts, len(drafts) > 1)
}

// draft is an exchange on its way into the archive.
type draft struct {
	*schemer.Exchange
	origin *Origin // set for an imported one; its RevisitOf is then taken at its word
}

// headerText makes a URL fit for a WARC header, so that it is read back as it was written.
func headerText(url string) string {
	url = strings.ToValidUTF8(url, "\uFFFD")
	for {
		bare := warc.Unbracket(url)
		if bare == url {
			return bare
		}
		url = bare
	}
}

// save keeps drafts; linked says that they are the hops of one fetch.
func (a *Archive) save(ctx context.Context, drafts []draft, linked bool) ([]schemer.Capture, error) {
	if len(drafts) == 0 {
		return nil, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	now := a.opts.Now().UTC().Round(0)
	names := make([]ids, len(drafts))
	chain := make([]schemer.CaptureID, len(drafts))
	for i, d := range drafts {
		d.URL = headerText(d.URL)
		names[i] = a.name4(d)
		peek := names[i]
		chain[i] = schemer.CaptureID(peek.next())
	}
	if !linked {
		chain = nil
	}
	w := &batch{groups: make([]*group, len(drafts)), announced: !a.opts.ReadOnly && quick(drafts)}
	if w.announced {
		a.announce()
	}
	for i, d := range drafts {
		b := a.pool.Get().(*builder)
		b.reset(names[i], a.space())
		g, err := a.build(ctx, b, d, chain, now)
		a.pool.Put(b)
		if err != nil {
			if w.announced {
				a.retract()
			}
			return nil, fmt.Errorf("save %s: %w", d.URL, err)
		}
		w.groups[i] = g
	}
	err := a.commit(ctx, w)
	a.release(w.groups)
	if err != nil {
		return nil, fmt.Errorf("save %s: %w", drafts[0].URL, err)
	}
	out := make([]schemer.Capture, len(drafts))
	for i, g := range w.groups {
		out[i] = *g.entry.Capture
	}
	a.checkpointIfDue(ctx)
	return out, nil
}

// quick tells that making the records needs little CPU and nothing else: others may wait for it. A revisit may have to
// look its original up.
func quick(drafts []draft) bool {
	size := 0
	for i := range drafts {
		if drafts[i].RevisitOf != nil {
			return false
		}
		size += len(drafts[i].Request) + len(drafts[i].Response) + len(drafts[i].Body)
	}
	return size < 1<<20
}

// name4 derives the ids of the records of one exchange: response, request, metadata, in this order.
func (a *Archive) name4(d draft) ids {
	n := a.saves.Add(1)
	return newIDs(a.key.vkey, strconv.FormatInt(n, 10), d.URL, d.Started.UTC().Format(time.RFC3339Nano), strconv.Itoa(d.Hop),
		strconv.Itoa(len(d.Response)))
}

// maxBlock is the largest message that is kept; larger ones could not be read back.
const maxBlock = 64 << 20

// brokenHead is why a response without a whole header has no body.
const brokenHead = "header"

// build makes the group of one exchange.
func (a *Archive) build(ctx context.Context, b *builder, d draft, chain []schemer.CaptureID, now time.Time) (*group, error) {
	if len(d.Response) == 0 || len(d.Response) > maxBlock || len(d.Request) > maxBlock {
		return nil, fmt.Errorf("a response of %d bytes cannot be kept (1 to %d can): %w", len(d.Response), maxBlock, schemer.ErrUsage)
	}
	w, err := parseWire(d.Response)
	if err != nil { // broken off in its header, or no HTTP: kept as it came
		w = wire{head: d.Response}
	}
	started := d.Started.UTC().Round(0)
	if started.IsZero() {
		started = now
	}
	if isResource(d.URL) && len(d.Body) > 0 {
		return a.buildResource(b, d, started, now)
	}
	id, requestID, metaID := b.ids.next(), b.ids.next(), b.ids.next()
	c := a.manifest(b, d, &w, started, now)
	if err != nil {
		c.Response.Truncated = brokenHead
	}
	c.Capture, c.Chain = schemer.CaptureID(id), chain
	if len(d.Request) > 0 {
		c.Request = requestID
		sum := b.sum(d.Request)
		c.Response.RequestWire = schemer.Digest(hex.EncodeToString(sum[:]))
		err := b.add(&warc.Record{Block: d.Request, Header: recordHeader(warc.TypeRequest, requestID, d.URL, started, warc.Header{
			{Name: warc.FieldConcurrentTo, Value: warc.Bracket(id)},
			{Name: warc.FieldContentType, Value: "application/http;msgtype=request"},
			{Name: warc.FieldBlockDigest, Value: warc.FormatDigest(sum)},
		})})
		if err != nil {
			return nil, err
		}
	}
	if c.RevisitOf, err = a.reference(ctx, d, &c.Response); err != nil {
		return nil, err
	}
	if err := b.add(a.responseRecord(b, d, &w, c)); err != nil {
		return nil, err
	}
	return b.finish(c, metaID)
}

// custodyURI begins the WARC-Target-URI of a custody record. Replay tools index metadata records as well; under the
// page's own URI they would show the custody in its place.
const custodyURI = "urn:custody:"

// recordHeader begins a header with the four fields that every record has.
func recordHeader(kind, id, url string, date time.Time, more warc.Header) warc.Header {
	h := make(warc.Header, 0, 5+len(more))
	h.Add(warc.FieldType, kind)
	h.Add(warc.FieldID, warc.Bracket(id))
	h.Add(warc.FieldDate, warc.FormatDate(date))
	h.Add(warc.FieldTarget, url)
	for _, f := range more {
		h.Add(f.Name, f.Value)
	}
	return h
}

// manifest fills in everything of the custody but ids, members and revisit.
func (a *Archive) manifest(b *builder, d draft, w *wire, started, now time.Time) *Custody {
	c := &Custody{
		Format: CustodyFormat, URL: d.URL, Method: d.Method, Hop: d.Hop, Source: d.Target.Source, Kind: string(d.Target.Kind),
		Reason: d.Target.Reason, FoundOn: d.Target.FoundOn, Anchor: d.Target.Anchor, Depth: d.Target.Depth,
		Time: Clocks{
			Started: started, FirstByte: d.FirstByte.UTC().Round(0), Ended: d.Ended.UTC().Round(0), ElapsedNS: int64(d.Elapsed),
			Server: w.field("Date"), Saved: now, Zone: a.opts.Now().Format("MST -0700"),
		},
		Network: d.Network, Policy: d.Policy, Agent: a.agent, ImportedAs: d.origin,
	}
	wireSum, payloadSum := b.sum(d.Response), b.sum(w.payload...)
	r := &c.Response
	r.Status = d.Status
	if n, err := statusOf(w.head); err == nil {
		r.Status = n
	}
	r.ContentType, r.Encoding, r.Transfer = w.field("Content-Type"), w.field("Content-Encoding"), w.field("Transfer-Encoding")
	r.Truncated = d.Truncated
	r.Wire, r.Payload = schemer.Digest(hex.EncodeToString(wireSum[:])), schemer.Digest(hex.EncodeToString(payloadSum[:]))
	r.PayloadBase32 = warc.Base32(payloadSum[:])
	r.WireBytes, r.PayloadBytes, r.DecodedBytes = len(d.Response), w.size(), len(d.Body)
	r.Decoded = r.Payload
	if !w.carries(d.Body) {
		sum := b.sum(d.Body)
		r.Decoded = schemer.Digest(hex.EncodeToString(sum[:]))
	}
	return c
}

// responseRecord makes the response, or the revisit when c refers to an earlier capture.
func (a *Archive) responseRecord(b *builder, d draft, w *wire, c *Custody) *warc.Record {
	block, kind := d.Response, warc.TypeResponse
	var h warc.Header
	if d.Network.Egress == "" || d.Network.Egress == "direct" {
		if host, _, err := net.SplitHostPort(d.Network.Server); err == nil {
			h.Add(warc.FieldIP, host)
		}
	}
	h.Add(warc.FieldConcurrentTo, warc.Bracket(c.Request))
	if ref := c.RevisitOf; ref != nil {
		kind = warc.TypeRevisit
		profile := warc.ProfileNotModified
		if c.Response.Status != 304 {
			profile = warc.ProfileIdenticalPayload
			block = w.head
		}
		h.Add(warc.FieldProfile, profile)
		h.Add(warc.FieldRefersTo, warc.Bracket(string(ref.ID)))
		h.Add(warc.FieldRefersURI, ref.URL)
		h.Add(warc.FieldRefersDate, warc.FormatDate(ref.Date))
	}
	h.Add(warc.FieldContentType, "application/http;msgtype=response")
	h.Add(warc.FieldBlockDigest, a.blockDigest(b, block, d, c))
	if !w.chunked && (c.RevisitOf == nil || c.Response.Status != 304) {
		// Readers hash the payload with its chunk framing, the standard without: where the two differ the digest stands in
		// the custody record only.
		h.Add(warc.FieldPayloadDigest, "sha256:"+string(c.Response.Payload))
	}
	h.Add(warc.FieldTruncated, truncation(c.Response.Truncated))
	return &warc.Record{Block: block, Header: recordHeader(kind, string(c.Capture), d.URL, c.Time.Started, h)}
}

func (a *Archive) blockDigest(b *builder, block []byte, d draft, c *Custody) string {
	if len(block) == len(d.Response) {
		return "sha256:" + string(c.Response.Wire)
	}
	return warc.FormatDigest(b.sum(block))
}

// truncation maps a reason to the words of ISO 28500 §5.13. A body that is whole on the wire and was only not unpacked
// whole is not a truncated record.
func truncation(reason string) string {
	switch reason {
	case "", "ratio", "encoding":
		return ""
	case "length", "time", "disconnect":
		return reason
	}
	return "unspecified"
}

// reference resolves the capture that a revisit points at to one that holds a body. It returns nil, so that the answer
// is kept whole, when the payload is not in truth the same.
func (a *Archive) reference(ctx context.Context, d draft, r *Answer) (*Reference, error) {
	of := d.RevisitOf
	switch {
	case of == nil:
		return nil, nil
	case d.origin != nil && r.Status != 304:
		r.Payload, r.PayloadBase32, r.Decoded, r.DecodedBytes = of.Payload, "", "", 0
	case r.Status != 304 && (r.PayloadBytes == 0 || of.Payload != r.Payload):
		return nil, nil
	}
	if of.File == "" {
		found, err := a.find(ctx, of.ID)
		if errors.Is(err, schemer.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		of = &found
	}
	if of.RevisitOf == "" {
		return &Reference{ID: of.ID, URL: of.URL, Date: of.FetchedAt, File: of.File, Offset: of.Offset, Length: of.Length}, nil
	}
	kept, err := a.read(ctx, *of)
	if err != nil {
		return nil, fmt.Errorf("revisit of %s: %w", of.ID, err)
	}
	return kept.custody.RevisitOf, nil // never a revisit itself
}
