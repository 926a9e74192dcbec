package crawler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"time"

	"schemer"

	"github.com/chromedp/chromedp"
)

// KindScreenshot is the kind of a capture that holds a picture of a page.
const KindScreenshot schemer.TargetKind = "screenshot"

// browsers are the names that Chromium goes by.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "chrome"}

// Screenshot takes a picture of a page of a source as a browser shows it, whole, 1280 pixels wide. The browser has no
// way to the net but a proxy inside this process, which goes out the source's egress and refuses what the crawler
// refuses: it looks up no name itself and reaches no private address, whatever the page asks for. Call it for pages
// that the crawl has captured, so that robots.txt, scope and pace were kept.
//
// The exchange is made up around the PNG (there is no such answer on the wire) and is meant for the archive beside the
// page's own capture. Without a Chromium on PATH the error wraps [schemer.ErrNotFound].
func (c *Crawler) Screenshot(ctx context.Context, src schemer.Source, address string) (schemer.Exchange, error) {
	browser := ""
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	if browser == "" {
		return schemer.Exchange{}, fmt.Errorf("screenshot %s: no chromium on PATH: %w", address, schemer.ErrNotFound)
	}
	u, err := canonicalURL(address)
	if err != nil {
		return schemer.Exchange{}, fmt.Errorf("screenshot: %w: %w", schemer.ErrPolicy, err)
	}
	way, err := parseEgress(src.Egress)
	if err != nil {
		return schemer.Exchange{}, fmt.Errorf("screenshot %s: %w", address, err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.limits.Total)
	defer cancel()
	gate := &gate{dialer: c.dialer, egress: way, private: src.AllowPrivate, limits: &c.limits, own: registrable(u.Hostname())}
	proxy, err := gate.listen(ctx)
	if err != nil {
		return schemer.Exchange{}, fmt.Errorf("screenshot %s: %w", address, err)
	}
	defer func() { _ = proxy.Close() }()
	started, begun := c.clock.now(), time.Now()
	png, err := photograph(ctx, browser, proxy.Addr().String(), c.userAgent(src), u.String(), c.limits.Body)
	if err != nil {
		return schemer.Exchange{}, fmt.Errorf("screenshot %s: %w", address, err)
	}
	return c.pictureOf(src, u.String(), way.name, png, started, time.Since(begun)), nil
}

// pictureOf dresses a PNG as an exchange.
func (c *Crawler) pictureOf(src schemer.Source, address, way string, png []byte, started time.Time, elapsed time.Duration) schemer.Exchange {
	head := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n", len(png))
	return schemer.Exchange{
		URL: "urn:screenshot:" + address, Method: http.MethodGet, Status: http.StatusOK, Body: png,
		Response: append([]byte(head), png...), Header: http.Header{"Content-Type": {"image/png"}},
		Target:  schemer.Target{URL: address, Host: hostOf(address), Source: src.ID, Kind: KindScreenshot, Reason: "screenshot", DueAt: started},
		Started: started, FirstByte: started.Add(elapsed), Ended: started.Add(elapsed), Elapsed: elapsed,
		Network: schemer.Network{Egress: way},
		Policy: schemer.Policy{
			UserAgent: c.userAgent(src), Robots: "as captured", Basis: src.Basis, ConfigSHA256: c.opt.Config, Operator: c.opt.Operator,
		},
	}
}

// photograph runs a browser behind a proxy and returns a PNG of at most limit bytes: of the whole page, or of its
// upper part when that is too much.
func photograph(ctx context.Context, browser, proxy, agent, address string, limit int) ([]byte, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser), chromedp.ProxyServer("http://"+proxy), chromedp.UserAgent(agent), chromedp.NoSandbox,
		chromedp.Flag("proxy-bypass-list", "<-loopback>"), chromedp.Flag("force-webrtc-ip-handling-policy", "disable_non_proxied_udp"),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-domain-reliability", true), chromedp.Flag("no-pings", true),
		chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,CertificateTransparencyComponentUpdater"),
		chromedp.Flag("disable-quic", true), chromedp.Flag("dns-prefetch-disable", true), chromedp.Flag("ignore-certificate-errors", true),
		chromedp.WindowSize(1280, 1600),
	)
	ctx, stop := chromedp.NewExecAllocator(ctx, options...)
	defer stop()
	ctx, cancel := chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		return nil, err
	}
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil && len(png) <= limit {
		return png, nil
	}
	png, err = chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil && len(png) > limit {
		err = fmt.Errorf("picture of %d bytes", len(png))
	}
	return png, err
}

// gate is the browser's only way out: an HTTP proxy on loopback that dials as the crawler does.
type gate struct {
	dialer  *dialer
	egress  *egress
	private bool
	limits  *Limits
	own     string // registrable domain of the page
}

// listen opens the gate until the listener is closed.
func (g *gate) listen(ctx context.Context) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	plain := &httputil.ReverseProxy{
		Rewrite:   func(*httputil.ProxyRequest) {},
		Transport: &http.Transport{DialContext: g.dial, DisableKeepAlives: true},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, classOf(err), http.StatusBadGateway)
		},
	}
	quiet := slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	server := &http.Server{ReadHeaderTimeout: g.limits.Answer, ErrorLog: quiet, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodConnect:
			g.tunnel(w, r)
		case r.URL.Scheme == "http":
			plain.ServeHTTP(w, r)
		default:
			http.Error(w, "only http and CONNECT", http.StatusBadRequest)
		}
	})}
	go func() { _ = server.Serve(l) }() // ends with the listener
	return l, nil
}

// dial opens a stream to host:port by the crawler's rules.
func (g *gate) dial(ctx context.Context, _, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if port != "80" && port != "443" && port != "8080" && port != "8443" {
		return nil, refused("port %s", port)
	}
	if registrable(host) != g.own && !plausibleSite(host) {
		// Neither the page nor the browser, which likes to call home, has business with a shared service.
		return nil, refused("%s is no site of the page's", host)
	}
	scheme := "https" // a stream of bytes through an HTTP proxy needs CONNECT, whatever it carries
	f := &flight{url: &url.URL{Scheme: scheme, Host: address}, egress: g.egress, private: g.private, limits: g.limits}
	return g.dialer.stream(ctx, f, host, port, &schemer.Network{})
}

// tunnel answers a CONNECT.
func (g *gate) tunnel(w http.ResponseWriter, r *http.Request) {
	up, err := g.dial(r.Context(), "tcp", r.Host)
	if err != nil {
		status := http.StatusBadGateway
		if errors.Is(err, schemer.ErrPolicy) {
			status = http.StatusForbidden
		}
		http.Error(w, "refused", status)
		return
	}
	defer func() { _ = up.Close() }()
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		return
	}
	down, _, err := hijacker.Hijack()
	if err != nil {
		return
	}
	defer func() { _ = down.Close() }()
	if _, err := io.WriteString(down, "HTTP/1.1 200 OK\r\n\r\n"); err != nil {
		return
	}
	go func() {
		_, _ = io.Copy(up, down) // either side ends both
		_ = up.Close()
	}()
	_, _ = io.Copy(down, up)
}
