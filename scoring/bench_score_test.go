package scoring

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"schemer"
)

// crowd is a corpus that is made while it is read: posts of the usual size, each of its own wording, in threads of twenty;
// the first is by one of 5,000 sellers and says something that rules find, the others are talk in which they find nothing.
type crowd struct {
	n             int
	telling, talk []string
}

// newCrowd sorts the demo's posts by whether the rules find anything in them.
func newCrowd(b *testing.B, rules *Rules, n int) crowd {
	c := crowd{n: n}
	posts, _ := benchPosts(b)
	for _, p := range posts {
		if len(rules.Detect(p)) > 0 {
			c.telling = append(c.telling, p.Text)
		} else {
			c.talk = append(c.talk, p.Text)
		}
	}
	return c
}

func (c crowd) Posts(yield func(*schemer.Post) error) error {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range c.n {
		thread := i / 20
		seller := thread % 5000
		text := c.talk[i%len(c.talk)]
		if i%20 == 0 {
			text = c.telling[i/20%len(c.telling)]
		}
		p := &schemer.Post{
			ID: schemer.PostID(fmt.Sprintf("p%07d", i)), URL: fmt.Sprintf("http://board%d.example/t/%d#p%d", seller%40, thread, i),
			Site: fmt.Sprintf("board%d.example", seller%40), SourceKind: schemer.KindForum, Kind: schemer.PostForum, Confidence: 1,
			Board: "Hosting offers", Thread: fmt.Sprintf("Seller%d servers", seller), ThreadID: fmt.Sprint(thread), Position: i%20 + 1,
			Number: fmt.Sprint(i), PostedAt: start.Add(time.Duration(i) * time.Second), Text: fmt.Sprintf("%s\nOrder no. %d.", text, i),
			Author: fmt.Sprintf("user%d", i%30000),
		}
		if i%20 == 0 {
			p.Author = fmt.Sprintf("seller%d", seller)
			p.Text += fmt.Sprintf(" Write to t.me/seller%d or seller%d.example.", seller, seller)
			p.Mentions = []schemer.Mention{{Kind: "domain", Value: fmt.Sprintf("seller%d.example", seller)}, {Kind: "telegram", Value: fmt.Sprintf("seller%d", seller)}}
		}
		if err := yield(p); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkScore scores whole corpora from nothing, detection included: processor seconds, and the most memory that the
// process ever had, the generator's included. Run the sizes apart to tell their memory apart.
func BenchmarkScore(b *testing.B) {
	rules, err := Default()
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("posts=%d", n), func(b *testing.B) {
			for b.Loop() {
				before := cpuSeconds(b)
				if _, err := Score(Input{Corpus: newCrowd(b, rules, n), Rules: rules, AsOf: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Edition: "2026"}); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(cpuSeconds(b)-before, "cpu-s")
				b.ReportMetric(float64(n)/(cpuSeconds(b)-before), "posts/cpu-s")
			}
			var u syscall.Rusage
			if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(u.Maxrss)/1024, "MiB-peak")
		})
		runtime.GC()
	}
}

// BenchmarkRipgrep lets ripgrep look for the words of the same concepts in the same text: no order, distance, negation or
// subject, and nobody who says it. Where it is not installed the line says so.
func BenchmarkRipgrep(b *testing.B) {
	rg, err := exec.LookPath("rg")
	if err != nil {
		b.Log("ripgrep is not installed (Debian: apt-get install ripgrep); nothing measured")
		return
	}
	dir := b.TempDir()
	posts, _ := benchPosts(b)
	var text, words strings.Builder
	for range 20 {
		for _, p := range posts {
			text.WriteString(strings.ReplaceAll(p.Text, "\n", " ") + "\n")
		}
	}
	for _, list := range conceptWords(b) {
		for _, w := range list {
			words.WriteString(w + "\n")
		}
	}
	for name, s := range map[string]string{"text": text.String(), "words": words.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(s), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	spent, n := time.Duration(0), 0
	for b.Loop() {
		cmd := exec.Command(rg, "--threads=1", "-i", "-c", "--dfa-size-limit=1G", "--regex-size-limit=1G", "-f", filepath.Join(dir, "words"), filepath.Join(dir, "text"))
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("rg: %v: %.300s", err, out)
		}
		spent += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		n++
	}
	b.ReportMetric(float64(n)*float64(text.Len())/1e6/spent.Seconds(), "MB/cpu-s")
}
