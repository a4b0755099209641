//go:build unix

package chaos_test

import (
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/tongbao/tongbao/internal/platform/db"
)

const deliveryPatience = 3 * time.Minute // until every event was applied: longer than a lease

// booked is a payment as the database has it.
type booked struct {
	ID, Key, Payer, From, To, State, Refusal string
	Amount, Journals, Audited, Told          int64
}

// count compares what people were told with what the database holds. The nodes are running, and idle.
func count(t *testing.T, b *bank, tr *traffic, database string) {
	t.Helper()
	d, err := db.Open(t.Context(), database, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	delivered(t, b, d)
	inBooks := make(map[string]booked)
	for _, row := range read(t, d) {
		if _, twice := inBooks[row.Key]; twice {
			t.Errorf("a key has two payments: %+v", row)
		}
		inBooks[row.Key] = row
	}
	repeated, refused := 0, 0
	expected := make(map[string]int64)
	for _, p := range b.people {
		expected[string(p.account)] = p.opening
	}
	for _, a := range tr.attempts {
		row, found := inBooks[a.key]
		delete(inBooks, a.key)
		if a.tries > 1 {
			repeated++
		}
		if !a.acknowledged() {
			refused++
			if found && (row.State != "refused" || row.Refusal != a.refusal || row.Journals != 0) {
				t.Errorf("refused with %s, and yet: %+v", a.refusal, row)
			}
			continue
		}
		want := booked{
			ID: a.transfer, Key: a.key, Payer: string(a.from.customer), From: string(a.from.account), To: string(a.to.account), State: a.state, Amount: a.minor,
			Journals: 1, Audited: 1, Told: 2,
		}
		if row.Told == 0 && (a.ended < b.forgot || !long()) {
			want.Told = 0 // not yet
		}
		if row != want || a.state != "settled" {
			t.Errorf("acknowledged as %+v, in the books %+v", want, row)
		}
		expected[string(a.from.account)] -= a.minor
		expected[string(a.to.account)] += a.minor
	}
	for _, row := range inBooks {
		t.Errorf("nobody asked for %+v", row)
	}
	for account, has := range balances(t, d) {
		if want, ours := expected[account]; ours && has != want {
			t.Errorf("account %s has %d, want %d", account, has, want)
		}
	}
	linearizable(t, b, tr)
	t.Logf("%d payments acknowledged, %d refused, %d asked for more than once; %d balances seen", tr.acked.Load(), refused, repeated, len(tr.glances))
	if tr.acked.Load() == 0 {
		t.Error("nothing was paid")
	}
}

// delivered waits until both parties of every payment were told, and fails if an event was given up. What a killed node
// was about to publish or to apply comes back when its lease lapses: the short form waits for none of them. A bank whose
// event server may forget waits until its outbox is empty.
func delivered(t *testing.T, b *bank, d *db.DB) {
	t.Helper()
	const untold = `
		SELECT CAST(count(*) AS BIGINT) FROM payment_transfer
		 WHERE id NOT IN (SELECT subject FROM notify_message WHERE subject IS NOT NULL)`
	const unsent = `SELECT CAST(count(*) AS BIGINT) FROM bus_outbox`
	awaited := untold
	if b.forgot > 0 {
		awaited = unsent
	}
	deadline := watch().Add(deliveryPatience)
	for long() && value(t, d, awaited) != 0 && watch().Before(deadline) {
		time.Sleep(100 * time.Millisecond)
	}
	t.Logf("of %d payments the events are not applied, %d events wait in the outbox", value(t, d, untold), value(t, d, unsent))
	if left := value(t, d, awaited); left != 0 && long() {
		t.Errorf("%d are still not delivered after %s", left, deliveryPatience)
	}
	if dead := value(t, d, `SELECT CAST(count(*) AS BIGINT) FROM bus_dead_letter`); dead != 0 {
		t.Errorf("%d events were given up", dead)
	}
}

func value(t *testing.T, d *db.DB, q string) (n int64) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(t.Context(), tx, db.Value[int64], q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// read lists the payments with how often each was journaled, recorded and told of.
func read(t *testing.T, d *db.DB) []booked {
	t.Helper()
	const q = `
		SELECT p.id, coalesce(k.key, ''), p.payer, p.payer_account, p.payee_account, p.state, p.refusal, p.amount,
		       coalesce(j.times, 0), coalesce(a.times, 0), coalesce(m.times, 0)
		  FROM payment_transfer AS p
		  LEFT JOIN once_claim AS k ON k.entity = p.id AND k.operation = 'payment.send'
		  LEFT JOIN (SELECT reference, CAST(count(*) AS BIGINT) AS times FROM ledger_journal GROUP BY reference) AS j ON j.reference = p.id
		  LEFT JOIN (SELECT subject, CAST(count(*) AS BIGINT) AS times FROM audit_record GROUP BY subject) AS a ON a.subject = p.id
		  LEFT JOIN (SELECT subject, CAST(count(*) AS BIGINT) AS times FROM notify_message GROUP BY subject) AS m ON m.subject = p.id`
	var all []booked
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		all, err = db.List(t.Context(), tx, func(r db.Row) (b booked, err error) {
			err = r.Scan(&b.ID, &b.Key, &b.Payer, &b.From, &b.To, &b.State, &b.Refusal, &b.Amount, &b.Journals, &b.Audited, &b.Told)
			return b, err
		}, q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func balances(t *testing.T, d *db.DB) map[string]int64 {
	t.Helper()
	all := make(map[string]int64)
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Each(t.Context(), func(r db.Row) error {
			var account string
			var has int64
			err := r.Scan(&account, &has)
			all[account] = has
			return err
		}, `SELECT account_id, booked FROM ledger_balance`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// event is one thing that somebody in the circle did or saw; purse what each of them has.
type (
	purse [circle]int64
	event struct {
		from, to int
		minor    int64 // paid, or seen when from and to are one
		refused  bool
	}
)

// linearizable says whether what the circle was told could have happened one after the other, each between its request
// and its answer.
func linearizable(t *testing.T, b *bank, tr *traffic) {
	t.Helper()
	place := make(map[*person]int)
	var opening purse
	for i := range circle {
		place[b.people[i]], opening[i] = i, b.people[i].opening
	}
	var history []porcupine.Operation
	add := func(e event, began, ended time.Duration) {
		history = append(history, porcupine.Operation{ClientId: len(history), Input: e, Call: int64(began), Return: int64(ended)})
	}
	for _, a := range tr.attempts {
		if a.from.inCircle && (a.acknowledged() || a.refusal == "ledger.insufficient_funds") {
			add(event{place[a.from], place[a.to], a.minor, !a.acknowledged()}, a.began, a.ended)
		}
	}
	for _, g := range tr.glances {
		add(event{from: place[g.of], to: place[g.of], minor: g.minor}, g.began, g.ended)
	}
	model := porcupine.Model{
		Init: func() any { return opening },
		Step: func(state, input, _ any) (bool, any) { return input.(event).after(state.(purse)) },
	}
	const patience = 20 * time.Second
	switch porcupine.CheckOperationsTimeout(model, history, patience) {
	case porcupine.Illegal:
		t.Errorf("what the circle was told cannot have happened in any order (%d events)", len(history))
	case porcupine.Unknown:
		t.Logf("not decided in %s whether %d events are linearizable", patience, len(history))
	}
}

// after says whether an event can happen to the purses, and what they hold then.
func (e event) after(p purse) (bool, purse) {
	switch {
	case e.from == e.to:
		return p[e.from] == e.minor, p
	case e.refused:
		return p[e.from] < e.minor, p
	case p[e.from] < e.minor:
		return false, p
	}
	p[e.from] -= e.minor
	p[e.to] += e.minor
	return true, p
}

// A model that accepts everything would prove nothing.
func TestTheModelKnowsWhatCannotHaveHappened(t *testing.T) {
	t.Parallel()
	before := purse{100, 100, 100}
	for name, c := range map[string]struct {
		event event
		can   bool
	}{
		"a payment that is covered":     {event{from: 0, to: 1, minor: 100}, true},
		"a payment that is not covered": {event{from: 0, to: 1, minor: 101}, false},
		"a refusal for lack of money":   {event{from: 0, to: 1, minor: 101, refused: true}, true},
		"a refusal without a reason":    {event{from: 0, to: 1, minor: 100, refused: true}, false},
		"the balance as it is":          {event{from: 2, to: 2, minor: 100}, true},
		"a balance of the past":         {event{from: 2, to: 2, minor: 99}, false},
	} {
		if can, _ := c.event.after(before); can != c.can {
			t.Errorf("%s: %v", name, can)
		}
	}
}
