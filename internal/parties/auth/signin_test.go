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
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestAKnownDeviceAsksForOneFactor(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		b.clock.Advance(time.Minute)
		in, err := b.auth.SignInByPassword(t.Context(), visitor(abroad), p.client, "138 0013 8000", password)
		b.must(err)
		if in.Session == nil || in.Session.Session.Principal != p.id || in.DeviceToken != p.client.Device {
			t.Fatalf("not signed in on the same device: %+v", in)
		}
		in, err = b.auth.SignInByCode(t.Context(), visitor(abroad), p.client, b.answer(visitor(abroad), p.client, auth.CodeRequest{Purpose: auth.CodeSignIn, Contact: phone}))
		b.must(err)
		if in.Session == nil {
			t.Fatal("a code does not open a known device")
		}
		if n := b.out.published("auth.signed_in"); n != 3 {
			t.Errorf("%d sign-ins were published, want 3", n)
		}
		if len(b.out.noticed("auth.new_device")) != 0 {
			t.Error("a known device was called new")
		}
		history, err := b.auth.SignIns(t.Context(), p.by, "", 10)
		b.must(err)
		if len(history) != 3 || !history[0].Done || history[0].Method != auth.MethodCode || history[0].Network != "198.51.100.0/24" || history[0].Name != "Chrome, Android" {
			t.Errorf("history is %+v", history)
		}
		older, err := b.auth.SignIns(t.Context(), p.by, history[0].Cursor, 1)
		b.must(err)
		if len(older) != 1 || older[0].Method != auth.MethodPassword {
			t.Errorf("the next page is %+v", older)
		}
	})
}

func TestANewDeviceAsksForTwoFactorsAndACodeAloneNeverOpensIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		other := b.signIn(p, abroad)
		if other.client.Device == p.client.Device || !b.signedIn(other) {
			t.Fatal("password and code do not open a new device")
		}
		if len(b.out.noticed("auth.new_device")) != 1 {
			t.Error("the customer was not told of the new device")
		}

		by, client := visitor(abroad), app("")
		half, err := b.auth.SignInByCode(t.Context(), by, client, b.answer(by, client, auth.CodeRequest{Purpose: auth.CodeSignIn, Contact: phone}))
		b.must(err)
		if half.Session != nil || half.Pending == nil || half.DeviceToken == "" {
			t.Fatalf("a code alone opens a new device: %+v", half)
		}
		if m := half.Pending.Methods; len(m) != 1 || m[0] != auth.MethodPassword {
			t.Errorf("after a code the second factor may be %v", m)
		}
		client.Device = half.DeviceToken
		_, err = b.auth.SendCode(t.Context(), by, client, auth.CodeRequest{Purpose: auth.CodeSecondFactor, Ticket: half.Pending.Ticket})
		b.must(err)
		_, err = b.auth.CompleteSignIn(t.Context(), by, client, auth.SecondFactor{Ticket: half.Pending.Ticket, Factor: auth.Factor{Method: auth.MethodCode}})
		b.want(err, auth.ErrMethod)
		full, err := b.auth.CompleteSignIn(t.Context(), by, client, auth.SecondFactor{
			Ticket: half.Pending.Ticket, Factor: auth.Factor{Method: auth.MethodPassword, Password: password},
		})
		b.must(err)
		if full.Session == nil || full.Session.Session.Method != auth.MethodPasswordAndCode {
			t.Errorf("code and password give %+v", full)
		}
	})
}

func TestTheConsoleOpensToNoCustomer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		p.client.Audience = auth.Console
		in, err := b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.want(err, auth.ErrWrong)
		if in.Session != nil || in.Pending != nil {
			t.Errorf("a customer is answered %+v", in)
		}
	})
}

func TestATicketIsTiedToItsDeviceNetworkAndApplicationAndServesOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		by, client := visitor(abroad), app(auth.NewDeviceToken())
		half, err := b.auth.SignInByPassword(t.Context(), by, client, phone, password)
		b.must(err)
		right := auth.SecondFactor{Ticket: half.Pending.Ticket, Factor: auth.Factor{
			Method: auth.MethodCode, Code: crypto.Secret(b.out.last(phone).Code), Challenge: half.Pending.Sent.Challenge,
		}}
		_, err = b.auth.CompleteSignIn(t.Context(), by, app(auth.NewDeviceToken()), right)
		b.want(err, auth.ErrTicket)
		_, err = b.auth.CompleteSignIn(t.Context(), visitor(home), client, right)
		b.want(err, auth.ErrTicket)
		console := client
		console.Audience = auth.Console
		_, err = b.auth.CompleteSignIn(t.Context(), by, console, right)
		b.want(err, auth.ErrTicket)

		wrong := right
		wrong.Factor.Code = "000000x"
		_, err = b.auth.CompleteSignIn(t.Context(), by, client, wrong)
		b.want(err, auth.ErrCodeWrong)
		_, err = b.auth.CompleteSignIn(t.Context(), by, client, right)
		b.must(err)
		_, err = b.auth.CompleteSignIn(t.Context(), by, client, right)
		b.want(err, auth.ErrTicket)

		half, err = b.auth.SignInByPassword(t.Context(), by, app(auth.NewDeviceToken()), phone, password)
		b.must(err)
		b.clock.Advance(time.Hour)
		_, err = b.auth.SecondFactorPasskeyOptions(t.Context(), by, client, half.Pending.Ticket)
		b.want(err, auth.ErrTicket)
		_ = p
	})
}

func TestATicketIsTriedAFewTimesOnly(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		b.register(phone)
		by, client := visitor(abroad), app(auth.NewDeviceToken())
		half, err := b.auth.SignInByPassword(t.Context(), by, client, phone, password)
		b.must(err)
		for range 5 {
			_, err = b.auth.CompleteSignIn(t.Context(), by, client, auth.SecondFactor{Ticket: half.Pending.Ticket, Factor: auth.Factor{
				Method: auth.MethodCode, Code: "1", Challenge: half.Pending.Sent.Challenge,
			}})
			b.want(err, auth.ErrCodeWrong)
		}
		_, err = b.auth.CompleteSignIn(t.Context(), by, client, auth.SecondFactor{Ticket: half.Pending.Ticket, Factor: auth.Factor{
			Method: auth.MethodCode, Code: crypto.Secret(b.out.last(phone).Code), Challenge: half.Pending.Sent.Challenge,
		}})
		b.want(err, auth.ErrTicket)
	})
}

// Whoever guesses at identifiers must not learn which of them are customers' by any answer.
func TestNobodyLearnsWhoIsACustomer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		b.register(phone)
		const stranger = "+8613900139000"
		b.clock.Advance(time.Hour)
		by := visitor(abroad)
		var answers [2][]string
		for i, who := range []string{phone, stranger} {
			for range 7 { // beyond the lock, which must come at the same attempt
				_, err := b.auth.SignInByPassword(t.Context(), by, app(auth.NewDeviceToken()), who, "wrong password 1")
				f, ok := fault.From(err)
				if !ok {
					t.Fatal(err)
				}
				answers[i] = append(answers[i], f.Code()+f.RetryAfter().String())
			}
			for _, purpose := range []auth.CodePurpose{auth.CodeSignIn, auth.CodeRegister, auth.CodePasswordReset} {
				sent, err := b.auth.SendCode(t.Context(), by, app(""), auth.CodeRequest{Purpose: purpose, Contact: who})
				b.must(err)
				answers[i] = append(answers[i], sent.ExpiresAt.String(), sent.ResendAfter.String())
				_, err = b.auth.CheckCode(t.Context(), by, auth.CodeAnswer{Purpose: purpose, Challenge: sent.Challenge, Code: "x"})
				b.want(err, auth.ErrCodeWrong)
				answers[i] = append(answers[i], err.Error())
			}
			_, err := b.auth.SendCode(t.Context(), by, app(""), auth.CodeRequest{Purpose: auth.CodeSignIn, Contact: who})
			b.want(err, auth.ErrCodeWait)
			answers[i] = append(answers[i], err.Error())
		}
		for i := range answers[0] {
			if answers[0][i] != answers[1][i] {
				t.Errorf("answer %d differs: %s for a customer, %s for a stranger", i, answers[0][i], answers[1][i])
			}
		}
		// The work is alike too: one message each, whose text alone differs, and no code in one that must not have it.
		for i, want := range []struct {
			to, template string
			code         bool
		}{
			{phone, "auth.code_sign_in", true}, {phone, "auth.have_account", false}, {phone, "auth.code_password_reset", true},
			{stranger, "auth.no_account", false}, {stranger, "auth.code_register", true}, {stranger, "auth.no_account", false},
		} {
			got := b.out.codes[1+i] // the first registered the customer
			if got.To != want.to || got.Template != want.template || (got.Code != "") != want.code {
				t.Errorf("message %d is %s to %s with code %t", i, got.Template, got.To, got.Code != "")
			}
		}
	})
}

func TestNobodyCanLockAStrangerOut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		guess := func(address string, client auth.Client) error {
			_, err := b.auth.SignInByPassword(t.Context(), visitor(address), client, phone, "wrong password 1")
			return err
		}
		for range 5 {
			b.want(guess(abroad, app(auth.NewDeviceToken())), auth.ErrWrong)
		}
		b.want(guess("198.51.100.77", app(auth.NewDeviceToken())), auth.ErrLocked) // same network, another device
		locked, _ := fault.From(guess(abroad, app("")))
		if locked.RetryAfter() != 30*time.Minute {
			t.Errorf("the wait is %v", locked.RetryAfter())
		}
		if b.out.published("auth.factor_locked") != 1 {
			t.Error("the lock was not published once")
		}
		for _, address := range []string{home, abroad} { // the owner's device is not concerned, whatever its network
			in, err := b.auth.SignInByPassword(t.Context(), visitor(address), p.client, phone, password)
			b.must(err)
			if in.Session == nil {
				t.Fatal("the owner is not signed in on his own device")
			}
		}
		in, err := b.auth.SignInByPassword(t.Context(), visitor(home), app(auth.NewDeviceToken()), phone, password)
		b.must(err) // nor is a new device of his on another network
		if in.Pending == nil {
			t.Error("the second factor was not asked for")
		}

		for range 4 { // his own device counts for itself, and a right password ends the count
			b.want(guess(home, p.client), auth.ErrWrong)
		}
		_, err = b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.must(err)
		for range 5 {
			b.want(guess(home, p.client), auth.ErrWrong)
		}
		b.want(guess(home, p.client), auth.ErrLocked)
		b.clock.Advance(31 * time.Minute)
		_, err = b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.must(err)
		if b.out.recorded("auth.sign_in", audit.Refused) < 15 {
			t.Error("refused sign-ins are not in the audit log")
		}
	})
}

func TestOfManyPasswordsAtOnceFiveAreTried(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		var mu sync.Mutex
		count := make(map[string]int)
		var wg sync.WaitGroup
		for range 30 {
			wg.Go(func() {
				_, err := b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, "wrong password 1")
				mu.Lock()
				defer mu.Unlock()
				count[fault.CodeOf(err)]++
			})
		}
		wg.Wait()
		if count["auth.wrong_credentials"] != 5 || count["auth.locked"] != 25 {
			t.Errorf("answers were %v", count)
		}
	})
}

func TestManyStrangersOfOneNetworkAreLimitedTogether(t *testing.T) {
	t.Parallel()
	b := newBank(t, "sqlite:"+t.TempDir()+"/bank.db")
	refusals := 0
	for i := range 102 {
		who := "+861380013" + string([]byte{byte('0' + i/100), byte('0' + i/10%10), byte('0' + i%10), '1'})
		_, err := b.auth.SignInByPassword(t.Context(), visitor(abroad), app(""), who, "wrong password 1")
		if errors.Is(err, auth.ErrLocked) {
			refusals++
		}
	}
	if refusals != 2 {
		t.Errorf("%d of 102 guesses were refused, want 2", refusals)
	}
}

func TestSuspendedAndClosedPrincipals(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		b.setPIN(p)
		set := func(to auth.State) error {
			return b.d.Write(t.Context(), func(tx *db.Tx) error { return b.auth.SetState(t.Context(), tx, p.by, p.id, to) })
		}
		b.must(set(auth.Suspended))
		if b.signedIn(p) {
			t.Error("a suspended customer is still signed in")
		}
		_, err := b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.want(err, auth.ErrSuspended)
		_, err = b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, "wrong password 1")
		b.want(err, auth.ErrWrong)
		b.must(set(auth.Active))
		_, err = b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.must(err)

		b.must(set(auth.Closed))
		_, err = b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.want(err, auth.ErrWrong)
		b.want(set(auth.Active), auth.ErrState)
		b.want(b.prove(auth.Proof{By: p.by, Method: auth.MethodPIN, PIN: pin})[0], auth.ErrPINNotSet)
		if again := b.register(phone); again.id == p.id {
			t.Error("the phone of a closed customer is not free")
		}
	})
}

func TestAPhoneBelongsToOnePersonEvenInARace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		by := visitor(home)
		hashed, err := b.auth.HashPassword(t.Context(), password)
		b.must(err)
		contact, err := auth.ParsePhone(phone)
		b.must(err)
		var wg sync.WaitGroup
		var mu sync.Mutex
		results := make(map[string]int)
		for range 8 {
			wg.Go(func() {
				who := id.New[id.Customer](b.clock.Now())
				err := b.d.Write(t.Context(), func(tx *db.Tx) error {
					if err := b.vault.Create(t.Context(), tx, string(who)); err != nil {
						return err
					}
					return b.auth.Enrol(t.Context(), tx, by, auth.Enrolment{Principal: auth.Principal(who), Contact: auth.Vouched(contact), Password: hashed})
				})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					results["ok"]++
				} else {
					results[fault.CodeOf(err)]++
				}
			})
		}
		wg.Wait()
		if results["ok"] != 1 || results["auth.contact_taken"] != 7 {
			t.Errorf("eight registrations of one phone: %v", results)
		}
	})
}
