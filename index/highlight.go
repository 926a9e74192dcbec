package index

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// fragmentBytes is about how long a fragment is.
	fragmentBytes = 240
	// maxFragments bounds the fragments of a long field.
	maxFragments = 3
)

// fragmentFields are the fields that fragments are taken from, in the order shown.
var fragmentFields = []string{"title", "thread", "text", "signature", "quotes"}

// fragments cuts out of the stored texts what surrounds the marks. Without any mark the beginning of the text is shown.
func fragments(texts map[string]string, marks map[string][]Span) []Fragment {
	var out []Fragment
	for _, name := range fragmentFields {
		out = append(out, cutField(name, texts[name], merge(texts[name], marks[name]))...)
	}
	if len(out) == 0 && texts["text"] != "" {
		out = append(out, cut("text", texts["text"], 0, fragmentBytes, nil))
	}
	return out
}

// merge orders marks, joins those that touch and drops what does not lie within the text.
func merge(text string, marks []Span) []Span {
	marks = slices.DeleteFunc(slices.Clone(marks), func(s Span) bool {
		return s.Start < 0 || s.Start >= s.End || s.End > len(text) || !utf8.RuneStart(text[s.Start]) || s.End < len(text) && !utf8.RuneStart(text[s.End])
	})
	slices.SortFunc(marks, func(a, b Span) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	var out []Span
	for _, m := range marks {
		if n := len(out); n > 0 && m.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, m.End)
			continue
		}
		out = append(out, m)
	}
	return out
}

// cutField takes the windows with the most marks, then shows them in order.
func cutField(name, text string, marks []Span) []Fragment {
	type window struct{ first, last int } // indexes of marks
	var windows []window
	for i := 0; i < len(marks); {
		j := i
		for j+1 < len(marks) && marks[j+1].End-marks[i].Start <= fragmentBytes {
			j++
		}
		windows = append(windows, window{i, j})
		i = j + 1
	}
	slices.SortStableFunc(windows, func(a, b window) int { return cmp.Compare(b.last-b.first, a.last-a.first) })
	windows = windows[:min(len(windows), maxFragments)]
	slices.SortFunc(windows, func(a, b window) int { return cmp.Compare(a.first, b.first) })
	var out []Fragment
	end := 0
	for _, w := range windows {
		inside := marks[w.first : w.last+1]
		from := max(end, inside[0].Start-(fragmentBytes-min(fragmentBytes, inside[len(inside)-1].End-inside[0].Start))/2)
		f := cut(name, text, from, max(from+fragmentBytes, inside[len(inside)-1].End), inside)
		end = inside[len(inside)-1].End
		out = append(out, f)
	}
	return out
}

// cut takes text[from:to], widened or narrowed to whole words where that is near.
func cut(name, text string, from, to int, marks []Span) Fragment {
	from, to = max(0, from), min(len(text), to)
	if len(marks) > 0 {
		from, to = min(from, marks[0].Start), max(to, marks[len(marks)-1].End)
	}
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to++
	}
	limitFrom, limitTo := to, from
	if len(marks) > 0 {
		limitFrom, limitTo = marks[0].Start, marks[len(marks)-1].End
	}
	if from > 0 {
		if i := strings.IndexFunc(text[from:limitFrom], unicode.IsSpace); i >= 0 && i < 30 {
			from += i
		}
	}
	if to < len(text) {
		if i := strings.LastIndexFunc(text[limitTo:to], unicode.IsSpace); i >= 0 && to-limitTo-i < 30 {
			to = limitTo + i
		}
	}
	f := Fragment{Field: name, Text: text[from:to], Cut: from > 0 || to < len(text)}
	lead := len(f.Text) - len(strings.TrimLeftFunc(f.Text, unicode.IsSpace))
	f.Text = strings.TrimSpace(f.Text)
	for _, m := range marks {
		f.Marks = append(f.Marks, Span{m.Start - from - lead, m.End - from - lead})
	}
	return f
}

// undisguise finds in a text the disguised words that have one of the skeletons.
func undisguise(text string, wanted map[string]bool) []Span {
	var out []Span
	disguised(text, func(start, end int) {
		start, end = edge(text, start, end)
		if slices.ContainsFunc(skeletons(text[start:end]), func(s string) bool { return wanted[s] }) {
			out = append(out, Span{start, end})
		}
	})
	return out
}
