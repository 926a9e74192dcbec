package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"schemer"
)

// maxGroup bounds how many calls share a transaction, so that the first of them does not wait for ever.
const maxGroup = 64

// writer owns the one writing connection. Calls that arrive while a transaction is being made durable share the next.
type writer struct {
	db      *sql.DB
	dialect dialect
	queue   chan *call
	stop    chan struct{}
	once    sync.Once
	ended   chan struct{}
	conn    *tx // nil until needed and after a connection broke

	coming atomic.Int64  // callers that announced a call and have not made it yet
	gaveUp chan struct{} // one of them will not
}

// call is one caller's part of a transaction.
type call struct {
	ctx  context.Context // of the caller; looked at before the call is begun, never afterwards
	do   func(context.Context, *tx) error
	err  error
	done chan struct{}

	announced bool
}

// tx is the writing connection within a transaction, with its prepared statements.
type tx struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	after []func()         // run when the transaction is durable
	wakes wakes            // due times of hosts, not yet stored
	held  map[string]int64 // fences of the hosts that this transaction locked

	change, changes int64 // the next change number and the first that is not ours
}

func newWriter(ctx context.Context, db *sql.DB, d dialect) *writer {
	w := &writer{db: db, dialect: d, queue: make(chan *call), stop: make(chan struct{}), ended: make(chan struct{}), gaveUp: make(chan struct{}, 1)}
	go w.loop(context.WithoutCancel(ctx))
	return w
}

var errClosed = errors.New("store: closed")

// announce says that a call will come as soon as it is prepared, which must need nothing but CPU. A transaction that is
// ready waits for it, since a flush is dearer than a moment. Who announced must [writer.run] it or retract.
func (w *writer) announce() { w.coming.Add(1) }

func (w *writer) retract() {
	w.coming.Add(-1)
	select {
	case w.gaveUp <- struct{}{}:
	default:
	}
}

// accept begins with a call that came.
func (w *writer) accept(c *call) *call {
	if c.announced {
		w.coming.Add(-1)
	}
	return c
}

// another returns the next call that waits or was announced, nil when there is none.
func (w *writer) another() *call {
	for {
		select {
		case c := <-w.queue:
			return w.accept(c)
		default:
		}
		if w.coming.Load() == 0 {
			return nil
		}
		select {
		case c := <-w.queue:
			return w.accept(c)
		case <-w.gaveUp:
		}
	}
}

// run hands do to the writer and waits. A context that ends before the call was begun leaves nothing behind; once
// begun, a call is finished, so its answer is never in doubt.
func (w *writer) run(ctx context.Context, announced bool, do func(context.Context, *tx) error) error {
	c := &call{ctx: ctx, announced: announced, do: do, done: make(chan struct{})}
	var err error
	select {
	case w.queue <- c:
		<-c.done
		return c.err
	case <-w.stop:
		err = errClosed
	case <-ctx.Done():
		err = ctx.Err()
	}
	if announced {
		w.retract()
	}
	return err
}

func (w *writer) close() error {
	w.once.Do(func() { close(w.stop) })
	<-w.ended
	return w.db.Close()
}

func (w *writer) loop(ctx context.Context) {
	defer close(w.ended)
	for {
		select {
		case c := <-w.queue:
			w.group(ctx, w.accept(c))
		case <-w.stop:
			w.drop()
			return
		}
	}
}

// group runs first and whoever waits by then in one transaction. When it fails, each call is tried by itself, so that
// one bad call cannot spoil its neighbours.
func (w *writer) group(ctx context.Context, first *call) {
	calls := []*call{first}
	err := w.begin(ctx)
	for i := 0; err == nil && i < len(calls); i++ {
		err = w.step(ctx, calls[i])
		if len(calls) < maxGroup && err == nil {
			if c := w.another(); c != nil {
				calls = append(calls, c)
			}
		}
	}
	if err == nil {
		err = w.commit(ctx)
	}
	if err != nil {
		w.rollback(ctx)
		first.err = err
		if len(calls) > 1 || retryable(err) {
			for _, c := range calls {
				w.alone(ctx, c)
			}
		}
	}
	for _, c := range calls {
		close(c.done)
	}
}

// alone runs one call in a transaction of its own, again when another process was in its way.
func (w *writer) alone(ctx context.Context, c *call) {
	for range 5 {
		err := w.begin(ctx)
		if err == nil {
			err = w.step(ctx, c)
		}
		if err == nil {
			err = w.commit(ctx)
		}
		if err == nil {
			return
		}
		w.rollback(ctx)
		if c.err = err; !retryable(err) {
			return
		}
	}
}

// retryable tells that PostgreSQL rolled a transaction back for the sake of another one: SQLSTATE 40001 or 40P01.
func retryable(err error) bool {
	var state interface{ SQLState() string }
	return errors.As(err, &state) && (state.SQLState() == "40001" || state.SQLState() == "40P01")
}

// step runs one call. An answer such as "not found" or "stale fence" is given before anything is written and does not
// disturb the transaction; any other error does.
func (w *writer) step(ctx context.Context, c *call) error {
	if c.err = c.ctx.Err(); c.err == nil {
		return w.answer(ctx, c)
	}
	return nil
}

func (w *writer) answer(ctx context.Context, c *call) error {
	err := c.do(ctx, w.conn)
	if errors.Is(err, schemer.ErrNotFound) || errors.Is(err, schemer.ErrLocked) || errors.Is(err, schemer.ErrUsage) ||
		errors.Is(err, schemer.ErrPolicy) {
		c.err, err = err, nil
	}
	return err
}

func (w *writer) begin(ctx context.Context) error {
	var err error
	for range 3 { // a server that was restarted shows as a broken connection once
		if w.conn == nil {
			var conn *sql.Conn
			if conn, err = w.db.Conn(ctx); err != nil {
				continue
			}
			w.conn = &tx{conn: conn, stmts: map[string]*sql.Stmt{}, wakes: wakes{}, held: map[string]int64{}}
		}
		w.conn.after, w.conn.change, w.conn.changes = nil, 0, 0
		clear(w.conn.wakes)
		clear(w.conn.held)
		if _, err = w.conn.conn.ExecContext(ctx, w.dialect.begin); err == nil {
			return nil
		}
		w.drop()
	}
	return fmt.Errorf("store: begin: %w", w.dialect.explain(err))
}

func (w *writer) commit(ctx context.Context) error {
	if err := w.conn.wake(ctx); err != nil {
		return err
	}
	if _, err := w.conn.conn.ExecContext(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("store: commit: %w", err)
	}
	for _, f := range w.conn.after {
		f()
	}
	return nil
}

func (w *writer) rollback(ctx context.Context) {
	if w.conn == nil {
		return
	}
	if _, err := w.conn.conn.ExecContext(ctx, "ROLLBACK"); err != nil {
		w.drop()
	}
}

// drop gives up the connection; the next transaction opens another.
func (w *writer) drop() {
	if w.conn == nil {
		return
	}
	for _, s := range w.conn.stmts {
		_ = s.Close() // the connection is given up
	}
	_ = w.conn.conn.Close()
	w.conn = nil
}

// prepared returns the prepared form of a query; queries are constants, so there are few.
func (t *tx) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := t.stmts[query]; ok {
		return s, nil
	}
	s, err := t.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	t.stmts[query] = s
	return s, nil
}

// exec runs a statement and returns how many rows it touched.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	s, err := t.prepared(ctx, query) //nolint:sqlclosecheck // lives as long as the connection
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, fmt.Errorf("%q: %w", query, err)
	}
	return r.RowsAffected()
}

// row runs a query for one row and reads it into dest; no row gives sql.ErrNoRows.
func (t *tx) row(ctx context.Context, query string, args []any, dest ...any) error {
	s, err := t.prepared(ctx, query) //nolint:sqlclosecheck // lives as long as the connection
	if err != nil {
		return err
	}
	if err := s.QueryRowContext(ctx, args...).Scan(dest...); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return sql.ErrNoRows
		}
		return fmt.Errorf("%q: %w", query, err)
	}
	return nil
}

// rows runs a query and calls scan for every row.
func (t *tx) rows(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	s, err := t.prepared(ctx, query) //nolint:sqlclosecheck // lives as long as the connection
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return fmt.Errorf("%q: %w", query, err)
	}
	return each(rows, scan)
}

// each calls scan for every row and closes rows.
func each(rows *sql.Rows, scan func(*sql.Rows) error) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// errEnough ends [each] because whoever iterates wants no more.
var errEnough = errors.New("enough")

func goOn(more bool) error {
	if more {
		return nil
	}
	return errEnough
}

func failed(err error) bool { return err != nil && !errors.Is(err, errEnough) }

// next takes n numbers from a counter and returns the first.
func (t *tx) next(ctx context.Context, name string, n int64) (int64, error) {
	var last int64
	err := t.row(ctx, "UPDATE counter SET value = value + $2 WHERE name = $1 RETURNING value", []any{name, n}, &last)
	return last - n + 1, err
}

// changeGroup is how many change numbers are taken at once; those that a transaction does not use are never used.
const changeGroup = 64

// nextChange returns a change number greater than all that were durable before this transaction.
func (t *tx) nextChange(ctx context.Context) (int64, error) {
	if t.change == t.changes {
		first, err := t.next(ctx, "changed", changeGroup)
		if err != nil {
			return 0, err
		}
		t.change, t.changes = first, first+changeGroup
	}
	t.change++
	return t.change - 1, nil
}
