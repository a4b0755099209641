package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/oversight/compliance"
	"github.com/tongbao/tongbao/internal/oversight/insight"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/approval"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/batch"
	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/job"
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
	"github.com/tongbao/tongbao/internal/values/id"
)

// Bank is every room of one node, open and connected.
type Bank struct {
	Config  Config
	Log     *slog.Logger
	Clock   clock.Clock
	Zone    *time.Location
	Catalog *i18n.Catalog

	DB    *db.DB
	Ring  *crypto.Ring
	Vault *vault.Vault
	Blobs *blob.Store
	Jobs  *job.Runner
	Bus   *bus.Bus

	Audit    *audit.Log
	Days     *day.Keeper
	Rules    *rule.Rules
	Figures  *rule.Desk // where people change the rules
	Ledger   *ledger.Ledger
	Examiner *ledger.Examiner // verifies the books for staff
	Notify   *notify.Service

	Auth      *auth.Service
	Access    *access.Service
	Customers *customer.Service

	Products *catalog.Catalog
	Deposits *deposit.Service
	Payments *payment.Service
	Cash     *cash.Service
	Exchange *exchange.Service // of currencies

	Insight *insight.Service // a person's statements, categories and budgets

	Compliance *compliance.Service // reports on how the bank was run

	Approvals *approval.Service // of acts of all the rooms above

	End *day.End // of business days

	cutOff   day.CutOff
	measures *measures

	quiet   bool // nothing leaves the bank, see Options
	closers []func()
}

// Options are what tests and the demo decide beside the settings.
type Options struct {
	Clock   clock.Clock // of the bank; the system's when nil
	Log     *slog.Logger
	Relaxed bool              // tests and the demo's making: do not wait for the disk
	Batch   batch.Options     // of payments
	Verify  customer.Provider // the built-in simulator when nil
	Quiet   bool              // messages stay in the inbox: while a demo year is lived through
	Rates   exchange.Source   // of currencies; as --rates says when nil
}

// New opens every room in the order of the floors. What it opened it closes when it fails.
func New(ctx context.Context, c Config, o Options) (*Bank, error) {
	if err := c.normalise(); err != nil {
		return nil, err
	}
	if err := c.checkProvider(o.Verify); err != nil {
		return nil, err
	}
	b := &Bank{Config: c, Log: o.Log, Clock: o.Clock, quiet: o.Quiet, measures: newMeasures()}
	if b.Log == nil {
		b.Log = slog.New(slog.DiscardHandler)
	}
	if b.Clock == nil {
		b.Clock = clock.System()
	}
	for _, open := range []func(context.Context, Options) error{b.openPlatform, b.openRecords, b.openParties, b.openProducts, b.openInsight, b.openApprovals, b.openCompliance, b.openEnd, b.begin} {
		if err := open(ctx, o); err != nil {
			b.Close()
			return nil, err
		}
	}
	return b, nil
}

// Close lets what is under way finish, in the opposite order of opening.
func (b *Bank) Close() {
	for i := len(b.closers) - 1; i >= 0; i-- {
		b.closers[i]()
	}
	b.closers = nil
}

func (b *Bank) onClose(f func()) { b.closers = append(b.closers, f) }

func (b *Bank) openPlatform(ctx context.Context, o Options) error {
	var err error
	if b.Zone, err = clock.Zone(b.Config.Timezone); err != nil {
		return fmt.Errorf("--timezone: %w", err)
	}
	if b.Ring, err = b.openRing(); err != nil {
		return err
	}
	if err := os.MkdirAll(b.Config.Data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	if b.DB, err = db.Open(ctx, b.Config.Database, db.Options{Clock: b.Clock, Relaxed: o.Relaxed, Observe: b.measures.transaction}); err != nil {
		return err
	}
	b.onClose(b.DB.Close)
	if err := b.prepareSchema(ctx); err != nil {
		return err
	}
	b.Vault = vault.New(b.Ring)
	documents, err := b.documents(ctx)
	if err != nil {
		return err
	}
	b.Blobs = blob.NewStore(b.Vault, documents)
	b.Jobs = job.New(b.DB, clock.System(), job.Config{Zone: b.Zone, Log: b.Log})
	b.Bus = bus.New(b.DB, clock.System(), bus.Options{Dir: filepath.Join(b.Config.Data, "events"), URL: b.Config.Nats, Log: b.Log})
	b.Catalog = i18n.NewCatalog(Texts()...)
	return nil
}

// openRing opens the keys; a demo bank makes its own, also those that a new release brings.
func (b *Bank) openRing() (*crypto.Ring, error) {
	open := crypto.OpenRing
	if b.Config.Demo {
		open = crypto.CompleteRing
	}
	ring, err := open(b.Config.Keys)
	if err != nil {
		return nil, noRing(b.Config.Keys, err)
	}
	return ring, nil
}

func (b *Bank) openRecords(context.Context, Options) error {
	sink, err := audit.NewFolder(b.Config.Checkpoints)
	if err != nil {
		return fmt.Errorf("open the folder of checkpoints: %w", err)
	}
	b.Audit = audit.New(b.DB, b.Ring, sink, audit.Options{Name: auditName, Logger: b.Log})
	b.Days = day.New(b.DB, b.Zone)
	b.Rules = rule.New(b.DB)
	b.Figures = rule.NewDesk(b.Rules, b.Days, b.Audit)
	b.Ledger = ledger.New(b.DB, b.Days)
	if b.Examiner, err = ledger.NewExaminer(ledger.ExaminerNeeds{DB: b.DB, Ledger: b.Ledger, Days: b.Days, Jobs: b.Jobs, Audit: b.Audit, Log: b.Log}); err != nil {
		return err
	}
	return b.openNotify()
}

func (b *Bank) openParties(_ context.Context, o Options) error {
	var err error
	b.Auth, err = auth.New(auth.Parts{
		DB: b.DB, Clock: b.Clock, Ring: b.Ring, Passwords: crypto.NewPasswords(runtime.GOMAXPROCS(0)), Vault: b.Vault, Rules: b.Rules,
		Days: b.Days, Audit: b.Audit, Messenger: b.Notify, Events: b.Bus, Site: b.site(),
		Observe: b.measures.signIn,
	})
	if err != nil {
		return err
	}
	if err := b.openAccess(); err != nil {
		return err
	}
	provider := o.Verify
	if provider == nil {
		provider = customer.NewSimulator(b.Clock, b.Config.SimulatorDelay)
	}
	b.Customers = customer.New(customer.Parts{
		DB: b.DB, Clock: b.Clock, Ring: b.Ring, Vault: b.Vault, Blobs: b.Blobs, Jobs: b.Jobs, Events: b.Bus, Audit: b.Audit,
		Rules: b.Rules, Days: b.Days, Messenger: b.Notify, Auth: b.Auth, Provider: provider, Branches: b.Access, Ties: []customer.Tie{lateTie{b}},
		Exporters: b.exporters(),
	})
	return b.Customers.Work(b.Jobs)
}

// auditName names the log in its signed checkpoints.
const auditName = "tongbao/audit"

func (b *Bank) openProducts(_ context.Context, o Options) error {
	b.Products = catalog.New(b.DB)
	b.Deposits = deposit.New(deposit.Needs{
		DB: b.DB, Books: b.Ledger, Restrainer: b.Ledger, Days: b.Days, Rules: b.Rules, Catalog: b.Products, Persons: b.Customers,
		Vault: b.Vault, Index: b.Ring, Audit: b.Audit, Events: b.Bus, Prover: b.Auth, Prefix: b.Config.AccountPrefix,
		Daybook: b.Ledger, Proofs: b.Auth, Blocks: b.Customers, Tokens: b.Ring, Messages: b.Notify,
	})
	if err := b.openExchange(o); err != nil {
		return err
	}
	signer, err := b.Ring.Signer(crypto.RSAPKCS1)
	if err != nil {
		return fmt.Errorf("open the key that signs documents: %w", err)
	}
	b.Payments = payment.New(payment.Needs{
		DB: b.DB, Clock: b.Clock, Accounts: b.Deposits, Numbers: b.Deposits, Limits: b.Deposits, Persons: b.Customers, Provers: b.Auth,
		Books: b.Ledger, Lines: b.Ledger, Days: b.Days, Rules: b.Rules, Vault: b.Vault, Tokens: b.Ring, Audit: b.Audit, Events: b.Bus,
		Papers: payment.Papers{Bank: b.Config.BankName, PublicURL: b.publicURL(), Signer: documentSigner{signer}},
		Batch:  b.measures.observed(o.Batch),
	})
	b.onClose(b.Payments.Close)
	b.Figures.Simulate(payment.ForeseenKey, b.Payments)
	if b.Cash, err = cash.New(cash.Needs{
		DB: b.DB, Accounts: b.Deposits, Persons: b.Customers, Provers: b.Auth, Books: b.Ledger, Days: b.Days, Rules: b.Rules, Audit: b.Audit, Events: b.Bus,
	}); err != nil {
		return err
	}
	for _, c := range []bus.Consumer{b.Deposits.RoundUps(), b.Deposits.Documents()} {
		if err := b.Bus.Subscribe(c); err != nil {
			return err
		}
	}
	return b.Bus.Subscribe(b.Payments.Messenger(b.Notify))
}

// documentSigner signs papers with one of the ring's keys.
type documentSigner struct{ signer crypto.Signer }

// SignCMS makes a detached signature.
func (d documentSigner) SignCMS(content []byte) ([]byte, error) {
	return crypto.SignCMS(d.signer, content)
}

// publicURL is where customers reach the app. This very machine is called localhost: passkeys want a name.
func (b *Bank) publicURL() string {
	if b.Config.PublicURL != "" {
		return strings.TrimRight(b.Config.PublicURL, "/")
	}
	return b.Config.address(b.Config.Listen)
}

// site is what passkeys are bound to.
func (b *Bank) site() auth.Site {
	site := auth.Site{Host: "localhost", Name: b.Config.BankName, Origins: []string{b.publicURL(), b.Config.address(b.Config.ConsoleListen)}}
	if u, err := url.Parse(b.publicURL()); err == nil {
		if _, err := netip.ParseAddr(u.Hostname()); err != nil && u.Hostname() != "" {
			site.Host = u.Hostname()
		}
	}
	return site
}

// lateTie keeps a customer with open accounts from leaving; deposits open after customers.
type lateTie struct{ b *Bank }

// Tied implements customer.Tie.
func (l lateTie) Tied(ctx context.Context, tx *db.Tx, who id.Customer) error {
	return l.b.Deposits.Tied(ctx, tx, who)
}

// exporters are the rooms beside customer that keep something about a person; those above open after it.
func (b *Bank) exporters() []customer.Exporter {
	return []customer.Exporter{
		b.Notify,
		lateExporter{func() customer.Exporter { return b.Deposits }},
		lateExporter{func() customer.Exporter { return b.Payments }},
		lateExporter{func() customer.Exporter { return b.Cash }},
		lateExporter{func() customer.Exporter { return b.Insight }},
		lateExporter{func() customer.Exporter { return b.Exchange }},
		lateExporter{func() customer.Exporter { return b.Approvals }},
	}
}

// lateExporter is a room that opens after customers.
type lateExporter struct{ room func() customer.Exporter }

// Export implements customer.Exporter.
func (l lateExporter) Export(ctx context.Context, tx *db.Tx, who id.Customer) (name string, data any, err error) {
	return l.room().Export(ctx, tx, who)
}

// Erase implements customer.Exporter.
func (l lateExporter) Erase(ctx context.Context, tx *db.Tx, who id.Customer) error {
	return l.room().Erase(ctx, tx, who)
}
