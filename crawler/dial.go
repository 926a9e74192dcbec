package crawler

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"schemer"

	"code.dny.dev/ssrf"
)

// dialer opens connections. Every address that was not named by an operator (Resolve, AllowPrivate, a proxy) must pass
// the guard at the moment of the dial, so a name that changes its mind cannot lead inside.
type dialer struct {
	resolve map[string]string
	lookup  Lookup
	guard   *ssrf.Guardian
}

// Lookup resolves a host name to addresses. What it answers is guarded like any other answer.
type Lookup func(ctx context.Context, host string) ([]netip.Addr, error)

func newDialer(resolve map[string]string, lookup Lookup) (*dialer, error) {
	d := &dialer{resolve: make(map[string]string, len(resolve)), lookup: lookup, guard: ssrf.New(ssrf.WithAnyPort())}
	if lookup == nil {
		d.lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	for name, addr := range resolve {
		if _, err := netip.ParseAddrPort(addr); err != nil {
			return nil, fmt.Errorf("resolve %s=%s: want HOST=IP:PORT: %w", name, addr, schemer.ErrUsage)
		}
		d.resolve[strings.ToLower(name)] = addr
	}
	return d, nil
}

// resolveWith returns the operator's address for a host.
func resolveWith(resolve map[string]string, host, port string) (string, bool) {
	for _, name := range []string{host + ":" + port, host, "*"} {
		if addr, ok := resolve[name]; ok {
			return addr, true
		}
	}
	return "", false
}

// dial opens the connection of a flight, TLS included.
func (d *dialer) dial(ctx context.Context, f *flight, key string) (*wire, error) {
	ctx, cancel := context.WithTimeout(ctx, f.limits.Connect)
	defer cancel()
	network := schemer.Network{Egress: f.egress.name, Protocol: "http/1.1"}
	host, port := f.url.Hostname(), portOf(f.url)
	conn, err := d.stream(ctx, f, host, port, &network)
	if err != nil {
		return nil, err
	}
	network.Server = conn.RemoteAddr().String()
	if f.url.Scheme == "https" {
		if conn, err = handshake(ctx, conn, host, &network); err != nil {
			return nil, err
		}
	}
	return newWire(key, conn, network), nil
}

// stream opens the plain connection.
func (d *dialer) stream(ctx context.Context, f *flight, host, port string, network *schemer.Network) (net.Conn, error) {
	if f.egress.proxy != "" {
		if err := d.nameAllowed(host, f); err != nil {
			return nil, err
		}
		return f.egress.connect(ctx, host, port, f.url.Scheme)
	}
	if addr, ok := resolveWith(d.resolve, host, port); ok {
		network.Resolved = []string{netip.MustParseAddrPort(addr).Addr().String()}
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err != nil {
			return nil, failed("connect", err)
		}
		return conn, nil
	}
	if err := d.nameAllowed(host, f); err != nil {
		return nil, err
	}
	addrs, err := d.addresses(ctx, host)
	if err != nil {
		return nil, failed("dns", err)
	}
	for _, addr := range addrs {
		network.Resolved = append(network.Resolved, addr.String())
	}
	dialer := &net.Dialer{}
	if !f.private {
		dialer.Control = d.guard.Safe
	}
	var last error
	for _, addr := range addrs[:min(4, len(addrs))] {
		conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(addr.String(), port))
		if err == nil {
			return conn, nil
		}
		last = err
	}
	return nil, failed("connect", last)
}

// nameAllowed refuses hosts that must not be looked up or, through a proxy, not be asked for: inside names, addresses
// in any spelling that the guard denies, and onion names where no proxy understands them.
func (d *dialer) nameAllowed(host string, f *flight) error {
	if isOnion(host) && !f.egress.reachesOnion() {
		return refused("%s: onion names are reached through a socks5h egress only", host)
	}
	if f.private {
		return nil
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		if err := d.guard.SafeAddr(addr.Unmap()); err != nil {
			return failed("policy", err)
		}
		if addr.Is4In6() || addr.Zone() != "" {
			return refused("%s: mapped or zoned address", host)
		}
		return nil
	}
	if numeric(host) {
		return refused("%s: an address in disguise", host)
	}
	if inside(host) {
		return refused("%s: a name of the inside", host)
	}
	return nil
}

// numeric says whether a host's last label makes it an IPv4 address for a browser (WHATWG URL §3.5): "0x7f.1", "2130706433".
func numeric(host string) bool {
	host = strings.TrimSuffix(host, ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "" {
		return true
	}
	if hex, ok := strings.CutPrefix(strings.ToLower(last), "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}

// inside says whether a name has no meaning on the public net (RFC 6761, RFC 6762, RFC 9476 and common practice).
func inside(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if !strings.Contains(host, ".") && !strings.Contains(host, ":") {
		return true
	}
	for _, zone := range []string{"localhost", "local", "internal", "intranet", "lan", "home", "corp", "localdomain", "home.arpa", "in-addr.arpa", "ip6.arpa"} {
		if host == zone || strings.HasSuffix(host, "."+zone) {
			return true
		}
	}
	return false
}

func (d *dialer) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr.Unmap()}, nil
	}
	addrs, err := d.lookup(ctx, host)
	for i := range addrs {
		addrs[i] = addrs[i].Unmap()
	}
	if err == nil && len(addrs) == 0 {
		err = fmt.Errorf("no address for %s", host)
	}
	return addrs, err
}

// handshake starts TLS. A certificate that cannot be trusted is no reason not to look, but is recorded.
func handshake(ctx context.Context, conn net.Conn, host string, network *schemer.Network) (net.Conn, error) {
	tlsConn := tls.Client(conn, &tls.Config{
		ServerName: host, NextProtos: []string{"http/1.1"},
		InsecureSkipVerify: true, // verified below; nothing secret is sent
	})
	if err := tlsConn.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, failed("tls", err)
	}
	state := tlsConn.ConnectionState()
	network.TLSVersion, network.TLSCipher = tls.VersionName(state.Version), tls.CipherSuiteName(state.CipherSuite)
	chain := x509.NewCertPool()
	for i, cert := range state.PeerCertificates {
		network.CertSHA256 = append(network.CertSHA256, schemer.DigestOf(cert.Raw))
		if i > 0 {
			chain.AddCert(cert)
		}
	}
	if len(state.PeerCertificates) > 0 {
		_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{DNSName: host, Intermediates: chain})
		network.CertTrusted = err == nil
	}
	return tlsConn, nil
}

func portOf(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}
