package crawler_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"schemer"
	"schemer/crawler"
	"schemer/evidence"
	"schemer/internal/store"

	"github.com/gocolly/colly/v2"
	"golang.org/x/net/html"
)

// The benchmark crawls a synthetic forum that a process of its own serves on loopback, each way of crawling again in a
// process of its own, so that CPU and memory are those of the crawl alone:
//
//	go test ./crawler -run '^$' -bench Crawl -benchtime 1x -timeout 30m
//
// SCHEMER_BENCH_PAGES sets the number of pages (20000), SCHEMER_BENCH_KEEP=1 leaves the data directory.
const (
	roleVar  = "SCHEMER_BENCH_ROLE"
	pagesVar = "SCHEMER_BENCH_PAGES"
	addrVar  = "SCHEMER_BENCH_ADDR"
	hostName = "bench.example"
)

func TestMain(m *testing.M) {
	switch role := os.Getenv(roleVar); role {
	case "":
		os.Exit(m.Run())
	case "server":
		serveForum()
	default:
		figures, err := crawlAs(role, os.Getenv(addrVar), benchPages())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		_ = json.NewEncoder(os.Stdout).Encode(figures)
	}
}

func benchPages() int {
	if n, err := strconv.Atoi(os.Getenv(pagesVar)); err == nil && n > 0 {
		return n
	}
	return 20_000
}

// figures are what one way of crawling took.
type figures struct {
	Pages, Posts int
	CPU, Wall    float64 // seconds
	RSS          float64 // MiB, peak
	Bytes        int64
}

// syntheticForum lays out about n pages: an index, boards of 25 threads a page, threads of 20 posts a page.
type syntheticForum struct {
	boards, boardPages, threads, long int // the first long threads have two pages
	words                             []string
}

func layOut(n int) *syntheticForum {
	f := &syntheticForum{boards: max(1, n/500), words: make([]string, 2000)}
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range f.words {
		f.words[i] = letters(rng.IntN(1 << 24))
	}
	// n = 1 + boards*boardPages + threads + long, with threads = 25*boards*boardPages and long about 0.6 of them
	f.boardPages = max(1, n/(41*f.boards))
	f.threads = 25 * f.boards * f.boardPages
	f.long = max(0, n-1-f.boards*f.boardPages-f.threads)
	return f
}

func (f *syntheticForum) pages() int { return 1 + f.boards*f.boardPages + f.threads + f.long }

// ServeHTTP renders pages as phpBB does: a page of a thread has about 32 KB and 164 links, of which 124 lead to other
// boards and threads and 40 to what nobody follows (profiles, single posts).
func (f *syntheticForum) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	num := func(name string) int { n, _ := strconv.Atoi(q.Get(name)); return n }
	var b strings.Builder
	b.Grow(36 << 10)
	switch r.URL.Path {
	case "/", "/index.php":
		f.head(&b, "section-index", "Index")
		for i := range f.boards {
			_, _ = fmt.Fprintf(&b, `<li class="row"><dl><dt><a href="./viewforum.php?f=%d" class="forumtitle">Board %d</a></dt></dl></li>`, i+1, i+1)
		}
	case "/viewforum.php":
		f.board(&b, num("f")-1, num("start")/25)
	case "/viewtopic.php":
		if q.Get("t") == "" || num("t") > f.threads {
			http.NotFound(w, r)
			return
		}
		f.thread(&b, num("t")-1, num("start")/20)
	default:
		http.NotFound(w, r)
		return
	}
	b.WriteString(`</div></div></body></html>`)
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	_, _ = io.WriteString(w, b.String())
}

func (f *syntheticForum) head(b *strings.Builder, class, title string) {
	_, _ = fmt.Fprintf(b, "<!DOCTYPE html>\n<html dir=\"ltr\" lang=\"en-gb\"><head><meta charset=\"utf-8\"><title>%s</title></head>\n"+
		"<body id=\"phpbb\" class=\"nojs notouch %s ltr\"><div id=\"wrap\"><div id=\"page-body\">", title, class)
	for i := range 20 {
		_, _ = fmt.Fprintf(b, `<a href="./viewforum.php?f=%d">Board %d</a> `, i%f.boards+1, i%f.boards+1)
	}
}

func (f *syntheticForum) board(b *strings.Builder, board, page int) {
	f.head(b, "section-viewforum", fmt.Sprint("Board ", board+1))
	pager := ""
	if page+1 < f.boardPages {
		pager = fmt.Sprintf(`<div class="pagination"><ul><li class="arrow next"><a rel="next" href="./viewforum.php?f=%d&amp;start=%d">Next</a></li></ul></div>`, board+1, 25*(page+1))
	}
	b.WriteString(pager + `<ul class="topiclist topics">`)
	for i := range 25 {
		t := (board*f.boardPages+page)*25 + i
		_, _ = fmt.Fprintf(b, `<li class="row"><dl class="row-item topic_read"><dt><a href="./viewtopic.php?t=%d" class="topictitle">Thread %d</a><div class="topic-poster">by <a href="./memberlist.php?mode=viewprofile&amp;u=%d" class="username">user%d</a></div></dt><dd class="posts">%d</dd><dd class="lastpost"><span>by <a href="./memberlist.php?mode=viewprofile&amp;u=%d" class="username">user%d</a> <a href="./viewtopic.php?p=%d#p%d">View</a><br><time datetime="2026-10-01T00:00:00+00:00">Thu Oct 01</time></span></dd></dl></li>`,
			t+1, t+1, t%997+2, t%997+2, 20, t%991+2, t%991+2, t*40+20, t*40+20)
	}
	b.WriteString(`</ul>`)
}

func (f *syntheticForum) thread(b *strings.Builder, t, page int) {
	f.head(b, "section-viewtopic", fmt.Sprint("Thread ", t+1))
	_, _ = fmt.Fprintf(b, `<h2 class="topic-title"><a href="./viewtopic.php?t=%d">Thread %d</a></h2>`, t+1, t+1)
	if t < f.long && page == 0 {
		_, _ = fmt.Fprintf(b, `<div class="pagination"><ul><li class="arrow next"><a rel="next" href="./viewtopic.php?t=%d&amp;start=20">Next</a></li></ul></div>`, t+1)
	}
	rng := rand.New(rand.NewPCG(uint64(t), uint64(page)))
	for i := range 20 {
		p := t*40 + page*20 + i + 1
		u := rng.IntN(5000) + 2
		_, _ = fmt.Fprintf(b, `<div id="p%d" class="post has-profile bg2"><div class="inner"><dl class="postprofile" id="profile%d"><dt><img src="./av.png" alt=""><a href="./memberlist.php?mode=viewprofile&amp;u=%d" class="username">user%d</a></dt><dd class="profile-posts"><strong>Posts:</strong> %d</dd></dl>`+
			`<div class="postbody"><div id="post_content%d"><h3 class="first">Re: Thread %d</h3><p class="author"><a class="unread" href="./viewtopic.php?p=%d#p%d">Post</a> by <strong><span class="username">user%d</span></strong> » <time datetime="2026-0%d-1%dT10:%d0:00+00:00">date</time></p><div class="content">`,
			p, p, u, u, u%400, p, t+1, p, p, u, i%9+1, i%9, i%6)
		for line := range 8 {
			for range 7 {
				b.WriteString(f.words[rng.IntN(len(f.words))])
				b.WriteByte(' ')
			}
			if line%3 == 1 {
				f.mention(b, rng)
			}
			b.WriteString("<br>\n")
		}
		b.WriteString(`</div></div></div></div></div>`)
	}
	b.WriteString(`<div class="panel"><h3>Latest threads</h3><ul>`)
	for range 42 {
		b.WriteString(`<li>`)
		f.mention(b, rng)
		b.WriteString(`</li>`)
	}
	b.WriteString(`</ul></div>`)
}

// mention links to some thread of the forum.
func (f *syntheticForum) mention(b *strings.Builder, rng *rand.Rand) {
	other := rng.IntN(f.threads) + 1
	_, _ = fmt.Fprintf(b, `<a href="./viewtopic.php?t=%d">Thread %d</a>`, other, other)
}

// serveForum is the server process: it prints its address and serves until its input ends.
func serveForum() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(l.Addr())
	go func() { _ = http.Serve(l, layOut(benchPages())) }()
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// crawlAs crawls the forum in one way and says what that took.
func crawlAs(role, addr string, pages int) (figures, error) {
	var f figures
	var err error
	begun := time.Now()
	before := cpu()
	switch role {
	case "floor":
		f = crawlBare(addr, 8)
	case "colly":
		f = crawlColly(addr, 8)
	case "schemer":
		f, err = crawlWhole(addr, pages, 0)
	case "million":
		f, err = crawlWhole(addr, pages, 1_000_000)
	default:
		err = fmt.Errorf("no way of crawling is called %s", role)
	}
	f.CPU += cpu() - before
	f.Wall = time.Since(begun).Seconds()
	f.RSS = peakRSS()
	return f, err
}

func cpu() float64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// peakRSS is the largest resident set of this process so far, in MiB.
func peakRSS() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return float64(kb) / 1024
		}
	}
	return 0
}

// wanted keeps every way of crawling to the same pages: those of the forum itself.
func wanted(link string) bool {
	return strings.Contains(link, "viewforum.php?f=") || strings.Contains(link, "viewtopic.php?t=")
}

// crawlBare is the floor: net/http, one x/net/html parse a page, links followed from memory, nothing kept.
func crawlBare(addr string, workers int) figures {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers, DisableCompression: true}}
	var mu sync.Mutex
	seen := map[string]bool{}
	queue := make(chan string, 1<<20)
	var pending sync.WaitGroup
	var f figures
	push := func(address string) {
		mu.Lock()
		defer mu.Unlock()
		if !seen[address] {
			seen[address] = true
			pending.Add(1)
			queue <- address
		}
	}
	push("http://" + addr + "/")
	for range workers {
		go func() {
			for address := range queue {
				if response, err := client.Get(address); err == nil {
					body, _ := io.ReadAll(response.Body)
					_ = response.Body.Close()
					base := response.Request.URL
					if root, err := html.Parse(strings.NewReader(string(body))); err == nil {
						for n := range root.Descendants() {
							if n.Type != html.ElementNode || n.Data != "a" {
								continue
							}
							for _, a := range n.Attr {
								if a.Key == "href" {
									if ref, err := base.Parse(a.Val); err == nil {
										if ref.Fragment = ""; wanted(ref.String()) {
											push(ref.String())
										}
									}
								}
							}
						}
					}
					mu.Lock()
					f.Pages++
					f.Bytes += int64(len(body))
					mu.Unlock()
				}
				pending.Done()
			}
		}()
	}
	pending.Wait()
	close(queue)
	return f
}

// crawlColly is colly as its examples show it: asynchronous, one OnHTML that visits every link.
func crawlColly(addr string, workers int) figures {
	var mu sync.Mutex
	var f figures
	c := colly.NewCollector(colly.Async(true))
	_ = c.Limit(&colly.LimitRule{DomainGlob: "*", Parallelism: workers})
	c.OnHTML("a[href]", func(e *colly.HTMLElement) {
		if link := e.Request.AbsoluteURL(e.Attr("href")); wanted(link) {
			_ = e.Request.Visit(link)
		}
	})
	c.OnResponse(func(r *colly.Response) {
		mu.Lock()
		f.Pages++
		f.Bytes += int64(len(r.Body))
		mu.Unlock()
	})
	_ = c.Visit("http://" + addr + "/")
	c.Wait()
	return f
}

// crawlWhole is the crawler with everything real around it: store, archive, reader. Extra targets are queued beside,
// to be reached never.
func crawlWhole(addr string, pages, extra int) (figures, error) {
	dir, err := os.MkdirTemp("", "schemer-bench-")
	if err != nil {
		return figures{}, err
	}
	if os.Getenv("SCHEMER_BENCH_KEEP") == "" {
		defer func() { _ = os.RemoveAll(dir) }()
	}
	debug.SetMemoryLimit(48 << 20) // as the program does
	debug.SetGCPercent(200)
	ctx := context.Background()
	st, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "schemer.db"), store.Options{Now: time.Now})
	if err != nil {
		return figures{}, err
	}
	defer func() { _ = st.Close() }()
	ar, err := evidence.Open(ctx, evidence.Options{URL: "file:" + filepath.Join(dir, "evidence"), Tool: "schemer/bench"})
	if err != nil {
		return figures{}, err
	}
	defer func() { _ = ar.Close(ctx) }()
	u := &url.URL{Scheme: "http", Host: hostName, Path: "/"}
	src := schemer.Source{ID: "bench", URL: u.String(), Kind: schemer.KindForum, Delay: 1, MaxPages: pages + 1000}
	for at := 0; at < extra; at += 1000 {
		batch := make([]schemer.Target, 1000)
		for i := range batch {
			batch[i] = schemer.Target{
				URL: fmt.Sprintf("http://%s/queued/%07d/some-thread-of-that-title.html", hostName, at+i), Host: hostName, Source: "bench",
				Kind: schemer.TargetThread, Priority: -100, Reason: "link", // a zero DueAt is due at once
			}
		}
		if _, err := st.Add(ctx, batch); err != nil {
			return figures{}, err
		}
	}
	filled := cpu()
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // the peak is to be that of the crawl
	maxPages := 0
	if extra > 0 {
		maxPages = pages
	}
	c, err := crawler.New(crawler.Options{
		Archive: ar, Frontier: st, Reader: realReader{kinds: map[schemer.SourceID]schemer.SourceKind{"bench": schemer.KindForum}},
		Sources: []schemer.Source{src}, Resolve: map[string]string{"*": addr}, Tool: "schemer/bench", Patience: time.Millisecond,
		MaxPages: maxPages,
	})
	if err != nil {
		return figures{}, err
	}
	start := cpu()
	stop := profile()
	stats, err := c.Run(ctx)
	stop()
	f := figures{Pages: stats.Requests, Posts: stats.Posts, Bytes: stats.Bytes}
	if extra > 0 {
		f.CPU = -(start - filled) - filled // of the crawl alone
	}
	return f, err
}

// profile writes profiles of CPU and heap to the files that SCHEMER_BENCH_CPU and SCHEMER_BENCH_HEAP name.
func profile() (stop func()) {
	var file *os.File
	if name := os.Getenv("SCHEMER_BENCH_CPU"); name != "" {
		if f, err := os.Create(name); err == nil {
			file = f
			_ = pprof.StartCPUProfile(f)
		}
	}
	return func() {
		if file != nil {
			pprof.StopCPUProfile()
			_ = file.Close()
		}
		if name := os.Getenv("SCHEMER_BENCH_HEAP"); name != "" {
			if f, err := os.Create(name); err == nil {
				_ = pprof.Lookup("heap").WriteTo(f, 0)
				_ = f.Close()
			}
		}
	}
}

// runChild crawls in one way in a process of its own.
func runChild(role, addr string) (figures, error) {
	var f figures
	child := exec.Command(os.Args[0])
	if role == "scrapy" {
		child = exec.Command("python3", filepath.Join("testdata", "follow.py"), addr)
	}
	child.Env = append(os.Environ(), roleVar+"="+role, addrVar+"="+addr)
	child.Stderr = os.Stderr
	begun := time.Now()
	raw, err := child.Output()
	if err != nil {
		return f, fmt.Errorf("crawl as %s: %w", role, err)
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		return f, fmt.Errorf("crawl as %s: %q: %w", role, raw, err)
	}
	if usage, ok := child.ProcessState.SysUsage().(*syscall.Rusage); ok && role == "scrapy" {
		f.Wall = time.Since(begun).Seconds()
		f.CPU = (child.ProcessState.UserTime() + child.ProcessState.SystemTime()).Seconds()
		f.RSS = float64(usage.Maxrss) / 1024
	}
	return f, nil
}

// startServer starts the forum's own process and returns its address.
func startServer(b *testing.B) string {
	b.Helper()
	server := exec.Command(os.Args[0])
	server.Env = append(os.Environ(), roleVar+"=server")
	in, err := server.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close()
		_ = server.Wait()
	})
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(addr)
}

// BenchmarkCrawl compares ways of crawling: the floor (net/http and one parse), the crawler with everything real around
// it, the same with a million targets queued beside, colly as its examples show it, and Scrapy where Python has it.
func BenchmarkCrawl(b *testing.B) {
	addr := startServer(b)
	forum := layOut(benchPages())
	floor := 0.0
	roles := []string{"floor", "schemer", "million", "colly"}
	if exec.Command("python3", "-c", "import scrapy").Run() == nil {
		roles = append(roles, "scrapy")
	}
	for _, role := range roles {
		b.Run(role, func(b *testing.B) {
			for b.Loop() {
				f, err := runChild(role, addr)
				if err != nil {
					b.Fatal(err)
				}
				if role != "million" && f.Pages < forum.pages() {
					b.Errorf("%s: %d of %d pages", role, f.Pages, forum.pages())
				}
				rate := float64(f.Pages) / f.CPU
				if role == "floor" {
					floor = rate
				}
				b.ReportMetric(rate, "pages/cpu-s")
				b.ReportMetric(float64(f.Pages)/f.Wall, "pages/s")
				b.ReportMetric(f.RSS, "MiB-peak")
				b.ReportMetric(float64(f.Pages), "pages")
				b.ReportMetric(float64(f.Posts), "posts")
				if floor > 0 {
					b.ReportMetric(rate/floor, "of-floor")
				}
			}
		})
	}
}
