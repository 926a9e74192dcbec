package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"os"
	"time"

	"schemer"
	"schemer/evidence/warc"
)

// file is one WARC file open for reading, wherever it lies.
type file interface {
	io.ReaderAt
	io.Closer
}

// open opens a file of the archive: the local one, else the one in the object store.
func (a *Archive) open(ctx context.Context, name string) (file, int64, error) {
	path, err := a.path(name)
	if err != nil {
		return nil, 0, err
	}
	f, err := os.Open(path)
	if err == nil {
		info, err := f.Stat()
		if err != nil {
			return nil, 0, errors.Join(err, f.Close())
		}
		return f, info.Size(), nil
	}
	if a.blobs != nil && errors.Is(err, os.ErrNotExist) {
		size, err := a.blobs.Size(ctx, name)
		if err != nil {
			return nil, 0, err
		}
		return &remote{ctx: ctx, blobs: a.blobs, name: name, size: size}, size, nil
	}
	return nil, 0, notFound(err)
}

// deleted tells whether what was written at an offset has been deleted since.
func (a *Archive) deleted(file string, offset int64) bool {
	a.mapMu.RLock()
	defer a.mapMu.RUnlock()
	_, err := a.files.at(file, offset)
	return err != nil
}

// openAt opens a file and turns an offset as written into one of the file as it is; both under one lock, so that a
// deletion at the same time cannot come between.
func (a *Archive) openAt(ctx context.Context, name string, offset int64) (f file, at, size int64, err error) {
	a.mapMu.RLock()
	defer a.mapMu.RUnlock()
	if at, err = a.files.at(name, offset); err != nil {
		return nil, 0, 0, err
	}
	if f, size, err = a.open(ctx, name); err != nil {
		return nil, 0, 0, err
	}
	if at < 0 || at >= size {
		return nil, 0, 0, errors.Join(fmt.Errorf("the file ends at %d: %w", size, schemer.ErrIntegrity), f.Close())
	}
	return f, at, size, nil
}

// kept is a capture as read back.
type kept struct {
	response *warc.Record
	custody  *Custody
	request  []byte
}

// read reads the records of one capture and checks that they are its own and unaltered.
func (a *Archive) read(ctx context.Context, c schemer.Capture) (kept, error) {
	fail := func(err error) (kept, error) {
		return kept{}, fmt.Errorf("capture %s at %s#%d: %w", c.ID, c.File, c.Offset, err)
	}
	f, at, size, err := a.openAt(ctx, c.File, c.Offset)
	if err != nil {
		return fail(err)
	}
	defer func() { _ = f.Close() }()
	rd := warc.NewReader(io.NewSectionReader(f, at, size-at), warc.Limits{})
	var k kept
	if k.response, err = nextOwn(rd, string(c.ID), warc.FieldID); err != nil {
		return fail(err)
	}
	meta, err := nextOwn(rd, string(c.ID), warc.FieldRefersTo)
	if err != nil {
		return fail(err)
	}
	if k.custody, err = parseCustody(meta.Block); err != nil {
		return fail(err)
	}
	if k.custody.Request == "" || len(k.custody.Members) < 2 {
		return k, nil
	}
	length := k.custody.Members[0].Length
	if length <= 0 || length > at {
		return fail(fmt.Errorf("request record of %d bytes: %w", length, schemer.ErrIntegrity))
	}
	request, err := nextOwn(warc.NewReader(io.NewSectionReader(f, at-length, length), warc.Limits{}), k.custody.Request, warc.FieldID)
	if err != nil {
		return fail(err)
	}
	k.request = request.Block
	return k, nil
}

// nextOwn reads the next record, which must name id in the field and have the digest that it says it has.
func nextOwn(rd *warc.Reader, id, field string) (*warc.Record, error) {
	rec, _, err := rd.Next()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, schemer.ErrIntegrity)
	}
	if got := warc.Unbracket(rec.Header.Get(field)); got != id {
		return nil, fmt.Errorf("found %s %.80q with %s %.80q, expected %q: %w", rec.Type(), rec.ID(), field, got, id, schemer.ErrIntegrity)
	}
	if err := checkBlock(rec); err != nil {
		return nil, err
	}
	return rec, nil
}

func checkBlock(rec *warc.Record) error {
	digest := rec.Header.Get(warc.FieldBlockDigest)
	if digest == "" {
		return nil
	}
	same, err := warc.CheckDigest(digest, rec.Block)
	if err != nil {
		return fmt.Errorf("%w: %w", err, schemer.ErrIntegrity)
	}
	if !same {
		return fmt.Errorf("block of %s does not hash to its %s: %w", rec.ID(), warc.FieldBlockDigest, schemer.ErrIntegrity)
	}
	return nil
}

// Load reads a capture back from its WARC records. A revisit is followed to the capture that holds the body; Header is
// then that capture's header with the fields of the revisit over it. Body is decoded under caps (10 MiB, ratio 100) and
// Truncated says when that cut it. The error wraps schemer.ErrNotFound when the capture is unknown or deleted and
// schemer.ErrIntegrity when its bytes are not those that were kept.
func (a *Archive) Load(ctx context.Context, c schemer.Capture) (schemer.Exchange, error) {
	if c.File == "" {
		found, err := a.find(ctx, c.ID)
		if err != nil {
			return schemer.Exchange{}, err
		}
		c = found
	}
	k, err := a.read(ctx, c)
	if err != nil {
		return schemer.Exchange{}, err
	}
	x := k.exchange()
	if k.response.Type() == warc.TypeResource {
		x.Header, x.Body, x.Response = http.Header{"Content-Type": {k.custody.Response.ContentType}}, k.response.Block, nil
		return x, nil
	}
	if k.custody.Response.Truncated == brokenHead {
		return x, nil
	}
	w, err := parseWire(k.response.Block)
	if err != nil {
		return x, fmt.Errorf("capture %s: %w", c.ID, err)
	}
	x.Header = w.header()
	ref := k.custody.RevisitOf
	if ref == nil {
		var cut string
		x.Body, cut = decode(x.Header, w.joined())
		x.Truncated = first(x.Truncated, cut)
		return x, nil
	}
	of := schemer.Capture{ID: ref.ID, URL: ref.URL, FetchedAt: ref.Date, File: ref.File, Offset: ref.Offset, Length: ref.Length}
	x.RevisitOf = &of
	body, err := a.read(ctx, of)
	if err != nil {
		return x, fmt.Errorf("capture %s is a revisit: %w", c.ID, err)
	}
	if body.custody.RevisitOf != nil {
		return x, fmt.Errorf("capture %s is a revisit of %s, which is one itself: %w", c.ID, of.ID, schemer.ErrIntegrity)
	}
	w, err = parseWire(body.response.Block)
	if err != nil {
		return x, fmt.Errorf("capture %s: %w", of.ID, err)
	}
	header := w.header()
	var cut string
	x.Body, cut = decode(header, w.joined())
	x.Truncated = first(x.Truncated, body.custody.Response.Truncated, cut)
	newer := x.Header
	newer.Del("Content-Length")
	newer.Del("Content-Encoding")
	newer.Del("Transfer-Encoding")
	maps.Copy(header, newer)
	x.Header = header
	return x, nil
}

// exchange fills in what the custody says.
func (k *kept) exchange() schemer.Exchange {
	c := k.custody
	return schemer.Exchange{
		URL: c.URL, Method: c.Method, Request: k.request, Response: k.response.Block, Status: c.Response.Status,
		Truncated: c.Response.Truncated, Hop: c.Hop, Started: c.Time.Started, FirstByte: c.Time.FirstByte, Ended: c.Time.Ended,
		Elapsed: time.Duration(c.Time.ElapsedNS), Network: c.Network, Policy: c.Policy,
		Target: schemer.Target{
			URL: c.URL, Source: c.Source, Kind: schemer.TargetKind(c.Kind), Reason: c.Reason, FoundOn: c.FoundOn,
			Anchor: c.Anchor, Depth: c.Depth,
		},
	}
}

func first(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// Custody returns the chain of custody of a capture as it was kept.
func (a *Archive) Custody(ctx context.Context, c schemer.Capture) (*Custody, error) {
	k, err := a.read(ctx, c)
	if err != nil {
		return nil, err
	}
	return k.custody, nil
}

// Entries yields the log from position from on, as far as it reached when the iteration began.
func (a *Archive) Entries(ctx context.Context, from int64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		a.mu.Lock()
		end := a.log.bytes
		a.mu.Unlock()
		n := int64(0)
		_, err := eachLine(io.NewSectionReader(a.log.lines, 0, end), func(line []byte, _ int64) error {
			if n++; n <= from {
				return nil
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			var e Entry
			if err := json.Unmarshal(line, &e); err != nil {
				return fmt.Errorf("log line %d: %w: %w", n-1, err, schemer.ErrIntegrity)
			}
			if !yield(e, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(Entry{}, err)
		}
	}
}

var errStop = errors.New("stop")

// Captures yields every capture that was not deleted, in the order in which they were kept (Seq).
func (a *Archive) Captures(ctx context.Context) iter.Seq2[schemer.Capture, error] {
	return a.CapturesFrom(ctx, 0)
}

// CapturesFrom is Captures from a position of the log on: one after the Seq that was read last.
func (a *Archive) CapturesFrom(ctx context.Context, seq int64) iter.Seq2[schemer.Capture, error] {
	return func(yield func(schemer.Capture, error) bool) {
		for e, err := range a.Entries(ctx, seq) {
			if err != nil {
				yield(schemer.Capture{}, err)
				return
			}
			if e.Kind != EntryCapture || e.Capture == nil {
				continue
			}
			if a.deleted(e.File, e.Capture.Offset) {
				continue
			}
			if !yield(*e.Capture, nil) {
				return
			}
		}
	}
}

// remote reads a file of the object store by ranges.
type remote struct {
	ctx   context.Context // of the call that opened it; it ends with that call
	blobs Blobs
	name  string
	size  int64
}

// ReadAt implements io.ReaderAt.
func (r *remote) ReadAt(p []byte, off int64) (int, error) {
	if off >= r.size {
		return 0, io.EOF
	}
	n := min(int64(len(p)), r.size-off)
	body, err := r.blobs.Get(r.ctx, r.name, off, n)
	if err != nil {
		return 0, err
	}
	defer func() { _ = body.Close() }()
	got, err := io.ReadFull(body, p[:n])
	if err == nil && n < int64(len(p)) {
		err = io.EOF
	}
	return got, err
}

// Close implements io.Closer.
func (r *remote) Close() error { return nil }

// readAll reads a stretch of a file into memory.
func readAll(f io.ReaderAt, offset, length int64) ([]byte, error) {
	var b bytes.Buffer
	n, err := b.ReadFrom(io.NewSectionReader(f, offset, length))
	if err == nil && n < length {
		err = io.ErrUnexpectedEOF
	}
	return b.Bytes(), err
}
