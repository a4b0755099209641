package auth_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/batch"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestWeakPINsAreRefused(t *testing.T) {
	t.Parallel()
	b := newBank(t, "sqlite:"+t.TempDir()+"/bank.db")
	p := b.register("+8613800428391")
	e := b.stepUp(p, auth.PurposePIN, auth.MethodPassword)
	birth, err := clock.ParseDate("1990-03-07")
	b.must(err)
	for text, want := range map[string]*fault.Error{
		"":         auth.ErrPINFormat,
		"12345":    auth.ErrPINFormat,
		"1234567":  auth.ErrPINFormat,
		"12345a":   auth.ErrPINFormat,
		"１２３９４７":   auth.ErrPINFormat, // full-width digits are other characters
		"000000":   auth.ErrPINWeak,
		"777777":   auth.ErrPINWeak,
		"123456":   auth.ErrPINWeak,
		"654321":   auth.ErrPINWeak,
		"890123":   auth.ErrPINWeak, // over the zero
		"246802":   auth.ErrPINWeak,
		"121212":   auth.ErrPINWeak,
		"739739":   auth.ErrPINWeak,
		"112233":   auth.ErrPINWeak,
		"111222":   auth.ErrPINWeak,
		"100001":   auth.ErrPINWeak, // two digits only
		"131452":   auth.ErrPINWeak,
		"147258":   auth.ErrPINWeak,
		"900307":   auth.ErrPINWeak, // the date of birth, in every order
		"070390":   auth.ErrPINWeak,
		"030790":   auth.ErrPINWeak,
		"199003":   auth.ErrPINWeak,
		"428391":   auth.ErrPINWeak, // end of the phone number
		"004283":   auth.ErrPINWeak, // part of it
		"073417":   auth.ErrPINWeak, // part of the ID number
		"739146 ":  auth.ErrPINFormat,
		"+73914":   auth.ErrPINFormat,
		"７39146":   auth.ErrPINFormat,
		"\x00\x00": auth.ErrPINFormat,
	} {
		err := b.auth.SetPIN(t.Context(), p.by, p.client, e, auth.PINChoice{PIN: crypto.Secret(text), Birth: birth, Avoid: []string{"11010119900307341X", "073417"}})
		if fault.CodeOf(err) != want.Code() {
			t.Errorf("PIN %q gives %v, want %v", text, err, want)
		}
	}
	b.must(b.auth.SetPIN(t.Context(), p.by, p.client, e, auth.PINChoice{PIN: pin, Birth: birth})) // the proof was not used up
}

func TestFivePINsAreTriedAndThenNone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		right := auth.Proof{By: p.by, Method: auth.MethodPIN, PIN: pin}
		wrong := auth.Proof{By: p.by, Method: auth.MethodPIN, PIN: "000000"}
		b.want(b.prove(right)[0], auth.ErrPINNotSet)
		b.setPIN(p)
		if got := b.prove(right, wrong, right); got[0] != nil || fault.CodeOf(got[1]) != "auth.pin_wrong" || got[2] != nil {
			t.Fatalf("right, wrong, right in one batch: %v", got)
		}
		for i := range 4 {
			err := b.prove(wrong)[0]
			b.want(err, auth.ErrPINWrong)
			if f, _ := fault.From(err); f.Params()["left"] != fmt.Sprint(4-i) {
				t.Errorf("%s tries are left after %d", f.Params()["left"], i+1)
			}
		}
		state, err := b.auth.PIN(t.Context(), p.by)
		b.must(err)
		if !state.Set || state.Locked || state.TriesLeft != 1 {
			t.Errorf("state is %+v", state)
		}
		b.want(b.prove(wrong)[0], auth.ErrPINLocked)
		b.want(b.prove(right)[0], auth.ErrPINLocked)
		state, err = b.auth.PIN(t.Context(), p.by)
		b.must(err)
		if !state.Locked || !state.LockedUntil.Equal(b.clock.Now().Add(24*time.Hour)) || state.TriesLeft != 0 {
			t.Errorf("state is %+v", state)
		}
		if b.out.published("auth.factor_locked") != 1 || len(b.out.noticed("auth.pin_locked")) != 1 {
			t.Error("the lock was not told once")
		}
		if n := b.out.recorded("auth.prove", audit.Refused); n != 8 {
			t.Errorf("%d refused proofs in the audit log, want 8", n)
		}
		b.clock.Advance(24*time.Hour - time.Second)
		b.want(b.prove(right)[0], auth.ErrPINLocked)
		b.clock.Advance(time.Second)
		if got := b.prove(right); got[0] != nil {
			t.Errorf("after the lock: %v", got[0])
		}
	})
}

func TestFiveHundredGuessesAtOnceGetFiveTries(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		b.setPIN(p)
		payments := batch.New(b.d, batch.Options{Size: 8, Workers: 8}, nil, func(ctx context.Context, tx *db.Tx, proofs []auth.Proof) ([]batch.Outcome[bool], error) {
			results, err := b.auth.Prove(ctx, tx, proofs)
			out := make([]batch.Outcome[bool], len(results))
			for i, r := range results {
				out[i].Err = r.Err
			}
			return out, err
		})
		defer payments.Close()
		var mu sync.Mutex
		count := make(map[string]int)
		var wg sync.WaitGroup
		start := make(chan struct{})
		for i := range 500 {
			wg.Go(func() {
				<-start
				_, err := payments.Do(t.Context(), auth.Proof{By: p.by, Method: auth.MethodPIN, PIN: crypto.Secret(fmt.Sprintf("%06d", i))})
				mu.Lock()
				defer mu.Unlock()
				count[fault.CodeOf(err)]++
			})
		}
		close(start)
		wg.Wait()
		if count["auth.pin_wrong"] != 4 || count["auth.pin_locked"] != 496 {
			t.Errorf("answers were %v", count)
		}
		b.want(b.prove(auth.Proof{By: p.by, Method: auth.MethodPIN, PIN: pin})[0], auth.ErrPINLocked)
	})
}

func TestManyPayersInOneBatchAreDecidedEachAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		people := []person{b.register(phone), b.register("+8613900139000"), b.register("+8613900139001")}
		for _, p := range people {
			b.setPIN(p)
		}
		var wg sync.WaitGroup
		for range 8 { // batches with the same payers in other orders must not stop each other
			for shift := range people {
				wg.Go(func() {
					var proofs []auth.Proof
					for i := range 6 {
						p := people[(i*shift+i+shift)%len(people)]
						proofs = append(proofs, auth.Proof{By: p.by, Method: auth.MethodPIN, PIN: pin})
					}
					for i, err := range b.prove(proofs...) {
						if err != nil {
							t.Errorf("proof %d: %v", i, err)
						}
					}
				})
			}
		}
		wg.Wait()
		if got := b.prove(auth.Proof{By: people[0].by, Method: auth.MethodPassword}); fault.CodeOf(got[0]) != "auth.wrong_method" {
			t.Errorf("a password as proof of a payment: %v", got)
		}
	})
}

func TestANewPINNeedsTheOldOneOrTwoFactors(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		b.setPIN(p)
		if !b.reduced(p).IsZero() {
			t.Error("the first PIN has reduced the limits")
		}
		set := func(e auth.Evidence) error {
			return b.auth.SetPIN(t.Context(), p.by, p.client, e, auth.PINChoice{PIN: "580274"})
		}
		b.want(set(b.stepUp(p, auth.PurposePIN, auth.MethodPassword)), auth.ErrStepUp)
		b.want(set(b.stepUp(p, auth.PurposePIN, auth.MethodCode)), auth.ErrStepUp)
		b.must(set(b.stepUp(p, auth.PurposePIN, auth.MethodPIN)))
		if b.reduced(p).IsZero() || len(b.out.noticed("auth.pin_changed")) != 1 {
			t.Error("a changed PIN did not reduce the limits, or nobody was told")
		}
		b.want(b.prove(auth.Proof{By: p.by, Method: auth.MethodPIN, PIN: pin})[0], auth.ErrPINWrong)
		_, err := b.auth.StepUp(t.Context(), p.by, p.client, "limits.raise", auth.Factor{Method: auth.MethodPIN, PIN: pin})
		b.want(err, auth.ErrPINWrong)
		for range 3 {
			b.prove(auth.Proof{By: p.by, Method: auth.MethodPIN, PIN: pin})
		}
		b.want(b.prove(auth.Proof{By: p.by, Method: auth.MethodPIN, PIN: "580274"})[0], auth.ErrPINLocked)
		b.must(b.auth.SetPIN(t.Context(), p.by, p.client, auth.Evidence{Reverified: auth.Reverified{
			Principal: p.id, Verification: id.New[id.Verification](b.clock.Now()), At: b.clock.Now(),
		}}, auth.PINChoice{PIN: pin}))
		if got := b.prove(auth.Proof{By: p.by, Method: auth.MethodPIN, PIN: pin}); got[0] != nil {
			t.Errorf("after re-verification: %v", got[0])
		}
	})
}

func TestAPINOutlivesARotationOfItsKey(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		b.setPIN(p)
		old := b.ring.Keys(crypto.PIN)[0].ID
		b.must(b.ring.Rotate(crypto.PIN))
		if got := b.prove(auth.Proof{By: p.by, Method: auth.MethodPIN, PIN: pin}); got[0] != nil {
			t.Fatalf("after the rotation: %v", got[0])
		}
		b.must(b.ring.Retire(crypto.PIN, old)) // that proof has moved the PIN to the new key
		if got := b.prove(auth.Proof{By: p.by, Method: auth.MethodPIN, PIN: pin}); got[0] != nil {
			t.Errorf("after the old key was retired: %v", got[0])
		}
	})
}
