package crawler

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"strings"
)

// The caps of a sitemap: entries used of one file, and files followed from an index.
const (
	maxSitemapURLs  = 2000
	maxSitemapFiles = 10
)

// sitemapEntry is one page or one further sitemap.
type sitemapEntry struct {
	url     string
	lastmod string
	index   bool // a further sitemap
}

// parseSitemap reads a sitemap, a sitemap index or a plain list of URLs (sitemaps.org protocol 0.9), gzipped or not.
// What is broken ends it early; what came before counts.
func parseSitemap(body []byte, limits *Limits) []sitemapEntry {
	if bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		body, _ = gunzip(body, limits) // a cut file is read as far as it goes
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	if !bytes.HasPrefix(text, []byte("<")) {
		return plainSitemap(text)
	}
	return xmlSitemap(text)
}

func plainSitemap(text []byte) []sitemapEntry {
	var out []sitemapEntry
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() && len(out) < maxSitemapURLs {
		if line := strings.TrimSpace(lines.Text()); strings.HasPrefix(line, "http") {
			out = append(out, sitemapEntry{url: line})
		}
	}
	return out
}

func xmlSitemap(text []byte) []sitemapEntry {
	var (
		out   []sitemapEntry
		entry sitemapEntry
		field string
		files int
	)
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	for len(out) < maxSitemapURLs {
		token, err := d.RawToken()
		if err != nil {
			return out
		}
		switch t := token.(type) {
		case xml.StartElement:
			field = t.Name.Local
			if field == "url" || field == "sitemap" {
				entry = sitemapEntry{index: field == "sitemap"}
			}
		case xml.CharData:
			value := strings.TrimSpace(string(t))
			switch {
			case value == "":
			case field == "loc":
				entry.url = value
			case field == "lastmod" && len(value) <= 40:
				entry.lastmod = value
			}
		case xml.EndElement:
			field = ""
			if name := t.Name.Local; (name == "url" || name == "sitemap") && entry.url != "" {
				if entry.index {
					files++
				}
				if !entry.index || files <= maxSitemapFiles {
					out = append(out, entry)
				}
				entry = sitemapEntry{}
			}
		}
	}
	return out
}
