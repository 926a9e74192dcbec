package evidence

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/mod/sumdb/tlog"

	"schemer"
	"schemer/evidence/warc"
)

// Page is an entry of the page list of a WACZ: where a reader begins.
type Page struct {
	URL   string
	Title string
	At    time.Time
	Text  string // for the search of the replay tool; may be empty
}

// waczVersion is the version of the format (specs.webrecorder.net/wacz/1.1.1).
const waczVersion = "1.1.1"

// waczWriter writes the parts of a WACZ and remembers what they hash to.
type waczWriter struct {
	zip       *zip.Writer
	modified  time.Time
	resources []resource
}

// resource is an entry of datapackage.json.
type resource struct {
	Name  string `json:"name"`
	Path  string `json:"path"`
	Hash  string `json:"hash"`
	Bytes int64  `json:"bytes"`
}

// part is one file of the package while it is written.
type part struct {
	w    *waczWriter
	out  io.Writer
	hash hash.Hash
	path string
	n    int64
}

func (w *waczWriter) begin(path string, method uint16) (*part, error) {
	out, err := w.zip.CreateHeader(&zip.FileHeader{Name: path, Method: method, Modified: w.modified})
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	return &part{w: w, out: out, hash: sha256.New(), path: path}, nil
}

// Write implements io.Writer.
func (p *part) Write(b []byte) (int, error) {
	p.hash.Write(b)
	p.n += int64(len(b))
	return p.out.Write(b)
}

func (p *part) end() {
	p.w.resources = append(p.w.resources, resource{
		Name: p.path[strings.LastIndexByte(p.path, '/')+1:], Path: p.path, Hash: "sha256:" + hex.EncodeToString(p.hash.Sum(nil)), Bytes: p.n,
	})
}

func (w *waczWriter) whole(path string, method uint16, data []byte) error {
	p, err := w.begin(path, method)
	if err != nil {
		return err
	}
	if _, err := p.Write(data); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	p.end()
	return nil
}

// ExportWACZ writes captures, with the bodies that revisits among them refer to, as a WACZ 1.1.1 that replay tools open.
// The WARC records are copied byte for byte. The folder custody holds what ties them to the log of this archive: their
// log entries, their inclusion proofs, the newest checkpoint and the public key. Without pages every captured HTML page
// is listed as one.
func (a *Archive) ExportWACZ(ctx context.Context, w io.Writer, captures []schemer.Capture, pages ...Page) error {
	entries, err := a.entriesOf(ctx, captures)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	created := a.opts.Now().UTC().Truncate(time.Second)
	z := &waczWriter{zip: zip.NewWriter(w), modified: created}
	index, err := a.exportRecords(ctx, z, entries, created)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if len(pages) == 0 {
		pages = pagesOf(entries)
	}
	for _, step := range []func() error{
		func() error { return z.writeIndex(index) },
		func() error { return z.writePages(pages) },
		func() error { return a.exportCustody(z, entries) },
		func() error { return a.writePackage(z, created) },
		z.zip.Close,
	} {
		if err := step(); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	return nil
}

// entriesOf returns the log entries of captures and of what revisits among them refer to, in the order of the log.
func (a *Archive) entriesOf(ctx context.Context, captures []schemer.Capture) ([]Entry, error) {
	wanted := map[schemer.CaptureID]bool{}
	for _, c := range captures {
		wanted[c.ID] = true
		if c.RevisitOf != "" {
			wanted[c.RevisitOf] = true
		}
	}
	var out []Entry
	for e, err := range a.Entries(ctx, 0) {
		if err != nil {
			return nil, err
		}
		if e.Kind == EntryCapture && wanted[e.Capture.ID] && !a.deleted(e.File, e.Capture.Offset) {
			out = append(out, e)
			delete(wanted, e.Capture.ID)
		}
	}
	for _, c := range captures {
		if wanted[c.ID] || wanted[c.RevisitOf] {
			return nil, fmt.Errorf("capture %s, or what it is a revisit of: %w", c.ID, schemer.ErrNotFound)
		}
	}
	return out, nil
}

// exportRecords copies the records and returns the index lines.
func (a *Archive) exportRecords(ctx context.Context, z *waczWriter, entries []Entry, created time.Time) ([]string, error) {
	p, err := z.begin("archive/data.warc.gz", zip.Store)
	if err != nil {
		return nil, err
	}
	var head bytes.Buffer
	names := newIDs("wacz", a.key.vkey, created.Format(time.RFC3339), fmt.Sprint(len(entries)))
	_, err = warc.NewEncoder().Append(&head, &warc.Record{Block: a.agent.fields(), Header: warc.Header{
		{Name: warc.FieldType, Value: warc.TypeInfo},
		{Name: warc.FieldID, Value: warc.Bracket(names.next())},
		{Name: warc.FieldDate, Value: warc.FormatDate(created)},
		{Name: warc.FieldFilename, Value: "data.warc.gz"},
		{Name: warc.FieldContentType, Value: "application/warc-fields"},
	}})
	if err != nil {
		return nil, err
	}
	if _, err := p.Write(head.Bytes()); err != nil {
		return nil, err
	}
	var index []string
	for i := range entries {
		e := &entries[i]
		start := p.n
		if err := a.copyRecords(ctx, p, e); err != nil {
			return nil, fmt.Errorf("capture %s: %w", e.Capture.ID, err)
		}
		line, err := cdxjLine(e.Capture, "data.warc.gz", start+e.Capture.Offset-e.Records[0].Offset)
		if err != nil {
			return nil, err
		}
		index = append(index, line)
	}
	p.end()
	slices.Sort(index)
	return index, nil
}

// copyRecords copies the gzip members of one entry, which must be those that were logged.
func (a *Archive) copyRecords(ctx context.Context, w io.Writer, e *Entry) error {
	f, at, _, err := a.openAt(ctx, e.File, e.Records[0].Offset)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	for _, m := range e.Records {
		raw, err := readAll(f, at, m.Length)
		if err != nil {
			return err
		}
		if schemer.DigestOf(raw) != m.SHA256 {
			return fmt.Errorf("record %s is not what was logged: %w", m.ID, schemer.ErrIntegrity)
		}
		if _, err := w.Write(raw); err != nil {
			return err
		}
		at += m.Length
	}
	return nil
}

// pagesOf lists the captured HTML pages.
func pagesOf(entries []Entry) []Page {
	var out []Page
	for i := range entries {
		c := entries[i].Capture
		if c.Status == 200 && c.RevisitOf == "" && strings.Contains(strings.ToLower(c.ContentType), "html") {
			out = append(out, Page{URL: c.URL, Title: c.URL, At: c.FetchedAt})
		}
	}
	return out
}

// indexBlock is how many index lines are compressed together.
const indexBlock = 300

// writeIndex writes the CDXJ in compressed blocks and the list of the blocks, as py-wacz lays them out.
func (w *waczWriter) writeIndex(lines []string) error {
	var data, list bytes.Buffer
	list.WriteString(`!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}` + "\n")
	for block := range slices.Chunk(lines, indexBlock) {
		start := data.Len()
		gz, err := gzip.NewWriterLevel(&data, gzip.DefaultCompression)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(gz, strings.Join(block, "")); err != nil {
			return err
		}
		if err := gz.Close(); err != nil {
			return err
		}
		prefix, _, _ := strings.Cut(block[0], " {")
		fmt.Fprintf(&list, "%s {\"offset\": %d, \"length\": %d, \"digest\": \"sha256:%s\"}\n", prefix, start, data.Len()-start, schemer.DigestOf(data.Bytes()[start:]))
	}
	if err := w.whole("indexes/index.cdx.gz", zip.Store, data.Bytes()); err != nil {
		return err
	}
	return w.whole("indexes/index.idx", zip.Deflate, list.Bytes())
}

func (w *waczWriter) writePages(pages []Page) error {
	var b bytes.Buffer
	b.WriteString(`{"format": "json-pages-1.0", "id": "pages", "title": "Captured pages"}` + "\n")
	enc := json.NewEncoder(&b)
	for _, p := range pages {
		id := schemer.DigestOf([]byte(p.URL + "\n" + p.At.UTC().Format(time.RFC3339Nano)))
		err := enc.Encode(struct {
			ID    schemer.Digest `json:"id"`
			URL   string         `json:"url"`
			TS    string         `json:"ts"`
			Title string         `json:"title"`
			Text  string         `json:"text,omitempty"`
		}{id[:22], p.URL, p.At.UTC().Format(time.RFC3339), first(p.Title, p.URL), p.Text})
		if err != nil {
			return err
		}
	}
	return w.whole("pages/pages.jsonl", zip.Deflate, b.Bytes())
}

// exportCustody writes what ties the records to the log of the archive.
func (a *Archive) exportCustody(z *waczWriter, entries []Entry) error {
	var lines, proofs bytes.Buffer
	signed, size, err := a.newestCheckpoint()
	if err != nil {
		return err
	}
	enc := json.NewEncoder(&proofs)
	for i := range entries {
		line, err := json.Marshal(&entries[i])
		if err != nil {
			return err
		}
		lines.Write(append(line, '\n'))
		if entries[i].Seq >= size {
			continue // newer than the checkpoint
		}
		proof, err := tlog.ProveRecord(size, entries[i].Seq, tlog.HashReaderFunc(a.storedHashes))
		if err != nil {
			return fmt.Errorf("prove entry %d: %w", entries[i].Seq, err)
		}
		hashes := make([]string, len(proof))
		for j, h := range proof {
			hashes[j] = base64.StdEncoding.EncodeToString(h[:])
		}
		err = enc.Encode(struct {
			Seq    int64    `json:"seq"`
			Size   int64    `json:"size"`
			Hashes []string `json:"hashes"`
		}{entries[i].Seq, size, hashes})
		if err != nil {
			return err
		}
	}
	parts := []struct {
		path string
		data []byte
	}{
		{"custody/entries.jsonl", lines.Bytes()},
		{"custody/proofs.jsonl", proofs.Bytes()},
		{"custody/checkpoint.note", signed},
		{"custody/key.pub", []byte(a.key.vkey + "\n")},
	}
	for _, p := range parts {
		if len(p.data) == 0 {
			continue
		}
		if err := z.whole(p.path, zip.Deflate, p.data); err != nil {
			return err
		}
	}
	return nil
}

// writePackage writes datapackage.json and its signed digest.
func (a *Archive) writePackage(z *waczWriter, created time.Time) error {
	stamp := created.Format(time.RFC3339)
	pkg, err := json.MarshalIndent(struct {
		Profile   string     `json:"profile"`
		Version   string     `json:"wacz_version"`
		Title     string     `json:"title"`
		Created   string     `json:"created"`
		Software  string     `json:"software"`
		Resources []resource `json:"resources"`
	}{"data-package", waczVersion, "Captured evidence", stamp, a.agent.Tool, z.resources}, "", "  ")
	if err != nil {
		return err
	}
	if err := z.whole("datapackage.json", zip.Deflate, pkg); err != nil {
		return err
	}
	digest := struct {
		Path   string         `json:"path"`
		Hash   string         `json:"hash"`
		Signed *signedPackage `json:"signedData,omitempty"`
	}{Path: "datapackage.json", Hash: "sha256:" + string(schemer.DigestOf(pkg))}
	if digest.Signed, err = a.key.signPackage(digest.Hash, stamp, a.agent.Tool); err != nil {
		return err
	}
	b, err := json.MarshalIndent(digest, "", "  ")
	if err != nil {
		return err
	}
	return z.whole("datapackage-digest.json", zip.Deflate, b)
}
