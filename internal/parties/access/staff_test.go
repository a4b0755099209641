package access_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

func visitor() act.By {
	return act.By{Kind: act.Visitor, Channel: act.Console, Branch: act.HeadOffice, Address: "203.0.113.7"}
}

func console(device crypto.Secret) auth.Client {
	return auth.Client{Audience: auth.Console, Device: device, Agent: "Chrome/1 Linux"}
}

// accept follows an invitation with the code of the app.
func (b *bank) accept(h access.Hired) (auth.SignedIn, crypto.Secret) {
	b.t.Helper()
	invited, err := b.auth.Invited(b.t.Context(), h.Invitation.Token)
	b.must(err)
	in, err := b.answer(h, b.code(invited.Secret))
	b.must(err)
	return in, invited.Secret
}

func (b *bank) answer(h access.Hired, code crypto.Secret) (auth.SignedIn, error) {
	return b.auth.Accept(b.t.Context(), visitor(), console(""), auth.Acceptance{Token: h.Invitation.Token, Password: password, Code: code},
		func(tx *db.Tx, who auth.Principal) error { return b.access.Joined(b.t.Context(), tx, id.Staff(who)) })
}

func (b *bank) code(secret crypto.Secret) crypto.Secret {
	b.t.Helper()
	code, err := auth.TOTPCode(secret, b.clock.Now())
	b.must(err)
	return crypto.Secret(code)
}

func TestAnInvitedMemberChoosesAPasswordAndAnAuthenticatorAndSignsInWithBoth(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		h := b.invite("0200", "")
		if mails := b.out.mailed(access.TemplateInvitation); len(mails) != 1 || mails[0].Code != "https://console.example/invitations/"+h.Invitation.Token.Reveal() {
			t.Errorf("mails: %v", mails)
		}
		if b.may(access.Question{Staff: h.ID, Permission: access.ActionListBranches, Purpose: access.Administration}) {
			t.Error("who is only invited may do something")
		}
		in, secret := b.accept(h)
		if in.Session.Kind != act.Staff || in.Session.Method != auth.MethodPasswordAndTOTP {
			t.Errorf("session %+v", in.Session)
		}
		_, err := b.answer(h, b.code(secret))
		b.want(err, auth.ErrInvitation)

		b.clock.Advance(time.Minute)
		got, err := b.auth.SignInByPassword(t.Context(), visitor(), console(in.DeviceToken), b.mailOf(h.ID), password)
		b.must(err)
		if got.Session != nil || got.Pending == nil || len(got.Pending.Methods) != 1 || got.Pending.Methods[0] != auth.MethodTOTP {
			t.Fatalf("a known device opened the console by a password alone: %+v", got)
		}
		second := func(code crypto.Secret) error {
			_, err := b.auth.CompleteSignIn(t.Context(), visitor(), console(in.DeviceToken),
				auth.SecondFactor{Ticket: got.Pending.Ticket, Factor: auth.Factor{Method: auth.MethodTOTP, Code: code}})
			return err
		}
		b.want(second("000000"), auth.ErrWrong)
		code := b.code(secret)
		b.must(second(code))

		got, err = b.auth.SignInByPassword(t.Context(), visitor(), console(in.DeviceToken), b.mailOf(h.ID), password)
		b.must(err)
		b.want(second(code), auth.ErrWrong) // a code serves once
	})
}

func (b *bank) mailOf(who id.Staff) string {
	b.t.Helper()
	mail := ""
	b.must(b.d.Read(b.t.Context(), func(tx *db.Tx) error {
		contacts, err := b.auth.Contacts(b.t.Context(), tx, auth.Principal(who))
		if err == nil && len(contacts) == 1 {
			mail = contacts[0].Value
		}
		return err
	}))
	return mail
}

func TestASessionOfTheConsoleLivesOnItsDeviceAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		in, _ := b.accept(b.invite("0200", ""))
		_, err := b.auth.AuthenticateOn(t.Context(), auth.Console, in.Token, in.DeviceToken)
		b.must(err)
		for name, device := range map[string]crypto.Secret{"no device": "", "another device": auth.NewDeviceToken()} {
			if _, err := b.auth.AuthenticateOn(t.Context(), auth.Console, in.Token, device); !errors.Is(err, auth.ErrSession) {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err = b.auth.AuthenticateOn(t.Context(), auth.App, in.Token, in.DeviceToken)
		b.want(err, auth.ErrSession)
	})
}

func TestStaffDoNotSignInToTheCustomersApp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		h := b.invite("0200", "")
		in, _ := b.accept(h)
		c := console(in.DeviceToken)
		c.Audience = auth.App
		_, err := b.auth.SignInByPassword(t.Context(), visitor(), c, b.mailOf(h.ID), password)
		b.want(err, auth.ErrWrong)
	})
}

func TestWhoLeavesIsOutAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		h := b.invite("0200", "")
		in, _ := b.accept(h)
		b.appoint(h.ID, access.RoleTeller, "0200")
		serve := access.Question{Staff: h.ID, Permission: "customer.search", Purpose: access.ServingPeople}
		if !b.may(serve) {
			t.Fatal("a teller may not search")
		}
		admin := staff(b.hire(access.RoleAdministrator, act.HeadOffice))
		b.want(b.access.Dismiss(t.Context(), staff(h.ID), h.ID), access.ErrSelf)
		b.must(b.access.Suspend(t.Context(), admin, h.ID))
		if b.may(serve) {
			t.Error("who is suspended may search")
		}
		b.must(b.access.Resume(t.Context(), admin, h.ID))
		b.must(b.access.Dismiss(t.Context(), admin, h.ID))
		_, err := b.auth.AuthenticateOn(t.Context(), auth.Console, in.Token, in.DeviceToken)
		b.want(err, auth.ErrSession)
		_, err = b.auth.SignInByPassword(t.Context(), visitor(), console(in.DeviceToken), "staffb@bank.example", password)
		b.want(err, auth.ErrWrong)
		b.want(b.access.Resume(t.Context(), admin, h.ID), access.ErrState)
		b.want(b.assign(id.Staff(admin.Actor), access.RoleChange{Staff: h.ID, Role: access.RoleTeller, Branch: "0200"}), access.ErrState)
	})
}

func TestAnInvitationThatIsGuessedAtOrOldOpensNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		h := b.invite("0200", "")
		for range 5 {
			_, err := b.answer(h, "000000")
			b.want(err, auth.ErrWrong)
		}
		_, err := b.auth.Invited(t.Context(), h.Invitation.Token)
		b.want(err, auth.ErrInvitation)
		late := b.invite("0200", "")
		b.clock.Advance(73 * time.Hour)
		_, err = b.auth.Invited(t.Context(), late.Invitation.Token)
		b.want(err, auth.ErrInvitation)
	})
}

func TestARoleHoldsFromItsFirstDayToItsLast(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		admin, who := b.hire(access.RoleAdministrator, act.HeadOffice), b.invite("0200", "").ID
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error { return b.access.Joined(t.Context(), tx, who) }))
		today := clock.DateOf(noon, time.UTC)
		c := access.RoleChange{Staff: who, Role: access.RoleTeller, Branch: "0200", First: today.AddDays(1), Last: today.AddDays(2)}
		b.must(b.assign(admin, c))
		serve := access.Question{Staff: who, Permission: "customer.search", Purpose: access.ServingPeople}
		for day, want := range []bool{false, true, true, false} {
			if got := b.may(serve); got != want {
				t.Errorf("day %d: %v", day, got)
			}
			b.clock.Advance(24 * time.Hour)
		}
		c.Last = today.AddDays(-1)
		b.want(b.assign(admin, c), access.ErrSpan)
		b.want(b.assign(admin, access.RoleChange{Staff: who, Role: "king", Branch: "0200"}), access.ErrRole)
		b.want(b.assign(admin, access.RoleChange{Staff: who, Role: access.RoleTeller, Branch: "9999"}), access.ErrBranch)
		b.want(b.assign(who, access.RoleChange{Staff: who, Role: access.RoleAdministrator, Branch: "0200"}), access.ErrSelf)
	})
}

func TestNobodyChangesRolesWithoutLeave(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		admin, who := b.hire(access.RoleAdministrator, act.HeadOffice), b.hire(access.RoleTeller, "0200")
		c := access.RoleChange{Staff: who, Role: access.RoleAuditor, Branch: act.HeadOffice}
		_, err := b.access.Appoint(t.Context(), staff(admin), c)
		b.want(err, act.ErrNotApproved)
		b.want(b.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := b.access.Assign(t.Context(), tx, staff(admin), nil, c)
			return err
		}), act.ErrNotApproved)
		b.want(b.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := b.access.Reset(t.Context(), tx, staff(admin), nil, access.NewFactors{Staff: who})
			return err
		}), act.ErrNotApproved)
		a := b.appoint(who, access.RoleAuditor, act.HeadOffice)
		b.must(b.assign(admin, access.RoleChange{Staff: who, Ends: a.ID}))
		b.want(b.assign(admin, access.RoleChange{Staff: who, Ends: a.ID}), access.ErrAssignment)
		if b.may(access.Question{Staff: who, Permission: "audit.search", Purpose: access.Inspecting}) {
			t.Error("a role that was taken back still holds")
		}
	})
}
