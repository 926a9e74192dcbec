package warc

import (
	"bytes"
	"crypto/md5"  //nolint:gosec // only to check what other tools wrote
	"crypto/sha1" //nolint:gosec // only to check what other tools wrote
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// FormatDigest writes a SHA-256 the way readers verify it: "sha256:" and 64 lower-case hex digits. Hex is a token in the
// grammar of ISO 28500 §5.8 (the padding of base32 is not) and is what warcio.py, warcio.js and pywb compare.
func FormatDigest(sum [sha256.Size]byte) string { return "sha256:" + hex.EncodeToString(sum[:]) }

// Base32 writes a digest as older readers show it: RFC 4648 base32 without padding.
func Base32(sum []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum)
}

// CheckDigest compares a labelled digest ("sha1:…", "sha256:…", in hex, base32 or base64) with data. It returns false
// when they differ and an error when the label or the form is not known.
func CheckDigest(labelled string, data []byte) (bool, error) {
	algorithm, value, ok := strings.Cut(labelled, ":")
	if !ok {
		return false, fmt.Errorf("digest %.80q: no algorithm: %w", labelled, ErrMalformed)
	}
	var sum []byte
	switch strings.ToLower(strings.ReplaceAll(algorithm, "-", "")) {
	case "sha256":
		s := sha256.Sum256(data)
		sum = s[:]
	case "sha1":
		s := sha1.Sum(data) //nolint:gosec // see above
		sum = s[:]
	case "md5":
		s := md5.Sum(data) //nolint:gosec // see above
		sum = s[:]
	case "sha512":
		s := sha512.Sum512(data)
		sum = s[:]
	default:
		return false, fmt.Errorf("digest algorithm %.40q is not known: %w", algorithm, ErrMalformed)
	}
	want, err := decodeDigest(value, len(sum))
	if err != nil {
		return false, err
	}
	return bytes.Equal(want, sum), nil
}

func decodeDigest(value string, size int) ([]byte, error) {
	if len(value) == hex.EncodedLen(size) {
		if b, err := hex.DecodeString(value); err == nil {
			return b, nil
		}
	}
	bare := strings.TrimRight(value, "=")
	b32 := base32.StdEncoding.WithPadding(base32.NoPadding)
	if len(bare) == b32.EncodedLen(size) {
		if b, err := b32.DecodeString(strings.ToUpper(bare)); err == nil {
			return b, nil
		}
	}
	if len(bare) == base64.RawStdEncoding.EncodedLen(size) {
		if b, err := base64.RawURLEncoding.DecodeString(strings.NewReplacer("+", "-", "/", "_").Replace(bare)); err == nil {
			return b, nil
		}
	}
	return nil, fmt.Errorf("digest value %.100q is neither hex, base32 nor base64 of %d bytes: %w", value, size, ErrMalformed)
}
