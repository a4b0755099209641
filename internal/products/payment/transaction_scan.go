package payment

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
	"github.com/tongbao/tongbao/internal/values/money"
)

const (
	scanMost  = 1000 // entries that one request for a page reads
	scanChunk = 200  // entries of one account that are read at a time
	allRead   = 1    // as a stream's place: no entry has a lower number
)

// scan walks through the entries of one or more accounts, newest first, as if they were one list.
type scan struct {
	s       *Service
	owner   id.Customer
	filter  Filter
	streams []*stream
}

// stream is one account of a scan.
type stream struct {
	account deposit.Holding
	before  int64 // entries from here on were given; 0 when none was
	ahead   []ledger.Entry
}

// place is where a stream stands, in a cursor.
type place struct {
	Account id.Account `json:"a"`
	Before  int64      `json:"b"`
}

// newScan stands before the newest entry. Whose accounts they are is asked with the query that finds them.
func (s *Service) newScan(ctx context.Context, tx *db.Tx, owner id.Customer, f Filter) (*scan, error) {
	sc := &scan{s: s, owner: owner, filter: f}
	var holdings []deposit.Holding
	var err error
	if f.Account == "" {
		holdings, err = s.Accounts.Holdings(ctx, tx, owner)
	} else {
		holdings = make([]deposit.Holding, 1)
		holdings[0], err = s.Accounts.Holding(ctx, tx, owner, f.Account)
	}
	if err != nil {
		return nil, err
	}
	for _, h := range holdings {
		sc.streams = append(sc.streams, &stream{account: h})
	}
	return sc, nil
}

// cursorUse ties cursors to this list.
const cursorUse = "payment.transactions"

// resume goes to where a cursor was made. An account that was opened since has only newer entries and is left out.
func (sc *scan) resume(cursor string) error {
	plain, err := sc.s.Tokens.OpenToken(crypto.Cursor, cursor, cursorUse, string(sc.owner))
	if err != nil {
		return ErrCursor.At("/cursor")
	}
	var places []place
	if err := json.Unmarshal(plain, &places); err != nil {
		return ErrCursor.At("/cursor")
	}
	sc.streams = slices.DeleteFunc(sc.streams, func(st *stream) bool {
		i := slices.IndexFunc(places, func(p place) bool { return p.Account == st.account.ID })
		if i >= 0 {
			st.before = places[i].Before
		}
		return i < 0
	})
	return nil
}

// cursor is where the scan stands; empty at the end.
func (sc *scan) cursor() string {
	if sc.ended() {
		return ""
	}
	places := make([]place, 0, len(sc.streams))
	for _, st := range sc.streams {
		before := st.before
		if before == 0 && len(st.ahead) > 0 {
			before = st.ahead[0].Number + 1 // what is booked from now on is not of this list
		}
		places = append(places, place{st.account.ID, before})
	}
	plain, err := json.Marshal(places)
	if err != nil {
		panic(fmt.Sprintf("payment: cursor: %v", err)) // plain ids and numbers
	}
	return sc.s.Tokens.SealToken(crypto.Cursor, plain, cursorUse, string(sc.owner))
}

// ended reports whether all was given. It is true only after read has looked ahead.
func (sc *scan) ended() bool {
	return !slices.ContainsFunc(sc.streams, func(st *stream) bool { return st.before != allRead })
}

// read gives the next transactions that the filter chooses: at most limit, from at most budget entries.
func (sc *scan) read(ctx context.Context, tx *db.Tx, limit, budget int) ([]Transaction, error) {
	var all []Transaction
	for budget > 0 && len(all) < limit {
		batch, read, err := sc.gather(ctx, tx, limit-len(all), budget)
		if err != nil {
			return nil, err
		}
		budget -= read
		explained, err := sc.s.explain(ctx, tx, sc.owner, batch)
		if err != nil {
			return nil, err
		}
		for i, t := range explained {
			if !sc.filter.matchesText(t) {
				continue
			}
			if all = append(all, t); len(all) == limit {
				sc.giveBack(batch[i+1:])
				break
			}
		}
		if read == 0 {
			break
		}
	}
	return all, sc.lookAhead(ctx, tx)
}

// gather takes entries that the filter does not exclude by direction or amount. Without a text to search for, one more
// than wanted is of no use; with one, most will not match.
func (sc *scan) gather(ctx context.Context, tx *db.Tx, wanted, budget int) (batch []booked, read int, err error) {
	if sc.filter.Query != "" {
		wanted = scanChunk
	}
	for len(batch) < wanted && read < budget {
		f, ok, err := sc.next(ctx, tx)
		if err != nil {
			return nil, 0, err
		}
		if !ok {
			break
		}
		read++
		if sc.filter.matchesEntry(f) {
			batch = append(batch, f)
		}
	}
	return batch, read, nil
}

// next takes the newest entry that was not taken.
func (sc *scan) next(ctx context.Context, tx *db.Tx) (booked, bool, error) {
	newest := -1
	for i, st := range sc.streams {
		if err := sc.fill(ctx, tx, st); err != nil {
			return booked{}, false, err
		}
		if len(st.ahead) > 0 && (newest < 0 || st.ahead[0].At.After(sc.streams[newest].ahead[0].At)) {
			newest = i
		}
	}
	if newest < 0 {
		return booked{}, false, nil
	}
	st := sc.streams[newest]
	e := st.ahead[0]
	st.ahead, st.before = st.ahead[1:], e.Number
	return booked{entry: e, account: st.account, stream: newest}, true, nil
}

// fill reads ahead in an account.
func (sc *scan) fill(ctx context.Context, tx *db.Tx, st *stream) error {
	if len(st.ahead) > 0 || st.before == allRead {
		return nil
	}
	entries, err := sc.s.Lines.History(ctx, tx, ledger.HistoryQuery{
		Account: string(st.account.ID), From: sc.filter.From, To: sc.filter.To, Before: st.before, Limit: sc.chunk(),
	})
	if err != nil {
		return fmt.Errorf("history of %s: %w", st.account.ID, err)
	}
	if st.ahead = entries; len(entries) == 0 {
		st.before = allRead
	}
	return nil
}

// chunk is how far to read ahead: little for a plain page.
func (sc *scan) chunk() int {
	f := sc.filter
	if f.Limit > 0 && f.Query == "" && f.Direction == "" && !hasAmount(f.Min) && !hasAmount(f.Max) {
		return f.Limit + 1
	}
	return scanChunk
}

// lookAhead finds out which accounts have no more, so that the last page is known to be the last.
func (sc *scan) lookAhead(ctx context.Context, tx *db.Tx) error {
	for _, st := range sc.streams {
		if err := sc.fill(ctx, tx, st); err != nil {
			return err
		}
	}
	return nil
}

// giveBack undoes next for entries that were taken last.
func (sc *scan) giveBack(entries []booked) {
	for _, f := range slices.Backward(entries) {
		st := sc.streams[f.stream]
		st.ahead, st.before = nil, f.entry.Number+1
	}
}

func (f Filter) matchesEntry(e booked) bool {
	amount := e.entry.Amount
	switch {
	case f.Direction != "" && e.direction() != f.Direction:
		return false
	case hasAmount(f.Min) && (amount.Currency() != f.Min.Currency() || amount.Minor() < f.Min.Minor()):
		return false
	case hasAmount(f.Max) && (amount.Currency() != f.Max.Currency() || amount.Minor() > f.Max.Minor()):
		return false
	}
	return true
}

// matchesText searches in what the person sees, and nowhere else: to find 王小明 by typing the name, it is masked as the
// bank masks it. Searching behind the mask would tell a stranger's name one character at a time.
func (f Filter) matchesText(t Transaction) bool {
	if f.Query == "" {
		return true
	}
	query := strings.ToLower(f.Query)
	for _, seen := range []string{t.Counterparty, t.Memo, strings.ReplaceAll(t.CounterpartyAccount, " ", "")} {
		if strings.Contains(strings.ToLower(seen), query) {
			return true
		}
	}
	return t.Counterparty != "" && t.Counterparty == customer.MaskName(f.Query)
}

func maskedName(name string) string { return customer.MaskName(name) }

// plus adds amounts of one currency; the first may be no amount yet.
func plus(sum, a money.Amount) (money.Amount, error) {
	if !hasAmount(sum) {
		return a, nil
	}
	return sum.Add(a)
}
