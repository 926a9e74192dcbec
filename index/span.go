package index

import (
	"strings"
	"time"
)

// dateForms are the dates that people write, with what each stands for.
var dateForms = []struct {
	layout string
	end    func(time.Time) time.Time
}{
	{"2006", func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }},
	{"2006-01", func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
	{"2006-01-02", func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
}

// readSpan reads a date or A..B, A.., ..B, each a year, month or day; a range includes both of its ends. Times are UTC.
func readSpan(name, value string) (node, error) {
	first, last, ranged := strings.Cut(value, "..")
	if !ranged {
		last = first
	}
	s := span{field: name, text: value}
	var err error
	if first != "" {
		if s.from, _, err = readDate(name, first); err != nil {
			return nil, err
		}
	}
	if last != "" {
		if _, s.to, err = readDate(name, last); err != nil {
			return nil, err
		}
	}
	if first == "" && last == "" {
		return nil, nil
	}
	if !s.from.IsZero() && !s.to.IsZero() && !s.from.Before(s.to) {
		return nil, refuse("%s:%s ends before it begins", name, value)
	}
	return s, nil
}

func readDate(name, text string) (from, to time.Time, err error) {
	for _, f := range dateForms {
		if t, err := time.ParseInLocation(f.layout, text, time.UTC); err == nil && t.Year() > 0 {
			return t, f.end(t), nil
		}
	}
	return from, to, refuse("%s:%s is no date; write 2026, 2026-03, 2026-03-31, or a range like 2025-01..2026-06", name, text)
}
