package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// batch is a slice of journals on its way into the books: what was locked and read, and what will be written.
type batch struct {
	today     string // business date
	now       time.Time
	balances  map[string]*row     // guarded accounts, locked
	owns      map[string]own      // the bank's own accounts, by name
	holds     map[id.Hold]*hold   // holds that journals capture, under the lock of their account
	originals map[id.Journal]*was // journals to be taken back
	deltas    map[string]*delta   // what the general ledger gains, by account
	write     writes

	lines   []posting // of the journal being decided
	effects []effect  // on guarded accounts, of the journal being decided
}

// Post books journals, or refuses each alone: one outcome for each, in order. Journals that share an account see
// those before them. It locks the open day shared and then the guarded accounts in the order of their ids. Its error
// fails the batch; the writes travel with the next statement of tx, or its commit.
func (l *Ledger) Post(ctx context.Context, tx *db.Tx, journals []Journal) ([]Outcome, error) {
	today, err := l.bookingDay(ctx, tx, journals)
	if err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(journals))
	for i := range journals {
		outcomes[i] = Outcome{Err: check(&journals[i]), BusinessDate: today, At: tx.Now()}
	}
	b := &batch{today: today.String(), now: tx.Now()}
	if err := b.read(ctx, tx, journals, outcomes); err != nil {
		return nil, fmt.Errorf("read what journals touch: %w", err)
	}
	for i := range journals {
		if outcomes[i].Err == nil {
			b.post(&journals[i], &outcomes[i])
		}
	}
	if err := l.save(tx, b); err != nil {
		return nil, fmt.Errorf("write journals: %w", err)
	}
	return outcomes, nil
}

// check refuses a journal that is wrong whatever the accounts hold.
func check(j *Journal) error {
	if j.Act == "" || len(j.Lines) < 2 || len(j.Lines) > linesMax || len(j.Captures) > len(j.Lines) {
		return ErrBadJournal
	}
	if !j.ClosedDay.IsZero() && !j.ofTheDay() {
		return ErrBadJournal
	}
	for i := range j.Lines {
		n := &j.Lines[i]
		if (n.Side != Debit && n.Side != Credit) || n.Amount.Minor() <= 0 || n.Amount.Currency().IsZero() {
			return ErrBadJournal
		}
		if n.Amount.Minor() > amountMax {
			return ErrOverflow
		}
	}
	for i := range j.Lines { // the currency of each line; journals have few, so that this is cheap
		if currency := j.Lines[i].Amount.Currency(); sumOf(j.Lines, currency) != 0 {
			return ErrUnbalanced.With("currency", currency.Code())
		}
	}
	return nil
}

// read locks the guarded accounts and then reads the holds and the journals that this batch refers to.
func (b *batch) read(ctx context.Context, tx *db.Tx, journals []Journal, outcomes []Outcome) error {
	guarded := make([]string, 0, 2*len(journals))
	var holds []id.Hold
	var reversals []*Journal
	b.owns = make(map[string]own)
	for i := range journals {
		if outcomes[i].Err != nil {
			continue
		}
		j := &journals[i]
		if j.ID == "" {
			j.ID = id.New[id.Journal](b.now)
		}
		outcomes[i].Journal = j.ID
		for n := range j.Lines {
			guarded = b.sort(guarded, j.Lines[n].Account)
		}
		for _, c := range j.Captures {
			holds = append(holds, c.Hold)
		}
		if j.Reverses != "" {
			reversals = append(reversals, j)
		}
	}
	var err error
	if b.balances, err = lockBalances(ctx, tx, guarded); err != nil {
		return err
	}
	if b.holds, err = readHolds(ctx, tx, holds); err != nil {
		return err
	}
	b.originals, err = claimOriginals(ctx, tx, reversals)
	return err
}

// sort puts an account with the guarded ones, unless its name says that it is the bank's own.
func (b *batch) sort(guarded []string, account string) []string {
	if !strings.HasPrefix(account, ownPrefix) {
		return append(guarded, account)
	}
	if _, known := b.owns[account]; !known {
		if o, ok := parseOwn(account); ok && o.heading.Kind == Summed {
			b.owns[account] = o
		}
	}
	return guarded
}

// post decides one journal and, if nothing stands against it, books it.
func (b *batch) post(j *Journal, o *Outcome) {
	if o.Err = b.decide(j); o.Err != nil {
		return
	}
	for i := range b.effects {
		b.effects[i].settle()
	}
	for i := range b.lines {
		b.enter(j, i+1, &b.lines[i])
	}
	for _, c := range j.Captures {
		b.capture(j, c)
	}
	if j.Reverses != "" {
		b.originals[j.Reverses].by = j.ID
	}
	o.Balances = make([]Balance, len(b.effects))
	for i := range b.effects {
		o.Balances[i] = b.effects[i].row.balance()
	}
	b.write.journal(b, j)
}

// enter books one line: the running number and the balance after it, if the account is guarded.
func (b *batch) enter(j *Journal, line int, p *posting) {
	account, control := p.Account, p.Account
	if p.row != nil {
		control = p.row.control
		p.row.number++
		p.row.booked += p.row.signed(&p.Line)
	}
	d := b.deltas[control]
	if d == nil {
		d = &delta{}
		if b.deltas == nil {
			b.deltas = make(map[string]*delta)
		}
		b.deltas[control] = d
	}
	if p.Side == Debit {
		d.debit += p.Amount.Minor()
	} else {
		d.credit += p.Amount.Minor()
	}
	b.write.entry(b, j, line, account, p)
}

// capture takes from a hold what the journal took.
func (b *batch) capture(j *Journal, c Capture) {
	h := b.holds[c.Hold]
	h.remaining -= c.Amount.Minor()
	if c.Final || h.remaining == 0 {
		h.end(Captured, b.now)
	}
	h.changed = true
	b.write.captures = append(b.write.captures, captured{j.ID, c.Hold, c.Amount.Minor()})
}

// save queues the writes of a batch: one statement for each table.
func (l *Ledger) save(tx *db.Tx, b *batch) error {
	if err := b.write.queue(tx, b); err != nil {
		return err
	}
	return l.openOwn(tx, b)
}

// openOwn opens the bank's own accounts that were posted to for the first time.
func (l *Ledger) openOwn(tx *db.Tx, b *batch) error {
	var first []string
	l.mu.RLock()
	for account := range b.deltas {
		if !l.opened[account] {
			first = append(first, account)
		}
	}
	l.mu.RUnlock()
	if len(first) == 0 {
		return nil
	}
	slices.Sort(first)
	rows := make([]Account, 0, len(first))
	for _, name := range first {
		o, ok := parseOwn(name)
		if !ok {
			return fmt.Errorf("general ledger account %s has no such name", name)
		}
		rows = append(rows, o.account(name, b.now))
	}
	if err := openFirst(tx, rows); err != nil {
		return err
	}
	tx.AfterCommit(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, account := range first {
			l.opened[account] = true
		}
	})
	return nil
}

// account is the row of one of the bank's own accounts.
func (o own) account(name string, now time.Time) Account {
	kind := Summed
	if o.heading.Kind == Guarded {
		kind = Control
	}
	return Account{ID: name, Kind: kind, Code: o.heading.Code, Currency: o.currency, Branch: o.branch, OpenedAt: now}
}

// branchOf is where an act is done; the head office when nothing else is said.
func branchOf(by act.By) string {
	if by.Branch == "" {
		return act.HeadOffice
	}
	return by.Branch
}
