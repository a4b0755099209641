package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Range narrows a verification to accounts whose ids lie in it; empty means all.
type Range struct {
	From, To string // accounts
	Full     bool   // the audit log from its first record, not from the last checkpoint kept outside
}

// Verified is what a verification found.
type Verified struct {
	Books ledger.Report `json:"books"`
	Audit audit.Report  `json:"audit"`
}

// Holds says that neither the books nor the audit log has a breach.
func (v Verified) Holds() bool { return v.Books.Breach == nil && v.Audit.Breach == nil }

// String is the report for a person.
func (v Verified) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "books: %d journals, %d entries, %d accounts, %d holds, %d reversals\n", v.Books.Journals, v.Books.Entries, v.Books.Accounts, v.Books.Holds, v.Books.Reversals)
	if v.Books.Breach != nil {
		fmt.Fprintf(&b, "BREACH in the books: %s of %s: %s\n", v.Books.Breach.Rule, v.Books.Breach.Subject, v.Books.Breach.Detail)
	}
	fmt.Fprintf(&b, "audit: %d records sealed, from leaf %d on, %d waiting, checkpoint outside at %d\n", v.Audit.Leaves, v.Audit.From, v.Audit.Waiting, v.Audit.Outside)
	if v.Audit.Breach != nil {
		fmt.Fprintf(&b, "BREACH in the audit log: %s at leaf %d (%s): %s\n", v.Audit.Breach.Kind, v.Audit.Breach.Leaf, v.Audit.Breach.Record, v.Audit.Breach.What)
	}
	if v.Holds() {
		b.WriteString("everything holds")
	}
	return strings.TrimRight(b.String(), "\n")
}

// records are the rooms that are verified, opened without touching anything.
type records struct {
	config Config
	ring   *crypto.Ring
	db     *db.DB
	days   *day.Keeper
	ledger *ledger.Ledger
	audit  *audit.Log
}

func (r records) close() { r.db.Close() }

// Verify recomputes the books and the audit log of a bank, also while it is being served.
func Verify(ctx context.Context, c Config, r Range) (Verified, error) {
	opened, err := openForReading(ctx, c)
	if err != nil {
		return Verified{}, err
	}
	defer opened.close()
	var v Verified
	if v.Books, err = opened.ledger.Verify(ctx, ledger.Options{From: r.From, To: r.To}); err != nil {
		return v, fmt.Errorf("verify the books: %w", err)
	}
	look := opened.audit.VerifyTail
	if r.Full {
		look = opened.audit.Verify
	}
	if v.Audit, err = look(ctx); err != nil {
		return v, fmt.Errorf("verify the audit log: %w", err)
	}
	return v, nil
}

// Prove makes a proof, as JSON, that a record stands in the sealed audit log.
func Prove(ctx context.Context, c Config, record id.Audit) ([]byte, error) {
	opened, err := openForReading(ctx, c)
	if err != nil {
		return nil, err
	}
	defer opened.close()
	proof, err := opened.audit.Prove(ctx, record)
	if err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(proof, "", "  ")
	return append(text, '\n'), err
}

func openForReading(ctx context.Context, c Config) (records, error) {
	if err := c.findKeys(); err != nil {
		return records{}, err
	}
	if path, isFile := strings.CutPrefix(c.Database, "sqlite:"); isFile && !exists(path) {
		return records{}, fmt.Errorf("there is no bank in %s", c.Data)
	}
	ring, err := crypto.OpenRing(c.Keys)
	if err != nil {
		return records{}, noRing(c.Keys, err)
	}
	zone, err := clock.Zone(c.Timezone)
	if err != nil {
		return records{}, err
	}
	sink, err := audit.NewFolder(c.Checkpoints)
	if err != nil {
		return records{}, err
	}
	d, err := db.Open(ctx, c.Database, db.Options{})
	if err != nil {
		return records{}, err
	}
	days := day.New(d, zone)
	return records{
		config: c, ring: ring, db: d, days: days, ledger: ledger.New(d, days), audit: audit.New(d, ring, sink, audit.Options{Name: auditName}),
	}, nil
}

// noRing says what to do about a ring that does not open.
func noRing(folder string, err error) error {
	if errors.Is(err, crypto.ErrNoRing) {
		return fmt.Errorf("open the key ring (--keys %s; after an upgrade that brings new keys: tongbao keys complete): %w", folder, err)
	}
	return fmt.Errorf("open the key ring (--keys %s): %w", folder, err)
}

// findKeys fills the settings in; a demo bank keeps its keys beside its data.
func (c *Config) findKeys() error {
	if beside := strings.TrimRight(c.Data, "/") + "-keys"; c.Keys == "" && exists(beside) {
		c.Keys = beside
	}
	return c.normalise()
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
