// Package schemer holds the nouns of the project: what is watched ([Source], [Target]), what was seen ([Exchange],
// [Capture]), how it was read ([Document], [Post], [Mention]), who is meant ([Reseller], [Binding]), what was found
// ([Signal], [Hit]) and what is proposed ([Candidate], [Edition]).
//
// A type that crosses a package border lives here. The package imports the standard library only and does no I/O; it
// has no clock, no randomness and no network, so that everything computed from it can be computed again.
package schemer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

// The errors that a caller must be able to tell apart. They are mapped to exit codes (cmd/schemer) and to HTTP
// statuses (web) in one place each.
var (
	// ErrNotFound: the named thing does not exist.
	ErrNotFound = errors.New("not found")
	// ErrLocked: another process holds the data directory.
	ErrLocked = errors.New("data directory is locked")
	// ErrIntegrity: kept bytes are not the bytes that were kept.
	ErrIntegrity = errors.New("integrity failure")
	// ErrPolicy: refused by policy (robots, scope, private address, egress).
	ErrPolicy = errors.New("refused by policy")
	// ErrUsage: the caller's words are off; the message says how.
	ErrUsage = errors.New("usage")
	// ErrPartial: some of the work was done and some could not be.
	ErrPartial = errors.New("partial result")
)

// Identifiers are distinct string types, so that one cannot be passed for another.
type (
	// SourceID names a source: lower-case letters, digits and hyphens, for a discovered site its host name.
	SourceID string
	// CaptureID is the WARC-Record-ID of the response record without angle brackets: "urn:uuid:…".
	CaptureID string
	// PostID is stable over captures: the first 32 hex digits of SHA-256 over site and permalink.
	PostID string
	// ResellerID is stable over runs: "r-" and 12 hex digits of SHA-256 over its smallest hard identifier.
	ResellerID string
	// SignalID names a rule file: scoring/signals/<id>.yaml.
	SignalID string
	// Digest is a SHA-256 in 64 lower-case hex digits.
	Digest string
)

// DigestOf returns the SHA-256 of b.
func DigestOf(b []byte) Digest {
	sum := sha256.Sum256(b)
	return Digest(hex.EncodeToString(sum[:]))
}

// NewPostID derives the stable id of a post from its site (host) and permalink or in-site key.
func NewPostID(site, permalink string) PostID {
	return PostID(DigestOf([]byte(site + "\n" + permalink))[:32])
}
