package auth_test

import (
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestASessionSaysWhoActs(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		x, err := b.auth.Authenticate(t.Context(), auth.App, p.token)
		b.must(err)
		by := x.Identify(act.By{Channel: act.Mobile, Address: home})
		if by.Actor != string(p.id) || by.OnBehalfOf != id.Customer(p.id) || by.Session != x.ID || by.Device == "" || by.Kind != act.Customer || by.Address != home {
			t.Errorf("identified as %+v", by)
		}
		for _, token := range []crypto.Secret{"", "nonsense", p.token + "x", crypto.Secret(make([]byte, 4096))} {
			_, err := b.auth.Authenticate(t.Context(), auth.App, token)
			b.want(err, auth.ErrSession)
		}
		_, err = b.auth.Authenticate(t.Context(), auth.Console, p.token)
		b.want(err, auth.ErrSession)
	})
}

func TestASessionEndsByIdlenessAndByAge(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		for range 71 { // twelve hours less a little, never idle
			b.clock.Advance(10 * time.Minute)
			if !b.signedIn(p) {
				t.Fatalf("ended at %v while in use", b.clock.Now())
			}
		}
		b.clock.Advance(10 * time.Minute)
		if b.signedIn(p) {
			t.Error("a session lives longer than twelve hours")
		}
		p = b.signIn(p, home)
		b.clock.Advance(15*time.Minute - time.Second)
		if !b.signedIn(p) {
			t.Error("ended before it was idle for fifteen minutes")
		}
		b.clock.Advance(15 * time.Minute)
		if b.signedIn(p) {
			t.Error("an idle session goes on")
		}
		open, err := b.auth.Sessions(t.Context(), p.by)
		b.must(err)
		if len(open) != 0 {
			t.Errorf("sessions that have ended are listed: %+v", open)
		}
	})
}

func TestLastSeenIsWrittenEveryFiveMinutesAtMost(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		seen := func() time.Time {
			open, err := b.auth.Sessions(t.Context(), p.by)
			b.must(err)
			return open[0].SeenAt
		}
		start := seen()
		for range 4 {
			b.clock.Advance(time.Minute)
			b.signedIn(p)
		}
		if seen() != start {
			t.Error("last-seen was written within five minutes")
		}
		b.clock.Advance(time.Minute)
		b.signedIn(p)
		if seen() != start.Add(5*time.Minute) {
			t.Errorf("last-seen is %v after five minutes", seen())
		}
	})
}

func TestEndingSessionsIsImmediate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		first := b.register(phone)
		second, third := b.signIn(first, home), b.signIn(first, abroad)
		stranger := b.register("+8613900139000")
		for _, p := range []person{first, second, third, stranger} {
			if !b.signedIn(p) {
				t.Fatal("not signed in")
			}
		}
		open, err := b.auth.Sessions(t.Context(), first.by)
		b.must(err)
		if len(open) != 3 || !open[2].Current || open[0].Current {
			t.Errorf("sessions are %+v", open)
		}
		b.want(b.auth.EndSession(t.Context(), stranger.by, second.by.Session), auth.ErrUnknownSession)
		b.must(b.auth.EndSession(t.Context(), first.by, second.by.Session))
		if b.signedIn(second) || !b.signedIn(third) {
			t.Error("ending one session ended another one, or none")
		}
		b.want(b.auth.EndSession(t.Context(), first.by, second.by.Session), auth.ErrUnknownSession)
		b.must(b.auth.EndOtherSessions(t.Context(), first.by))
		if b.signedIn(third) || !b.signedIn(first) || !b.signedIn(stranger) {
			t.Error("ending the others is wrong")
		}
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error { return b.auth.EndAllSessions(t.Context(), tx, first.by, first.id) }))
		if b.signedIn(first) || !b.signedIn(stranger) {
			t.Error("ending all is wrong")
		}
		b.must(b.auth.EndOtherSessions(t.Context(), stranger.by)) // there are none
		if got := b.out.published("auth.sessions_ended"); got != 2 {
			t.Errorf("told %d times that sessions ended", got)
		}
	})
}

func TestAnotherNodeForgetsASessionWithinSeconds(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		node := *b
		node.auth = b.sibling()
		if !node.signedIn(p) {
			t.Fatal("not signed in on the other node")
		}
		b.must(b.auth.EndSession(t.Context(), p.by, p.by.Session))
		b.clock.Advance(5 * time.Second)
		if node.signedIn(p) {
			t.Error("the other node still knows the session after five seconds")
		}
	})
}

func TestTokensOutliveARotationOfTheirKey(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		b.must(b.ring.Rotate(crypto.Session))
		if !b.signedIn(p) {
			t.Error("a rotation has signed the customer out")
		}
		in, err := b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.must(err)
		if in.Session == nil {
			t.Error("a rotation has made the device unknown")
		}
	})
}

func TestADeviceThatWasUnboundIsNewAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		other := b.signIn(p, abroad)
		stranger := b.register("+8613900139000")
		devices, err := b.auth.Devices(t.Context(), p.by)
		b.must(err)
		if len(devices) != 2 || devices[0].ID != other.by.Device || !devices[1].Current {
			t.Fatalf("devices are %+v", devices)
		}
		b.want(b.auth.UnbindDevice(t.Context(), stranger.by, other.by.Device), auth.ErrDevice)
		b.must(b.auth.UnbindDevice(t.Context(), p.by, other.by.Device))
		if b.signedIn(other) || !b.signedIn(p) {
			t.Error("unbinding a device must end its sessions and no others")
		}
		in, err := b.auth.SignInByPassword(t.Context(), visitor(abroad), other.client, phone, password)
		b.must(err)
		if in.Pending == nil {
			t.Error("an unbound device is still known")
		}
		b.clock.Advance(181 * 24 * time.Hour)
		in, err = b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.must(err)
		if in.Pending == nil {
			t.Error("a device that was not seen for half a year is still known")
		}
	})
}

// An attacker who plants a device token in a browser must not find it known once its owner has signed in.
func TestAPlantedDeviceTokenNeverBecomesKnown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		planted := app(auth.NewDeviceToken())
		half, err := b.auth.SignInByPassword(t.Context(), visitor(home), planted, phone, password)
		b.must(err)
		full, err := b.auth.CompleteSignIn(t.Context(), visitor(home), planted, auth.SecondFactor{Ticket: half.Pending.Ticket, Factor: auth.Factor{
			Method: auth.MethodCode, Code: crypto.Secret(b.out.last(phone).Code), Challenge: half.Pending.Sent.Challenge,
		}})
		b.must(err)
		if full.DeviceToken == planted.Device || full.DeviceToken != full.Session.DeviceToken {
			t.Fatal("the device kept its token")
		}
		in, err := b.auth.SignInByPassword(t.Context(), visitor(abroad), planted, phone, password)
		b.must(err)
		if in.Pending == nil {
			t.Error("the planted token is known")
		}
		_ = p
	})
}

func TestATabletStaysKnownToEachOfAFamily(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		mother := b.register(phone)
		father := b.register("+8613900139000")
		b.clock.Advance(2 * time.Minute)
		tablet := mother.client
		half, err := b.auth.SignInByPassword(t.Context(), visitor(home), tablet, father.phone, password)
		b.must(err)
		if half.Pending == nil {
			t.Fatal("a device is known to somebody who never used it")
		}
		full, err := b.auth.CompleteSignIn(t.Context(), visitor(home), tablet, auth.SecondFactor{Ticket: half.Pending.Ticket, Factor: auth.Factor{
			Method: auth.MethodCode, Code: crypto.Secret(b.out.last(father.phone).Code), Challenge: half.Pending.Sent.Challenge,
		}})
		b.must(err)
		tablet.Device = full.DeviceToken
		in, err := b.auth.SignInByPassword(t.Context(), visitor(home), tablet, phone, password)
		b.must(err)
		if in.Session == nil {
			t.Error("the tablet is new to the mother after the father has signed in on it")
		}
	})
}

func TestWhatHasServedItsTimeIsPurged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		b.stepUp(p, "limits.raise", auth.MethodPassword)
		_, err := b.auth.SignInByPassword(t.Context(), visitor(abroad), app(""), phone, password)
		b.must(err)
		n, err := b.auth.Purge(t.Context())
		b.must(err)
		if n != 0 {
			t.Errorf("purged %d rows that still live", n)
		}
		b.clock.Advance(48 * time.Hour)
		n, err = b.auth.Purge(t.Context())
		b.must(err)
		if n < 5 { // codes, ticket, proof, counters
			t.Errorf("purged %d rows after two days", n)
		}
		b.clock.Advance(400 * 24 * time.Hour)
		_, err = b.auth.Purge(t.Context())
		b.must(err)
		history, err := b.auth.SignIns(t.Context(), p.by, "", 10)
		b.must(err)
		if len(history) != 0 {
			t.Errorf("history of more than a year: %+v", history)
		}
	})
}
