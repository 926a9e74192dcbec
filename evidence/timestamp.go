package evidence

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"

	"schemer"
)

const (
	maxToken = 1 << 20          // bytes of an answer of a time-stamping authority
	maxDrift = 10 * time.Minute // between the own clock and the authority's before it is told
)

// Timestamp asks the time-stamping authority (RFC 3161) for a token over the newest checkpoint, unless it has one, and
// keeps it beside the checkpoint. It returns the time that the authority vouches for: the log as it was then existed no
// later than that.
func (a *Archive) Timestamp(ctx context.Context) (time.Time, error) {
	if a.opts.TSA == "" {
		return time.Time{}, fmt.Errorf("time-stamp: no time-stamping authority is configured: %w", schemer.ErrUsage)
	}
	paths, err := a.checkpointFiles()
	if err != nil {
		return time.Time{}, err
	}
	if len(paths) == 0 {
		return time.Time{}, fmt.Errorf("time-stamp: there is no checkpoint yet: %w", schemer.ErrNotFound)
	}
	signed, err := os.ReadFile(paths[len(paths)-1])
	if err != nil {
		return time.Time{}, fmt.Errorf("time-stamp: %w", err)
	}
	tokenPath := strings.TrimSuffix(paths[len(paths)-1], ".note") + ".tsr"
	if old, err := os.ReadFile(tokenPath); err == nil {
		ts, err := checkToken(old, signed, nil)
		if err != nil {
			return time.Time{}, fmt.Errorf("%s: %w", tokenPath, err)
		}
		return ts.Time, nil
	}
	token, ts, err := a.askTSA(ctx, signed)
	if err != nil {
		return time.Time{}, fmt.Errorf("time-stamp from %s: %w", a.opts.TSA, err)
	}
	if drift := ts.Time.Sub(a.opts.Now()).Abs(); drift > maxDrift {
		a.opts.Log.WarnContext(ctx, "the clock of this machine differs from the time-stamping authority's", "by", drift)
	}
	if err := writeFile(tokenPath, token, 0o644); err != nil {
		return time.Time{}, err
	}
	return ts.Time, nil
}

// askTSA sends a query with a nonce and checks the answer.
func (a *Archive) askTSA(ctx context.Context, signed []byte) ([]byte, *timestamp.Timestamp, error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 63))
	if err != nil {
		return nil, nil, err
	}
	query, err := timestamp.CreateRequest(bytes.NewReader(signed), &timestamp.RequestOptions{Hash: crypto.SHA256, Certificates: true, Nonce: nonce})
	if err != nil {
		return nil, nil, fmt.Errorf("make query: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.opts.TSA, bytes.NewReader(query))
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Content-Type", "application/timestamp-query")
	resp, err := a.opts.Client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, nil, fmt.Errorf("status %s", resp.Status)
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxToken))
	if err != nil {
		return nil, nil, err
	}
	ts, err := checkToken(answer, signed, nil)
	if err != nil {
		return nil, nil, err
	}
	if ts.Nonce == nil || ts.Nonce.Cmp(nonce) != 0 {
		return nil, nil, fmt.Errorf("the answer is to another query: %w", schemer.ErrIntegrity)
	}
	return answer, ts, nil
}

// checkToken checks a time-stamp response (RFC 3161 §2.4.2): its signature, that it is over what was signed, and with
// roots that its certificate leads to one of them and may stamp.
func checkToken(answer, signed []byte, roots *x509.CertPool) (ts *timestamp.Timestamp, err error) {
	defer func() { // the parser is not ours and the bytes may be anything
		if r := recover(); r != nil {
			ts, err = nil, fmt.Errorf("time-stamp cannot be read: %v: %w", r, schemer.ErrIntegrity)
		}
	}()
	ts, err = timestamp.ParseResponse(answer)
	if err != nil {
		return nil, fmt.Errorf("time-stamp: %w: %w", err, schemer.ErrIntegrity)
	}
	sum := sha256.Sum256(signed)
	if ts.HashAlgorithm != crypto.SHA256 || !bytes.Equal(ts.HashedMessage, sum[:]) {
		return nil, fmt.Errorf("time-stamp is over something else: %w", schemer.ErrIntegrity)
	}
	p7, err := pkcs7.Parse(ts.RawToken)
	if err != nil {
		return nil, fmt.Errorf("time-stamp: %w: %w", err, schemer.ErrIntegrity)
	}
	if err := p7.Verify(); err != nil {
		return nil, fmt.Errorf("signature of time-stamp: %w: %w", err, schemer.ErrIntegrity)
	}
	if roots == nil {
		return ts, nil
	}
	signer := p7.GetOnlySigner()
	if signer == nil {
		return nil, fmt.Errorf("time-stamp has no single signer: %w", schemer.ErrIntegrity)
	}
	between := x509.NewCertPool()
	for _, c := range p7.Certificates {
		between.AddCert(c)
	}
	_, err = signer.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: ts.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	})
	if err != nil {
		return nil, fmt.Errorf("certificate of time-stamp: %w: %w", err, schemer.ErrIntegrity)
	}
	return ts, nil
}

// checkTimestamp checks the time-stamp of a checkpoint when there is one.
func (v *verifier) checkTimestamp(path string, signed []byte) {
	tokenPath := strings.TrimSuffix(path, ".note") + ".tsr"
	answer, err := os.ReadFile(tokenPath)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		var ts *timestamp.Timestamp
		if ts, err = checkToken(answer, signed, v.opts.Roots); err == nil {
			v.report.Timestamps++
			v.report.Stamped = ts.Time.UTC()
			v.report.ChainTrust = v.opts.Roots != nil
			return
		}
	}
	v.find("log/checkpoints/"+baseName(tokenPath), 0, "", "", "%v", err)
}
