package schemer

import (
	"net/http"
	"time"
)

// Exchange is one request and its answer as they went over the wire. Request and Response are byte-exact, chunked
// framing and header case included; Body is what the response carries after transfer and content decoding.
type Exchange struct {
	URL       string
	Method    string
	Request   []byte
	Response  []byte
	Status    int
	Header    http.Header
	Body      []byte
	Truncated string // why the body is not whole: length, time, disconnect, ratio; empty when whole (WARC-Truncated)
	Target    Target
	Hop       int       // 0 for the first request, 1 for the first redirect followed, …
	Started   time.Time // UTC
	FirstByte time.Time
	Ended     time.Time
	Elapsed   time.Duration // monotonic, from Started to Ended
	Network   Network
	Policy    Policy
	RevisitOf *Capture // identical payload or 304: the capture that holds the body; saved as a WARC revisit record
}

// Network says how the bytes travelled.
type Network struct {
	Server      string   `json:"server,omitempty"` // ip:port connected to (the proxy's, when there is one)
	Resolved    []string `json:"resolved,omitempty"`
	Egress      string   `json:"egress"` // direct, http://…, socks5h://…
	Protocol    string   `json:"protocol,omitempty"`
	TLSVersion  string   `json:"tls_version,omitempty"`
	TLSCipher   string   `json:"tls_cipher,omitempty"`
	CertSHA256  []Digest `json:"cert_sha256,omitempty"` // chain as sent, leaf first
	CertTrusted bool     `json:"cert_trusted,omitempty"`
}

// Policy says under which rules the request was allowed.
type Policy struct {
	UserAgent    string `json:"user_agent"`
	Robots       string `json:"robots"` // allowed, none, unreachable, ignored: <reason>
	RobotsSHA256 Digest `json:"robots_sha256,omitempty"`
	Basis        string `json:"basis,omitempty"`
	ConfigSHA256 Digest `json:"config_sha256,omitempty"`
	Operator     string `json:"operator,omitempty"`
}

// Capture is the kept form of an exchange: where its records lie and what they hash to.
type Capture struct {
	ID          CaptureID `json:"id"`
	URL         string    `json:"url"`
	Source      SourceID  `json:"source"`
	Kind        string    `json:"kind"` // the target's kind, or screenshot, import
	FetchedAt   time.Time `json:"fetched_at"`
	Status      int       `json:"status"`
	ContentType string    `json:"content_type,omitempty"`
	Payload     Digest    `json:"payload"` // over the entity body as sent: transfer decoded, still content-encoded
	Block       Digest    `json:"block"`   // over the whole HTTP response as on the wire
	File        string    `json:"file"`    // WARC file, relative to the archive
	Offset      int64     `json:"offset"`  // of the response (or revisit) record's gzip member
	Length      int64     `json:"length"`
	RevisitOf   CaptureID `json:"revisit_of,omitempty"`
	Truncated   string    `json:"truncated,omitempty"`
	FoundOn     CaptureID `json:"found_on,omitempty"`
	Seq         int64     `json:"seq"` // position in the custody log
	Imported    bool      `json:"imported,omitempty"`
}
