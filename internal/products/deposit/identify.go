package deposit

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

// ErrIdentify refuses another class III account to a person who was asked for a document and has not shown it in time.
var ErrIdentify = fault.New(fault.Rejected, "deposit.identification_needed")

// IdentificationState says how far a person is with the document that the bank asks for.
type IdentificationState string

// A person is asked when the money of his class III accounts, in and out together, reaches a figure; he has some days.
// Then his class III accounts stand still until the document was seen: reached → asked → restricted → identified, and from
// each to identified. Who showed a document before is never asked.
const (
	IdentifyReached    IdentificationState = "reached"
	IdentifyAsked      IdentificationState = "asked"
	IdentifyRestricted IdentificationState = "restricted"
	Identified         IdentificationState = "identified"
)

// Identification is what the bank asks of a person for his class III accounts.
type Identification struct {
	Customer id.Customer
	State    IdentificationState
	DueOn    clock.Date // last day to show a document
	ended    time.Time
}

// open says whether the bank still waits for a document.
func (i Identification) open() bool { return i.State != Identified }

// ask gives the person a number of days from today.
func (i *Identification) ask(today clock.Date, days int64) {
	i.State, i.DueOn = IdentifyAsked, today.AddDays(int(days))
}

// overdue says whether the person let the days pass.
func (i Identification) overdue(today clock.Date) bool {
	return i.State == IdentifyAsked && today.After(i.DueOn)
}

// documentSeen is the level of a person whose document the bank has seen.
const documentSeen = customer.LevelDocument

// ever is the period of a counter that never begins anew.
const ever = "ever"

// Turnover lists the counters of what a movement of an amount adds to the money of class III accounts, in and out together;
// none where no such account takes part. It is counted for the person, over all of his class III accounts, transfers
// between his own included, and refuses nothing: Save notes who reached the figure.
func (s *Service) Turnover(ctx context.Context, amount money.Amount, on clock.Date, accounts ...Account) ([]Use, error) {
	uses := TurnoverCounters(amount, accounts...)
	if len(uses) == 0 {
		return nil, nil
	}
	most, err := s.Rules.Amount(ctx, "deposit.class_3.identify_total_minor", on)
	if err != nil {
		return nil, fmt.Errorf("figure of class III: %w", err)
	}
	for i := range uses {
		uses[i].Most = most.Minor()
	}
	return uses, nil
}

// TurnoverCounters are the same counters without the figure: to give back what an order counted.
func TurnoverCounters(amount money.Amount, accounts ...Account) []Use {
	var uses []Use
	for i := range accounts {
		if accounts[i].Class == 3 {
			uses = append(uses, Use{Subject: string(accounts[i].Customer), Kind: ClassTurnover, Period: ever, Amount: amount.Minor()})
		}
	}
	return uses
}

// Identification is what the bank asks of a person now; false when it asks for nothing.
func (s *Service) Identification(ctx context.Context, tx *db.Tx, who id.Customer) (Identification, bool, error) {
	i, found, err := identificationOf(ctx, tx, who)
	asks := found && (i.State == IdentifyAsked || i.State == IdentifyRestricted)
	return i, asks, err
}

const (
	identifyBatch  = 100    // people of one look
	identifyRounds = 10_000 // looks of one run: a million people
)

// Identify asks those for a document who reached the figure, and restricts those who let their days pass; it says how
// many. A job runs it every minute.
func (s *Service) Identify(ctx context.Context) (int, error) {
	moved := 0
	for range identifyRounds {
		var due []id.Customer
		err := s.DB.Read(ctx, func(tx *db.Tx) error {
			today, err := s.Days.Current(ctx, tx)
			if err != nil {
				return err
			}
			due, err = dueIdentifications(ctx, tx, today, identifyBatch)
			return err
		})
		if err != nil || len(due) == 0 {
			return moved, err
		}
		for _, who := range due {
			err := s.DB.Write(ctx, func(tx *db.Tx) error { return s.identify(ctx, tx, who, "") })
			if err != nil {
				return moved, fmt.Errorf("identify %s: %w", who, err)
			}
			moved++
		}
	}
	return moved, nil
}

// Documents lifts what stood still as soon as a document was seen: a consumer of verifications.
func (s *Service) Documents() bus.Consumer {
	return event.Consumer("deposit-identification", event.On(func(ctx context.Context, tx *db.Tx, e bus.Event, f event.CustomerVerified) error {
		return s.identify(ctx, tx, f.Customer, e.Trace)
	}))
}

// identify takes the next step of a person, if one is due. The row is locked before the level is read, so that of a
// verification and the job the later one sees what the earlier did.
func (s *Service) identify(ctx context.Context, tx *db.Tx, who id.Customer, trace string) error {
	i, found, err := lockIdentification(ctx, tx, who)
	if err != nil || !found || !i.open() {
		return err
	}
	persons, err := s.Persons.Find(ctx, tx, []id.Customer{who})
	if err != nil {
		return err
	}
	today, err := s.Days.Current(ctx, tx)
	if err != nil {
		return err
	}
	by := act.Job(actIdentify)
	by.OnBehalfOf, by.Trace = who, trace
	switch {
	case persons[who].Level >= documentSeen:
		return s.identified(ctx, tx, by, i)
	case i.State == IdentifyReached:
		return s.ask(ctx, tx, by, i, today)
	case i.overdue(today):
		return s.restrict(ctx, tx, by, i)
	}
	return nil
}

// ask tells the person what is needed and until when.
func (s *Service) ask(ctx context.Context, tx *db.Tx, by act.By, i Identification, today clock.Date) error {
	f := figures{s.Rules, ctx, today, nil}
	total, days := f.figure("deposit.class_3.identify_total_minor"), f.count("deposit.class_3.identify_days")
	if f.err != nil {
		return f.err
	}
	i.ask(today, days)
	if err := s.keepIdentification(ctx, tx, by, i); err != nil {
		return err
	}
	return s.write(ctx, tx, i, noticeIdentify, map[string]string{"total": notify.Amount(money.New(total, money.CNY)), "day": notify.Day(i.DueOn)})
}

// restrict lets nothing in or out of the person's class III accounts (中止该账户所有业务).
func (s *Service) restrict(ctx context.Context, tx *db.Tx, by act.By, i Identification) error {
	accounts, err := s.thirdClass(ctx, tx, i.Customer)
	if err != nil {
		return err
	}
	restraints := make([]ledger.Restraint, len(accounts))
	for n, a := range accounts {
		restraints[n] = ledger.Restraint{Account: string(a.ID), Kind: ledger.NoEntryNoExit, Act: actIdentify, Reference: string(i.Customer), By: by}
	}
	outcomes, err := s.Restrainer.Freeze(ctx, tx, restraints)
	if err != nil {
		return fmt.Errorf("restrict class III: %w", err)
	}
	for n, o := range outcomes {
		if o.Err != nil {
			return fmt.Errorf("restrict %s: %w", accounts[n].ID, o.Err)
		}
		err := s.tell(ctx, tx, by, accounts[n], event.AccountFrozen{
			Account: accounts[n].ID, Customer: i.Customer, Freeze: o.Restraint, Kind: string(ledger.NoEntryNoExit), By: string(by.Kind),
		})
		if err != nil {
			return err
		}
	}
	i.State = IdentifyRestricted
	if err := s.keepIdentification(ctx, tx, by, i); err != nil {
		return err
	}
	return s.write(ctx, tx, i, noticeRestricted, nil)
}

// identified ends it: the document was seen. What this act restrained is lifted; what others did stands.
func (s *Service) identified(ctx context.Context, tx *db.Tx, by act.By, i Identification) error {
	was := i.State
	if was == IdentifyRestricted {
		if err := s.release(ctx, tx, by, i.Customer); err != nil {
			return err
		}
	}
	i.State, i.ended = Identified, tx.Now()
	if err := s.keepIdentification(ctx, tx, by, i); err != nil || was != IdentifyRestricted {
		return err
	}
	return s.write(ctx, tx, i, noticeReleased, nil)
}

// release lifts the restraints of this act from a person's class III accounts.
func (s *Service) release(ctx context.Context, tx *db.Tx, by act.By, who id.Customer) error {
	accounts, err := s.thirdClass(ctx, tx, who)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		all, err := s.Restrainer.Restraints(ctx, tx, string(a.ID))
		if err != nil {
			return err
		}
		for _, r := range all {
			if r.Act != actIdentify {
				continue
			}
			outcomes, err := s.Restrainer.Thaw(ctx, tx, by, []id.Freeze{r.ID})
			if err != nil {
				return err
			}
			if outcomes[0] != nil {
				return fmt.Errorf("release %s: %w", a.ID, outcomes[0])
			}
			if err := s.tell(ctx, tx, by, a, event.AccountThawed{Account: a.ID, Customer: who, Freeze: r.ID, By: string(by.Kind)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// thirdClass are a person's open class III accounts.
func (s *Service) thirdClass(ctx context.Context, tx *db.Tx, who id.Customer) ([]Account, error) {
	rows, err := accountsOf(ctx, tx, who)
	if err != nil {
		return nil, fmt.Errorf("class III accounts of %s: %w", who, err)
	}
	var all []Account
	for _, r := range rows {
		if r.Class == 3 && r.State == Open {
			all = append(all, r.Account)
		}
	}
	return all, nil
}

func (s *Service) keepIdentification(ctx context.Context, tx *db.Tx, by act.By, i Identification) error {
	if err := saveIdentification(ctx, tx, i); err != nil {
		return fmt.Errorf("keep identification: %w", err)
	}
	return s.Audit.Append(ctx, tx, []audit.Record{{
		By: by, Act: actIdentify, Subject: string(i.Customer), Customer: i.Customer, Outcome: audit.Done,
		Detail: map[string]string{"state": string(i.State), "due_on": i.DueOn.String()},
	}})
}

// Templates of the messages about documents.
const (
	noticeIdentify   = "deposit.identify"
	noticeRestricted = "deposit.identify_restricted"
	noticeReleased   = "deposit.identify_released"
)

// Templates are the messages of this room, for package notify.
func Templates() []notify.Template {
	all := []notify.Channel{notify.Inbox, notify.SMS, notify.Mail}
	return []notify.Template{
		{Name: noticeIdentify, Category: notify.CategoryService, Channels: all},
		{Name: noticeRestricted, Category: notify.CategoryService, Channels: all},
		{Name: noticeReleased, Category: notify.CategoryService, Channels: all},
	}
}

func (s *Service) write(ctx context.Context, tx *db.Tx, i Identification, template string, params map[string]string) error {
	err := s.Messages.Send(ctx, tx, []notify.Notice{{Customer: i.Customer, Template: template, Params: params}})
	if err != nil {
		return fmt.Errorf("tell about identification: %w", err)
	}
	return nil
}
