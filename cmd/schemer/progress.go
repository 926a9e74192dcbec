package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"schemer/crawler"
)

// progress draws a bar on a terminal and is silent elsewhere.
type progress struct {
	mu      sync.Mutex
	bar     *progressbar.ProgressBar
	started time.Time
}

func (a *app) newProgress(what string) *progress {
	p := &progress{started: time.Now()}
	if !a.NoProgress && !a.JSON && interactive() {
		p.bar = progressbar.NewOptions(-1, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(os.Stderr),
			progressbar.OptionSetWidth(20), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(),
			progressbar.OptionEnableColorCodes(os.Getenv("NO_COLOR") == ""))
	}
	return p
}

// crawl shows pages, hosts, errors and rate.
func (p *progress) crawl(s crawler.Stats) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar == nil {
		return
	}
	rate := float64(s.Fetched) / max(0.1, time.Since(p.started).Seconds())
	p.bar.Describe(fmt.Sprintf("%d pages · %d hosts · %d errors · %.1f pages/s", s.Fetched, s.Hosts, faults(s), rate))
	_ = p.bar.Set(s.Fetched)
}

func (p *progress) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}
