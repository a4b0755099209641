package insight

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	codeMost  = 64        // characters that are hashed; a code has 22
	afterAll  = "9999-99" // sorts after every month
	listMost  = 60
	listUsual = 24
	nobody    = "*" // the name of a holder who has left the bank

	ruleLinkLife = "insight.statement.link_life_days"
)

// KeptPage is a page of statements, newest first. Next is empty on the last one.
type KeptPage struct {
	Items []Kept
	Next  string
}

// List is a page of the caller's monthly statements, newest first; the cursor is the month of the last. Error: ErrCursor.
func (s *Service) List(ctx context.Context, by act.By, cursor string, limit int) (KeptPage, error) {
	before := afterAll
	if cursor != "" {
		m, err := ParseMonth(cursor)
		if err != nil {
			return KeptPage{}, ErrCursor.At("/cursor")
		}
		before = m.String()
	}
	if limit <= 0 {
		limit = listUsual
	}
	limit = min(limit, listMost)
	var page KeptPage
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		rows, err := statementsOf(ctx, tx, by.Customer(), before, limit+1)
		if err != nil {
			return fmt.Errorf("list statements: %w", err)
		}
		page = KeptPage{}
		if len(rows) > limit {
			rows = rows[:limit]
			page.Next = rows[limit-1].month
		}
		for _, row := range rows {
			kept, err := s.open(ctx, tx, row)
			if err != nil {
				return err
			}
			page.Items = append(page.Items, kept)
		}
		return nil
	})
	return page, err
}

// open opens what is sealed of a statement.
func (s *Service) open(ctx context.Context, tx *db.Tx, row keptRow) (Kept, error) {
	k := Kept{ID: row.id, Locale: row.locale, MadeAt: row.madeAt}
	var err error
	if k.Month, err = ParseMonth(row.month); err != nil {
		return k, err
	}
	totals, err := s.Vault.Open(ctx, tx, string(row.customer), sealedIn("totals", row.id), row.totals)
	if err != nil {
		return k, fmt.Errorf("open totals of %s: %w", row.id, err)
	}
	if err := json.Unmarshal(totals, &k.Totals); err != nil {
		return k, fmt.Errorf("read totals of %s: %w", row.id, err)
	}
	code, err := s.Vault.Open(ctx, tx, string(row.customer), sealedIn("code", row.id), row.code)
	if err != nil {
		return k, fmt.Errorf("open code of %s: %w", row.id, err)
	}
	k.URL = s.url(string(code))
	return k, nil
}

// Format is a form in which a statement is handed out.
type Format string

// The formats that are kept.
const (
	PDF Format = "pdf"
	CSV Format = "csv"
)

// Paper is a kept statement of the caller's, as it was made. Error: ErrStatement.
func (s *Service) Paper(ctx context.Context, by act.By, statement id.Statement, f Format) (Kept, []byte, error) {
	var kept Kept
	var paper blob.Blob
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		row, found, err := statementOf(ctx, tx, by.Customer(), statement)
		if err != nil {
			return fmt.Errorf("find statement: %w", err)
		}
		if !found {
			return ErrStatement
		}
		if kept, err = s.open(ctx, tx, row); err != nil {
			return err
		}
		which := row.pdf
		if f == CSV {
			which = row.csv
		}
		paper, err = s.Blobs.Get(ctx, tx, string(row.customer), which)
		return err
	})
	if err != nil {
		return kept, nil, err
	}
	return kept, paper.Content, s.noteExport(ctx, by, "insight.take_statement", string(statement), map[string]string{"format": string(f)})
}

// noteExport keeps in the audit log that a person's data left the bank as a document.
func (s *Service) noteExport(ctx context.Context, by act.By, what, subject string, detail map[string]string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return s.Audit.Append(ctx, tx, []audit.Record{{By: by, Act: what, Subject: subject, Customer: by.Customer(), Outcome: audit.Done, Detail: detail}})
	})
}

// Confirmation is what anyone who holds the paper of a statement may see: what the paper sums up, with the name masked.
type Confirmation struct {
	Bank   string
	Number string
	Holder string // masked
	Month  Month
	Totals []Totals
	MadeAt time.Time
}

// Public is what anyone who holds the code of a statement may see. Codes are found by a keyed hash, so that neither the
// answer nor the time that it takes brings a guess closer. Error: ErrStatement, also when it is too old or its owner was
// erased.
func (s *Service) Public(ctx context.Context, code string) (Confirmation, error) {
	if len(code) > codeMost {
		code = code[:codeMost]
	}
	hashes := s.Tokens.TokenHashes(code)
	var c Confirmation
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		row, found, err := statementByCode(ctx, tx, hashes)
		if err != nil {
			return fmt.Errorf("find statement: %w", err)
		}
		if !found {
			return ErrStatement
		}
		today, err := s.Days.Current(ctx, tx)
		if err != nil {
			return err
		}
		life, err := s.Rules.Duration(ctx, ruleLinkLife, today)
		if err != nil {
			return err
		}
		if !tx.Now().Before(row.madeAt.Add(life)) {
			return ErrStatement
		}
		kept, err := s.open(ctx, tx, row)
		if err != nil {
			return err
		}
		names, err := s.Persons.Names(ctx, tx, []id.Customer{row.customer})
		if err != nil {
			return fmt.Errorf("name of holder: %w", err)
		}
		c = Confirmation{Bank: s.Papers.Bank, Number: statementNumber(row.id), Holder: nobody, Month: kept.Month, Totals: kept.Totals, MadeAt: kept.MadeAt}
		if name, known := names[row.customer]; known {
			c.Holder = name.Masked()
		}
		return nil
	})
	if fault.KindOf(err) == fault.NotFound {
		return Confirmation{}, ErrStatement
	}
	return c, err
}
