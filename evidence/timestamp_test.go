package evidence_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"schemer"
	"schemer/evidence"
)

const tsaConfig = `
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[tsa]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa_config]
serial = ./serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`

// openssl runs the program in a directory. It is part of every machine that builds this project: apt install openssl.
func openssl(t testing.TB, dir string, args ...string) {
	t.Helper()
	if err := runOpenSSL(t.Context(), dir, args...); err != nil {
		t.Fatal(err)
	}
}

func runOpenSSL(ctx context.Context, dir string, args ...string) error {
	cmd := exec.CommandContext(ctx, "openssl", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("openssl %v: %w\n%s", args, err, out)
	}
	return nil
}

// startTSA runs a time-stamping authority on loopback: openssl answers, Go carries. It returns its URL and its root.
func startTSA(t testing.TB) (string, *x509.CertPool) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"openssl.cnf": tsaConfig, "serial": "01\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ec := []string{"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "openssl.cnf"}
	openssl(t, dir, append([]string{"req", "-x509", "-subj", "/CN=Test Root", "-days", "30", "-extensions", "ca", "-keyout", "ca.key", "-out", "ca.pem"}, ec...)...)
	openssl(t, dir, append([]string{"req", "-subj", "/CN=Test TSA", "-keyout", "tsa.key", "-out", "tsa.csr"}, ec...)...)
	openssl(t, dir, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "2", "-days", "30",
		"-extfile", "openssl.cnf", "-extensions", "tsa", "-out", "tsa.pem")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "query.tsq"), query, 0o600)
		}
		if err != nil || r.Header.Get("Content-Type") != "application/timestamp-query" {
			http.Error(w, "bad query", http.StatusBadRequest)
			return
		}
		err = runOpenSSL(r.Context(), dir, "ts", "-reply", "-config", "openssl.cnf", "-section", "tsa_config", "-queryfile", "query.tsq",
			"-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "answer.tsr")
		answer, readErr := os.ReadFile(filepath.Join(dir, "answer.tsr"))
		if err = errors.Join(err, readErr); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/timestamp-reply")
		_, _ = w.Write(answer)
	}))
	t.Cleanup(server.Close)
	root, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(root)
	t.Setenv("TSA_ROOT", filepath.Join(dir, "ca.pem"))
	return server.URL, pool
}

func TestCheckpointsAreTimeStamped(t *testing.T) {
	url, roots := startTSA(t)
	dir := t.TempDir()
	a := open(t, dir, func(o *evidence.Options) { o.TSA = url })
	save(t, a, page(1, "stamped"))
	closeArchive(t, a)

	r, err := verify(t, dir, evidence.VerifyOptions{Roots: roots})
	if err != nil || r.Timestamps != 1 || !r.ChainTrust || time.Since(r.Stamped).Abs() > time.Hour {
		t.Fatalf("%v %+v", err, r)
	}
	if !strings.Contains(r.Statement(), "that you trust vouches") {
		t.Error(r.Statement())
	}
	if r, err = verify(t, dir, evidence.VerifyOptions{}); err != nil || !strings.Contains(r.Statement(), "not checked up to a root") {
		t.Errorf("without roots: %v\n%s", err, r.Statement())
	}
	if _, err := verify(t, dir, evidence.VerifyOptions{Roots: x509.NewCertPool()}); !errors.Is(err, schemer.ErrIntegrity) {
		t.Errorf("a root that is not trusted passed: %v", err)
	}

	// The token is plain RFC 3161: openssl alone must accept it.
	notes, _ := filepath.Glob(filepath.Join(dir, "log", "checkpoints", "*.note"))
	token := strings.TrimSuffix(notes[0], ".note") + ".tsr"
	openssl(t, dir, "ts", "-verify", "-data", notes[0], "-in", token, "-CAfile", os.Getenv("TSA_ROOT"))

	b, err := os.ReadFile(token)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func([]byte) []byte{
		"truncated": func(b []byte) []byte { return b[:len(b)/2] },
		"flipped":   func(b []byte) []byte { b[len(b)-10] ^= 1; return b },
		"nonsense":  func([]byte) []byte { return []byte("nonsense") },
		"empty":     func([]byte) []byte { return nil },
	} {
		if err := os.WriteFile(token, change(bytes.Clone(b)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := verify(t, dir, evidence.VerifyOptions{}); !errors.Is(err, schemer.ErrIntegrity) {
			t.Errorf("%s token passed: %v", name, err)
		}
	}
}

func TestTimeStampOfAnotherCheckpointIsFound(t *testing.T) {
	url, _ := startTSA(t)
	first, second := t.TempDir(), t.TempDir()
	for _, dir := range []string{first, second} {
		a := open(t, dir, func(o *evidence.Options) { o.TSA = url })
		save(t, a, page(1, "x"))
		closeArchive(t, a)
	}
	name := func(dir string) string {
		paths, _ := filepath.Glob(filepath.Join(dir, "log", "checkpoints", "*.tsr"))
		return paths[0]
	}
	b, err := os.ReadFile(name(first))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name(second), b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := verify(t, second, evidence.VerifyOptions{}); !errors.Is(err, schemer.ErrIntegrity) {
		t.Errorf("a borrowed time-stamp passed: %v", err)
	}
}

func TestDeadAuthorityDoesNotStopTheArchive(t *testing.T) {
	dir := t.TempDir()
	dead := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(dead.Close)
	a := open(t, dir, func(o *evidence.Options) { o.TSA = dead.URL })
	save(t, a, page(1, "x"))
	if _, err := a.Checkpoint(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := a.Timestamp(t.Context()); err == nil {
		t.Error("a 404 was taken for a time-stamp")
	}
	closeArchive(t, a)
	if r, err := verify(t, dir, evidence.VerifyOptions{}); err != nil || r.Timestamps != 0 || r.Checkpoints != 1 {
		t.Errorf("%v %+v", err, r)
	}
}
