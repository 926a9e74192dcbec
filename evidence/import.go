package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"

	"schemer"
	"schemer/evidence/warc"
)

// ImportOptions say on whose word and for which source a file is taken in.
type ImportOptions struct {
	Who    string           // who imports; required
	Source schemer.SourceID // source that the captures count to; may be empty
	Basis  string           // legal basis, free text
}

// ImportReport says what became of the records of a file.
type ImportReport struct {
	File     string         `json:"file"`
	SHA256   schemer.Digest `json:"sha256"`
	Captures int            `json:"captures"`
	Skipped  map[string]int `json:"skipped"`  // records of types that are not taken in
	Problems []Finding      `json:"problems"` // records that were refused, and why; at most 1,000
	Refused  int            `json:"refused"`
	Already  bool           `json:"already"` // the same file was imported before; nothing was done
}

const maxURL = 2 << 10

// importKind is the kind of log entry that an import leaves, and the Capture.Kind of what it took in.
const importKind = "import"

// importer is one run of Import.
type importer struct {
	a      *Archive
	opts   ImportOptions
	report *ImportReport
	tool   string // from the warcinfo record
	name   string // of the WARC file being read
	held   []pending
	early  *warc.Record               // a request that comes before its response
	bytes  int                        // of the blocks in held
	byID   map[string]schemer.Capture // by WARC-Record-ID in the imported file
	byHash map[string]schemer.Capture // by payload digest as labelled there
}

// pending is a response that may still meet its request.
type pending struct {
	rec     *warc.Record
	request *warc.Record
	at      warc.Location
}

// Import takes in the captures of a WARC or WACZ file made by other tools. They are marked as imported: what they say
// about origin and time is the word of whoever made the file. Records whose digests lie, whose form is broken or that
// refer to nothing are refused and reported; the rest is kept, each with where it came from. A file that was imported
// before is not imported again.
func (a *Archive) Import(ctx context.Context, path string, o ImportOptions) (ImportReport, error) {
	r := ImportReport{File: baseName(path), Skipped: map[string]int{}, Problems: []Finding{}}
	if o.Who == "" {
		return r, fmt.Errorf("import %s: say who imports (Who): %w", path, schemer.ErrUsage)
	}
	f, err := os.Open(path)
	if err != nil {
		return r, fmt.Errorf("import: %w", notFound(err))
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	size, err := io.Copy(h, f)
	if err != nil {
		return r, fmt.Errorf("import %s: %w", path, err)
	}
	r.SHA256 = schemer.Digest(hex.EncodeToString(h.Sum(nil)))
	if r.Already, err = a.imported(ctx, r.SHA256); err != nil || r.Already {
		return r, err
	}
	im := &importer{a: a, opts: o, report: &r, name: r.File, byID: map[string]schemer.Capture{}, byHash: map[string]schemer.Capture{}}
	magic := make([]byte, 2)
	if _, err := f.ReadAt(magic, 0); err != nil {
		return r, fmt.Errorf("import %s: %d bytes are no WARC or WACZ: %w", path, size, schemer.ErrUsage)
	}
	if string(magic) == "PK" {
		err = im.wacz(ctx, f, size)
	} else {
		err = im.warc(ctx, io.NewSectionReader(f, 0, size))
	}
	if err != nil {
		return r, fmt.Errorf("import %s: %w", path, err)
	}
	data, err := json.Marshal(map[string]any{"sha256": r.SHA256, "captures": r.Captures, "refused": r.Refused})
	if err != nil {
		return r, err
	}
	_, err = a.Append(ctx, Entry{Kind: importKind, Who: o.Who, About: r.File, Data: data})
	return r, err
}

// imported tells whether a file of that digest was imported before.
func (a *Archive) imported(ctx context.Context, sum schemer.Digest) (bool, error) {
	for e, err := range a.Entries(ctx, 0) {
		if err != nil {
			return false, err
		}
		var data struct {
			SHA256 schemer.Digest `json:"sha256"`
		}
		if e.Kind == importKind && json.Unmarshal(e.Data, &data) == nil && data.SHA256 == sum {
			return true, nil
		}
	}
	return false, nil
}

func (im *importer) refuse(at warc.Location, rec *warc.Record, format string, args ...any) {
	im.report.Refused++
	if len(im.report.Problems) >= 1000 {
		return
	}
	f := Finding{File: im.name, Offset: at.Offset, What: fmt.Sprintf(format, args...)}
	if rec != nil {
		f.Record, f.URL = rec.ID(), rec.Target()
	}
	im.report.Problems = append(im.report.Problems, f)
}

// warc takes in the records of one WARC file.
func (im *importer) warc(ctx context.Context, r io.Reader) error {
	rd := warc.NewReader(r, warc.Limits{})
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		rec, at, err := rd.Next()
		switch {
		case errors.Is(err, warc.ErrMalformed) || errors.Is(err, warc.ErrTooBig):
			im.refuse(at, nil, "%v", err)
			if errors.Is(err, io.EOF) {
				return im.flush(ctx, 0)
			}
			continue
		case errors.Is(err, io.EOF):
			return im.flush(ctx, 0)
		case err != nil: // of what the records lie in: a disk, or a zip entry that is broken
			im.refuse(at, nil, "cannot be read on: %v", err)
			return im.flush(ctx, 0)
		}
		if err := im.take(ctx, rec, at); err != nil {
			return err
		}
	}
}

// take sorts one record.
func (im *importer) take(ctx context.Context, rec *warc.Record, at warc.Location) error {
	switch rec.Type() {
	case warc.TypeInfo:
		im.tool = toolOf(rec.Block)
		return nil
	case warc.TypeRequest:
		for i := range im.held {
			h := &im.held[i]
			if h.request == nil && pairs(h.rec, rec) && checkDigests(rec) == "" {
				h.request = rec
				return nil
			}
		}
		if im.early != nil || checkDigests(rec) != "" {
			im.report.Skipped[warc.TypeRequest]++
		}
		if checkDigests(rec) == "" {
			im.early = rec
		}
		return nil
	case warc.TypeResponse, warc.TypeRevisit:
		if what := acceptable(rec); what != "" {
			im.refuse(at, rec, "%s", what)
			return nil
		}
		p := pending{rec: rec, at: at}
		if pairs(rec, im.early) {
			p.request, im.early = im.early, nil
		}
		im.held = append(im.held, p)
		im.bytes += len(rec.Block)
		return im.flush(ctx, 32)
	default:
		im.report.Skipped[rec.Type()]++
		return nil
	}
}

// pairs tells whether a request belongs to a response.
func pairs(response, request *warc.Record) bool {
	return response != nil && request != nil && (warc.Unbracket(request.Header.Get(warc.FieldConcurrentTo)) == response.ID() ||
		warc.Unbracket(response.Header.Get(warc.FieldConcurrentTo)) == request.ID())
}

// acceptable says why a response cannot be taken in, or "".
func acceptable(rec *warc.Record) string {
	u, err := url.Parse(rec.Target())
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return "its target is no web address"
	case len(rec.Target()) > maxURL:
		return fmt.Sprintf("its target is longer than %d bytes", maxURL)
	case !strings.HasPrefix(strings.ToLower(rec.Header.Get(warc.FieldContentType)), "application/http"):
		return "its content is no HTTP message"
	case rec.Date().IsZero():
		return "its date cannot be read"
	case rec.ID() == "":
		return "it has no record id"
	case len(rec.Problems) > 0:
		return strings.Join(rec.Problems, "; ")
	}
	if _, err := parseWire(rec.Block); err != nil {
		return err.Error()
	}
	return checkDigests(rec)
}

// checkDigests says which digest of a record lies, or "". Tools differ on whether the payload counts with its chunk
// framing; either will do.
func checkDigests(rec *warc.Record) string {
	if d := rec.Header.Get(warc.FieldBlockDigest); d != "" {
		if same, err := warc.CheckDigest(d, rec.Block); err != nil || !same {
			return "its block does not hash to its " + warc.FieldBlockDigest
		}
	}
	d := rec.Header.Get(warc.FieldPayloadDigest)
	if d == "" || rec.Type() != warc.TypeResponse {
		return ""
	}
	w, err := parseWire(rec.Block)
	if err != nil {
		return err.Error()
	}
	for _, payload := range [][]byte{w.joined(), w.body} {
		if same, err := warc.CheckDigest(d, payload); err == nil && same {
			return ""
		}
	}
	return "its payload does not hash to its " + warc.FieldPayloadDigest
}

// flush saves held responses until at most keep are left and they hold at most 64 MiB.
func (im *importer) flush(ctx context.Context, keep int) error {
	for len(im.held) > keep || len(im.held) > 0 && im.bytes > 64<<20 {
		p := im.held[0]
		im.held = im.held[1:]
		im.bytes -= len(p.rec.Block)
		if err := im.save(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// save keeps one imported capture.
func (im *importer) save(ctx context.Context, p pending) error {
	rec := p.rec
	x := schemer.Exchange{
		URL: rec.Target(), Response: rec.Block, Started: rec.Date(), Truncated: rec.Header.Get(warc.FieldTruncated),
		Target:  schemer.Target{URL: rec.Target(), Source: im.opts.Source, Kind: importKind, Reason: importKind},
		Network: schemer.Network{Egress: "unknown"},
		Policy:  schemer.Policy{Robots: "unknown", Basis: im.opts.Basis, Operator: im.opts.Who},
	}
	if ip := rec.Header.Get(warc.FieldIP); net.ParseIP(ip) != nil {
		x.Network.Server = ip
	}
	if p.request != nil {
		x.Request = p.request.Block
		method, _, _ := bytes.Cut(p.request.Block[:min(len(p.request.Block), 20)], []byte(" "))
		x.Method = string(method)
	}
	w, err := parseWire(rec.Block)
	if err != nil {
		im.refuse(p.at, rec, "%v", err)
		return nil
	}
	x.Body, _ = decode(w.header(), w.joined())
	digest := rec.Header.Get(warc.FieldPayloadDigest)
	if rec.Type() == warc.TypeRevisit {
		of, ok := im.byID[warc.Unbracket(rec.Header.Get(warc.FieldRefersTo))]
		if !ok && digest != "" {
			of, ok = im.byHash[digest]
		}
		if !ok {
			im.refuse(p.at, rec, "it is a revisit of a record that is not in this file before it")
			return nil
		}
		x.RevisitOf = &of
	}
	origin := &Origin{File: im.name, SHA256: im.report.SHA256, Offset: p.at.Offset, Record: rec.ID(), Tool: im.tool}
	got, err := im.a.save(ctx, []draft{{&x, origin}}, false)
	if errors.Is(err, warc.ErrMalformed) {
		im.refuse(p.at, rec, "%v", err)
		return nil
	}
	if err != nil {
		return err
	}
	im.report.Captures++
	im.byID[rec.ID()] = got[0]
	if digest != "" && rec.Type() == warc.TypeResponse {
		im.byHash[digest] = got[0]
	}
	return nil
}

// toolOf reads the software field of a warcinfo record.
func toolOf(block []byte) string {
	for line := range strings.Lines(string(block[:min(len(block), 8<<10)])) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.EqualFold(strings.TrimSpace(name), "software") {
			value = strings.TrimSpace(strings.Map(oneLine, value))
			return value[:min(len(value), 200)]
		}
	}
	return ""
}
