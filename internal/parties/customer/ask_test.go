package customer_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestTheProviderRefusesAndSaysWhy(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		for i, tc := range []struct {
			serial string
			want   *fault.Error
			level  customer.Level
		}{
			{"980", customer.ErrNotVerified, customer.LevelNone},
			{"981", customer.ErrNumberDiffers, customer.LevelNone},
			{"986", customer.ErrDocumentDiffers, customer.LevelNumber},
			{"987", customer.ErrFaceDiffers, customer.LevelDocument},
		} {
			p := b.register(number(i))
			v := b.verify(p, tc.serial)
			if v.State != customer.Refused || v.Code != tc.want.Code() || v.Level != tc.level {
				t.Errorf("%s: %+v", tc.serial, v)
			}
			if !b.out.refusedWith("customer.verify", tc.want.Code()) || b.out.told(customer.TemplateRefused, p.id) != 1 {
				t.Errorf("%s: not recorded, or not told", tc.serial)
			}
		}
	})
}

func TestPicturesThatShowNothingAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		for i, tc := range []struct {
			front, back, face []byte
			want              *fault.Error
		}{
			{blank(), picture(back), picture(face), customer.ErrDocumentUnreadable},
			{picture(front), picture(front), picture(face), customer.ErrDocumentSides},
			{picture(front), picture(back), blank(), customer.ErrNoFace},
		} {
			p := b.register(number(i))
			name, _ := papers("007")
			_, err := b.customers.StartVerification(t.Context(), p.by, name, numbered("110101", "19900307", "00"+string(rune('1'+i))))
			b.must(err)
			_, err = b.customers.AddDocument(t.Context(), p.by, customer.Front, tc.front)
			b.must(err)
			_, err = b.customers.AddDocument(t.Context(), p.by, customer.Back, tc.back)
			b.must(err)
			_, err = b.customers.AddFace(t.Context(), p.by, tc.face)
			b.must(err)
			b.submit(p)
			b.work(0)
			if v := b.progress(p); v.State != customer.Refused || v.Code != tc.want.Code() {
				t.Errorf("%v: %+v", tc.want, v)
			}
		}
	})
}

func TestALateProviderIsAskedAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		late, reviewed := b.register(number(0)), b.register(number(1))
		if v := b.verify(late, "982"); v.State != customer.Submitted {
			t.Fatalf("late: %+v", v)
		}
		_, err := b.customers.SubmitVerification(t.Context(), late.by)
		b.want(err, customer.ErrUnderWay)
		if v := b.verify(reviewed, "983"); v.State != customer.ManualReview {
			t.Fatalf("reviewed: %+v", v)
		}
		if b.out.told(customer.TemplateReview, reviewed.id) != 1 {
			t.Error("the person is left in the dark")
		}
		b.work(time.Minute)
		for _, p := range []person{late, reviewed} {
			if v := b.progress(p); v.State != customer.Passed || v.Level != customer.LevelFace {
				t.Errorf("a minute later: %+v", v)
			}
		}
	})
}

func TestAFailingProviderIsAskedAgainAndThenAPersonLooks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		shaky, away := b.register(number(0)), b.register(number(1))
		b.verify(shaky, "985")
		b.verify(away, "989")
		for range 8 {
			b.work(10 * time.Minute)
		}
		if v := b.progress(shaky); v.State != customer.Passed {
			t.Errorf("it failed twice: %+v", v)
		}
		if v := b.progress(away); v.State != customer.ManualReview || v.Level != customer.LevelDocument {
			t.Errorf("it is away: %+v", v)
		}
		dead, err := b.jobs.Dead(t.Context(), "", 0)
		b.must(err)
		if len(dead) != 0 {
			t.Errorf("a job died of it: %+v", dead)
		}
		cases, err := b.customers.Cases(t.Context(), whole, "", 0)
		b.must(err)
		if len(cases) != 1 || cases[0].Customer != away.id || cases[0].Step != customer.StepFace || cases[0].Reason != "customer.review_away" {
			t.Errorf("cases %+v", cases)
		}
	})
}

// whole is the whole bank.
var whole = access.Scope{Path: "/" + act.HeadOffice + "/"}

func TestStaffDecideWhatTheProviderDoesNot(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		good, bad := b.register(number(0)), b.register(number(1))
		b.verify(good, "984")
		name, _ := papers("007")
		_, err := b.customers.StartVerification(t.Context(), bad.by, name, numbered("110101", "19910307", "984"))
		b.must(err)
		b.submit(bad)
		b.work(0)
		cases, err := b.customers.Cases(t.Context(), whole, "", 10)
		b.must(err)
		if len(cases) != 2 {
			t.Fatalf("cases %+v", cases)
		}
		staff := act.By{Kind: act.Staff, Actor: string(id.New[id.Staff](b.clock.Now())), Channel: act.Console, Branch: act.HeadOffice}
		b.want(b.customers.Decide(t.Context(), good.by.Because("I am it"), cases[0].ID, true), customer.ErrStaff)
		b.want(b.customers.Decide(t.Context(), staff, cases[0].ID, true), customer.ErrReason)
		staff = staff.Because("seen at the branch")
		b.must(b.customers.Decide(t.Context(), staff, b.progress(good).ID, true))
		b.must(b.customers.Decide(t.Context(), staff, b.progress(bad).ID, false))
		b.want(b.customers.Decide(t.Context(), staff, b.progress(bad).ID, true), customer.ErrCase)
		b.work(0)
		if v := b.progress(good); v.State != customer.Passed || v.Level != customer.LevelFace {
			t.Errorf("agreed: %+v", v)
		}
		if v := b.progress(bad); v.State != customer.Refused || v.Code != customer.ErrNotVerified.Code() {
			t.Errorf("refused: %+v", v)
		}
		log, err := b.customers.AccessLog(t.Context(), good.by, "", 0)
		b.must(err)
		if len(log) != 1 || log[0].Actor != staff.Actor || log[0].Kind != act.Staff || log[0].Purpose != customer.AccessReview {
			t.Errorf("the customer does not see who looked: %+v", log)
		}
	})
}

func TestOnePersonIsOneCustomer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		first, second := b.register(number(0)), b.register(number(1))
		b.collect(first, "007")
		b.collect(second, "007")
		// Both are asked about before either is answered.
		var gate sync.WaitGroup
		gate.Add(2)
		b.registrar.hold = func() { gate.Done(); gate.Wait() }
		b.submit(first)
		b.submit(second)
		b.work(0)
		winner, loser := first, second
		if b.progress(first).State != customer.Passed {
			winner, loser = second, first
		}
		if v := b.progress(winner); v.State != customer.Passed || v.Level != customer.LevelFace {
			t.Errorf("the winner: %+v", v)
		}
		v := b.progress(loser)
		if v.State != customer.Refused || v.Level != customer.LevelNone || v.Code != customer.ErrNotVerified.Code() {
			t.Errorf("the loser learns: %+v", v)
		}
		if !b.out.refusedWith("customer.verify", customer.ErrIdentityTaken.Code()) {
			t.Error("the audit log does not hold the truth")
		}
		if me := b.profile(loser); me.IDNumber != "" || !me.Name.IsZero() {
			t.Error("the loser has the identity")
		}
	})
}

func TestTheAttemptsOfADayAreCounted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p, other := b.register(number(0)), b.register(number(1))
		name, no := papers("981")
		try := func(p person) error {
			b.clock.Advance(time.Minute)
			_, err := b.customers.StartVerification(t.Context(), p.by, name, no)
			b.must(err)
			_, err = b.customers.SubmitVerification(t.Context(), p.by)
			b.work(0)
			return err
		}
		for range 5 {
			b.must(try(p))
		}
		b.want(try(p), customer.ErrAttempts)
		b.want(try(other), customer.ErrAttempts) // one number cannot be guessed at through many customers
		if !b.out.refusedWith("customer.submit_verification", customer.ErrAttempts.Code()) {
			t.Error("the refusal is not recorded")
		}
		b.clock.Advance(24 * time.Hour)
		b.must(try(p))
	})
}

func TestAQuestionIsAnsweredOnceHoweverOftenTheJobRuns(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.collect(p, "007")
		b.submit(p)
		again := b.progress(p).ID
		for range 3 {
			b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
				return b.jobs.Enqueue(t.Context(), tx, verifyAgain(again))
			}))
		}
		b.work(0)
		if b.out.published("customer.verified", p.id) != 3 || b.out.told(customer.TemplateVerified, p.id) != 1 {
			t.Error("an answer counted twice")
		}
		asked := b.registrar.times()
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			return b.jobs.Enqueue(t.Context(), tx, verifyAgain(again))
		}))
		b.work(0)
		if b.registrar.times() != asked {
			t.Error("a decided verification is asked about")
		}
	})
}

// silent never answers.
type silent struct{ customer.Provider }

func (silent) CheckIdentity(context.Context, customer.Question) (customer.Answer, error) {
	return customer.Answer{Verdict: customer.Later, After: 6 * time.Hour}, nil
}

func TestAProviderThatNeverAnswersBecomesACase(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		b.registrar.Provider = silent{b.registrar.Provider}
		p := b.register(number(0))
		b.verify(p, "007")
		for range 50 { // it is asked at least once an hour, whatever it says
			b.work(time.Hour)
		}
		if v := b.progress(p); v.State != customer.ManualReview {
			t.Errorf("after two days: %+v", v)
		}
		if n := b.registrar.times(); n < 48 || n > 51 {
			t.Errorf("asked %d times", n)
		}
	})
}
