package store_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"schemer"
	"schemer/internal/store"
)

// TestNewerSchema: a schema that a later program made is refused.
func TestNewerSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schemer.db")
	s, err := store.Open(t.Context(), "sqlite:"+path, store.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(t.Context(), "sqlite:"+path, store.Options{Now: time.Now})
	if !errors.Is(err, schemer.ErrUsage) || !strings.Contains(err.Error(), "schema 999") || !strings.Contains(err.Error(), path) {
		t.Errorf("a newer schema: %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "schemer.db")
	w := open(t, url)
	r, err := store.Open(t.Context(), url, store.Options{Now: time.Now, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}()
	adopt(t, w, page{seq: 1, url: "http://a.example/t/1", show: "1:one"})
	if err := w.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	same(t, "seen by a reader", told(t, r, store.PostFilter{}), []string{"1 one 1-1"})
	if err := r.SetMeta(t.Context(), "x", "y"); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("a reader wrote: %v", err)
	}
}
