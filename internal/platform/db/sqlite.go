package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite", in pure Go
)

const (
	readersDefault = 4
	statementsMax  = 2000 // prepared and kept on one connection

	// checkpointPages is how long the write-ahead log becomes before it is copied into the file: 64 MiB. Batches touch the
	// same pages of indexes again and again; each is copied once for all of them.
	checkpointPages = 16_000
)

// sqliteEngine has one connection that writes and a few that only read.
type sqliteEngine struct {
	pool    *sql.DB
	writer  chan *sqliteConn
	readers chan *sqliteConn
}

// sqliteConn is a connection with its prepared statements.
type sqliteConn struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func openSQLite(ctx context.Context, path string, o Options) (*sqliteEngine, error) {
	sync := "FULL"
	if o.Relaxed {
		sync = "OFF"
	}
	pragmas := url.Values{"_pragma": {
		"journal_mode(WAL)", "synchronous(" + sync + ")", "busy_timeout(10000)", "foreign_keys(1)", "temp_store(MEMORY)",
		"cache_size(-65536)", "wal_autocheckpoint(" + strconv.Itoa(checkpointPages) + ")", "trusted_schema(0)",
	}}
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+pragmas.Encode())
	if err != nil {
		return nil, err
	}
	if o.Readers == 0 {
		o.Readers = readersDefault
	}
	e := &sqliteEngine{pool: pool, writer: make(chan *sqliteConn, 1), readers: make(chan *sqliteConn, o.Readers)}
	if err := e.connect(ctx, e.writer, ""); err != nil {
		e.close()
		return nil, err
	}
	for range o.Readers {
		if err := e.connect(ctx, e.readers, "PRAGMA query_only = 1"); err != nil {
			e.close()
			return nil, err
		}
	}
	return e, nil
}

func (e *sqliteEngine) connect(ctx context.Context, to chan *sqliteConn, setup string) error {
	conn, err := e.pool.Conn(ctx)
	if err != nil {
		return err
	}
	if setup != "" {
		if _, err := conn.ExecContext(ctx, setup); err != nil {
			return err
		}
	}
	to <- &sqliteConn{conn: conn, stmts: make(map[string]*sql.Stmt)}
	return nil
}

func (e *sqliteEngine) dialect() dialect { return sqlite }

func (e *sqliteEngine) close() {
	for _, c := range []chan *sqliteConn{e.writer, e.readers} {
		for range len(c) {
			_ = (<-c).conn.Close() // closing: nothing left to lose
		}
	}
	_ = e.pool.Close()
}

func (e *sqliteEngine) begin(ctx context.Context, write bool) (session, error) {
	from, how := e.readers, "BEGIN"
	if write {
		from, how = e.writer, "BEGIN IMMEDIATE"
	}
	timer := time.NewTimer(connectWait)
	defer timer.Stop()
	select {
	case c := <-from:
		s := &sqliteSession{conn: c, home: from}
		if _, err := c.exec(ctx, how, nil); err != nil {
			from <- c
			return nil, err
		}
		return s, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		return nil, ErrBusy
	}
}

type sqliteSession struct {
	conn  *sqliteConn
	home  chan *sqliteConn
	ahead *ahead // statements that run beside the program; nil when there are none
}

// ahead runs queued statements in their order, while the program works out what to write next: a batch would else keep
// one processor waiting for the other.
type ahead struct {
	work chan statement
	done chan error // the first failure; what came after it was passed over
}

const (
	aheadLeast = 64 // arguments of a statement that is worth the hand-over
	aheadMost  = 16 // statements that may wait
)

func (s *sqliteSession) start(queued []statement) []statement {
	if s.ahead == nil && !slices.ContainsFunc(queued, func(q statement) bool { return len(q.args) >= aheadLeast }) {
		return queued
	}
	if s.ahead == nil {
		s.ahead = &ahead{work: make(chan statement, aheadMost), done: make(chan error, 1)}
		go s.ahead.run(s.conn)
	}
	for _, q := range queued {
		s.ahead.work <- q
	}
	return nil
}

func (a *ahead) run(c *sqliteConn) {
	var failed error
	for q := range a.work {
		if failed == nil {
			_, failed = c.exec(context.Background(), q.text, q.args)
		}
	}
	a.done <- failed
}

// settle waits for what runs ahead.
func (s *sqliteSession) settle() error {
	if s.ahead == nil {
		return nil
	}
	close(s.ahead.work)
	err := <-s.ahead.done
	s.ahead = nil
	return err
}

func (s *sqliteSession) run(ctx context.Context, queued []statement, text string, args []any) (int64, error) {
	if err := s.settle(); err != nil {
		return 0, err
	}
	for _, q := range queued {
		if _, err := s.conn.exec(ctx, q.text, q.args); err != nil {
			return 0, err
		}
	}
	if text == "" {
		return 0, nil
	}
	return s.conn.exec(ctx, text, args)
}

func (s *sqliteSession) query(ctx context.Context, queued []statement, text string, args []any) (cursor, error) {
	if _, err := s.run(ctx, queued, "", nil); err != nil {
		return nil, err
	}
	stmt, err := s.conn.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(uninterrupted(ctx), args...)
	if err != nil {
		return nil, err
	}
	return sqliteCursor{rows}, nil
}

func (s *sqliteSession) commit(ctx context.Context, queued []statement) error {
	ctx = uninterrupted(ctx)
	if _, err := s.run(ctx, queued, "COMMIT", nil); err != nil {
		s.rollback(ctx)
		return err
	}
	s.home <- s.conn
	return nil
}

func (s *sqliteSession) rollback(ctx context.Context) {
	_ = s.settle()                           // whatever it did is taken back
	_, _ = s.conn.exec(ctx, "ROLLBACK", nil) // a failed commit may have ended the transaction already
	s.home <- s.conn
}

type sqliteCursor struct{ *sql.Rows }

func (c sqliteCursor) close() { _ = c.Rows.Close() } // the error is in Err

func (c *sqliteConn) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := c.stmts[text]; ok {
		return s, nil
	}
	if len(c.stmts) >= statementsMax {
		for t, s := range c.stmts {
			_ = s.Close()
			delete(c.stmts, t)
		}
	}
	s, err := c.conn.PrepareContext(uninterrupted(ctx), text)
	if err != nil {
		return nil, err
	}
	c.stmts[text] = s
	return s, nil
}

func (c *sqliteConn) exec(ctx context.Context, text string, args []any) (int64, error) {
	if err := ctx.Err(); err != nil && text != "ROLLBACK" {
		return 0, err
	}
	stmt, err := c.prepare(ctx, text)
	if err != nil {
		return 0, err
	}
	res, err := stmt.ExecContext(uninterrupted(ctx), args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("rows affected: %w", err)
	}
	return n, nil
}

// uninterrupted keeps a cancelled request from stopping a statement half way: it is short, and ends by itself.
func uninterrupted(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }
