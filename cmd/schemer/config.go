package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"schemer"
)

// config is everything that can be set: one YAML file, then flags over it. Unknown keys are errors.
type config struct {
	Data      string   `yaml:"data"`       // directory that holds everything, default ./data
	Store     string   `yaml:"store"`      // sqlite:PATH or postgres://…; default sqlite:DATA/schemer.db
	Index     string   `yaml:"index"`      // bleve:DIR or opensearch:URL; default bleve:DATA/index
	Evidence  string   `yaml:"evidence"`   // file:DIR or s3:…; default file:DATA/evidence
	Rules     string   `yaml:"rules"`      // directory of rule files instead of the embedded ones
	Operator  string   `yaml:"operator"`   // who runs it, for the chain of custody
	UserAgent string   `yaml:"user_agent"` // default for every source
	TSA       string   `yaml:"tsa"`        // RFC 3161 time-stamping authority
	Workers   int      `yaml:"workers"`    // hosts crawled at once, default 16
	Resolve   []string `yaml:"resolve"`    // HOST=IP:PORT, like curl's --resolve; *=… for every host
	Metrics   string   `yaml:"metrics"`    // listen address for Prometheus metrics while crawling
	NoGuess   bool     `yaml:"no_guess"`   // look for no seller's site under addresses made from its name
	LogFormat string   `yaml:"log"`        // text (default) or json

	Verbose    bool `yaml:"-"`
	NoProgress bool `yaml:"-"`
	JSON       bool `yaml:"-"`
}

// loadConfig reads the YAML file over the defaults. An empty path means no file.
func loadConfig(path string, c *config) error {
	if path == "" {
		return nil
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return usage("configuration file %s does not exist; leave --config out to use the defaults", path)
	}
	if err != nil {
		return usage("configuration file: %v", err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(c); err != nil && !errors.Is(err, io.EOF) {
		return usage("%s: %s; the keys are those of \"schemer help config\"", path, yamlMessage(err))
	}
	return nil
}

// yamlMessage turns the YAML reader's several lines into one: "line 3: field colour not found".
func yamlMessage(err error) string {
	s := strings.TrimPrefix(err.Error(), "yaml: ")
	s = strings.TrimPrefix(s, "unmarshal errors:\n")
	s = regexp.MustCompile(` in type main\.\w+`).ReplaceAllString(s, "")
	return strings.Join(strings.Fields(s), " ")
}

// finish fills the defaults that depend on the data directory and checks the rest.
func (c *config) finish() error {
	if c.Data == "" {
		c.Data = "data"
	}
	abs, err := filepath.Abs(c.Data)
	if err != nil {
		return usage("--data %s: %v", c.Data, err)
	}
	c.Data = abs
	if c.Store == "" {
		c.Store = "sqlite:" + filepath.Join(c.Data, "schemer.db")
	}
	if c.Index == "" {
		c.Index = "bleve:" + filepath.Join(c.Data, "index")
	}
	if c.Evidence == "" {
		c.Evidence = "file:" + filepath.Join(c.Data, "evidence")
	}
	if c.Workers == 0 {
		c.Workers = 16
	}
	if c.Workers < 1 || c.Workers > 1000 {
		return usage("workers: %d is not between 1 and 1000", c.Workers)
	}
	if c.LogFormat != "" && c.LogFormat != "text" && c.LogFormat != "json" {
		return usage("log: %q is neither text nor json", c.LogFormat)
	}
	_, err = c.resolve()
	return err
}

// resolve parses the HOST=IP:PORT pairs.
func (c *config) resolve() (map[string]string, error) {
	m := make(map[string]string, len(c.Resolve))
	for _, pair := range c.Resolve {
		host, addr, ok := strings.Cut(pair, "=")
		ip, port, err := net.SplitHostPort(addr)
		if !ok || host == "" || err != nil || net.ParseIP(ip) == nil || port == "" {
			return nil, usage("--resolve %q: write HOST=IP:PORT, for instance board.example=127.0.0.1:8900 or *=127.0.0.1:8900", pair)
		}
		m[strings.ToLower(host)] = addr
	}
	return m, nil
}

// digest is the SHA-256 of the settings that shape a crawl, for the chain of custody.
func (c *config) digest(sources []schemer.Source) schemer.Digest {
	var b strings.Builder
	fmt.Fprintf(&b, "%q %q %d %q\n", c.UserAgent, c.Operator, c.Workers, c.Resolve)
	for _, s := range sources {
		fmt.Fprintf(&b, "%+v\n", s)
	}
	return schemer.DigestOf([]byte(b.String()))
}

// moment is a flag that takes a date, meaning its first moment in UTC, or an RFC 3339 time.
type moment struct{ time.Time }

// Set implements pflag.Value.
func (m *moment) Set(s string) error {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			m.Time = t.UTC()
			return nil
		}
	}
	return errors.New("write a date as 2026-11-01 or a time as 2026-11-01T12:00:00Z")
}

// String implements pflag.Value.
func (m *moment) String() string {
	if m.IsZero() {
		return ""
	}
	return m.Format(time.DateOnly)
}

// Type implements pflag.Value.
func (m *moment) Type() string { return "date" }
