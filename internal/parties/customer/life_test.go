package customer_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/act/acttest"
	"github.com/tongbao/tongbao/internal/values/id"
)

// reset is a forgotten password, from the code to the new one.
func (b *bank) reset(phone, name, no string, face []byte) error {
	b.t.Helper()
	by, c := visitor(), device()
	return b.customers.ResetPassword(b.t.Context(), by, c, customer.PasswordReset{
		Code: b.code(by, c, auth.CodePasswordReset, phone), Name: name, IDNumber: no, Face: face, Password: "another horse 8 staple",
	})
}

func TestAForgottenPasswordIsReplacedByDocumentAndFace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.verify(p, "007")
		name, no := papers("007")
		kept := b.pictures(p)
		b.must(b.reset(number(0), name, no, picture(face)))
		if b.pictures(p) != kept {
			t.Error("the picture of the new face is kept")
		}
		_, err := b.auth.SignInByPassword(t.Context(), visitor(), p.client, number(0), "another horse 8 staple")
		b.must(err)
		if _, err := b.auth.SignInByPassword(t.Context(), visitor(), p.client, number(0), password); err == nil {
			t.Error("the old password still fits")
		}
	})
}

func TestWhoIsNotRecognisedLearnsNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p, unverified := b.register(number(0)), b.register(number(1))
		b.verify(p, "007")
		name, no := papers("007")
		for title, err := range map[string]error{
			"another name":        b.reset(p.phone, "李四", no, picture(face)),
			"another number":      b.reset(p.phone, name, numbered("110101", "19900307", "009"), picture(face)),
			"another face":        b.reset(p.phone, name, no, picture(front)),
			"no face":             b.reset(p.phone, name, no, blank()),
			"never verified":      b.reset(unverified.phone, "李四", numbered("110101", "19900307", "011"), picture(face)),
			"another's documents": b.reset(unverified.phone, name, no, picture(face)),
		} {
			if !errors.Is(err, customer.ErrNotReverified) {
				t.Errorf("%s: %v", title, err)
			}
		}
		if !b.out.refusedWith("customer.reverify", customer.ErrNotReverified.Code()) {
			t.Error("not recorded")
		}
	})
}

func TestFacesCannotBeGuessedAt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.verify(p, "007") // the first attempt of the day
		name, no := papers("007")
		for range 4 {
			b.clock.Advance(20 * time.Minute) // codes are counted too
			b.want(b.reset(p.phone, name, no, picture(front)), customer.ErrNotReverified)
		}
		b.want(b.reset(p.phone, name, no, picture(face)), customer.ErrAttempts)
		b.clock.Advance(24 * time.Hour)
		b.must(b.reset(p.phone, name, no, picture(face)))
	})
}

func TestNobodyUsesUpTheAttemptsOfAnother(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p, thief := b.register(number(0)), b.register(number(1))
		b.verify(p, "007")
		b.clock.Advance(24 * time.Hour)
		name, no := papers("007")
		for range 5 {
			b.clock.Advance(20 * time.Minute)
			b.want(b.reset(thief.phone, name, no, picture(face)), customer.ErrNotReverified)
		}
		b.clock.Advance(20 * time.Minute)
		b.want(b.reset(thief.phone, name, no, picture(face)), customer.ErrAttempts)
		b.must(b.reset(p.phone, name, no, picture(face)))
	})
}

func TestAReverificationChangesOneFactorOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.verify(p, "007")
		name, no := papers("007")
		again, err := b.customers.Reverify(t.Context(), p.by, customer.Reverification{Name: name, IDNumber: no, Face: picture(face)})
		b.must(err)
		pin := auth.PINChoice{PIN: "739146"}
		b.must(b.auth.SetPIN(t.Context(), p.by, p.client, auth.Evidence{Reverified: again}, pin))
		b.want(b.auth.SetPIN(t.Context(), p.by, p.client, auth.Evidence{Reverified: again}, pin), auth.ErrReverified)
	})
}

func TestWithoutConsentNoFaceIsCompared(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.verify(p, "007")
		_, err := b.customers.Choose(t.Context(), p.by, []customer.Choice{{Purpose: customer.Biometrics}})
		b.must(err)
		name, no := papers("007")
		_, err = b.customers.Reverify(t.Context(), p.by, customer.Reverification{Name: name, IDNumber: no, Face: picture(face)})
		b.want(err, customer.ErrNotReverified)
	})
}

func TestOneTapFreezesAndTwoFactorsThaw(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.verify(p, "007")
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error { // somewhere else
			_, err := b.auth.OpenSession(t.Context(), tx, visitor(), device(), auth.Principal(p.id))
			return err
		}))
		for range 2 {
			c, err := b.customers.Freeze(t.Context(), p.by)
			b.must(err)
			if c.State != customer.Frozen || c.FrozenBy != customer.ByCustomer {
				t.Fatalf("%+v", c)
			}
		}
		b.want(b.blocked(p), customer.ErrFrozen)
		if b.out.published("customer.frozen", p.id) != 1 || b.out.told(customer.TemplateFrozen, p.id) != 1 {
			t.Error("a second tap tells again")
		}
		open, err := b.auth.Sessions(t.Context(), p.by)
		b.must(err)
		if len(open) != 1 || open[0].ID != p.by.Session {
			t.Errorf("%d sessions are open, not the one that froze alone", len(open))
		}
		_, err = b.customers.Unfreeze(t.Context(), p.by, "")
		b.want(err, auth.ErrStepUp)
		_, err = b.customers.Unfreeze(t.Context(), p.by, b.stepUp(p, customer.PurposeUnfreeze, auth.MethodPassword))
		b.want(err, auth.ErrStepUp)
		_, err = b.customers.Unfreeze(t.Context(), p.by, b.stepUp(p, customer.PurposeClose, auth.MethodPasswordAndCode))
		b.want(err, auth.ErrStepUp)
		b.want(b.blocked(p), customer.ErrFrozen)
		c, err := b.customers.Unfreeze(t.Context(), p.by, b.stepUp(p, customer.PurposeUnfreeze, auth.MethodPasswordAndCode))
		b.must(err)
		if c.State != customer.Active || b.blocked(p) != nil {
			t.Errorf("thawed: %+v, %v", c, b.blocked(p))
		}
		_, err = b.customers.Unfreeze(t.Context(), p.by, "")
		b.want(err, customer.ErrState)
	})
}

type bankAct func(context.Context, *db.Tx, act.By, act.Grant, customer.BankFreeze) (customer.Customer, error)

func TestAFreezeOfTheBankIsTheBanksToLift(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		staff := act.By{Kind: act.Staff, Actor: string(id.New[id.Staff](b.clock.Now())), Channel: act.Console, Branch: act.HeadOffice}
		forBank := func(do bankAct, by act.By, g act.Grant) (c customer.Customer, err error) {
			err = b.d.Write(t.Context(), func(tx *db.Tx) error {
				c, err = do(t.Context(), tx, by, g, customer.BankFreeze{Customer: p.id})
				return err
			})
			return c, err
		}
		_, err := forBank(b.customers.FreezeForBank, p.by.Because("me"), acttest.Granted{})
		b.want(err, customer.ErrStaff)
		_, err = forBank(b.customers.FreezeForBank, staff, acttest.Granted{})
		b.want(err, customer.ErrReason)
		staff = staff.Because("court order")
		_, err = forBank(b.customers.FreezeForBank, staff, nil)
		b.want(err, act.ErrNotApproved)
		_, err = forBank(b.customers.FreezeForBank, act.Job("risk").Because("fraud.pattern"), nil) // machinery need not wait
		b.must(err)
		_, err = forBank(b.customers.FreezeForBank, staff, acttest.Granted{})
		b.must(err)
		_, err = b.customers.Freeze(t.Context(), p.by) // does not weaken it
		b.must(err)
		b.want(b.blocked(p), customer.ErrFrozenByBank)
		_, err = b.customers.Unfreeze(t.Context(), p.by, b.stepUp(p, customer.PurposeUnfreeze, auth.MethodPasswordAndCode))
		b.want(err, customer.ErrFrozenByBank)
		_, err = forBank(b.customers.ThawForBank, act.Job("risk").Because("fraud.pattern"), nil)
		b.want(err, act.ErrNotApproved)
		c, err := forBank(b.customers.ThawForBank, staff, acttest.Granted{})
		b.must(err)
		if c.State != customer.Registered || b.blocked(p) != nil {
			t.Errorf("%+v", c)
		}
	})
}

func TestNobodyUnknownPays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		b.want(b.blocked(person{id: id.New[id.Customer](b.clock.Now())}), customer.ErrUnknown)
	})
}

// leave begins to close a customer.
func (b *bank) leave(p person) {
	b.t.Helper()
	c, err := b.customers.Close(b.t.Context(), p.by, b.stepUp(p, customer.PurposeClose, auth.MethodPasswordAndCode))
	b.must(err)
	if c.State != customer.Closing || !c.ClosesAt.After(b.clock.Now()) {
		b.t.Fatalf("%+v", c)
	}
	b.want(b.blocked(p), customer.ErrClosing)
}

// nights lets days pass, with what is done at night.
func (b *bank) nights(n int) {
	b.t.Helper()
	b.clock.Advance(time.Duration(n) * 24 * time.Hour)
	b.must(b.d.Write(b.t.Context(), func(tx *db.Tx) error {
		return b.jobs.Enqueue(b.t.Context(), tx, job.Request{Kind: "customer.keep_house"})
	}))
	b.must(b.jobs.Drain(b.t.Context()))
}

func TestLeavingWaitsAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.verify(p, "007")
		open := fault.New(fault.Rejected, "deposit.accounts_open")
		b.tie.bind(open)
		proof := b.stepUp(p, customer.PurposeClose, auth.MethodPasswordAndCode)
		_, err := b.customers.Close(t.Context(), p.by, proof)
		b.want(err, open)
		b.tie.bind(nil)
		_, err = b.customers.Close(t.Context(), p.by, "")
		b.want(err, auth.ErrStepUp)
		b.leave(p)
		_, err = b.customers.Stay(t.Context(), p.by)
		b.must(err)
		if b.blocked(p) != nil || b.profile(p).State != customer.Active {
			t.Error("who stays is blocked")
		}
		_, err = b.customers.Stay(t.Context(), p.by)
		b.want(err, customer.ErrState)
		b.leave(p)
		b.nights(3)
		if b.profile(p).State != customer.Closing {
			t.Error("closed before its time")
		}
		b.tie.bind(open) // money arrived meanwhile
		b.nights(5)
		if b.profile(p).State != customer.Active || !b.out.refusedWith("customer.leave", open.Code()) {
			t.Error("closed although bound again")
		}
	})
}

func TestWhoHasLeftIsRestrictedAndErasedWhenTheLawAllows(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.verify(p, "007")
		b.leave(p)
		b.nights(8)
		b.want(b.blocked(p), customer.ErrClosed)
		if b.out.published("customer.closed", p.id) != 1 || b.out.told(customer.TemplateClosed, p.id) != 1 {
			t.Error("nobody was told")
		}
		name, no := papers("007")
		b.read(func(tx *db.Tx) error {
			_, err := b.customers.NameOf(t.Context(), tx, p.id)
			b.want(err, customer.ErrUnknown)
			to, err := b.customers.Contact(t.Context(), tx, p.id)
			if to.Phone != "" {
				t.Error("who has left is written to")
			}
			all, err2 := b.customers.Find(t.Context(), tx, []id.Customer{p.id})
			if all[p.id].Name.Reveal() != name {
				t.Error("the law wants the name kept")
			}
			return errors.Join(err, err2)
		})
		for title, err := range map[string]error{
			"profile": second(b.customers.ChangeProfile(t.Context(), p.by, customer.ProfileChange{})),
			"verify":  second(b.customers.StartVerification(t.Context(), p.by, name, no)),
			"freeze":  second(b.customers.Freeze(t.Context(), p.by)),
			"export":  second(b.customers.RequestExport(t.Context(), p.by)),
			"consent": second(b.customers.Choose(t.Context(), p.by, agreements())),
		} {
			if !errors.Is(err, customer.ErrClosed) {
				t.Errorf("%s: %v", title, err)
			}
		}
		again := b.register(number(0)) // phone and ID number are free
		if v := b.verify(again, "007"); v.State != customer.Passed {
			t.Errorf("the same person comes back: %+v", v)
		}
		b.nights(9 * 366)
		b.read(func(tx *db.Tx) error {
			all, err := b.customers.Find(t.Context(), tx, []id.Customer{p.id})
			if all[p.id].Name.IsZero() {
				t.Error("erased before ten years are over")
			}
			return err
		})
		b.nights(366)
		b.read(func(tx *db.Tx) error {
			all, err := b.customers.Find(t.Context(), tx, []id.Customer{p.id, again.id})
			if !all[p.id].Name.IsZero() || all[p.id].IDNumber != "" || all[again.id].Name.Reveal() != name {
				t.Errorf("after ten years: %+v", all)
			}
			return err
		})
		if len(b.domain.erased) != 1 || b.domain.erased[0] != p.id {
			t.Errorf("the other domain erased %v", b.domain.erased)
		}
		err := b.d.Write(t.Context(), func(tx *db.Tx) error { return b.vault.Create(t.Context(), tx, string(p.id)) })
		if err == nil {
			t.Error("the key is still there")
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestAPersonGetsACopyOfEverything(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p, other := b.register(number(0)), b.register(number(1))
		b.verify(p, "007")
		name, no := papers("007")
		e, err := b.customers.RequestExport(t.Context(), p.by)
		b.must(err)
		same, err := b.customers.RequestExport(t.Context(), p.by)
		b.must(err)
		if same.ID != e.ID {
			t.Error("two copies are made")
		}
		b.work(0)
		if b.out.told(customer.TemplateExport, p.id) != 1 {
			t.Error("nobody was told")
		}
		_, err = b.customers.ExportFile(t.Context(), p.by, e.ID, "")
		b.want(err, auth.ErrStepUp)
		_, err = b.customers.ExportFile(t.Context(), other.by, e.ID, b.stepUp(other, customer.PurposeExport, auth.MethodPasswordAndCode))
		b.want(err, customer.ErrNoExport)
		file, err := b.customers.ExportFile(t.Context(), p.by, e.ID, b.stepUp(p, customer.PurposeExport, auth.MethodPasswordAndCode))
		b.must(err)
		own := unpack(t, file, "customer.json")
		var data struct {
			Name, IDNumber string
			Contacts       []string
			Consents       []struct{ Purpose string }
		}
		b.must(json.Unmarshal([]byte(own), &data))
		if data.Name != name || data.IDNumber != no || len(data.Contacts) != 1 || len(data.Consents) != 3 {
			t.Errorf("%+v", data)
		}
		if unpack(t, file, "deposit.json") != "{\n  \"account\": \"621 <&> 1\"\n}\n" {
			t.Error("the other domain's data are not there")
		}
		log, err := b.customers.AccessLog(t.Context(), p.by, "", 10)
		b.must(err)
		if len(log) != 1 || log[0].Purpose != customer.AccessExport || log[0].Kind != act.System {
			t.Errorf("access log %+v", log)
		}
		older, err := b.customers.AccessLog(t.Context(), p.by, log[0].ID, 10)
		b.must(err)
		if len(older) != 0 {
			t.Error("the log does not end")
		}
		b.nights(4)
		_, err = b.customers.ExportFile(t.Context(), p.by, e.ID, b.stepUp(p, customer.PurposeExport, auth.MethodPasswordAndCode))
		b.want(err, customer.ErrNoExport)
		all, err := b.customers.Exports(t.Context(), p.by)
		b.must(err)
		if len(all) != 1 || all[0].State != customer.ExportExpired {
			t.Errorf("%+v", all)
		}
	})
}

func unpack(t *testing.T, file []byte, name string) string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := r.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(content), `\u003c`) {
		t.Error("a person cannot read this")
	}
	return string(content)
}
