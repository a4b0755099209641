package db

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const connectionsDefault = 16

type postgresEngine struct{ pool *pgxpool.Pool }

func openPostgres(ctx context.Context, address string, o Options) (*postgresEngine, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, errors.New("the address cannot be read") // the cause would hold the password
	}
	config.MaxConns = connectionsDefault
	if o.Readers > 0 {
		config.MaxConns = int32(o.Readers)
	}
	for name, value := range map[string]string{
		"application_name": "tongbao", "timezone": "UTC", "lock_timeout": "5s", "statement_timeout": "60s",
		"idle_in_transaction_session_timeout": "120s",
		// Statements are prepared, take arrays of a few hundred keys and look each up by its index. Planned once, they
		// do so; planned for the length of each array, PostgreSQL reads a table of 10,000 rows whole to find 500.
		"plan_cache_mode": "force_generic_plan", "random_page_cost": "1.1", "jit": "off",
	} {
		if _, set := config.ConnConfig.RuntimeParams[name]; !set {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	config.AfterConnect = func(_ context.Context, c *pgx.Conn) error {
		registerArrays(c.TypeMap())
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return &postgresEngine{pool}, nil
}

func (e *postgresEngine) dialect() dialect { return postgres }
func (e *postgresEngine) close()           { e.pool.Close() }

func (e *postgresEngine) begin(ctx context.Context, write bool) (session, error) {
	conn, err := e.acquire(ctx)
	if err != nil {
		return nil, err
	}
	how := "BEGIN"
	if !write {
		how = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	}
	return &postgresSession{conn: conn, opening: how}, nil
}

// acquire waits for a free connection, but not for ever: requests without a deadline of their own would pile up behind a
// slow database.
func (e *postgresEngine) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	waiting, cancel := context.WithTimeoutCause(ctx, connectWait, ErrBusy)
	defer cancel()
	conn, err := e.pool.Acquire(waiting)
	if err != nil && ctx.Err() == nil && waiting.Err() != nil {
		return nil, ErrBusy.Because(err)
	}
	return conn, err
}

// postgresSession sends BEGIN, queued writes and the next statement in one round trip.
type postgresSession struct {
	conn    *pgxpool.Conn
	opening string // BEGIN, until it has been sent
}

// start leaves all for the next round trip.
func (s *postgresSession) start(queued []statement) []statement { return queued }

func (s *postgresSession) batch(queued []statement) *pgx.Batch {
	b := &pgx.Batch{}
	if s.opening != "" {
		b.Queue(s.opening)
		s.opening = ""
	}
	for _, q := range queued {
		b.Queue(q.text, q.args...)
	}
	return b
}

func (s *postgresSession) run(ctx context.Context, queued []statement, text string, args []any) (int64, error) {
	b := s.batch(queued)
	if text != "" {
		b.Queue(text, args...)
	}
	results := s.conn.SendBatch(ctx, b)
	var touched int64
	for range b.Len() {
		tag, err := results.Exec()
		if err != nil {
			_ = results.Close() // repeats the error
			return 0, mark(ctx, err)
		}
		touched = tag.RowsAffected()
	}
	return touched, results.Close()
}

func (s *postgresSession) query(ctx context.Context, queued []statement, text string, args []any) (cursor, error) {
	b := s.batch(queued)
	b.Queue(text, args...)
	results := s.conn.SendBatch(ctx, b)
	for range b.Len() - 1 {
		if _, err := results.Exec(); err != nil {
			_ = results.Close() // repeats the error
			return nil, mark(ctx, err)
		}
	}
	rows, err := results.Query()
	if err != nil {
		_ = results.Close() // repeats the error
		return nil, mark(ctx, err)
	}
	return &postgresCursor{Rows: rows, results: results}, nil
}

// commit sends the last queued writes and COMMIT in one round trip.
func (s *postgresSession) commit(ctx context.Context, queued []statement) error {
	defer s.conn.Release()
	if s.opening != "" && len(queued) == 0 {
		return nil // nothing was ever sent
	}
	ctx = context.WithoutCancel(ctx)
	b := s.batch(queued)
	b.Queue("COMMIT")
	results := s.conn.SendBatch(ctx, b)
	var last pgconn.CommandTag
	for range b.Len() {
		tag, err := results.Exec()
		if err != nil {
			_ = results.Close() // repeats the error
			s.abort(ctx)
			if lost(err) {
				return ErrOutcomeUnknown.Because(err)
			}
			return err
		}
		last = tag
	}
	if last.String() != "COMMIT" {
		return errors.New("the transaction had failed and was rolled back")
	}
	return results.Close()
}

func (s *postgresSession) rollback(ctx context.Context) {
	s.abort(ctx)
	s.conn.Release()
}

func (s *postgresSession) abort(ctx context.Context) {
	if s.opening == "" {
		_, _ = s.conn.Exec(ctx, "ROLLBACK") // a lost connection has rolled back by itself
	}
}

// errLost marks a connection that went away before the commit: the transaction is gone and may be run again.
var errLost = errors.New("connection lost")

func mark(ctx context.Context, err error) error {
	if ctx.Err() == nil && lost(err) {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	return err
}

// lost reports whether the connection went away, as opposed to an answer of the server.
func lost(err error) bool {
	var answer *pgconn.PgError
	return !errors.As(err, &answer) || strings.HasPrefix(answer.Code, "57P") || strings.HasPrefix(answer.Code, "08")
}
