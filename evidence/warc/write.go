package warc

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// Encoder turns records into gzip members, one a record, at level 1. It keeps its compressor and scratch space, so reuse
// one; it is not safe for concurrent use.
type Encoder struct {
	gz   *gzip.Writer
	head bytes.Buffer
}

// NewEncoder returns an encoder.
func NewEncoder() *Encoder {
	gz, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // a constant level cannot fail
	return &Encoder{gz: gz}
}

// Append compresses r as one gzip member at the end of dst and returns the member's length in bytes. The block is given
// in parts, so that a large body needs no copy; r.Block goes first.
func (e *Encoder) Append(dst *bytes.Buffer, r *Record, more ...[]byte) (int64, error) {
	start := dst.Len()
	length := len(r.Block)
	for _, p := range more {
		length += len(p)
	}
	e.head.Reset()
	if err := appendHead(&e.head, r, length); err != nil {
		return 0, err
	}
	e.gz.Reset(dst)
	if _, err := e.gz.Write(e.head.Bytes()); err != nil {
		return 0, fmt.Errorf("compress %s: %w", r.ID(), err)
	}
	if _, err := e.gz.Write(r.Block); err != nil {
		return 0, fmt.Errorf("compress %s: %w", r.ID(), err)
	}
	for _, p := range more {
		if _, err := e.gz.Write(p); err != nil {
			return 0, fmt.Errorf("compress %s: %w", r.ID(), err)
		}
	}
	if _, err := e.gz.Write(tail); err != nil {
		return 0, fmt.Errorf("compress %s: %w", r.ID(), err)
	}
	if err := e.gz.Close(); err != nil {
		return 0, fmt.Errorf("compress %s: %w", r.ID(), err)
	}
	return int64(dst.Len() - start), nil
}

var tail = []byte("\r\n\r\n")

// Write writes r plain, not compressed.
func Write(w io.Writer, r *Record) error {
	var head bytes.Buffer
	if err := appendHead(&head, r, len(r.Block)); err != nil {
		return err
	}
	for _, b := range [][]byte{head.Bytes(), r.Block, tail} {
		if _, err := w.Write(b); err != nil {
			return fmt.Errorf("write record %s: %w", r.ID(), err)
		}
	}
	return nil
}

// appendHead writes version line and header. A value with a line break would let its author forge fields, so it is
// refused.
func appendHead(b *bytes.Buffer, r *Record, length int) error {
	b.WriteString("WARC/1.1\r\n")
	for _, f := range r.Header {
		if strings.ContainsAny(f.Value, "\r\n") || strings.ContainsAny(f.Name, "\r\n:") || f.Name == "" {
			return fmt.Errorf("field %.60q: line break or colon: %w", f.Name, ErrMalformed)
		}
		b.WriteString(f.Name)
		b.WriteString(": ")
		b.WriteString(f.Value)
		b.WriteString("\r\n")
	}
	b.WriteString(FieldContentLength)
	b.WriteString(": ")
	b.WriteString(strconv.Itoa(length))
	b.WriteString("\r\n\r\n")
	return nil
}
