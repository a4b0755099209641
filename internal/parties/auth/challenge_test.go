package auth_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestACodeServesOnceForItsPurposeAndSession(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		a := b.answer(visitor(home), p.client, auth.CodeRequest{Purpose: auth.CodeSignIn, Contact: phone})
		for _, purpose := range []auth.CodePurpose{auth.CodeRegister, auth.CodePasswordReset, auth.CodeNewContact} {
			other := a
			other.Purpose = purpose
			_, err := b.auth.CheckCode(t.Context(), visitor(home), other)
			b.want(err, auth.ErrCodeWrong)
		}
		_, err := b.auth.CheckCode(t.Context(), visitor(home), auth.CodeAnswer{Purpose: auth.CodeStepUp, Challenge: a.Challenge, Code: a.Code})
		b.want(err, auth.ErrCodePurpose)
		_, err = b.auth.SignInByCode(t.Context(), visitor(home), p.client, a)
		b.must(err)
		_, err = b.auth.SignInByCode(t.Context(), visitor(home), p.client, a)
		b.want(err, auth.ErrCodeUsed)

		const fresh = "+8613900139000"
		a = b.answer(p.by, p.client, auth.CodeRequest{Purpose: auth.CodeNewContact, Contact: fresh})
		other := b.signIn(p, home)
		_, err = b.auth.CheckCode(t.Context(), other.by, a) // another session of the same person
		b.want(err, auth.ErrCodeWrong)
		_, err = b.auth.CheckCode(t.Context(), p.by, a)
		b.must(err)
		_, err = b.auth.SendCode(t.Context(), visitor(home), p.client, auth.CodeRequest{Purpose: auth.CodeNewContact, Contact: "+8613900139001"})
		b.want(err, auth.ErrSession)
		_, err = b.auth.SendCode(t.Context(), visitor(home), p.client, auth.CodeRequest{Purpose: auth.CodeStepUp})
		b.want(err, auth.ErrSession)
	})
}

func TestACodeThatWasRightIsConsumedByItsActAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		v := b.verified(visitor(home), app(""), auth.CodeRequest{Purpose: auth.CodeRegister, Contact: phone})
		hashed, err := b.auth.HashPassword(t.Context(), password)
		b.must(err)
		enrol := func(after error) error {
			who := id.New[id.Customer](b.clock.Now())
			return b.d.Write(t.Context(), func(tx *db.Tx) error {
				if err := b.vault.Create(t.Context(), tx, string(who)); err != nil {
					return err
				}
				if err := b.auth.Enrol(t.Context(), tx, visitor(home), auth.Enrolment{Principal: auth.Principal(who), Contact: v, Password: hashed}); err != nil {
					return err
				}
				return after
			})
		}
		failed := errors.New("the registration failed for another reason")
		if err := enrol(failed); !errors.Is(err, failed) {
			t.Fatal(err)
		}
		b.must(enrol(nil))
		b.want(enrol(nil), auth.ErrCodeUsed)
	})
}

func TestACodeExpires(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		a := b.answer(visitor(home), app(""), auth.CodeRequest{Purpose: auth.CodeRegister, Contact: phone})
		b.clock.Advance(5*time.Minute - time.Microsecond)
		_, err := b.auth.CheckCode(t.Context(), visitor(home), a)
		b.must(err)
		b.clock.Advance(time.Microsecond)
		_, err = b.auth.CheckCode(t.Context(), visitor(home), a)
		b.want(err, auth.ErrCodeExpired)
	})
}

func TestOfManyGuessesAtACodeFiveAreTried(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		a := b.answer(visitor(home), app(""), auth.CodeRequest{Purpose: auth.CodeRegister, Contact: phone})
		var mu sync.Mutex
		count := make(map[string]int)
		var wg sync.WaitGroup
		for i := range 40 {
			guess := a
			guess.Code = crypto.Secret(fmt.Sprintf("x%05d", i))
			wg.Go(func() {
				_, err := b.auth.CheckCode(t.Context(), visitor(home), guess)
				mu.Lock()
				defer mu.Unlock()
				count[fault.CodeOf(err)]++
			})
		}
		wg.Wait()
		if count["auth.code_wrong"] != 5 || count["auth.code_tries"] != 35 {
			t.Errorf("answers were %v", count)
		}
		_, err := b.auth.CheckCode(t.Context(), visitor(home), a)
		b.want(err, auth.ErrCodeTries)
	})
}

func TestCodesAreCountedByContactByDeviceAndByNetwork(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		send := func(address, number string, client auth.Client) error {
			_, err := b.auth.SendCode(t.Context(), visitor(address), client, auth.CodeRequest{Purpose: auth.CodeRegister, Contact: number})
			return err
		}
		wait := func(err error, want time.Duration) {
			t.Helper()
			b.want(err, auth.ErrCodeWait)
			if f, _ := fault.From(err); f.RetryAfter() != want {
				t.Errorf("the wait is %v, want %v", f.RetryAfter(), want)
			}
		}
		b.must(send(home, phone, app("")))
		b.clock.Advance(20 * time.Second)
		wait(send(abroad, phone, app("")), 40*time.Second) // another network does not help
		b.clock.Advance(40 * time.Second)
		for range 4 {
			b.must(send(home, phone, app("")))
			b.clock.Advance(time.Minute)
		}
		wait(send(abroad, phone, app("")), 55*time.Minute) // five in the hour

		client := app(auth.NewDeviceToken())
		for i := range 20 {
			b.must(send(fmt.Sprintf("203.0.%d.1", i), fmt.Sprintf("+86139001390%02d", i), client))
		}
		wait(send(home, "+8613900139099", client), time.Hour) // twenty in the hour on one device
		b.must(send(home, "+8613900139099", app(auth.NewDeviceToken())))
	})
}

func TestWhoAsksForCodesOfAStrangerDoesNotUseUpTheStrangersOwn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		for range 5 {
			b.clock.Advance(2 * time.Minute)
			_, err := b.auth.SendCode(t.Context(), visitor(abroad), app(""), auth.CodeRequest{Purpose: auth.CodeSignIn, Contact: phone})
			if err != nil && !errors.Is(err, auth.ErrCodeWait) {
				t.Fatal(err)
			}
		}
		_, err := b.auth.SendCode(t.Context(), visitor(abroad), app(""), auth.CodeRequest{Purpose: auth.CodeSignIn, Contact: phone})
		b.want(err, auth.ErrCodeWait)
		_, err = b.auth.SendCode(t.Context(), visitor(home), p.client, auth.CodeRequest{Purpose: auth.CodeSignIn, Contact: phone})
		b.must(err)
	})
}

func TestANetworkThatAskedForTooManyCodesDoesNotShutOutKnownDevices(t *testing.T) {
	t.Parallel()
	b := newBank(t, "sqlite:"+filepath.Join(t.TempDir(), "bank.db"))
	p := b.register(phone)
	ask := func(number string, c auth.Client) error {
		_, err := b.auth.SendCode(t.Context(), visitor(home), c, auth.CodeRequest{Purpose: auth.CodeSignIn, Contact: number})
		return err
	}
	refused := false
	for i := 0; i < 400 && !refused; i++ {
		refused = errors.Is(ask(fmt.Sprintf("+861390014%04d", i), app("")), auth.ErrCodeWait)
	}
	if !refused {
		t.Fatal("a network may ask for codes without end")
	}
	b.clock.Advance(2 * time.Minute)
	b.want(ask("+8613900150000", app("")), auth.ErrCodeWait)
	b.must(ask(phone, p.client))
}

func TestBadContactsAndPurposesAreRefused(t *testing.T) {
	t.Parallel()
	b := newBank(t, "sqlite:"+t.TempDir()+"/bank.db")
	for request, want := range map[auth.CodeRequest]*fault.Error{
		{Purpose: auth.CodeRegister, Contact: "12345"}:          auth.ErrPhone,
		{Purpose: auth.CodeRegister, Contact: ""}:               auth.ErrPhone,
		{Purpose: auth.CodeRegister, Contact: "a@b"}:            auth.ErrEmail,
		{Purpose: "payment", Contact: phone}:                    auth.ErrCodePurpose,
		{Purpose: auth.CodeSecondFactor, Contact: phone}:        auth.ErrTicket,
		{Purpose: auth.CodeSecondFactor, Ticket: "nonsense"}:    auth.ErrTicket,
		{Purpose: auth.CodeNewContact, Contact: phone}:          auth.ErrSession,
		{Purpose: auth.CodePasswordReset, Contact: "a b@c.com"}: auth.ErrEmail,
	} {
		_, err := b.auth.SendCode(t.Context(), visitor(home), app(""), request)
		b.want(err, want)
	}
}
