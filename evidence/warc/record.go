// Package warc reads and writes WARC 1.1 (ISO 28500:2017): records of what was asked and answered on the web, one gzip
// member a record.
//
// Writing is strict and deterministic: the same record gives the same bytes. Reading is tolerant and capped, because a
// file may come from anybody: what is off about a record is said in its Problems, and what cannot be read is an error
// that wraps [ErrMalformed] or [ErrTooBig], never a panic and never more memory than [Limits] allow.
package warc

import (
	"errors"
	"strings"
	"time"
)

// The errors that a caller tells apart.
var (
	// ErrMalformed: the bytes are not a WARC record.
	ErrMalformed = errors.New("malformed WARC record")
	// ErrTooBig: a record or header is larger than the limits allow.
	ErrTooBig = errors.New("WARC record over the limit")
)

// The record types of ISO 28500 §6 that this project writes or reads.
const (
	TypeInfo     = "warcinfo"
	TypeRequest  = "request"
	TypeResponse = "response"
	TypeResource = "resource"
	TypeMetadata = "metadata"
	TypeRevisit  = "revisit"
)

// The revisit profiles of ISO 28500 §6.7.
const (
	ProfileIdenticalPayload = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
	ProfileNotModified      = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
)

// The names of the fields that this project writes (ISO 28500 §5).
const (
	FieldType          = "WARC-Type"
	FieldID            = "WARC-Record-ID"
	FieldDate          = "WARC-Date"
	FieldTarget        = "WARC-Target-URI"
	FieldIP            = "WARC-IP-Address"
	FieldInfoID        = "WARC-Warcinfo-ID"
	FieldConcurrentTo  = "WARC-Concurrent-To"
	FieldRefersTo      = "WARC-Refers-To"
	FieldRefersURI     = "WARC-Refers-To-Target-URI"
	FieldRefersDate    = "WARC-Refers-To-Date"
	FieldProfile       = "WARC-Profile"
	FieldBlockDigest   = "WARC-Block-Digest"
	FieldPayloadDigest = "WARC-Payload-Digest"
	FieldTruncated     = "WARC-Truncated"
	FieldFilename      = "WARC-Filename"
	FieldContentType   = "Content-Type"
	FieldContentLength = "Content-Length"
)

// Field is one named header field.
type Field struct {
	Name  string
	Value string
}

// Header is the header of a record in the order of the file.
type Header []Field

// Get returns the value of the first field of that name, letter case aside, and "" when there is none.
func (h Header) Get(name string) string {
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			return h[i].Value
		}
	}
	return ""
}

// Add appends a field unless its value is empty.
func (h *Header) Add(name, value string) {
	if value != "" {
		*h = append(*h, Field{name, value})
	}
}

// Record is one WARC record, whole in memory.
type Record struct {
	Version  string   // "WARC/1.1" when written here; as found when read
	Header   Header   // without Content-Length when written: it follows from Block
	Block    []byte   // the content block
	Problems []string // what was off when read, in plain words; nil for a sound record
}

// Type returns WARC-Type.
func (r *Record) Type() string { return strings.ToLower(r.Header.Get(FieldType)) }

// ID returns WARC-Record-ID without angle brackets.
func (r *Record) ID() string { return Unbracket(r.Header.Get(FieldID)) }

// Target returns WARC-Target-URI; angle brackets, which some WARC 1.0 writers put round it, are taken off.
func (r *Record) Target() string { return Unbracket(r.Header.Get(FieldTarget)) }

// Date returns WARC-Date in UTC; the zero time when it is absent or cannot be read.
func (r *Record) Date() time.Time {
	t, err := time.Parse(time.RFC3339Nano, r.Header.Get(FieldDate))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// Bracket puts a URI into the angle brackets that WARC-Record-ID and its like ask for.
func Bracket(uri string) string {
	if uri == "" {
		return ""
	}
	return "<" + uri + ">"
}

// Unbracket takes the angle brackets off.
func Unbracket(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && s[0] == '<' && s[len(s)-1] == '>' {
		return s[1 : len(s)-1]
	}
	return s
}

// FormatDate writes t as WARC-Date with microseconds (WARC 1.1 allows one to nine digits).
func FormatDate(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
