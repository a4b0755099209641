package auth_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/auth/authtest"
	"github.com/tongbao/tongbao/internal/platform/db"
)

// addPasskey gives a person a passkey and returns its authenticator.
func (b *bank) addPasskey(p person) (*authtest.Authenticator, auth.Passkey) {
	b.t.Helper()
	e := b.stepUp(p, auth.PurposePasskeys, auth.MethodPasswordAndCode)
	options, err := b.auth.AddPasskeyOptions(b.t.Context(), p.by)
	b.must(err)
	a := authtest.New(b.t, "bank.example", origin)
	made, err := b.auth.AddPasskey(b.t.Context(), p.by, p.client, e, auth.PasskeyAnswer{Challenge: options.Challenge, Credential: a.Create(options.Options)})
	b.must(err)
	return a, made
}

func TestAPasskeyOpensANewDeviceByItself(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		a, made := b.addPasskey(p)
		if made.Name != "Chrome, Android" || !made.Synced {
			t.Errorf("the passkey is %+v", made)
		}
		by, client := visitor(abroad), app("")
		options, err := b.auth.SignInPasskeyOptions(t.Context(), by, client)
		b.must(err)
		answer := auth.PasskeyAnswer{Challenge: options.Challenge, Credential: a.Get(options.Options)}
		in, err := b.auth.SignInByPasskey(t.Context(), by, client, answer)
		b.must(err)
		if in.Session == nil || in.Session.Session.Principal != p.id || in.Session.Session.Method != auth.MethodPasskey {
			t.Fatalf("a passkey gives %+v", in)
		}
		if len(b.out.noticed("auth.new_device")) != 1 {
			t.Error("the customer was not told of the new device")
		}
		_, err = b.auth.SignInByPasskey(t.Context(), by, client, answer)
		b.want(err, auth.ErrPasskey)
		all, err := b.auth.Passkeys(t.Context(), p.by)
		b.must(err)
		if len(all) != 1 || all[0].UsedAt.IsZero() {
			t.Errorf("passkeys are %+v", all)
		}
	})
}

func TestAPasskeyThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		a, _ := b.addPasskey(p)
		by := visitor(abroad)
		for name, spoil := range map[string]func(a *authtest.Authenticator){
			"of another site":             func(a *authtest.Authenticator) { a.Origin = "https://bank.example.evil.example" },
			"of another host":             func(a *authtest.Authenticator) { a.Host = "evil.example" },
			"without verification":        func(a *authtest.Authenticator) { a.Flags = authtest.UserPresent | authtest.BackedUp },
			"without presence":            func(a *authtest.Authenticator) { a.Flags = authtest.UserVerified | authtest.BackedUp },
			"of somebody else's handle":   func(a *authtest.Authenticator) { a.Handle = []byte("cust_other") },
			"of an unknown credential":    func(a *authtest.Authenticator) { a.ID = []byte("0123456789abcdef") },
			"by another key":              func(a *authtest.Authenticator) { a.Key = authtest.New(t, "bank.example", origin).Key },
			"with a counter that is back": func(a *authtest.Authenticator) { a.Counter = 0 },
		} {
			good := *a
			good.Counter += 10
			a.Counter = good.Counter + 10
			options, err := b.auth.SignInPasskeyOptions(t.Context(), by, app(""))
			b.must(err)
			_, err = b.auth.SignInByPasskey(t.Context(), by, app(""), auth.PasskeyAnswer{Challenge: options.Challenge, Credential: good.Get(options.Options)})
			if err != nil {
				t.Fatalf("%s: before: %v", name, err)
			}
			bad := good
			spoil(&bad)
			options, err = b.auth.SignInPasskeyOptions(t.Context(), by, app(""))
			b.must(err)
			_, err = b.auth.SignInByPasskey(t.Context(), by, app(""), auth.PasskeyAnswer{Challenge: options.Challenge, Credential: bad.Get(options.Options)})
			if !errors.Is(err, auth.ErrPasskey) {
				t.Errorf("a passkey %s gives %v", name, err)
			}
		}
		options, err := b.auth.SignInPasskeyOptions(t.Context(), by, app(""))
		b.must(err)
		for _, junk := range [][]byte{nil, []byte("{}"), []byte(`{"id":"x"}`), make([]byte, 1<<20)} {
			_, err := b.auth.SignInByPasskey(t.Context(), by, app(""), auth.PasskeyAnswer{Challenge: options.Challenge, Credential: junk})
			b.want(err, auth.ErrPasskey)
		}
		options, err = b.auth.SignInPasskeyOptions(t.Context(), by, app(""))
		b.must(err)
		b.clock.Advance(5 * time.Minute)
		_, err = b.auth.SignInByPasskey(t.Context(), by, app(""), auth.PasskeyAnswer{Challenge: options.Challenge, Credential: a.Get(options.Options)})
		b.want(err, auth.ErrPasskey)
	})
}

func TestAPasskeyIsASecondFactorAfterACode(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		a, _ := b.addPasskey(p)
		stranger := b.register("+8613900139000")
		other, _ := b.addPasskey(stranger)
		by, client := visitor(abroad), app("")
		half, err := b.auth.SignInByCode(t.Context(), by, client, b.answer(by, client, auth.CodeRequest{Purpose: auth.CodeSignIn, Contact: phone}))
		b.must(err)
		client.Device = half.DeviceToken
		complete := func(a *authtest.Authenticator) error {
			options, err := b.auth.SecondFactorPasskeyOptions(t.Context(), by, client, half.Pending.Ticket)
			b.must(err)
			_, err = b.auth.CompleteSignIn(t.Context(), by, client, auth.SecondFactor{Ticket: half.Pending.Ticket, Factor: auth.Factor{
				Method: auth.MethodPasskey, Challenge: options.Challenge, Credential: a.Get(options.Options),
			}})
			return err
		}
		b.want(complete(other), auth.ErrPasskey)
		b.must(complete(a))
	})
}

func TestAPasskeySignsWhatIsPaid(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		a, _ := b.addPasskey(p)
		stranger := b.register("+8613900139000")
		other, _ := b.addPasskey(stranger)
		paid, instead := sha256.Sum256([]byte("12.50 to Li")), sha256.Sum256([]byte("9999.00 to Zhang"))
		proof := func(key *authtest.Authenticator) auth.Proof {
			options, err := b.auth.PaymentPasskeyOptions(t.Context(), p.by, paid[:])
			b.must(err)
			if challenge := key.Challenge(options.Options); challenge != base64.RawURLEncoding.EncodeToString(paid[:]) {
				t.Fatalf("asked to sign %s", challenge)
			}
			return auth.Proof{By: p.by, Method: auth.MethodPasskey, Challenge: options.Challenge, Credential: key.Get(options.Options), Hash: paid[:]}
		}
		good := proof(a)
		if got := b.prove(good, good); got[0] != nil || !errors.Is(got[1], auth.ErrPasskey) {
			t.Errorf("one proof twice in a batch gives %v", got)
		}
		b.want(b.prove(good)[0], auth.ErrPasskey)

		swapped := proof(a)
		swapped.Hash = instead[:]
		b.want(b.prove(swapped)[0], auth.ErrPasskey)
		foreign := proof(a)
		foreign.By = stranger.by
		b.want(b.prove(foreign)[0], auth.ErrPasskey)
		b.want(b.prove(proof(other))[0], auth.ErrPasskey)
		elsewhere := proof(a)
		elsewhere.By.Session = b.signIn(p, home).by.Session
		b.want(b.prove(elsewhere)[0], auth.ErrPasskey)
		short := proof(a)
		short.Hash = paid[:8]
		b.want(b.prove(short)[0], auth.ErrMethod)

		// A proof of a transaction that was rolled back has not been used.
		again := proof(a)
		stop := errors.New("stop")
		err := b.d.Write(t.Context(), func(tx *db.Tx) error {
			results, err := b.auth.Prove(t.Context(), tx, []auth.Proof{again})
			b.must(err)
			b.must(results[0].Err)
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		if got := b.prove(again); got[0] != nil {
			t.Errorf("after a roll-back: %v", got[0])
		}
		_, err = b.auth.PaymentPasskeyOptions(t.Context(), p.by, paid[:5])
		b.want(err, auth.ErrPasskey)
	})
}

func TestAStepUpByPasskeyIsForOnePurpose(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		a, made := b.addPasskey(p)
		options, err := b.auth.StepUpPasskeyOptions(t.Context(), p.by, "limits.raise")
		b.must(err)
		f := auth.Factor{Method: auth.MethodPasskey, Challenge: options.Challenge, Credential: a.Get(options.Options)}
		_, err = b.auth.StepUp(t.Context(), p.by, p.client, "account.close", f)
		b.want(err, auth.ErrPasskey)

		options, err = b.auth.StepUpPasskeyOptions(t.Context(), p.by, auth.PurposePasskeys)
		b.must(err)
		f = auth.Factor{Method: auth.MethodPasskey, Challenge: options.Challenge, Credential: a.Get(options.Options)}
		proof, err := b.auth.StepUp(t.Context(), p.by, p.client, auth.PurposePasskeys, f)
		b.must(err)
		b.want(b.auth.RemovePasskey(t.Context(), p.by, p.client, auth.Evidence{Proof: proof.Proof}, "pkey_unknown"), auth.ErrUnknownPasskey)
		b.must(b.auth.RemovePasskey(t.Context(), p.by, p.client, auth.Evidence{Proof: proof.Proof}, made.ID))
		_, err = b.auth.StepUpPasskeyOptions(t.Context(), p.by, "limits.raise")
		b.want(err, auth.ErrPasskey)
	})
}

func TestAddingAPasskeyNeedsTwoFactorsAndItsOwnCeremony(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		options, err := b.auth.AddPasskeyOptions(t.Context(), p.by)
		b.must(err)
		a := authtest.New(t, "bank.example", origin)
		answer := auth.PasskeyAnswer{Challenge: options.Challenge, Credential: a.Create(options.Options)}
		_, err = b.auth.AddPasskey(t.Context(), p.by, p.client, b.stepUp(p, auth.PurposePasskeys, auth.MethodPassword), answer)
		b.want(err, auth.ErrStepUp)
		_, err = b.auth.AddPasskey(t.Context(), p.by, p.client, auth.Evidence{}, answer)
		b.want(err, auth.ErrStepUp)

		second := b.signIn(p, home) // its own session cannot finish what another has begun
		_, err = b.auth.AddPasskey(t.Context(), second.by, second.client, b.stepUp(second, auth.PurposePasskeys, auth.MethodPasswordAndCode), answer)
		b.want(err, auth.ErrPasskey)

		options, err = b.auth.AddPasskeyOptions(t.Context(), p.by)
		b.must(err)
		unverified := authtest.New(t, "bank.example", origin)
		unverified.Flags = authtest.UserPresent
		e := b.stepUp(p, auth.PurposePasskeys, auth.MethodPasswordAndCode)
		_, err = b.auth.AddPasskey(t.Context(), p.by, p.client, e, auth.PasskeyAnswer{Challenge: options.Challenge, Credential: unverified.Create(options.Options)})
		b.want(err, auth.ErrPasskey)
		answer = auth.PasskeyAnswer{Challenge: options.Challenge, Credential: a.Create(options.Options)}
		_, err = b.auth.AddPasskey(t.Context(), p.by, p.client, e, answer)
		b.must(err) // the refused attempt was rolled back: proof and ceremony still serve
		if b.signedIn(second) {
			t.Error("other sessions go on after a passkey was added")
		}
		if b.reduced(p).IsZero() || len(b.out.noticed("auth.passkey_added")) != 1 {
			t.Error("a new passkey did not reduce the limits, or nobody was told")
		}
		_, err = b.auth.AddPasskey(t.Context(), p.by, p.client, b.stepUp(p, auth.PurposePasskeys, auth.MethodPasswordAndCode), answer)
		b.want(err, auth.ErrPasskey)
	})
}

func TestABankWithoutADomainNameHasNoPasskeys(t *testing.T) {
	t.Parallel()
	b := newBank(t, "sqlite:"+t.TempDir()+"/bank.db")
	b.parts.Site = auth.Site{}
	b.auth = b.sibling()
	p := b.register(phone)
	_, err := b.auth.SignInPasskeyOptions(t.Context(), visitor(home), app(""))
	b.want(err, auth.ErrNoPasskeys)
	_, err = b.auth.AddPasskeyOptions(t.Context(), p.by)
	b.want(err, auth.ErrNoPasskeys)
	_, err = b.auth.SignInByPasskey(t.Context(), visitor(home), app(""), auth.PasskeyAnswer{})
	b.want(err, auth.ErrPasskey)
}
