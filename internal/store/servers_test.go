//go:build servers

package store_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

// TestPostgres runs the suite, every test in a schema of its own, in the database of SCHEMER_POSTGRES_URL.
func TestPostgres(t *testing.T) {
	suite(t, postgres(t))
}

// TestPostgresRestart: a store outlives its connections, as when the server is restarted.
func TestPostgresRestart(t *testing.T) {
	at := postgres(t)(t)
	s := open(t, at)
	db, err := sql.Open("pgx", at)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	for i := range 5 {
		add(t, s, 1, target("a.example", fmt.Sprint("/", i), 1))
		if _, err := s.LastSeq(t.Context()); err != nil {
			t.Fatal(err)
		}
		// Every connection that works in the schema of this test is cut, but for the one that cuts.
		var cut int
		err := db.QueryRowContext(t.Context(), `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
			WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()`).Scan(&cut)
		if err != nil || cut == 0 {
			t.Fatalf("%d connections cut, %v", cut, err)
		}
	}
	if l := lease(t, s, day); len(l.Targets) != 5 {
		t.Errorf("%d of 5 targets are there", len(l.Targets))
	}
	if _, err := s.Known(t.Context(), "http://a.example/4"); err != nil {
		t.Error(err)
	}
}

// postgres returns what makes empty schemas.
func postgres(t *testing.T) func(*testing.T) string {
	t.Helper()
	base := os.Getenv("SCHEMER_POSTGRES_URL")
	if base == "" {
		t.Fatal("SCHEMER_POSTGRES_URL is not set: name a PostgreSQL database, or leave out -tags servers")
	}
	db, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	var n atomic.Int64
	return func(t *testing.T) string {
		schema := fmt.Sprintf("schemer_test_%d_%d_%s", os.Getpid(), n.Add(1), strings.ToLower(t.Name()[:4]))
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
		q.Set("application_name", schema)
		u.RawQuery = q.Encode()
		return u.String()
	}
}
