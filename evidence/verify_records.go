package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"

	"schemer"
	"schemer/evidence/warc"
)

// checkRecords reads the records of every log entry again.
func (v *verifier) checkRecords(ctx context.Context) error {
	n := int64(0)
	_, err := eachLine(io.NewSectionReader(v.log.lines, 0, v.log.bytes), func(line []byte, _ int64) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		n++
		if v.opts.Progress != nil {
			v.opts.Progress(n, v.log.size)
		}
		var e Entry
		if !e.parse(line) || len(e.Records) == 0 {
			return nil // not an entry: said by the pass over the log
		}
		if e.Kind == EntryCapture && e.Capture != nil {
			if cut, gone := v.cut(&e); gone {
				v.report.Deleted++
				if !slices.Equal(cut.Records, e.Records) || cut.Payload != e.Capture.Payload || cut.Block != e.Capture.Block {
					v.find(e.File, e.Records[0].Offset, string(e.Capture.ID), e.url(), "tombstone and log differ on what was deleted")
				}
				return nil
			}
			v.report.Captures++
		}
		v.use(ctx, e.File)
		v.checkEntry(ctx, &e)
		return nil
	})
	return err
}

// parse reads a line of the log and tells whether it is an entry.
func (e *Entry) parse(line []byte) bool { return json.Unmarshal(line, e) == nil }

// url returns the URL that an entry is about, for findings.
func (e *Entry) url() string {
	if e.Capture == nil {
		return ""
	}
	return e.Capture.URL
}

// checkEntry checks the records of one entry, alone and together.
func (v *verifier) checkEntry(ctx context.Context, e *Entry) {
	records := make([]*warc.Record, 0, len(e.Records))
	for _, m := range e.Records {
		v.report.Records++
		v.report.Bytes += m.Length
		at, err := v.files.at(e.File, m.Offset)
		if err != nil {
			v.find(e.File, m.Offset, m.ID, e.url(), "%v", err)
			continue
		}
		rec, what := v.checkMember(at, m)
		if what != "" {
			v.find(e.File, at, m.ID, e.url(), "%s", what)
		}
		if rec != nil {
			records = append(records, rec)
		}
	}
	if len(records) < len(e.Records) {
		return
	}
	report := func(format string, args ...any) {
		m := e.Records[len(e.Records)-1]
		at, _ := v.files.at(e.File, m.Offset)
		v.find(e.File, at, m.ID, e.url(), format, args...)
	}
	again, err := entryOf(e.File, records, e.Records)
	if err != nil {
		report("records do not belong together: %v", err)
		return
	}
	again.Seq = e.Seq
	if again.Capture != nil {
		again.Capture.Seq = e.Seq
	}
	if !sameEntry(again, e) {
		report("what the records say is not what the log says")
	}
	if e.Kind == EntryCapture {
		v.checkCapture(ctx, e, records, report)
	}
}

func sameEntry(a, b *Entry) bool {
	return a.Kind == b.Kind && a.At.Equal(b.At) && a.Who == b.Who && a.About == b.About && reflect.DeepEqual(a.Capture, b.Capture) &&
		reflect.DeepEqual(a.Cuts, b.Cuts) && bytes.Equal(a.Data, b.Data)
}

// checkMember checks one record: its bytes against the log, its checksum, header and digests. It returns nil when it
// cannot be read, and what is wrong.
func (v *verifier) checkMember(at int64, m Member) (*warc.Record, string) {
	if v.err != nil {
		return nil, fmt.Sprintf("record is gone: %v", v.err)
	}
	raw, err := readAll(v.open, at, m.Length)
	if err != nil {
		return nil, fmt.Sprintf("record is cut off or gone: the file has %d bytes", v.size)
	}
	wrong := ""
	if schemer.DigestOf(raw) != m.SHA256 {
		wrong = "bytes are not those that were logged"
	}
	rd := warc.NewReader(bytes.NewReader(raw), warc.Limits{})
	rec, loc, err := rd.Next()
	switch {
	case err != nil:
		return nil, first(wrong, "record cannot be read") + ": " + err.Error()
	case loc.Length != m.Length || len(rec.Problems) > 0:
		return rec, first(wrong, fmt.Sprintf("record is malformed: %v", rec.Problems))
	case rec.ID() != m.ID || rec.Type() != m.Type:
		return rec, first(wrong, fmt.Sprintf("record is %s %s", rec.Type(), rec.ID()))
	}
	if err := checkBlock(rec); err != nil {
		return rec, first(wrong, "") + " " + err.Error()
	}
	return rec, wrong
}

// checkCapture checks custody against request and response.
func (v *verifier) checkCapture(ctx context.Context, e *Entry, records []*warc.Record, report func(string, ...any)) {
	if e.Capture != nil && e.Capture.Imported {
		v.report.Imported++
	}
	c, err := parseCustody(records[len(records)-1].Block)
	if err != nil {
		report("%v", err)
		return
	}
	kept := slices.Clone(e.Records[:len(e.Records)-1])
	for i := range kept {
		kept[i].Offset -= e.Records[0].Offset
	}
	if !slices.Equal(kept, c.Members) {
		report("custody names other records than the log")
	}
	response := records[len(records)-2]
	if len(records) == 3 {
		request := records[0]
		if request.Type() != warc.TypeRequest || request.ID() != c.Request ||
			warc.Unbracket(request.Header.Get(warc.FieldConcurrentTo)) != string(c.Capture) || schemer.DigestOf(request.Block) != c.Response.RequestWire {
			report("request and response do not belong together")
		}
	} else if c.Request != "" {
		report("request %s is missing", c.Request)
	}
	if response.Target() != c.URL || response.Header.Get(warc.FieldDate) != warc.FormatDate(c.Time.Started) {
		report("URL or date of the response differs from custody")
	}
	if c.RevisitOf != nil {
		v.checkRevisit(ctx, c, response, report)
		return
	}
	checkAnswer(c, response, report)
}

// checkAnswer computes the digests of a whole response again.
func checkAnswer(c *Custody, response *warc.Record, report func(string, ...any)) {
	if response.Type() == warc.TypeResource {
		if schemer.DigestOf(response.Block) != c.Response.Payload {
			report("resource does not hash to what custody says")
		}
		return
	}
	if schemer.DigestOf(response.Block) != c.Response.Wire {
		report("response does not hash to what custody says")
	}
	if c.Response.Truncated == brokenHead {
		return
	}
	w, err := parseWire(response.Block)
	if err != nil {
		report("%v", err)
		return
	}
	payload := w.joined()
	if schemer.DigestOf(payload) != c.Response.Payload {
		report("payload does not hash to what custody says")
	}
	body, cut := decode(w.header(), payload)
	if cut == "" && c.Response.Truncated == "" && c.Response.DecodedBytes > 0 && schemer.DigestOf(body) != c.Response.Decoded {
		report("decoded body does not hash to what custody says")
	}
}

// checkRevisit checks that the capture with the body is there, and is what the revisit says it is.
func (v *verifier) checkRevisit(ctx context.Context, c *Custody, response *warc.Record, report func(string, ...any)) {
	ref := c.RevisitOf
	if response.Type() != warc.TypeRevisit || warc.Unbracket(response.Header.Get(warc.FieldRefersTo)) != string(ref.ID) {
		report("record and custody differ on what is revisited")
	}
	k, err := v.a.read(ctx, schemer.Capture{ID: ref.ID, File: ref.File, Offset: ref.Offset, Length: ref.Length})
	if err != nil {
		report("the body this revisit refers to is not there: %v", err)
		return
	}
	if c.Response.Status != 304 && k.custody.Response.Payload != c.Response.Payload {
		report("the body this revisit refers to has another digest")
	}
}
