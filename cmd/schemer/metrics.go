package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"schemer/crawler"
)

// meter turns the crawler's counts into Prometheus counters, which it makes as they first appear.
type meter struct {
	registry *prometheus.Registry
	mu       sync.Mutex
	counters map[string]*prometheus.CounterVec
}

// metrics returns the crawler's meter, nil when no listen address is set.
func (a *app) metrics() crawler.Metrics {
	if a.meter == nil {
		return nil
	}
	return a.meter
}

// Add implements crawler.Metrics; labels are pairs of name and value, the same names for a metric every time.
func (m *meter) Add(name string, delta float64, labels ...string) {
	set := prometheus.Labels{}
	var names []string
	for i := 0; i+1 < len(labels); i += 2 {
		names = append(names, labels[i])
		set[labels[i]] = labels[i+1]
	}
	m.mu.Lock()
	vec, ok := m.counters[name]
	if !ok {
		vec = prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: "See docs/crawling.md."}, names)
		m.registry.MustRegister(vec)
		m.counters[name] = vec
	}
	m.mu.Unlock()
	if counter, err := vec.GetMetricWith(set); err == nil {
		counter.Add(delta)
	}
}

// serveMetrics answers /metrics on the configured address until ctx ends.
func (a *app) serveMetrics(ctx context.Context) error {
	if a.Metrics == "" || a.meter != nil {
		return nil
	}
	l, err := net.Listen("tcp", a.Metrics)
	if err != nil {
		return usage("metrics: %v", err)
	}
	a.meter = &meter{registry: prometheus.NewRegistry(), counters: map[string]*prometheus.CounterVec{}}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.meter.registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(l) }()
	context.AfterFunc(ctx, func() { _ = server.Close() })
	return nil
}
