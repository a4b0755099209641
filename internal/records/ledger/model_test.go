package ledger_test

import (
	"errors"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
)

// model is a bank of a few maps, with the rules of the books written as plainly as they can be. It says which rules an
// act breaks; the ledger must refuse the act for one of them, or do it when there are none.
type model struct {
	accounts map[string]*modelAccount
	summed   map[string]int64 // debits less credits
	holds    map[id.Hold]*modelHold
	freezes  map[id.Freeze]*modelFreeze
	journals map[id.Journal]*modelJournal
}

type modelAccount struct {
	booked  int64
	entries int64
	closing map[clock.Date]int64 // booked at the end of each day with entries
}

type modelHold struct {
	account string
	left    int64
	expires time.Time
	ended   bool
}

type modelFreeze struct {
	account string
	kind    ledger.RestraintKind
	amount  int64
	expires time.Time
	lifted  bool
}

type modelJournal struct {
	lines    []ledger.Line
	reversal bool
	reversed bool
}

func newModel(accounts ...string) *model {
	m := &model{
		accounts: make(map[string]*modelAccount), summed: make(map[string]int64), holds: make(map[id.Hold]*modelHold),
		freezes: make(map[id.Freeze]*modelFreeze), journals: make(map[id.Journal]*modelJournal),
	}
	for _, a := range accounts {
		m.accounts[a] = &modelAccount{closing: make(map[clock.Date]int64)}
	}
	return m
}

func (m *model) held(account string) (sum int64) {
	for _, h := range m.holds {
		if h.account == account && !h.ended {
			sum += h.left
		}
	}
	return sum
}

func (m *model) frozen(account string) (sum int64) {
	for _, f := range m.freezes {
		if f.account == account && !f.lifted {
			sum += f.amount
		}
	}
	return sum
}

func (m *model) restrained(account string, kinds ...ledger.RestraintKind) bool {
	for _, f := range m.freezes {
		if f.account == account && !f.lifted && slices.Contains(kinds, f.kind) {
			return true
		}
	}
	return false
}

func (m *model) available(account string) int64 {
	return m.accounts[account].booked - m.held(account) - m.frozen(account)
}

// post books a journal, or returns the rules that it breaks.
func (m *model) post(j ledger.Journal, made id.Journal, today clock.Date, now time.Time) []error {
	broken := m.brokenBy(j, now)
	if len(broken) > 0 {
		return broken
	}
	for _, c := range j.Captures {
		h := m.holds[c.Hold]
		h.left -= c.Amount.Minor()
		h.ended = c.Final || h.left == 0
	}
	for _, n := range j.Lines {
		a, guarded := m.accounts[n.Account]
		switch {
		case !guarded && n.Side == ledger.Debit:
			m.summed[n.Account] += n.Amount.Minor()
		case !guarded:
			m.summed[n.Account] -= n.Amount.Minor()
		case n.Side == ledger.Credit:
			a.booked += n.Amount.Minor()
		default:
			a.booked -= n.Amount.Minor()
		}
		if guarded {
			a.entries++
			a.closing[today] = a.booked
		}
	}
	if j.Reverses != "" {
		m.journals[j.Reverses].reversed = true
	}
	m.journals[made] = &modelJournal{lines: j.Lines, reversal: j.Reverses != ""}
	return nil
}

func (m *model) brokenBy(j ledger.Journal, now time.Time) (broken []error) {
	var sum int64
	in, out, taken, let := map[string]int64{}, map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, n := range j.Lines {
		_, guarded := m.accounts[n.Account]
		if !guarded && n.Account != cash() && n.Account != fees() {
			broken = append(broken, ledger.ErrAccountNotFound)
		}
		if n.Amount.Minor() <= 0 {
			broken = append(broken, ledger.ErrBadJournal)
		}
		if n.Side == ledger.Debit {
			sum += n.Amount.Minor()
			out[n.Account] += n.Amount.Minor()
		} else {
			sum -= n.Amount.Minor()
			in[n.Account] += n.Amount.Minor()
		}
	}
	if sum != 0 {
		broken = append(broken, ledger.ErrUnbalanced)
	}
	for _, c := range j.Captures {
		h, known := m.holds[c.Hold]
		switch {
		case !known:
			broken = append(broken, ledger.ErrHoldNotFound)
			continue
		case h.ended || (!h.expires.IsZero() && !h.expires.After(now)):
			broken = append(broken, ledger.ErrHoldEnded)
		case c.Amount.Minor() > h.left:
			broken = append(broken, ledger.ErrHoldExceeded)
		}
		taken[h.account] += c.Amount.Minor()
		if c.Final {
			let[h.account] += h.left - c.Amount.Minor()
		}
		if out[h.account] == 0 && in[h.account] == 0 {
			broken = append(broken, ledger.ErrHoldNotFound, ledger.ErrBadJournal) // of an account that the journal does not touch
		}
	}
	for name, a := range m.accounts {
		before, change := m.available(name), in[name]-out[name]+taken[name]+let[name]
		if change < 0 && before+change < 0 {
			broken = append(broken, ledger.ErrInsufficientFunds)
		}
		if taken[name] > out[name] {
			broken = append(broken, ledger.ErrBadJournal)
		}
		if out[name] > 0 && m.restrained(name, ledger.EntryOnly, ledger.NoEntryNoExit) || in[name] > 0 && m.restrained(name, ledger.NoEntryNoExit) {
			broken = append(broken, ledger.ErrFrozen)
		}
		if a.booked < 0 {
			panic("the model itself is below zero")
		}
	}
	if o, ok := m.journals[j.Reverses]; j.Reverses != "" {
		switch {
		case !ok:
			broken = append(broken, ledger.ErrJournalNotFound)
		case o.reversed:
			broken = append(broken, ledger.ErrAlreadyReversed)
		case o.reversal:
			broken = append(broken, ledger.ErrNotReversible)
		}
	}
	return broken
}

func (m *model) hold(account string, amount int64) (broken []error) {
	if _, ok := m.accounts[account]; !ok {
		return []error{ledger.ErrAccountNotFound}
	}
	if m.restrained(account, ledger.EntryOnly, ledger.NoEntryNoExit) {
		broken = append(broken, ledger.ErrFrozen)
	}
	if m.available(account) < amount {
		broken = append(broken, ledger.ErrInsufficientFunds)
	}
	return broken
}

// expire ends what is over, and says how many holds and restraints that were.
func (m *model) expire(now time.Time) (holds, freezes int) {
	for _, h := range m.holds {
		if !h.ended && !h.expires.IsZero() && !h.expires.After(now) {
			h.ended = true
			holds++
		}
	}
	for _, f := range m.freezes {
		if !f.lifted && !f.expires.IsZero() && !f.expires.After(now) {
			f.lifted = true
			freezes++
		}
	}
	return holds, freezes
}

// closingAt is what an account had booked at the end of a day.
func (a *modelAccount) closingAt(date clock.Date) int64 {
	var last clock.Date
	for day := range a.closing {
		if !day.After(date) && day.After(last) {
			last = day
		}
	}
	return a.closing[last]
}

// agrees reports whether the ledger's answer is one that the model allows.
func agrees(got error, broken []error) bool {
	if len(broken) == 0 {
		return got == nil
	}
	return slices.ContainsFunc(broken, func(want error) bool { return errors.Is(got, want) })
}
