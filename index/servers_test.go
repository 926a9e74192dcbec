//go:build servers

package index_test

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

// TestOpenSearch runs the suite, every test under an alias of its own, on the cluster of SCHEMER_OPENSEARCH_URL.
func TestOpenSearch(t *testing.T) {
	base := os.Getenv("SCHEMER_OPENSEARCH_URL")
	if base == "" {
		t.Fatal("SCHEMER_OPENSEARCH_URL is not set: name a cluster, like http://localhost:9200, or leave out -tags servers")
	}
	var n atomic.Int64
	suite(t, func(t *testing.T) string {
		return fmt.Sprintf("opensearch:%s/schemer-test-%d-%d", strings.TrimSuffix(base, "/"), os.Getpid(), n.Add(1))
	})
}
