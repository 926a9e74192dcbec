package store_test

import (
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/s2"
	"github.com/pressly/goose/v3"

	"schemer"
	"schemer/internal/store"
)

// TestOlderSchema: a database of the first schema is brought up to date with all that it holds.
func TestOlderSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schemer.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	migrations, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("migrations"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	for _, p := range history[:5] {
		oldRows(t, db, p)
	}
	if _, err := db.ExecContext(t.Context(), `INSERT INTO target (url, host, source, kind, depth, priority, state, due_at, found_on, anchor, reason, last_mark, thread)
		VALUES ('http://a.example/t/1', 'a.example', 'a', 'thread', 0, 5, 1, 0, '', '', 'link', '', ''); INSERT INTO host (host, due_at) VALUES ('a.example', 0)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := open(t, "sqlite:"+path)
	for _, p := range history[5:] {
		adopt(t, s, p)
	}
	same(t, "posts", told(t, s, store.PostFilter{AllVersions: true}), historyAll)
	if seq, err := s.LastSeq(t.Context()); err != nil || seq != int64(len(history)) {
		t.Errorf("last seq %d, %v", seq, err)
	}
	if l := lease(t, s, day); len(l.Targets) != 1 || l.Targets[0].Priority != 5 {
		t.Errorf("leased %+v", l.Targets)
	}
}

// oldRows stores a page as the first schema had it.
func oldRows(t *testing.T, db *sql.DB, p page) {
	t.Helper()
	c, d := p.read()
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO capture VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,0)`, string(c.ID), c.Seq, c.URL, string(c.Source), c.Kind,
		c.FetchedAt.UnixNano(), c.Status, c.ContentType, string(c.Payload), string(c.Block), c.File, c.Offset, c.Length, string(c.RevisitOf), "", "", 0)
	what, complete := "same", 1
	var shows, data []byte
	if d != nil {
		what = "doc"
		if d.Kind != schemer.PageThread {
			complete = 0
		}
		var frames []byte
		for i := range d.Posts {
			one, err := json.Marshal(&d.Posts[i])
			if err != nil {
				t.Fatal(err)
			}
			frames = append(binary.AppendUvarint(frames, uint64(len(one))), one...)
			wording, err := hex.DecodeString(string(schemer.DigestOf([]byte(d.Posts[i].Text + "\x00\x00bob\x00\x00quoted\x00"))[:32]))
			if err != nil {
				t.Fatal(err)
			}
			shows = append(append(binary.AppendUvarint(shows, 32), d.Posts[i].ID...), wording...)
		}
		data = s2.Encode(nil, frames)
	}
	exec(`INSERT INTO reading VALUES ($1,$2,$3,$4,$5,$6,0,$7,$8)`, string(c.ID), c.Seq, c.URL, c.FetchedAt.UnixNano(), what, complete, shows, data)
}
