package evidence

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"schemer"
)

// key signs checkpoints. The secret half lies in log/key (mode 0600), the public half in log/key.pub, both in the form
// of golang.org/x/mod/sumdb/note.
type key struct {
	origin string // name of the log and of the key: "schemer-" and 16 hex digits of the public key's SHA-256
	vkey   string
	verify note.Verifier
	signer note.Signer // nil when opened read-only
	public ed25519.PublicKey
	export *ecdsa.PrivateKey // signs WACZ packages; nil when there is none and none may be made
}

const algEd25519 = 1 // the byte that note puts before an Ed25519 key

// openKey reads the key of the log, or makes one when the log has none yet.
func openKey(dir string, readOnly bool) (*key, error) {
	vkey, err := os.ReadFile(filepath.Join(dir, "key.pub"))
	if errors.Is(err, fs.ErrNotExist) && !readOnly {
		if old, _ := filepath.Glob(filepath.Join(dir, "checkpoints", "*.note")); len(old) > 0 {
			return nil, fmt.Errorf("%s/key.pub is gone but there are signed checkpoints: put the key back: %w", dir, schemer.ErrIntegrity)
		}
		k, err := makeKey(dir)
		if err != nil {
			return nil, err
		}
		k.export, err = openPackageKey(dir, false)
		return k, err
	}
	if err != nil {
		return nil, fmt.Errorf("read key: %w", notFound(err))
	}
	k := &key{vkey: strings.TrimSpace(string(vkey))}
	if k.verify, err = note.NewVerifier(k.vkey); err != nil {
		return nil, fmt.Errorf("%s/key.pub: %w: %w", dir, err, schemer.ErrIntegrity)
	}
	k.origin = k.verify.Name()
	if k.export, err = openPackageKey(dir, readOnly); err != nil {
		return nil, err
	}
	if k.public, err = keyBytes(k.vkey); err != nil {
		return nil, err
	}
	if readOnly {
		return k, nil
	}
	skey, err := os.ReadFile(filepath.Join(dir, "key"))
	if err != nil {
		return nil, fmt.Errorf("read signing key: %w", err)
	}
	seed, err := keyBytes(strings.TrimSpace(string(skey)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("%s/key is no Ed25519 key: %w", dir, schemer.ErrIntegrity)
	}
	if !k.public.Equal(ed25519.NewKeyFromSeed(seed).Public()) {
		return nil, fmt.Errorf("%s/key and key.pub do not belong together: %w", dir, schemer.ErrIntegrity)
	}
	if k.signer, err = note.NewSigner(strings.TrimSpace(string(skey))); err != nil {
		return nil, fmt.Errorf("%s/key: %w", dir, err)
	}
	return k, nil
}

// keyBytes takes the key material out of a note key: its last 44 characters are the base64 of the algorithm byte and 32
// bytes of key.
func keyBytes(text string) ([]byte, error) {
	const digits = 44
	if len(text) >= digits {
		raw, err := base64.StdEncoding.DecodeString(text[len(text)-digits:])
		if err == nil && len(raw) == 1+ed25519.SeedSize && raw[0] == algEd25519 {
			return raw[1:], nil
		}
	}
	return nil, fmt.Errorf("no Ed25519 key: %w", schemer.ErrIntegrity)
}

func makeKey(dir string) (*key, error) {
	public, secret, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	k := &key{origin: "schemer-" + string(schemer.DigestOf(public)[:16]), public: public}
	if k.vkey, err = note.NewEd25519VerifierKey(k.origin, public); err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	if k.verify, err = note.NewVerifier(k.vkey); err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	skey := fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", k.origin, k.verify.KeyHash(),
		base64.StdEncoding.EncodeToString(append([]byte{algEd25519}, secret.Seed()...)))
	if k.signer, err = note.NewSigner(skey); err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	if err := writeFile(filepath.Join(dir, "key"), []byte(skey+"\n"), 0o600); err != nil {
		return nil, err
	}
	return k, writeFile(filepath.Join(dir, "key.pub"), []byte(k.vkey+"\n"), 0o644)
}

// writeFile puts a whole file in place or none: temporary file, fsync, rename, fsync of the directory.
func writeFile(path string, data []byte, mode os.FileMode) error {
	tmp := path + ".tmp"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return syncDir(filepath.Dir(path))
}
