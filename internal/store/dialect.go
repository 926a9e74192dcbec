package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // driver "sqlite"

	"schemer"
)

// dialect is all in which the two databases differ.
type dialect struct {
	goose    goose.Dialect
	path     string // of the SQLite file
	dsn      string
	begin    string
	forWrite string // appended to a SELECT whose rows will be written
	skip     string // the same, but passes over rows that another transaction holds
}

func dialectOf(raw string) (dialect, error) {
	switch {
	case strings.HasPrefix(raw, "sqlite:") && len(raw) > len("sqlite:"):
		return dialect{goose: goose.DialectSQLite3, path: strings.TrimPrefix(raw, "sqlite:"), begin: "BEGIN IMMEDIATE"}, nil
	case strings.HasPrefix(raw, "postgres://"), strings.HasPrefix(raw, "postgresql://"):
		return dialect{goose: goose.DialectPostgres, dsn: raw, begin: "BEGIN", forWrite: " FOR UPDATE", skip: " FOR UPDATE SKIP LOCKED"}, nil
	}
	scheme, _, _ := strings.Cut(raw, ":")
	return dialect{}, fmt.Errorf("%w: store %q: expected sqlite:PATH or postgres://…", schemer.ErrUsage, scheme)
}

// open connects with at most conns connections. SQLite has one writer, and readers that cannot write.
func (d dialect) open(conns int, pragmas ...string) (*sql.DB, error) {
	db, err := d.connect(pragmas)
	if err != nil {
		return nil, d.explain(err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

func (d dialect) connect(pragmas []string) (*sql.DB, error) {
	if d.path != "" {
		q := url.Values{"_pragma": pragmas}
		return sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(d.path)}).EscapedPath()+"?"+q.Encode())
	}
	config, err := pgx.ParseConfig(d.dsn)
	if err != nil {
		return nil, err
	}
	// A connection is tried out before it is used again: one that a restart of the server broke is replaced unseen.
	always := stdlib.OptionShouldPing(func(context.Context, stdlib.ShouldPingParams) bool { return true })
	return stdlib.OpenDB(*config, always), nil
}

// sqlitePragmas come first: a busy database is waited for before anything else is tried.
var sqlitePragmas = []string{"busy_timeout(10000)"}

func (d dialect) reader() (*sql.DB, error) {
	return d.open(4, append(sqlitePragmas[:1:1], "query_only(1)", "cache_size(-4000)")...)
}

func (d dialect) writer() (*sql.DB, error) {
	return d.open(1, append(sqlitePragmas[:1:1], "journal_mode(WAL)", "synchronous(FULL)", "wal_autocheckpoint(4000)", "cache_size(-8000)", "temp_store(FILE)")...)
}

// name is what messages call the database; a PostgreSQL URL may hold a password, so it is not shown.
func (d dialect) name() string {
	if d.path == "" {
		return "the PostgreSQL database"
	}
	return d.path
}

// explain says what can be done about an error of opening.
func (d dialect) explain(err error) error {
	if d.path == "" {
		return fmt.Errorf("store: PostgreSQL: %w; is the server up, and does the database of --store exist?", err)
	}
	for _, damage := range []string{"not a database", "malformed", "disk I/O error", "SQLITE_CORRUPT", "file is encrypted"} {
		if strings.Contains(err.Error(), damage) {
			return fmt.Errorf("%w: %s is damaged: %w; restore it from a backup, or move it away and run \"schemer read --all\" to make it anew from the evidence",
				schemer.ErrIntegrity, d.path, err)
		}
	}
	if errors.Is(err, os.ErrPermission) || strings.Contains(err.Error(), "unable to open") || strings.Contains(err.Error(), "readonly") {
		return fmt.Errorf("%w: cannot open %s: %w; check that its directory exists and is yours", schemer.ErrUsage, d.path, err)
	}
	return fmt.Errorf("store: open %s: %w", d.path, err)
}

// prepare checks the database before anything is written to it and brings its schema up to date.
func (d dialect) prepare(ctx context.Context, readOnly bool) error {
	if d.path != "" {
		if err := d.checkFile(readOnly); err != nil {
			return err
		}
	}
	return d.migrate(ctx, readOnly)
}

// checkFile refuses a file that is no SQLite database, so that none is ever overwritten, and keeps a new one private.
func (d dialect) checkFile(readOnly bool) error {
	f, err := os.Open(d.path)
	if errors.Is(err, os.ErrNotExist) {
		if readOnly {
			return fmt.Errorf("%w: no database at %s; fill one with \"schemer run\"", schemer.ErrNotFound, d.path)
		}
		f, err = os.OpenFile(d.path, os.O_CREATE|os.O_RDWR, 0o600)
	}
	if err != nil {
		return fmt.Errorf("%w: cannot open %s: %w; check that its directory exists and is yours", schemer.ErrUsage, d.path, err)
	}
	head := make([]byte, 16)
	n, err := f.ReadAt(head, 0)
	if closing := f.Close(); n == 0 {
		return closing
	}
	if string(head[:n]) != "SQLite format 3\x00" {
		if err == nil {
			err = errors.New("file is not a database")
		}
		return d.explain(fmt.Errorf("not a database: %w", err))
	}
	return nil
}
