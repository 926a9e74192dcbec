package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"schemer"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date, each migration in a transaction. A schema that is newer than this program is
// left alone and refused; so is an older one when it may only be read.
func (d dialect) migrate(ctx context.Context, readOnly bool) (err error) {
	open := d.writer
	if readOnly {
		open = d.reader
	}
	db, err := open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if d.path != "" {
		if err := quickCheck(ctx, db); err != nil {
			return d.explain(err)
		}
	}
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	p, err := d.provider(db, dir)
	if err != nil {
		return d.explain(fmt.Errorf("migrations: %w", err))
	}
	sources := p.ListSources()
	newest := sources[len(sources)-1].Version
	have, err := d.version(ctx, db)
	switch {
	case err != nil:
		return d.explain(err)
	case have > newest:
		return fmt.Errorf("%w: %s has schema %d, this program knows up to %d; use the newer program, or restore a backup of before its upgrade",
			schemer.ErrUsage, d.name(), have, newest)
	case have == newest:
		return nil
	case readOnly:
		return fmt.Errorf("%w: %s has schema %d, this program needs %d; run \"schemer read\" once to bring it up to date", schemer.ErrUsage, d.name(), have, newest)
	}
	if _, err := p.Up(ctx); err != nil {
		return d.explain(fmt.Errorf("migrate from schema %d to %d: %w", have, newest, err))
	}
	return nil
}

// provider serialises the migrations of several machines that open one PostgreSQL database at once.
func (d dialect) provider(db *sql.DB, dir fs.FS) (*goose.Provider, error) {
	var opts []goose.ProviderOption
	if d.path == "" {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(d.goose, db, dir, opts...)
}

// quickCheck reads the header and the schema: enough to tell a database from a damaged one without reading all of it.
func quickCheck(ctx context.Context, db *sql.DB) error {
	var n int
	return db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&n)
}

// version returns the newest migration that was applied, 0 for an empty database.
func (d dialect) version(ctx context.Context, db *sql.DB) (int64, error) {
	probe := "SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'"
	if d.path == "" {
		probe = "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'goose_db_version'"
	}
	var there int
	if err := db.QueryRowContext(ctx, probe).Scan(&there); err != nil {
		return 0, fmt.Errorf("schema version: %w", err)
	}
	if there == 0 {
		return 0, nil
	}
	var v sql.NullInt64
	if err := db.QueryRowContext(ctx, "SELECT max(version_id) FROM goose_db_version WHERE is_applied").Scan(&v); err != nil {
		return 0, fmt.Errorf("schema version: %w", err)
	}
	return v.Int64, nil
}
