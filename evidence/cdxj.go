package evidence

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"schemer"
)

// cdxjFields are the JSON part of a CDXJ line, as pywb and wabac read it.
type cdxjFields struct {
	URL      string `json:"url"`
	Mime     string `json:"mime"`
	Status   string `json:"status"`
	Digest   string `json:"digest"`
	Length   string `json:"length"`
	Offset   string `json:"offset"`
	Filename string `json:"filename"`
}

// cdxjLine writes the index line of a capture at an offset of a file.
func cdxjLine(c *schemer.Capture, filename string, offset int64) (string, error) {
	mime, _, _ := strings.Cut(c.ContentType, ";")
	mime = strings.ToLower(strings.TrimSpace(mime))
	if c.RevisitOf != "" {
		mime = "warc/revisit"
	}
	fields, err := json.Marshal(cdxjFields{
		URL: c.URL, Mime: mime, Status: strconv.Itoa(c.Status), Digest: "sha256:" + string(c.Payload),
		Length: strconv.FormatInt(c.Length, 10), Offset: strconv.FormatInt(offset, 10), Filename: filename,
	})
	if err != nil {
		return "", fmt.Errorf("index line of %s: %w", c.ID, err)
	}
	return fmt.Sprintf("%s %s %s\n", surt(c.URL), c.FetchedAt.UTC().Format("20060102150405"), fields), nil
}

// writeIndex makes the CDXJ index of a WARC file anew from the log: index/<file>.cdxj. It is a convenience for replay
// tools; nothing here reads it, and it can be made again at any time.
func (a *Archive) writeIndex(name string) error {
	if name == "" {
		return nil
	}
	var lines []string
	_, err := eachLine(io.NewSectionReader(a.log.lines, a.files.began[name], a.log.bytes-a.files.began[name]), func(line []byte, _ int64) error {
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		if e.Kind != EntryCapture || e.File != name || e.Capture == nil {
			return nil
		}
		at, err := a.files.at(name, e.Capture.Offset)
		if err != nil {
			return nil //nolint:nilerr // deleted: not in the index
		}
		l, err := cdxjLine(e.Capture, baseName(name), at)
		lines = append(lines, l)
		return err
	})
	if err != nil {
		return fmt.Errorf("index of %s: %w", name, err)
	}
	slices.Sort(lines)
	path := filepath.Join(a.dir, "index", strings.TrimSuffix(baseName(name), ".warc.gz")+".cdxj")
	return writeFile(path, []byte(strings.Join(lines, "")), 0o600)
}

// surt turns a URL into the sort key of CDX files: host reversed, lower case, query sorted, no "www.".
func surt(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return strings.ReplaceAll(strings.ToLower(raw), " ", "%20")
	}
	host, port := strings.ToLower(u.Hostname()), u.Port()
	host = strings.TrimPrefix(host, "www.")
	if net.ParseIP(host) == nil {
		parts := strings.Split(strings.TrimSuffix(host, "."), ".")
		slices.Reverse(parts)
		host = strings.Join(parts, ",")
	}
	if port != "" && u.Scheme+":"+port != "http:80" && u.Scheme+":"+port != "https:443" {
		host += ":" + port
	}
	path := strings.ToLower(u.EscapedPath())
	if path == "" {
		path = "/"
	}
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	key := host + ")" + path
	if u.RawQuery != "" {
		args := strings.Split(strings.ToLower(u.RawQuery), "&")
		slices.Sort(args)
		key += "?" + strings.Join(args, "&")
	}
	return strings.ReplaceAll(key, " ", "%20")
}
