package crawler

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"schemer"

	"code.dny.dev/ssrf"
)

// fetchError is a fetch that brought no answer; class is what goes into [schemer.Outcome.Error].
type fetchError struct {
	class string // dns, connect, tls, timeout, proxy, header, protocol, disconnect, policy
	err   error
}

func (e *fetchError) Error() string { return e.class + ": " + e.err.Error() }
func (e *fetchError) Unwrap() error { return e.err }

// passing says whether the failure may be gone when tried again.
func (e *fetchError) passing() bool { return e.class != "policy" && e.class != "header" }

func failed(class string, err error) *fetchError {
	if errors.Is(err, ssrf.ErrProhibitedIP) || errors.Is(err, ssrf.ErrProhibitedNetwork) || errors.Is(err, ssrf.ErrProhibitedPort) {
		return &fetchError{"policy", fmt.Errorf("%w: %w", schemer.ErrPolicy, err)}
	}
	var timeout net.Error
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) ||
		class != "dns" && errors.As(err, &timeout) && timeout.Timeout() {
		return &fetchError{"timeout", err}
	}
	return &fetchError{class, err}
}

func refused(format string, args ...any) *fetchError {
	return &fetchError{"policy", fmt.Errorf("%w: %s", schemer.ErrPolicy, fmt.Sprintf(format, args...))}
}

// classOf names the class of any error of a fetch.
func classOf(err error) string {
	var fe *fetchError
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &fe):
		return fe.class
	case errors.As(err, &cert):
		return "tls"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "disconnect"
	case errors.Is(err, schemer.ErrPolicy):
		return "policy"
	}
	return "other"
}
