package evidence

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"

	"schemer"
)

// signedPackage is the anonymous form of signedData (wacz-auth 0.1.0): replay tools check an ECDSA signature on P-384
// over the text of the hash. It says that the holder of the key made the package, and no more.
type signedPackage struct {
	Hash      string `json:"hash"`
	Signature string `json:"signature"` // base64 of r and s, 48 bytes each
	PublicKey string `json:"publicKey"` // base64 of the SubjectPublicKeyInfo
	Created   string `json:"created"`
	Software  string `json:"software"`
}

// openPackageKey reads log/wacz.key, the key that signs exports, or makes it.
func openPackageKey(dir string, readOnly bool) (*ecdsa.PrivateKey, error) {
	path := filepath.Join(dir, "wacz.key")
	text, err := os.ReadFile(path)
	if err != nil && readOnly {
		return nil, nil // who only reads need not be able to sign
	}
	if os.IsNotExist(err) {
		k, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
		if err != nil {
			return nil, fmt.Errorf("make export key: %w", err)
		}
		der, err := x509.MarshalPKCS8PrivateKey(k)
		if err != nil {
			return nil, fmt.Errorf("make export key: %w", err)
		}
		return k, writeFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("read export key: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s is no PEM: %w", path, schemer.ErrIntegrity)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, err, schemer.ErrIntegrity)
	}
	k, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || k.Curve != elliptic.P384() {
		return nil, fmt.Errorf("%s is no P-384 key: %w", path, schemer.ErrIntegrity)
	}
	return k, nil
}

// signPackage signs the hash of a datapackage; nil when the archive was opened without its key.
func (k *key) signPackage(hash, created, software string) (*signedPackage, error) {
	if k.export == nil {
		return nil, nil
	}
	sum := sha256.Sum256([]byte(hash))
	r, s, err := ecdsa.Sign(rand.Reader, k.export, sum[:])
	if err != nil {
		return nil, fmt.Errorf("sign package: %w", err)
	}
	public, err := x509.MarshalPKIXPublicKey(&k.export.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("sign package: %w", err)
	}
	sig := make([]byte, 96)
	r.FillBytes(sig[:48])
	s.FillBytes(sig[48:])
	return &signedPackage{
		Hash: hash, Signature: base64.StdEncoding.EncodeToString(sig), PublicKey: base64.StdEncoding.EncodeToString(public),
		Created: created, Software: software,
	}, nil
}
