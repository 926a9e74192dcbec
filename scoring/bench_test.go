package scoring

import (
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"schemer"
)

// benchPosts cuts the demo world's forum texts and pages into posts of the usual size.
func benchPosts(b *testing.B) ([]*schemer.Post, int64) {
	b.Helper()
	names, err := fs.Glob(os.DirFS("../seeds/demo/sites"), "*.json")
	if err != nil || len(names) == 0 {
		b.Fatalf("no demo sites: %v", err)
	}
	text := regexp.MustCompile(`"(?:text|markdown)": "((?:[^"\\]|\\.)*)"`)
	var posts []*schemer.Post
	var size int64
	for _, n := range names {
		raw, err := os.ReadFile("../seeds/demo/sites/" + n)
		if err != nil {
			b.Fatal(err)
		}
		for _, m := range text.FindAllSubmatch(raw, -1) {
			t := strings.NewReplacer(`\n`, "\n", `\"`, `"`).Replace(string(m[1]))
			posts = append(posts, &schemer.Post{Text: t, Board: "Hosting"})
			size += int64(len(t))
		}
	}
	return posts, size
}

func benchDetect(b *testing.B, rules *Rules) {
	posts, size := benchPosts(b)
	b.ReportAllocs()
	before := cpuSeconds(b)
	n := 0
	for b.Loop() {
		n++
		for _, p := range posts {
			rules.Detect(p)
		}
	}
	b.ReportMetric(float64(n)*float64(size)/1e6/(cpuSeconds(b)-before), "MB/cpu-s")
}

// cpuSeconds is the processor time of this process, so that figures hold on a machine that others use too.
func cpuSeconds(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// BenchmarkDetect is detection with all rules, in bytes of text a second on one core.
func BenchmarkDetect(b *testing.B) {
	rules, err := Default()
	if err != nil {
		b.Fatal(err)
	}
	benchDetect(b, rules)
}

// BenchmarkDetectMoreRules is the same with every rule file loaded several times over, under other names: the cost of an
// added rule.
func BenchmarkDetectMoreRules(b *testing.B) {
	for _, times := range []int{2, 4} {
		b.Run(fmt.Sprintf("x%d", times), func(b *testing.B) {
			rules, err := Load(multiplied(b, times))
			if err != nil {
				b.Fatal(err)
			}
			benchDetect(b, rules)
		})
	}
}

// multiplied returns the built-in rules with copies of every rule file but those of grammar.
func multiplied(tb testing.TB, times int) fs.FS {
	tb.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(builtIn, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := builtIn.ReadFile(name)
		if err != nil {
			return err
		}
		out[name] = &fstest.MapFile{Data: raw}
		if id, ok := strings.CutPrefix(name, "signals/"); ok {
			id = strings.TrimSuffix(id, ".yaml")
			for n := 1; n < times; n++ {
				copied := fmt.Sprintf("%s_%d", id, n)
				out["signals/"+copied+".yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(raw), "id: "+id+"\n", "id: "+copied+"\n", 1))}
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// BenchmarkRegexp matches the words of the same concepts as plain regular expressions, one alternation a concept, which
// is less than what the rules do: no order, distance, negation or subject.
func BenchmarkRegexp(b *testing.B) {
	posts, size := benchPosts(b)
	lists := conceptWords(b)
	var exprs []*regexp.Regexp
	for _, words := range lists {
		exprs = append(exprs, regexp.MustCompile(`(?i)(?:^|[^\p{L}])(?:`+strings.Join(words, "|")+`)`))
	}
	before := cpuSeconds(b)
	n := 0
	for b.Loop() {
		n++
		for _, p := range posts {
			for _, e := range exprs {
				e.MatchString(p.Text)
			}
		}
	}
	b.ReportMetric(float64(n)*float64(size)/1e6/(cpuSeconds(b)-before), "MB/cpu-s")
}

// conceptWords lists the entries of every concept as patterns.
func conceptWords(tb testing.TB) [][]string {
	tb.Helper()
	lex, err := loadLexicon(builtIn, "concepts")
	if err != nil {
		tb.Fatal(err)
	}
	lists := make([][]string, len(lex.names))
	for word, info := range lex.exact {
		for _, t := range info.tags {
			lists[t.concept] = append(lists[t.concept], regexp.QuoteMeta(word)+`(?:$|[^\p{L}])`)
		}
	}
	for word, info := range lex.stems {
		for _, t := range info.tags {
			lists[t.concept] = append(lists[t.concept], regexp.QuoteMeta(word))
		}
	}
	var out [][]string
	for _, l := range lists {
		if len(l) > 0 {
			out = append(out, l)
		}
	}
	return out
}
