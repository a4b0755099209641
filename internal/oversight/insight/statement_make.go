package insight

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	codeBits    = 128
	sliceMost   = 50   // customers between two steps of the cursor
	runMost     = 2000 // customers that one run looks at: some minutes; the next goes on
	asidesMost  = 200  // failed customers that one run tries again
	triesMost   = 10
	catchUpMost = 24 // months that one run may begin
)

// errThere says that somebody else has made the statement meanwhile.
var errThere = errors.New("insight: the statement is there")

// Statements makes the statements of every month whose last day is locked, from where the last run stopped: one for each
// person who held something. A bank that never made any begins with the newest such month. Whose statement fails is set
// aside and tried again, and does not stop the rest. It may be repeated at any time, by several nodes at once; it says
// how many it made.
func (s *Service) Statements(ctx context.Context) (int, error) {
	newest, found, err := s.newestLocked(ctx)
	if err != nil || !found {
		return 0, err
	}
	made, err := s.retryAsides(ctx)
	if err != nil {
		return made, err
	}
	left := runMost
	for range catchUpMost {
		month, due, err := s.nextMonth(ctx, newest)
		if err != nil || !due || left <= 0 {
			return made, err
		}
		n, err := s.run(ctx, month, &left)
		if made += n; err != nil {
			return made, fmt.Errorf("statements of %s: %w", month, err)
		}
	}
	return made, nil
}

// newestLocked is the newest month whose last day is locked. Days are locked in order, so that its others are too.
func (s *Service) newestLocked(ctx context.Context) (Month, bool, error) {
	var last []day.Business
	var today clock.Date
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if today, err = s.Days.Current(ctx, tx); err != nil {
			return err
		}
		last, err = s.Days.List(ctx, tx, MonthOf(today).First(), 1)
		return err
	})
	if err != nil || len(last) == 0 {
		return Month{}, false, err
	}
	m := MonthOf(last[0].Date)
	if last[0].State == day.Locked && last[0].Date == m.Last() {
		return m, true, nil
	}
	m = m.Add(-1)
	err = s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		last, err = s.Days.List(ctx, tx, m.Last().AddDays(1), 1)
		return err
	})
	locked := len(last) > 0 && last[0].Date == m.Last() && last[0].State == day.Locked
	return m, locked, err
}

// nextMonth is the month to work on: one that was begun, the one after the last, or the newest of all.
func (s *Service) nextMonth(ctx context.Context, newest Month) (m Month, due bool, err error) {
	var r runRow
	var found bool
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		r, found, err = lastRun(ctx, tx)
		return err
	})
	if err != nil {
		return m, false, fmt.Errorf("read how far statements are: %w", err)
	}
	if !found {
		return newest, true, nil
	}
	if m, err = ParseMonth(r.month); err != nil {
		return m, false, err
	}
	if r.done {
		m = m.Add(1)
	}
	return m, !m.After(newest), nil
}

// run works through the customers of a month from where it stopped.
func (s *Service) run(ctx context.Context, m Month, left *int) (made int, err error) {
	for *left > 0 {
		var r runRow
		var who []id.Customer
		err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
			if r, err = beginRun(ctx, tx, m); err != nil {
				return err
			}
			who, err = s.Deposits.Holders(ctx, tx, r.after, sliceMost)
			return err
		})
		if err != nil || r.done {
			return made, err
		}
		n, failed := 0, 0
		for _, customer := range who {
			did, err := s.Make(ctx, customer, m)
			switch {
			case err != nil && ctx.Err() != nil:
				return made, ctx.Err()
			case err != nil:
				failed++
				if err := s.setAside(ctx, m, customer, err); err != nil {
					return made, err
				}
			case did:
				n++
			}
		}
		made += n
		*left -= len(who)
		r.made, r.aside = r.made+int64(n), r.aside+int64(failed)
		if r.done = len(who) < sliceMost; len(who) > 0 {
			r.after = who[len(who)-1]
		}
		if err := s.DB.Write(ctx, func(tx *db.Tx) error { return saveRun(ctx, tx, r) }); err != nil || r.done {
			return made, err
		}
	}
	return made, nil
}

func (s *Service) setAside(ctx context.Context, m Month, customer id.Customer, why error) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error { return upsertAside(ctx, tx, m, customer, fault.CodeOf(why)) })
}

// retryAsides tries those again whose statement failed.
func (s *Service) retryAsides(ctx context.Context) (int, error) {
	var all []asideRow
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = asides(ctx, tx, triesMost, asidesMost)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("read who was set aside: %w", err)
	}
	made := 0
	for _, a := range all {
		m, err := ParseMonth(a.month)
		if err != nil {
			return made, err
		}
		did, err := s.Make(ctx, a.customer, m)
		if err != nil {
			if err := s.setAside(ctx, m, a.customer, err); err != nil {
				return made, err
			}
			continue
		}
		if did {
			made++
		}
		if err := s.DB.Write(ctx, func(tx *db.Tx) error { return deleteAside(ctx, tx, a) }); err != nil {
			return made, err
		}
	}
	return made, nil
}

// Make makes one person's statement of a month that is locked, unless it is there or he held nothing, and says whether it
// did. What is read is one view of the database; printing and signing hold no transaction.
func (s *Service) Make(ctx context.Context, owner id.Customer, m Month) (bool, error) {
	var f Figures
	var contact notify.Contact
	there := false
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if there, err = hasStatement(ctx, tx, owner, m); err != nil || there {
			return err
		}
		if contact, err = s.Persons.Contact(ctx, tx, owner); err != nil {
			return err
		}
		f, err = s.figures(ctx, tx, owner, m, contact.Locale)
		return err
	})
	if err != nil || there || len(f.Lines) == 0 || f.Holder.IsZero() { // no name: he has left
		return false, err
	}
	at := s.Clock.Now()
	row := keptRow{id: id.New[id.Statement](at), customer: owner, month: m.String(), locale: contact.Locale, madeAt: at}
	code := crypto.Token(codeBits)
	paper, err := s.statementPDF(f, row, s.url(code))
	if err != nil {
		return false, fmt.Errorf("print statement: %w", err)
	}
	table, err := s.statementCSV(f, contact.Locale)
	if err != nil {
		return false, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error { return s.keep(ctx, tx, row, f, code, paper, table) })
	if errors.Is(err, errThere) {
		return false, nil
	}
	return err == nil, err
}

// keep stores a statement with its papers, and tells its owner.
func (s *Service) keep(ctx context.Context, tx *db.Tx, row keptRow, f Figures, code string, paper, table []byte) error {
	owner := string(row.customer)
	totals, err := json.Marshal(f.Totals)
	if err != nil {
		return fmt.Errorf("write totals: %w", err)
	}
	if row.totals, err = s.Vault.Seal(ctx, tx, owner, sealedIn("totals", row.id), totals); err != nil {
		return fmt.Errorf("seal totals: %w", err)
	}
	if row.code, err = s.Vault.Seal(ctx, tx, owner, sealedIn("code", row.id), []byte(code)); err != nil {
		return fmt.Errorf("seal code: %w", err)
	}
	row.codeHash = s.Tokens.TokenHash(code)
	if row.pdf, err = s.Blobs.Put(ctx, tx, blob.New{Owner: owner, Kind: "insight.statement_pdf", ContentType: blob.PDF, Content: paper}); err != nil {
		return err
	}
	if row.csv, err = s.Blobs.Put(ctx, tx, blob.New{Owner: owner, Kind: "insight.statement_csv", ContentType: blob.CSV, Content: table}); err != nil {
		return err
	}
	first, err := insertStatement(ctx, tx, row)
	if err != nil {
		return fmt.Errorf("insert statement: %w", err)
	}
	if !first {
		return errThere
	}
	err = s.Audit.Append(ctx, tx, []audit.Record{{By: act.Job("insight.statements"), Act: "insight.make_statement", Subject: string(row.id),
		Customer: row.customer, Outcome: audit.Done, Detail: map[string]string{"month": row.month}}})
	if err != nil {
		return err
	}
	return s.Notify.Send(ctx, tx, []notify.Notice{{Customer: row.customer, Template: noticeStatement, Subject: string(row.id),
		Params: map[string]string{"month": monthName(row.locale, f.Month)}}})
}

// monthName is how people write a month: 2026年10月, October 2026.
func monthName(l i18n.Locale, m Month) string {
	if l == i18n.En {
		return m.First().Midnight(time.UTC).Format("January 2006")
	}
	return fmt.Sprintf("%d年%d月", m.Year, int(m.Month))
}
