package app

import (
	"context"
	"embed"
	"errors"
	"fmt"

	"github.com/tongbao/tongbao/internal/oversight/insight"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/products/cash"
	"github.com/tongbao/tongbao/internal/products/catalog"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/day"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/records/rule"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of all rooms, lowest floor first.
func Migrations() []db.Migrations {
	return []db.Migrations{
		{Domain: "app", Files: files},
		once.Migrations(), vault.Migrations(), blob.Migrations(), bus.Migrations(), job.Migrations(),
		audit.Migrations(), day.Migrations(), rule.Migrations(), ledger.Migrations(), notify.Migrations(),
		auth.Migrations(), access.Migrations(), approval.Migrations(), customer.Migrations(),
		catalog.Migrations(), deposit.Migrations(), exchange.Migrations(), cash.Migrations(), payment.Migrations(),
		insight.Migrations(),
	}
}

// Refusals to mix a demo bank with a real one.
var (
	errNotDemo = errors.New("--demo: this database is a real bank's; a demo needs a database of its own")
	errIsDemo  = errors.New("this database is a demo bank's: say --demo, or name another database")
)

// Migrate brings a database up to date, as the role that owns its tables.
func Migrate(ctx context.Context, c Config) error {
	if err := c.normalise(); err != nil {
		return err
	}
	d, err := db.Open(ctx, c.Owner, db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Migrate(ctx, Migrations()...); err != nil {
		return err
	}
	return d.Grant(ctx, c.Database)
}

// prepareSchema migrates a database that this node owns, refuses a newer one, and marks what the database is.
func (b *Bank) prepareSchema(ctx context.Context) error {
	if b.Config.Owner == b.Config.Database {
		if err := b.DB.Migrate(ctx, Migrations()...); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	} else if err := b.DB.CheckSchema(ctx, Migrations()...); err != nil {
		return err
	}
	return b.mark(ctx)
}

// mark writes what the database is when it is new, and otherwise refuses a start of the other kind.
func (b *Bank) mark(ctx context.Context) error {
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		demo, marked, err := isDemo(ctx, tx)
		if err != nil {
			return err
		}
		switch {
		case !marked:
			return insertMark(ctx, tx, b.Config.Demo)
		case b.Config.Demo && !demo:
			return errNotDemo
		case !b.Config.Demo && demo:
			return errIsDemo
		}
		return nil
	})
}
