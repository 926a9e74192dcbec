package evidence

import (
	"fmt"
	"strings"
	"time"

	"schemer"
)

// Finding is one thing that Verify found wrong.
type Finding struct {
	File   string `json:"file"`
	Offset int64  `json:"offset"` // in the file as it lies there
	Record string `json:"record,omitempty"`
	URL    string `json:"url,omitempty"`
	What   string `json:"what"`
}

// String writes the finding on one line.
func (f Finding) String() string {
	s := fmt.Sprintf("%s#%d", f.File, f.Offset)
	if f.Record != "" {
		s += " " + f.Record
	}
	if f.URL != "" {
		s += " " + f.URL
	}
	return s + ": " + f.What
}

// Report says what Verify looked at and found.
type Report struct {
	Files       int       `json:"files"`
	Records     int64     `json:"records"`
	Bytes       int64     `json:"bytes"`
	Captures    int64     `json:"captures"`
	Imported    int64     `json:"imported"` // of the captures
	Deleted     int64     `json:"deleted"`  // captures of which only a tombstone is left
	Entries     int64     `json:"entries"`  // of the log
	Unsigned    int64     `json:"unsigned"` // of the entries, those after the newest checkpoint
	Checkpoints int       `json:"checkpoints"`
	Timestamps  int       `json:"timestamps"`
	Signed      time.Time `json:"signed,omitzero"`   // when the newest checkpoint was signed, by the own clock
	Stamped     time.Time `json:"stamped,omitzero"`  // the newest time that a time-stamping authority vouches for
	Root        string    `json:"root"`              // base64 root of the log
	PublicKey   string    `json:"public_key"`        // as found in the archive
	KeyPinned   bool      `json:"key_pinned"`        // compared with a key that was kept elsewhere
	Anchored    bool      `json:"anchored"`          // compared with a checkpoint that was kept elsewhere
	ChainTrust  bool      `json:"timestamp_trusted"` // time-stamps were checked up to given root certificates
	Findings    []Finding `json:"findings"`
}

// Err returns nil for a sound archive, else an error that wraps schemer.ErrIntegrity and names the first finding.
func (r *Report) Err() error {
	if len(r.Findings) == 0 {
		return nil
	}
	return fmt.Errorf("%d findings, the first: %s: %w", len(r.Findings), r.Findings[0], schemer.ErrIntegrity)
}

// Statement says in plain words what was checked, and what that proves and does not prove.
func (r *Report) Statement() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Checked: %d captures in %d records (%d bytes, %d files), %d log entries, %d checkpoints, %d time-stamps.\n",
		r.Captures, r.Records, r.Bytes, r.Files, r.Entries, r.Checkpoints, r.Timestamps)
	if len(r.Findings) > 0 {
		fmt.Fprintf(&b, "NOT SOUND: %d findings. Until they are explained nothing is proved about the records they name.\n", len(r.Findings))
		return b.String()
	}
	b.WriteString("Proved: every record hashes to what was logged when it was written; no record or log entry is missing, added or moved.\n")
	if r.Unsigned > 0 {
		fmt.Fprintf(&b, "The last %d log entries are not under a signed checkpoint yet.\n", r.Unsigned)
	}
	switch {
	case r.Anchored:
		b.WriteString("The log continues the checkpoint that was kept elsewhere: everything before that checkpoint is as it was then.\n")
	case r.KeyPinned:
		b.WriteString("The checkpoints are signed with the key that was kept elsewhere.\n")
	default:
		b.WriteString("Compared with nothing outside this archive: who holds its key could have made all of it anew. Compare a checkpoint or the public key with a copy kept elsewhere.\n")
	}
	switch {
	case r.Stamped.IsZero():
		b.WriteString("No time-stamp of a third party: the times are those of the capturing machine.\n")
	case r.ChainTrust:
		fmt.Fprintf(&b, "A time-stamping authority that you trust vouches that what it stamped existed on %s.\n", r.Stamped.Format(time.RFC3339))
	default:
		fmt.Fprintf(&b, "A time-stamping authority says that what it stamped existed on %s; its certificate was not checked up to a root that you trust.\n",
			r.Stamped.Format(time.RFC3339))
	}
	b.WriteString("Not proved by any hash: that the server sent the same to others, that what it sent is true, who wrote it, or that TLS was not intercepted before it reached this machine.\n")
	if r.Imported > 0 {
		fmt.Fprintf(&b, "%d captures were imported: what they claim about origin and time is the word of whoever made the file.\n", r.Imported)
	}
	if r.Deleted > 0 {
		fmt.Fprintf(&b, "%d captures were deleted on purpose; their digests remain in the log, their content does not.\n", r.Deleted)
	}
	return b.String()
}
