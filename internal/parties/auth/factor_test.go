package auth_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

const newPassword = "staple 9 umbrella kite"

func (b *bank) useProof(by act.By, purpose auth.Purpose, proof crypto.Secret, methods ...auth.Method) error {
	return b.d.Write(b.t.Context(), func(tx *db.Tx) error {
		return b.auth.UseProof(b.t.Context(), tx, by, purpose, proof, methods...)
	})
}

func TestAStepUpServesOnceForItsPurposeAndSession(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		other := b.signIn(p, home)
		e := b.stepUp(p, "limits.raise", auth.MethodPassword)
		b.want(b.useProof(p.by, "account.close", e.Proof), auth.ErrStepUp)
		b.want(b.useProof(other.by, "limits.raise", e.Proof), auth.ErrStepUp)
		b.want(b.useProof(p.by, "limits.raise", ""), auth.ErrStepUp)
		b.want(b.useProof(p.by, "limits.raise", e.Proof, auth.MethodPasskey), auth.ErrStepUp) // and it is not used up
		stop := errors.New("the act failed")
		err := b.d.Write(t.Context(), func(tx *db.Tx) error {
			b.must(b.auth.UseProof(t.Context(), tx, p.by, "limits.raise", e.Proof))
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		b.must(b.useProof(p.by, "limits.raise", e.Proof))
		b.want(b.useProof(p.by, "limits.raise", e.Proof), auth.ErrStepUp)

		late := b.stepUp(p, "limits.raise", auth.MethodPassword)
		b.clock.Advance(5 * time.Minute)
		b.want(b.useProof(p.by, "limits.raise", late.Proof), auth.ErrStepUp)
		weak := b.stepUp(p, "limits.raise", auth.MethodCode)
		b.want(b.useProof(p.by, "limits.raise", weak.Proof), auth.ErrStepUp) // a code alone is no step-up
		b.must(b.useProof(p.by, "limits.raise", weak.Proof, auth.MethodCode))
	})
}

func TestOneProofAtOnceServesOneAct(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		e := b.stepUp(p, "limits.raise", auth.MethodPassword)
		var mu sync.Mutex
		var wg sync.WaitGroup
		served := 0
		for range 10 {
			wg.Go(func() {
				err := b.useProof(p.by, "limits.raise", e.Proof)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					served++
				} else if !errors.Is(err, auth.ErrStepUp) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if served != 1 {
			t.Errorf("one proof served %d acts", served)
		}
	})
}

func TestRefusedStepUps(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		for name, tc := range map[string]struct {
			by      act.By
			purpose auth.Purpose
			factor  auth.Factor
			want    *fault.Error
		}{
			"nobody signed in":     {visitor(home), "limits.raise", auth.Factor{Method: auth.MethodPassword, Password: password}, auth.ErrSession},
			"a bad purpose":        {p.by, "raise; drop", auth.Factor{Method: auth.MethodPassword, Password: password}, auth.ErrPurpose},
			"an unknown method":    {p.by, "limits.raise", auth.Factor{Method: "face"}, auth.ErrMethod},
			"re-verification":      {p.by, "limits.raise", auth.Factor{Method: auth.MethodReverified}, auth.ErrMethod},
			"a wrong password":     {p.by, "limits.raise", auth.Factor{Method: auth.MethodPassword, Password: "wrong"}, auth.ErrWrong},
			"a code never sent":    {p.by, "limits.raise", auth.Factor{Method: auth.MethodCode, Code: "123456"}, auth.ErrCodeWrong},
			"no PIN yet":           {p.by, "limits.raise", auth.Factor{Method: auth.MethodPIN, PIN: pin}, auth.ErrPINNotSet},
			"an unknown passkey":   {p.by, "limits.raise", auth.Factor{Method: auth.MethodPasskey}, auth.ErrPasskey},
			"two factors, no code": {p.by, "limits.raise", auth.Factor{Method: auth.MethodPasswordAndCode, Password: password}, auth.ErrCodeWrong},
		} {
			if _, err := b.auth.StepUp(t.Context(), tc.by, p.client, tc.purpose, tc.factor); fault.CodeOf(err) != tc.want.Code() {
				t.Errorf("%s gives %v, want %v", name, err, tc.want)
			}
		}
		for range 3 {
			_, err := b.auth.StepUp(t.Context(), p.by, p.client, "limits.raise", auth.Factor{Method: auth.MethodPassword, Password: "wrong"})
			b.want(err, auth.ErrWrong)
		}
		_, err := b.auth.StepUp(t.Context(), p.by, p.client, "limits.raise", auth.Factor{Method: auth.MethodPassword, Password: password})
		b.want(err, auth.ErrLocked) // five with the two above; the sign-in counts along
		_, err = b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.want(err, auth.ErrLocked)
	})
}

func TestAFactorChangesByEvidenceAsStrongAsItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		for factor, tc := range map[string]struct {
			purpose auth.Purpose
			enough  map[auth.Method]bool
		}{
			"password": {auth.PurposePassword, map[auth.Method]bool{auth.MethodPassword: true, auth.MethodPasswordAndCode: true}},
			"phone":    {auth.PurposePhone, map[auth.Method]bool{auth.MethodPasswordAndCode: true}},
			"email":    {auth.PurposeEmail, map[auth.Method]bool{auth.MethodPasswordAndCode: true}},
			"pin":      {auth.PurposePIN, map[auth.Method]bool{auth.MethodPasswordAndCode: true, auth.MethodPIN: true}},
		} {
			number := map[string]string{"password": "+8613800138001", "phone": "+8613800138002", "email": "+8613800138003", "pin": "+8613800138004"}[factor]
			fresh := map[string]string{"phone": "+8613900139002", "email": factor + "@example.com"}[factor]
			p := b.register(number)
			b.setPIN(p)
			change := func(e auth.Evidence) error {
				switch factor {
				case "password":
					return b.auth.ChangePassword(t.Context(), p.by, p.client, e, password) // the same again, so that all rounds are alike
				case "pin":
					return b.auth.SetPIN(t.Context(), p.by, p.client, e, auth.PINChoice{PIN: pin})
				}
				v := b.verified(p.by, p.client, auth.CodeRequest{Purpose: auth.CodeNewContact, Contact: fresh})
				return b.auth.ChangeContact(t.Context(), p.by, p.client, e, v)
			}
			for _, m := range []auth.Method{auth.MethodCode, auth.MethodPassword, auth.MethodPIN, auth.MethodPasswordAndCode} {
				b.clock.Advance(time.Hour) // so that no hourly count of codes is reached
				err := change(b.stepUp(p, tc.purpose, m))
				if tc.enough[m] && err != nil {
					t.Errorf("%s by %s: %v", factor, m, err)
				}
				if !tc.enough[m] && !errors.Is(err, auth.ErrStepUp) {
					t.Errorf("%s changes by %s: %v", factor, m, err)
				}
			}
			b.clock.Advance(time.Hour)
			b.want(change(auth.Evidence{}), auth.ErrStepUp)
			b.want(change(b.stepUp(p, "limits.raise", auth.MethodPasswordAndCode)), auth.ErrStepUp)
		}
	})
}

func TestAChangedPasswordEndsOtherSessionsTellsAndReduces(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		other := b.signIn(p, abroad)
		by, client := visitor(abroad), app(auth.NewDeviceToken())
		b.clock.Advance(2 * time.Minute)
		half, err := b.auth.SignInByPassword(t.Context(), by, client, phone, password)
		b.must(err)
		e := b.stepUp(p, auth.PurposePassword, auth.MethodPassword)
		for text, want := range map[crypto.Secret]*fault.Error{
			"short7":                              auth.ErrPasswordShort,
			"password1234":                        auth.ErrPasswordCommon,
			"my 13800138000 phone":                auth.ErrPasswordPersonal,
			crypto.Secret(rune(0)) + "abcdefgh12": auth.ErrPasswordText,
		} {
			b.want(b.auth.ChangePassword(t.Context(), p.by, p.client, e, text), want)
		}
		b.must(b.auth.ChangePassword(t.Context(), p.by, p.client, e, newPassword))
		if b.signedIn(other) || !b.signedIn(p) {
			t.Error("the other session goes on, or the own one has ended")
		}
		_, err = b.auth.CompleteSignIn(t.Context(), by, client, auth.SecondFactor{Ticket: half.Pending.Ticket, Factor: auth.Factor{
			Method: auth.MethodCode, Code: crypto.Secret(b.out.last(phone).Code), Challenge: half.Pending.Sent.Challenge,
		}})
		b.want(err, auth.ErrTicket) // half a sign-in with the old password
		if until := b.reduced(p); !until.Equal(b.clock.Now().Add(24 * time.Hour)) {
			t.Errorf("limits are reduced until %v", until)
		}
		told := b.out.noticed("auth.password_changed")
		if len(told) != 1 || told[0].Customer != id.Customer(p.id) || told[0].Contact.Phone != phone {
			t.Errorf("told %+v", told)
		}
		if b.out.published("auth.factor_changed") != 1 {
			t.Error("the change was not published")
		}
		_, err = b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.want(err, auth.ErrWrong)
		_, err = b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, newPassword)
		b.must(err)
		b.clock.Advance(24 * time.Hour)
		if !b.reduced(p).IsZero() {
			t.Error("limits are still reduced after a day")
		}
	})
}

func TestAChangedPhoneIsToldToTheOldOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		taken := b.register("+8613900139000")
		const fresh = "+8613900139001"
		change := func(to string, v auth.Verified) error {
			return b.auth.ChangeContact(t.Context(), p.by, p.client, b.stepUp(p, auth.PurposePhone, auth.MethodPasswordAndCode), v)
		}
		v := b.verified(p.by, p.client, auth.CodeRequest{Purpose: auth.CodeNewContact, Contact: fresh})
		b.must(change(fresh, v))
		b.want(change(fresh, v), auth.ErrCodeUsed)
		told := b.out.noticed("auth.phone_changed")
		if len(told) != 1 || told[0].Contact.Phone != phone {
			t.Errorf("told %+v", told)
		}
		_, err := b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.want(err, auth.ErrWrong)
		_, err = b.auth.SignInByPassword(t.Context(), visitor(home), p.client, fresh, password)
		b.must(err)

		a := b.answer(p.by, p.client, auth.CodeRequest{Purpose: auth.CodeNewContact, Contact: taken.phone})
		if a.Code != "" || b.out.last(taken.phone).Template != "auth.have_account" {
			t.Error("a code went to a phone that somebody else has")
		}
		foreign, err := auth.ParsePhone(taken.phone)
		b.must(err)
		b.want(change(taken.phone, auth.Vouched(foreign)), auth.ErrContactTaken)
		register := b.verified(visitor(home), p.client, auth.CodeRequest{Purpose: auth.CodeRegister, Contact: "+8613900139005"})
		b.want(change("", register), auth.ErrCodeWrong) // a code of another purpose
		b.want(change("", auth.Verified{}), auth.ErrCodeWrong)
	})
}

func TestReVerificationChangesAFactorOnceWhileItIsFresh(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		stranger := b.register("+8613900139000")
		reset := func(r auth.Reverified) error {
			return b.auth.ChangePassword(t.Context(), visitor(abroad), app(""), auth.Evidence{Reverified: r}, newPassword)
		}
		v := b.verified(visitor(abroad), app(""), auth.CodeRequest{Purpose: auth.CodePasswordReset, Contact: phone})
		if who, known := v.Principal(); !known || who != p.id {
			t.Fatalf("the code was of %s", who)
		}
		good := auth.Reverified{Principal: p.id, Verification: id.New[id.Verification](b.clock.Now()), At: b.clock.Now(), Code: v}
		old, future, foreign, anonymous, codeless := good, good, good, good, good
		old.At = b.clock.Now().Add(-15 * time.Minute)
		future.At = b.clock.Now().Add(time.Minute)
		foreign.Principal = stranger.id
		anonymous.Verification = ""
		codeless.Code = auth.Verified{}
		for name, r := range map[string]auth.Reverified{
			"an old one": old, "one of the future": future, "somebody else's": foreign, "none": anonymous, "one without a code": codeless,
		} {
			if err := reset(r); !errors.Is(err, auth.ErrReverified) {
				t.Errorf("%s gives %v", name, err)
			}
		}
		b.must(reset(good))
		b.want(reset(good), auth.ErrCodeUsed)
		if b.signedIn(p) || !b.signedIn(stranger) {
			t.Error("a reset must end all sessions of that person alone")
		}
		again := good
		again.Code = b.verified(visitor(abroad), app(""), auth.CodeRequest{Purpose: auth.CodePasswordReset, Contact: phone})
		again.At = b.clock.Now()
		b.want(reset(again), auth.ErrReverified)
		_, err := b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, newPassword)
		b.must(err)
		err = b.auth.ChangePassword(t.Context(), stranger.by, stranger.client, auth.Evidence{Reverified: auth.Reverified{
			Principal: p.id, Verification: id.New[id.Verification](b.clock.Now()), At: b.clock.Now(),
		}}, newPassword)
		b.want(err, auth.ErrReverified) // inside another's session
		teller := act.By{Kind: act.Staff, Actor: string(id.New[id.Staff](b.clock.Now())), Channel: act.Branch, Session: "sess_teller"}
		atBranch := auth.Evidence{Reverified: auth.Reverified{
			Principal: p.id, Verification: id.New[id.Verification](b.clock.Now()), At: b.clock.Now(),
		}}
		b.want(b.auth.ChangePassword(t.Context(), teller, app(""), atBranch, password), auth.ErrReverified) // serving nobody
		teller.OnBehalfOf = id.Customer(p.id)
		b.must(b.auth.ChangePassword(t.Context(), teller, app(""), atBranch, password)) // phone and password lost
	})
}
