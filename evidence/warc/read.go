package warc

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// Limits bound what one record may cost. The zero value means the defaults.
type Limits struct {
	Block  int64 // bytes of one content block; 0 means 64 MiB
	Header int64 // bytes of one record header; 0 means 64 KiB
	Bad    int   // unreadable places passed over before a file is given up; 0 means 1,000
}

func (l Limits) filled() Limits {
	if l.Block <= 0 {
		l.Block = 64 << 20
	}
	if l.Header <= 0 {
		l.Header = 64 << 10
	}
	if l.Bad <= 0 {
		l.Bad = 1000
	}
	return l
}

// Location says where a record lies in its file: the offset and length in bytes of its gzip member, or of the plain
// record when the file is not compressed.
type Location struct {
	Offset int64
	Length int64
}

// Reader reads the records of a file in order, gzip or plain.
type Reader struct {
	limits Limits
	under  *counter
	in     *bufio.Reader
	gz     *gzip.Reader
	zipped bool
	bad    int
	inner  *Reader // records after the first inside one gzip member, which is wrong but happens
	at     Location
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// NewReader reads from r; whether it is gzip is seen from its first bytes.
func NewReader(r io.Reader, limits Limits) *Reader {
	under := &counter{r: r}
	rd := &Reader{limits: limits.filled(), under: under, in: bufio.NewReaderSize(under, 16<<10)}
	magic, _ := rd.in.Peek(2)
	rd.zipped = len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b
	return rd
}

// Offset returns how many bytes of the file have been read for the records so far.
func (r *Reader) Offset() int64 { return r.under.n - int64(r.in.Buffered()) }

// Next returns the next record and where it lies; io.EOF at the end of the file. After an error that wraps ErrMalformed
// or ErrTooBig it may be called again and goes on at the next place that looks like a record. Any other error is of the
// underlying reader.
func (r *Reader) Next() (*Record, Location, error) {
	for {
		if r.inner != nil {
			rec, _, err := r.inner.Next()
			if !errors.Is(err, io.EOF) {
				if rec != nil {
					rec.Problems = append(rec.Problems, "several records in one gzip member")
				}
				return rec, r.at, r.count(err)
			}
			r.inner = nil
		}
		rec, loc, err := r.next()
		if rec == nil && err == nil {
			continue
		}
		return rec, loc, r.count(err)
	}
}

func (r *Reader) count(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	if r.bad++; r.bad > r.limits.Bad {
		return fmt.Errorf("%d unreadable places, file given up (%s): %w", r.bad, err.Error(), io.EOF)
	}
	return err
}

func (r *Reader) next() (*Record, Location, error) {
	r.at = Location{Offset: r.Offset()}
	if !r.zipped {
		rec, err := r.plain(r.in)
		r.at.Length = r.Offset() - r.at.Offset
		return rec, r.at, err
	}
	if _, err := r.in.Peek(1); err != nil {
		return nil, r.at, err
	}
	data, err := r.member()
	r.at.Length = r.Offset() - r.at.Offset
	if err != nil {
		r.resync([]byte{0x1f, 0x8b, 0x08})
		return nil, r.at, fmt.Errorf("gzip member at %d: %w", r.at.Offset, err)
	}
	rec, left, err := r.unpacked(data)
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = fmt.Errorf("gzip member at %d is empty: %w", r.at.Offset, ErrMalformed)
		}
		return nil, r.at, err
	}
	if len(bytes.TrimRight(left, "\r\n")) > 0 {
		if bytes.HasPrefix(bytes.TrimLeft(left, "\r\n"), []byte("WARC/")) {
			r.inner = NewReader(bytes.NewReader(left), r.limits)
		} else {
			rec.Problems = append(rec.Problems, fmt.Sprintf("%d bytes after the block", len(left)))
		}
	}
	return rec, r.at, nil
}

// member decompresses one gzip member under the limits; its checksum and length are checked by the decompressor.
func (r *Reader) member() ([]byte, error) {
	var err error
	if r.gz == nil {
		r.gz, err = gzip.NewReader(r.in)
	} else {
		err = r.gz.Reset(r.in)
	}
	if err != nil {
		r.gz = nil
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	r.gz.Multistream(false)
	limit := r.limits.Block + r.limits.Header + 4
	var out bytes.Buffer
	out.Grow(4 << 10)
	n, err := out.ReadFrom(io.LimitReader(r.gz, limit+1))
	if err != nil {
		r.gz = nil
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if n > limit { // a bomb is not unpacked to find its end
		return nil, fmt.Errorf("more than %d bytes: %w", limit, ErrTooBig)
	}
	return out.Bytes(), nil
}

// unpacked reads the record in the bytes of a member without copying its block, and returns what is left after it.
func (r *Reader) unpacked(data []byte) (*Record, []byte, error) {
	from := bytes.NewReader(data)
	in := bufio.NewReaderSize(from, 4<<10)
	rec, err := r.head(in)
	if err != nil {
		return nil, nil, err
	}
	length, err := r.length(rec)
	if err != nil {
		return nil, nil, err
	}
	rest := data[len(data)-from.Len()-in.Buffered():]
	if int64(len(rest)) < length {
		return nil, nil, fmt.Errorf("record %.80q: block ends after %d of %d bytes: %w", rec.ID(), len(rest), length, ErrMalformed)
	}
	rec.Block, rest = rest[:length:length], rest[length:]
	if bytes.HasPrefix(rest, tail) {
		return rec, rest[len(tail):], nil
	}
	rec.Problems = append(rec.Problems, lyingLength)
	return rec, rest, nil
}

const lyingLength = "block is not followed by two line breaks: its Content-Length lies"

// length returns the Content-Length of a record; the error wraps ErrTooBig when it is over the limit.
func (r *Reader) length(rec *Record) (int64, error) {
	text := strings.TrimSpace(rec.Header.Get(FieldContentLength))
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("record %.80q: Content-Length %.40q: %w", rec.ID(), text, ErrMalformed)
	}
	if n > r.limits.Block {
		return n, fmt.Errorf("record %.80q: block of %d bytes: %w", rec.ID(), n, ErrTooBig)
	}
	return n, nil
}

// resync skips to the next mark, so that one bad place costs one record and not the file.
func (r *Reader) resync(mark []byte) {
	for {
		window, err := r.in.Peek(r.in.Size())
		i := bytes.Index(window, mark)
		if i > 0 || i == 0 && r.Offset() > r.at.Offset {
			_, _ = r.in.Discard(i)
			return
		}
		if i == 0 { // the bad place itself
			_, _ = r.in.Discard(1)
			continue
		}
		if err != nil {
			_, _ = r.in.Discard(len(window))
			return
		}
		_, _ = r.in.Discard(max(1, len(window)-len(mark)+1))
	}
}

// plain reads one uncompressed record.
func (r *Reader) plain(in *bufio.Reader) (*Record, error) {
	rec, err := r.head(in)
	if err != nil {
		if in == r.in && !errors.Is(err, io.EOF) {
			if next, _ := in.Peek(5); string(next) != "WARC/" {
				r.resync([]byte("\nWARC/"))
			}
		}
		return nil, err
	}
	length, err := r.length(rec)
	if err != nil {
		_, _ = io.CopyN(io.Discard, in, length)
		return nil, err
	}
	var block bytes.Buffer // grows with what is there, not with what the header promises
	n, err := block.ReadFrom(io.LimitReader(in, length))
	rec.Block = block.Bytes()
	if err != nil {
		return nil, fmt.Errorf("record %.80q: %w", rec.ID(), err)
	}
	if n < length {
		return nil, fmt.Errorf("record %.80q: block ends after %d of %d bytes: %w", rec.ID(), n, length, ErrMalformed)
	}
	end, _ := in.Peek(4)
	if bytes.Equal(end, tail) {
		_, _ = in.Discard(4)
	} else {
		rec.Problems = append(rec.Problems, lyingLength)
	}
	return rec, nil
}

// head reads the version line and the fields.
func (r *Reader) head(in *bufio.Reader) (*Record, error) {
	left := r.limits.Header
	line, err := readLine(in, &left)
	for err == nil && line == "" { // stray line breaks between records
		line, err = readLine(in, &left)
	}
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(line, "WARC/") {
		return nil, fmt.Errorf("version line %.40q: %w", line, ErrMalformed)
	}
	rec := &Record{Version: line}
	for {
		line, err = readLine(in, &left)
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("header ends early: %w", ErrMalformed)
		}
		if err != nil {
			return nil, err
		}
		if line == "" {
			return rec, nil
		}
		if (line[0] == ' ' || line[0] == '\t') && len(rec.Header) > 0 {
			rec.Header[len(rec.Header)-1].Value += " " + strings.TrimSpace(line)
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			rec.Problems = append(rec.Problems, fmt.Sprintf("header line %.60q has no colon", line))
			continue
		}
		rec.Header = append(rec.Header, Field{strings.TrimSpace(name), strings.TrimSpace(value)})
	}
}

// readLine returns a line without its break, whichever it is, and takes its length off left.
func readLine(in *bufio.Reader, left *int64) (string, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if *left -= int64(len(part)); *left < 0 {
			return "", fmt.Errorf("record header: %w", ErrTooBig)
		}
		line = append(line, part...)
		if err == nil || errors.Is(err, io.EOF) && len(line) > 0 {
			return strings.TrimRight(string(line), "\r\n"), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
	}
}
