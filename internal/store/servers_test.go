//go:build servers

package store_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"sync/atomic"
	"testing"
)

// TestPostgres runs the suite, every test in a schema of its own, in the database of SCHEMER_POSTGRES_URL.
func TestPostgres(t *testing.T) {
	base := os.Getenv("SCHEMER_POSTGRES_URL")
	if base == "" {
		t.Fatal("SCHEMER_POSTGRES_URL is not set: name a PostgreSQL database, or leave out -tags servers")
	}
	db, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	var n atomic.Int64
	suite(t, func(t *testing.T) string {
		schema := fmt.Sprintf("schemer_test_%d_%d", os.Getpid(), n.Add(1))
		if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+schema); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := db.Exec("DROP SCHEMA " + schema + " CASCADE"); err != nil {
				t.Error(err)
			}
		})
		u, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set("search_path", schema)
		u.RawQuery = q.Encode()
		return u.String()
	})
}
