package scoring_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"schemer"
)

// TestWorldChatter counts the positive hits in forum posts that no truth quotes: what people say about hosting when
// nobody admits anything. It prints them under SCHEMER_SHOW, without the threads in which unseen sellers speak.
func TestWorldChatter(t *testing.T) {
	rules := defaultRules(t)
	sites, sellers := loadWorld(t)
	quoted, apart := map[string]bool{}, map[string]bool{}
	for _, s := range sellers {
		for _, e := range s.Evidence {
			quoted[e.URL] = true
			if unseen(s) {
				thread, _, _ := strings.Cut(e.URL, "#")
				apart[thread] = true
			}
		}
	}
	posts, withHits := 0, 0
	hosts := make([]string, 0, len(sites))
	for h := range sites {
		hosts = append(hosts, h)
	}
	slices.Sort(hosts)
	for _, host := range hosts {
		for _, b := range sites[host].Boards {
			for _, th := range b.Threads {
				thread := fmt.Sprintf("http://%s/t/%d", host, th.ID)
				for _, po := range th.Posts {
					if quoted[fmt.Sprintf("%s#p%d", thread, po.ID)] {
						continue
					}
					posts++
					hit := false
					for _, h := range rules.Detect(&schemer.Post{Text: po.Text, Thread: th.Title, Board: b.Name, Lang: sites[host].Lang}) {
						if positive(h, rules) && h.Scope == "" {
							hit = true
							if os.Getenv("SCHEMER_SHOW") != "" && !apart[thread] {
								t.Logf("CHAT %s#p%d %s: %s [%s] %q", thread, po.ID, po.Author, h.Signal, h.Subject, h.Quote)
							}
						}
					}
					if hit {
						withHits++
					}
				}
			}
		}
	}
	t.Logf("%d of %d other posts have positive hits", withHits, posts)
}
