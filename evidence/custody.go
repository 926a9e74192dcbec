package evidence

import (
	"crypto/sha512"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"schemer"
)

// CustodyFormat names the version of the custody manifest.
const CustodyFormat = "schemer-custody/1"

// Custody is the chain of custody of one capture: who fetched what, when, how, under which rules, with which program,
// and what came back hashes to. It is the JSON of the metadata record that follows every response.
type Custody struct {
	Format     string              `json:"format"`
	Capture    schemer.CaptureID   `json:"capture"`
	Request    string              `json:"request,omitempty"` // WARC-Record-ID of the request
	URL        string              `json:"url"`
	Method     string              `json:"method,omitempty"`
	Hop        int                 `json:"hop"`
	Chain      []schemer.CaptureID `json:"redirect_chain,omitempty"` // all hops of the fetch, in order
	Source     schemer.SourceID    `json:"source,omitempty"`
	Kind       string              `json:"kind,omitempty"`
	Reason     string              `json:"reason,omitempty"`
	FoundOn    schemer.CaptureID   `json:"found_on,omitempty"`
	Anchor     string              `json:"anchor,omitempty"`
	Depth      int                 `json:"depth,omitempty"`
	Time       Clocks              `json:"time"`
	Network    schemer.Network     `json:"network"`
	Policy     schemer.Policy      `json:"policy"`
	Agent      Agent               `json:"agent"`
	Response   Answer              `json:"response"`
	Members    []Member            `json:"members,omitempty"` // request and response as kept; offsets count from the first of them
	RevisitOf  *Reference          `json:"revisit_of,omitempty"`
	ImportedAs *Origin             `json:"imported,omitempty"`
}

// Clocks are the times of a fetch: the wall clock, the monotonic clock and the server's.
type Clocks struct {
	Started   time.Time `json:"started"`
	FirstByte time.Time `json:"first_byte,omitzero"`
	Ended     time.Time `json:"ended,omitzero"`
	ElapsedNS int64     `json:"elapsed_ns"`            // monotonic, from Started to Ended
	Server    string    `json:"server_date,omitempty"` // the Date header as sent
	Saved     time.Time `json:"saved"`
	Zone      string    `json:"local_zone"` // of the machine, e.g. "CET +0100"
}

// Agent says which program took the capture, on what.
type Agent struct {
	Tool     string `json:"tool"`
	Revision string `json:"vcs_revision,omitempty"`
	Modified bool   `json:"vcs_modified,omitempty"`
	Go       string `json:"go"`
	OS       string `json:"os"`
	Host     string `json:"host,omitempty"`
	PID      int    `json:"pid"`
}

// Answer says what came back. Wire is over the whole HTTP response as it was on the wire, Payload over its body without
// transfer coding but still compressed, Decoded over what a reader sees.
type Answer struct {
	Status        int            `json:"status"`
	ContentType   string         `json:"content_type,omitempty"`
	Encoding      string         `json:"content_encoding,omitempty"`
	Transfer      string         `json:"transfer_encoding,omitempty"`
	Truncated     string         `json:"truncated,omitempty"`
	Wire          schemer.Digest `json:"wire_sha256"`
	Payload       schemer.Digest `json:"payload_sha256"`
	PayloadBase32 string         `json:"payload_sha256_base32,omitempty"`
	Decoded       schemer.Digest `json:"decoded_sha256,omitempty"`
	RequestWire   schemer.Digest `json:"request_sha256,omitempty"`
	WireBytes     int            `json:"wire_bytes"`
	PayloadBytes  int64          `json:"payload_bytes"`
	DecodedBytes  int            `json:"decoded_bytes"`
}

// Reference names the capture that holds the body of a revisit.
type Reference struct {
	ID     schemer.CaptureID `json:"id"`
	URL    string            `json:"url"`
	Date   time.Time         `json:"date"`
	File   string            `json:"file"`
	Offset int64             `json:"offset"` // as written, like Capture.Offset
	Length int64             `json:"length"`
}

// Origin says where an imported capture comes from. What it claims about itself was not seen by this program.
type Origin struct {
	File   string         `json:"file"`
	SHA256 schemer.Digest `json:"sha256"` // of the imported file
	Offset int64          `json:"offset"` // of the record in it
	Record string         `json:"record"` // its WARC-Record-ID there
	Tool   string         `json:"tool,omitempty"`
}

func newAgent(tool string) Agent {
	a := Agent{Tool: tool, Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH, PID: os.Getpid()}
	a.Host, _ = os.Hostname()
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				a.Revision = s.Value
			case "vcs.modified":
				a.Modified = s.Value == "true"
			}
		}
	}
	return a
}

// fields writes the agent as the application/warc-fields of a warcinfo record.
func (a Agent) fields() []byte {
	var b strings.Builder
	software := a.Tool
	if a.Revision != "" {
		software += " (" + a.Revision + ")"
	}
	fmt.Fprintf(&b, "software: %s\r\n", strings.Map(oneLine, software))
	fmt.Fprintf(&b, "format: WARC File Format 1.1\r\nconformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n")
	fmt.Fprintf(&b, "hostname: %s\r\ngo: %s\r\nos: %s\r\n", strings.Map(oneLine, a.Host), a.Go, a.OS)
	return []byte(b.String())
}

func oneLine(r rune) rune {
	if r < ' ' {
		return ' '
	}
	return r
}

// capture derives what the rest of the program knows of a capture from its custody and its response record.
func (c *Custody) capture(file string, response Member) *schemer.Capture {
	out := &schemer.Capture{
		ID: c.Capture, URL: c.URL, Source: c.Source, Kind: c.Kind, FetchedAt: c.Time.Started, Status: c.Response.Status,
		ContentType: c.Response.ContentType, Payload: c.Response.Payload, Block: c.Response.Wire, File: file,
		Offset: response.Offset, Length: response.Length, Truncated: c.Response.Truncated, FoundOn: c.FoundOn,
		Imported: c.ImportedAs != nil,
	}
	if c.RevisitOf != nil {
		out.RevisitOf = c.RevisitOf.ID
	}
	return out
}

func parseCustody(block []byte) (*Custody, error) {
	var c Custody
	if err := json.Unmarshal(block, &c); err != nil {
		return nil, fmt.Errorf("custody: %w: %w", err, schemer.ErrIntegrity)
	}
	if c.Format != CustodyFormat {
		return nil, fmt.Errorf("custody format %.40q, expected %q: %w", c.Format, CustodyFormat, schemer.ErrIntegrity)
	}
	return &c, nil
}

// ids hands out record ids: UUIDs of version 8 (RFC 9562 §5.8) cut from a SHA-512 over what makes a fetch unique, so
// that the same fetch saved at the same moment into the same archive has the same ids.
type ids struct {
	sum  [sha512.Size]byte
	used int
}

func newIDs(parts ...string) ids {
	h := sha512.New()
	for _, p := range parts {
		h.Write([]byte(strconv.Itoa(len(p))))
		h.Write([]byte{':'})
		h.Write([]byte(p))
	}
	var out ids
	h.Sum(out.sum[:0])
	return out
}

func (s *ids) next() string {
	u := s.sum[s.used*16 : s.used*16+16]
	s.used++
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

func baseName(path string) string { return filepath.Base(filepath.FromSlash(path)) }
