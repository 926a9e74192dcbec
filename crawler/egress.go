package crawler

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"schemer"

	"golang.org/x/net/proxy"
)

// egress is a way out to the net. There is no way to get from one to another: when it fails, the fetch fails.
type egress struct {
	name  string // as recorded; without credentials
	proxy string // "", http or socks5h
	addr  string
	user  *url.Userinfo
}

// parseEgress reads "", "direct", "http://host:port" or "socks5h://host:port". SOCKS always leaves names to the proxy;
// plain socks5 is refused, since it is read as resolving names here.
func parseEgress(s string) (*egress, error) {
	if s == "" || s == "direct" {
		return &egress{name: "direct"}, nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Port() == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" {
		return nil, fmt.Errorf("egress %q: want direct, http://HOST:PORT or socks5h://HOST:PORT: %w", s, schemer.ErrUsage)
	}
	switch u.Scheme {
	case "http", "socks5h":
		return &egress{name: u.Scheme + "://" + u.Host, proxy: u.Scheme, addr: u.Host, user: u.User}, nil
	}
	return nil, fmt.Errorf("egress %q: scheme must be http or socks5h: %w", s, schemer.ErrUsage)
}

// connect opens a stream to host:port through the proxy, which does the name look-up.
func (e *egress) connect(ctx context.Context, host, port, scheme string) (net.Conn, error) {
	target := net.JoinHostPort(host, port)
	if e.proxy == "socks5h" {
		var auth *proxy.Auth
		if e.user != nil {
			password, _ := e.user.Password()
			auth = &proxy.Auth{User: e.user.Username(), Password: password}
		}
		d, err := proxy.SOCKS5("tcp", e.addr, auth, &net.Dialer{})
		if err != nil {
			return nil, failed("proxy", err)
		}
		conn, err := d.(proxy.ContextDialer).DialContext(ctx, "tcp", target)
		if err != nil {
			return nil, failed("proxy", err)
		}
		return conn, nil
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", e.addr)
	if err != nil {
		return nil, failed("proxy", err)
	}
	if scheme == "https" {
		if err := e.tunnel(ctx, conn, target); err != nil {
			_ = conn.Close()
			return nil, failed("proxy", err)
		}
	}
	return conn, nil
}

// tunnel asks an HTTP proxy for a stream to target (RFC 9110 §9.3.6).
func (e *egress) tunnel(ctx context.Context, conn net.Conn, target string) error {
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(10 * time.Second)
	}
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	ask := "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"
	if line := e.authorization(); line != "" {
		ask += "Proxy-Authorization: " + line + "\r\n"
	}
	if _, err := conn.Write([]byte(ask + "\r\n")); err != nil {
		return err
	}
	// One byte at a time, so that nothing of the stream behind the answer is swallowed.
	response, err := http.ReadResponse(bufio.NewReaderSize(&byteByByte{conn: conn, left: 64 << 10}, 16), &http.Request{Method: http.MethodConnect})
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("proxy answered %d to CONNECT %s", response.StatusCode, target)
	}
	return conn.SetDeadline(time.Time{})
}

// authorization is the value of Proxy-Authorization, empty without credentials.
func (e *egress) authorization() string {
	if e.user == nil {
		return ""
	}
	password, _ := e.user.Password()
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(e.user.Username()+":"+password))
}

// byteByByte reads at most left bytes from a connection, one at a time.
type byteByByte struct {
	conn net.Conn
	left int
}

// Read implements io.Reader.
func (r *byteByByte) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errHead
	}
	if len(p) == 0 {
		return 0, nil
	}
	r.left--
	return r.conn.Read(p[:1])
}

// reachesOnion says whether onion names can be reached this way.
func (e *egress) reachesOnion() bool { return e.proxy == "socks5h" }

func isOnion(host string) bool { return strings.HasSuffix(host, ".onion") || host == "onion" }
