package payment_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/once"
	"github.com/tongbao/tongbao/internal/products/deposit"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
)

// line is a line of a list that pays somebody's first account.
func line(to *holder, minor int64) payment.BulkLine {
	return payment.BulkLine{To: payment.PayeeRef{Number: to.numbers[0]}, Amount: yuan(minor)}
}

func bulkDraft(from *holder, lines ...payment.BulkLine) payment.BulkDraft {
	return payment.BulkDraft{From: from.accounts[0].ID, Arrival: payment.RealTime, Lines: lines}
}

func (b *bank) checkBulk(h *holder, d payment.BulkDraft) payment.BulkChecked {
	b.Helper()
	c, err := b.CheckBulk(b.Context(), h.by, d)
	b.must(err)
	return c
}

func (b *bank) bulkOrder(c payment.BulkChecked) payment.Order {
	return payment.Order{Key: b.key(), Intent: c.Token, Proof: byPIN(pin)}
}

// codes are the refusals of a list's items, empty where there is none.
func codes(sent payment.Bulk) []string {
	out := make([]string, len(sent.Items))
	for i, item := range sent.Items {
		out[i] = item.Refusal
	}
	return out
}

func TestAListPaysEachLineOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang, zhang := b.holder(100_00, 1), b.holder(0, 1), b.holder(0, 1)
		book, err := b.AddPayee(t.Context(), li.by, payment.PayeeRef{Number: zhang.numbers[0]}, "")
		b.must(err)
		fromBook := payment.BulkLine{To: payment.PayeeRef{Payee: book.ID}, Amount: yuan(2_00), Memo: "午饭"}
		unknown, misnamed := line(wang, 3_00), line(wang, 4_00)
		unknown.To.Number = "6217000000009999995"
		for deposit.CheckNumber(unknown.To.Number) != nil {
			unknown.To.Number = unknown.To.Number[:18] + string(unknown.To.Number[18]+1-10*(unknown.To.Number[18]/'9'))
		}
		misnamed.To.Name = "某某某"
		stranger := payment.BulkLine{To: payment.PayeeRef{Payee: id.New[id.Payee](b.clock.Now())}, Amount: yuan(1_00)}
		c := b.checkBulk(li, bulkDraft(li, line(wang, 1_00), fromBook, unknown, misnamed, line(li, 5_00), line(wang, 98_00), line(wang, 97_00), stranger))
		want := []*fault.Error{nil, nil, payment.ErrPayee, payment.ErrPayeeName, payment.ErrSelf, ledger.ErrInsufficientFunds, nil, payment.ErrPayee}
		for n, w := range want {
			if got := c.Lines[n].Refusal; w == nil && got != nil || w != nil && !errors.Is(got, w) {
				t.Errorf("line %d: %v, want %v", n, got, w)
			}
		}
		if c.Total.Minor() != 100_00 || len(c.Intent.Items) != 3 || c.Lines[0].Payee.Name != "王*明" || c.Lines[1].Memo != "午饭" {
			t.Errorf("checked: %+v", c)
		}
		sent, err := b.SendBulk(t.Context(), li.by, b.bulkOrder(c))
		b.must(err)
		references := map[id.Transfer]bool{}
		for i, item := range sent.Items {
			references[item.ID] = true
			if item.State != payment.Settled || item.Line != []int{0, 1, 6}[i] {
				t.Errorf("item %d: %+v", i, item)
			}
			one, err := b.Transfer(t.Context(), li.by, item.ID)
			if b.must(err); one.Intent != c.Intent.ID || one.Amount != item.Amount || one.Name != "王小明" {
				t.Errorf("reference %s: %+v", item.ID, one)
			}
		}
		if from, _ := b.balance(li.accounts[0]); from != 0 || len(references) != 3 {
			t.Errorf("li keeps %d, %d references", from, len(references))
		}
		if to, _ := b.balance(zhang.accounts[0]); to != 2_00 {
			t.Errorf("zhang has %d", to)
		}
		if n := b.count(`SELECT count(*) FROM audit_record WHERE act IN ('payment.send', 'payment.send_bulk')`); n != 1 {
			t.Errorf("%d audit records", n)
		}
		if n := b.count(`SELECT count(*) FROM bus_outbox WHERE type = 'payment.transfer_settled'`); n != 3 {
			t.Errorf("%d events", n)
		}
		if used, times := b.used(string(li.id), "mobile_day", b.today().String()); used != 100_00 || times != 3 {
			t.Errorf("limits: %d in %d", used, times)
		}
		again, err := b.Bulk(t.Context(), li.by, sent.ID)
		if b.must(err); len(again.Items) != 3 || again.Items[1].Memo != "午饭" || again.Items[2].ID != sent.Items[2].ID || again.Items[2].Line != 6 {
			t.Errorf("read again: %+v", again)
		}
		_, err = b.Bulk(t.Context(), wang.by, sent.ID)
		refused(t, err, payment.ErrNotFound)
		b.verify()
	})
}

func TestAMalformedListIsRefusedWhole(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 1), b.holder(0, 1)
		long := make([]payment.BulkLine, 101)
		for i := range long {
			long[i] = line(wang, 1)
		}
		byPhone := payment.BulkLine{To: payment.PayeeRef{Phone: "13900139000"}, Amount: yuan(1_00)}
		misspelt := line(wang, 1_00)
		misspelt.To.Number = "6217000000000000000"
		for name, tc := range map[string]struct {
			lines   []payment.BulkLine
			want    *fault.Error
			pointer string
		}{
			"no lines":         {nil, payment.ErrBulkSize, "/lines"},
			"101 lines":        {long, payment.ErrBulkSize, "/lines"},
			"an amount of nil": {[]payment.BulkLine{line(wang, 1_00), line(wang, 0)}, payment.ErrAmount, "/lines/1/amount"},
			"a phone number":   {[]payment.BulkLine{byPhone}, payment.ErrBulkPayee, "/lines/0/payee"},
			"a wrong digit":    {[]payment.BulkLine{misspelt}, deposit.ErrAccountNumber, "/lines/0/payee/accountNumber"},
		} {
			_, err := b.CheckBulk(t.Context(), li.by, bulkDraft(li, tc.lines...))
			refused(t, err, tc.want)
			if e, _ := fault.From(err); e == nil || len(e.Fields()) != 1 || e.Fields()[0].Pointer != tc.pointer {
				t.Errorf("%s: %v points at %v", name, err, e.Fields())
			}
		}
		_, err := b.CheckBulk(t.Context(), wang.by, bulkDraft(li, line(wang, 1_00)))
		refused(t, err, deposit.ErrNotFound)
	})
}

func TestOneKeyIsOneListAndOneIntentToo(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 1), b.holder(0, 1)
		c := b.checkBulk(li, bulkDraft(li, line(wang, 10_00), line(wang, 20_00)))
		order := b.bulkOrder(c)
		answers := make([]payment.Bulk, 12)
		errs := make([]error, len(answers))
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() { answers[i], errs[i] = b.SendBulk(b.Context(), li.by, order) })
		}
		all.Wait()
		for i, a := range answers {
			if b.must(errs[i]); len(a.Items) != 2 || a.ID != answers[0].ID || a.Items[1].ID != answers[0].Items[1].ID || a.Items[1].State != payment.Settled {
				t.Errorf("answer %d: %+v", i, a)
			}
		}
		if from, _ := b.balance(li.accounts[0]); from != 70_00 {
			t.Errorf("li has %d", from)
		}
		order.Key = b.key()
		_, err := b.SendBulk(t.Context(), li.by, order)
		refused(t, err, payment.ErrIntentUsed)
		other := b.bulkOrder(b.checkBulk(li, bulkDraft(li, line(wang, 1_00))))
		repeated := b.bulkOrder(b.checkBulk(li, bulkDraft(li, line(wang, 2_00))))
		_, err = b.SendBulk(t.Context(), li.by, other)
		b.must(err)
		repeated.Key = other.Key
		_, err = b.SendBulk(t.Context(), li.by, repeated)
		refused(t, err, once.ErrReused)
		_, err = b.Send(t.Context(), li.by, other) // an intent of a list is none of a payment
		refused(t, err, payment.ErrIntent)
		_, err = b.SendBulk(t.Context(), wang.by, other)
		refused(t, err, payment.ErrIntent)
		if n := b.count(`SELECT count(*) FROM audit_record WHERE act = 'payment.send_bulk' AND outcome = 'done'`); n != 2 {
			t.Errorf("%d lists are recorded as done", n)
		}
		b.verify()
	})
}

func TestTwoListsRaceForTheLastYuan(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang, zhang := b.holder(100_00, 1), b.holder(0, 1), b.holder(0, 1)
		var lines []payment.BulkLine
		for i := range 10 {
			lines = append(lines, line([]*holder{wang, zhang}[i%2], 10_00))
		}
		var orders []payment.Order
		for range 4 {
			orders = append(orders, b.bulkOrder(b.checkBulk(li, bulkDraft(li, lines...))))
		}
		settled, short := 0, 0
		var mu sync.Mutex
		var all sync.WaitGroup
		for _, o := range orders {
			all.Go(func() {
				sent, err := b.SendBulk(b.Context(), li.by, o)
				mu.Lock()
				defer mu.Unlock()
				b.must(err)
				for _, code := range codes(sent) {
					switch code {
					case "":
						settled++
					case ledger.ErrInsufficientFunds.Code():
						short++
					default:
						t.Errorf("refused by %s", code)
					}
				}
			})
		}
		all.Wait()
		from, _ := b.balance(li.accounts[0])
		w, _ := b.balance(wang.accounts[0])
		z, _ := b.balance(zhang.accounts[0])
		if settled != 10 || short != 30 || from != 0 || w+z != 100_00 {
			t.Errorf("%d settled, %d refused; li %d, wang %d, zhang %d", settled, short, from, w, z)
		}
		if used, times := b.used(string(li.id), "mobile_day", b.today().String()); used != 100_00 || times != 10 {
			t.Errorf("limits: %d in %d", used, times)
		}
		b.verify()
	})
}

func TestAListIsProvedOnceAndWrongProofsDoNothing(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 1), b.holder(0, 1)
		b.acquainted(li, wang.accounts[0])
		order := b.bulkOrder(b.checkBulk(li, bulkDraft(li, line(wang, 10_00), line(wang, 1_00), line(wang, 2_00))))
		for method, want := range map[auth.Method]*fault.Error{payment.MethodNone: payment.ErrProofNeeded, auth.MethodPIN: auth.ErrPINWrong} {
			wrong := order
			wrong.Proof = payment.Proof{Method: method, PIN: wrongPIN}
			_, err := b.SendBulk(t.Context(), li.by, wrong)
			refused(t, err, want)
		}
		if n := b.count(`SELECT failures FROM auth_pin WHERE principal = $1`, li.id); n != 1 {
			t.Errorf("a wrong PIN for three lines counts %d times", n)
		}
		if n := b.count(`SELECT (SELECT count(*) FROM payment_transfer) + (SELECT count(*) FROM payment_bulk) + (SELECT count(*) FROM once_claim)`); n != 0 {
			t.Errorf("%d rows of lists that were not proved", n)
		}
		if used, _ := b.used(string(li.id), "mobile_day", b.today().String()); used != 0 {
			t.Errorf("limits are used: %d", used)
		}
		sent, err := b.SendBulk(t.Context(), li.by, order)
		if b.must(err); len(sent.Items) != 3 || sent.Items[0].State != payment.Settled {
			t.Errorf("sent: %+v", sent)
		}
		b.verify()
	})
}

func TestOneLineThatWantsAStrongerProofMakesTheListWantIt(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(90_000_00, 1), b.holder(0, 1)
		b.acquainted(li, wang.accounts[0])
		draft := bulkDraft(li, line(wang, 1_00), line(wang, 20_000_00), line(wang, 21_000_00))
		c := b.checkBulk(li, draft)
		if len(c.Ways) != 2 || c.Ways[0] != auth.MethodPasskey || c.Ways[1] != payment.MethodStrong {
			t.Fatalf("ways: %v", c.Ways)
		}
		order := b.bulkOrder(c)
		_, err := b.SendBulk(t.Context(), li.by, order)
		refused(t, err, payment.ErrStrongNeeded)
		if n := b.count(`SELECT count(*) FROM payment_transfer`); n != 0 {
			t.Errorf("%d transfers of a list that was turned away", n)
		}
		if used, _ := b.used(string(li.id), "mobile_day", b.today().String()); used != 0 {
			t.Errorf("limits are used: %d", used)
		}
		order.Proof = payment.Proof{Method: payment.MethodStrong, PIN: crypto.Secret(pin), StepUp: b.stepUp(li, payment.PurposeStrong, auth.MethodPassword)}
		sent, err := b.SendBulk(t.Context(), li.by, order)
		if b.must(err); sent.Items[1].State != payment.Settled || sent.Items[2].State != payment.Settled {
			t.Errorf("sent: %+v", sent)
		}
		again := payment.Order{Key: b.key(), Intent: b.checkBulk(li, draft).Token, Proof: order.Proof}
		_, err = b.SendBulk(t.Context(), li.by, again)
		refused(t, err, auth.ErrStepUp)
		b.verify()
	})
}

func TestLimitsAndScreeningDecideEachLineAlone(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, two, old, stranger := b.holder(90_000_00, 1), b.holder(0, 2), b.holder(0, 1), b.holder(0, 1)
		b.acquainted(li, two.accounts[0])
		b.acquainted(li, old.accounts[0])
		draft := bulkDraft(li, line(two, 6_000_00), line(two, 6_000_00), line(old, 1_00), line(two, 3_000_00), line(stranger, 50_000_00))
		c := b.checkBulk(li, draft) // class II takes 10,000 a day
		if !errors.Is(c.Lines[1].Refusal, deposit.ErrIncomingDay) || c.Lines[3].Refusal != nil || len(c.Lines[4].Warnings) != 2 {
			t.Errorf("refusals: %v %v, warnings: %v", c.Lines[1].Refusal, c.Lines[3].Refusal, c.Lines[4].Warnings)
		}
		late := b.bulkOrder(b.checkBulk(li, draft)) // as things stand; when it is sent they stand otherwise
		sent, err := b.SendBulk(t.Context(), li.by, b.bulkOrder(c))
		b.must(err)
		if s := sent.Items; s[0].State != payment.Settled || s[2].State != payment.Settled || s[3].State != payment.Delayed || s[3].DueAt.IsZero() {
			t.Errorf("states: %s %s %s", s[0].State, s[2].State, s[3].State)
		}
		if _, held := b.balance(li.accounts[0]); held != 50_000_00 {
			t.Errorf("%d are held", held)
		}
		_, err = b.SendBulk(t.Context(), li.by, late)
		refused(t, err, payment.ErrStrongNeeded) // a large day
		late.Proof = payment.Proof{Method: payment.MethodStrong, PIN: crypto.Secret(pin), StepUp: b.stepUp(li, payment.PurposeStrong, auth.MethodPassword)}
		sent, err = b.SendBulk(t.Context(), li.by, late)
		b.must(err)
		limit := deposit.ErrIncomingDay.Code()
		if got := codes(sent); got[0] != limit || got[1] != "" || got[2] != limit || got[3] != ledger.ErrInsufficientFunds.Code() {
			t.Errorf("refusals: %v", got)
		}
		if used, times := b.used(string(two.accounts[0].ID), deposit.ClassInDay, b.today().String()); used != 9_000_00 || times != 2 {
			t.Errorf("class II took %d in %d", used, times)
		}
		b.verify()
	})
}

func TestAListOfAnEndedCheckOrSessionIsTurnedAway(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(100_00, 1), b.holder(0, 1)
		order := b.bulkOrder(b.checkBulk(li, bulkDraft(li, line(wang, 1_00))))
		elsewhere := li.by
		elsewhere.Session = id.New[id.Session](b.clock.Now())
		_, err := b.SendBulk(t.Context(), elsewhere, order)
		refused(t, err, payment.ErrIntentSession)
		b.write(func(tx *db.Tx) error {
			_, err := tx.Exec(b.Context(), `UPDATE customer_person SET state = 'frozen', frozen_by = 'customer' WHERE id = $1`, li.id)
			return err
		})
		frozen, err := b.SendBulk(t.Context(), li.by, b.bulkOrder(payment.BulkChecked{Token: order.Intent}))
		if b.must(err); codes(frozen)[0] != "customer.frozen" {
			t.Errorf("frozen: %+v", frozen)
		}
		b.clock.Advance(time.Hour)
		_, err = b.SendBulk(t.Context(), li.by, payment.Order{Key: b.key(), Intent: order.Intent, Proof: byPIN(pin)})
		refused(t, err, payment.ErrIntentUsed)
		b.verify()
	})
}

func TestTheLongestListWithTheLongestMemosIsPaid(t *testing.T) {
	t.Parallel()
	onBanks(t, func(t *testing.T, b *bank) {
		li, wang := b.holder(200_00, 1), b.holder(0, 1)
		lines := make([]payment.BulkLine, 100)
		for i := range lines {
			lines[i] = line(wang, 1_00)
			lines[i].Memo = strings.Repeat("谢", 60)
		}
		b.acquainted(li, wang.accounts[0])
		c := b.checkBulk(li, bulkDraft(li, lines...))
		order := b.bulkOrder(c) // so many payments in an hour want a stronger proof
		order.Proof = payment.Proof{Method: payment.MethodStrong, PIN: crypto.Secret(pin), StepUp: b.stepUp(li, payment.PurposeStrong, auth.MethodPassword)}
		sent, err := b.SendBulk(t.Context(), li.by, order)
		if b.must(err); len(sent.Items) != 100 || sent.Items[99].State != payment.Settled || sent.Items[99].Memo != lines[99].Memo {
			t.Errorf("%d items", len(sent.Items))
		}
		if from, _ := b.balance(li.accounts[0]); from != 100_00 {
			t.Errorf("li has %d", from)
		}
		b.verify()
	})
}
