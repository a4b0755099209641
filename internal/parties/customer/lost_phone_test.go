package customer_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
)

// lost is a person's way back without phone and device: everything is right unless a test changes it.
func (b *bank) lost(serial, newPhone string, changes ...func(*customer.PhoneReplacement)) error {
	b.t.Helper()
	by, c := visitor(), device()
	name, no := papers(serial)
	r := customer.PhoneReplacement{
		Code: b.code(by, c, auth.CodeLostPhone, newPhone), Name: name, IDNumber: no,
		Front: picture(front), Back: picture(back), Face: picture(face),
	}
	for _, change := range changes {
		change(&r)
	}
	return b.customers.ReplacePhone(b.t.Context(), by, c, r)
}

func (b *bank) phoneOf(p person) string {
	b.t.Helper()
	var phone string
	b.read(func(tx *db.Tx) error {
		all, err := b.auth.Contacts(b.t.Context(), tx, auth.Principal(p.id))
		for _, c := range all {
			if c.Kind == auth.Phone {
				phone = c.Value
			}
		}
		return err
	})
	return phone
}

func TestWhoHasLostThePhoneGetsANewOneByDocumentAndFace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.verify(p, "007")
		kept := b.pictures(p)
		b.must(b.lost("007", number(1)))
		if got := b.phoneOf(p); got != number(1) {
			t.Fatalf("the phone is %s", got)
		}
		if b.pictures(p) != kept {
			t.Error("pictures of the attempt are kept")
		}
		if b.out.told("auth.phone_changed", p.id) != 1 {
			t.Error("the old contacts were not told")
		}
		last := b.out.notices[len(b.out.notices)-1]
		if last.Contact == nil || last.Contact.Phone != number(0) {
			t.Errorf("told at %+v", last.Contact)
		}
		if _, err := b.auth.Authenticate(t.Context(), auth.App, p.client.Device); err == nil {
			t.Error("a session lives on")
		}
		b.read(func(tx *db.Tx) error {
			until, err := b.auth.ReducedUntil(t.Context(), tx, []auth.Principal{auth.Principal(p.id)})
			if got := until[auth.Principal(p.id)].Sub(b.clock.Now()); got != 24*time.Hour {
				t.Errorf("limits are reduced for %s", got)
			}
			return err
		})
		in, err := b.auth.SignInByPassword(t.Context(), visitor(), p.client, number(1), password)
		b.must(err)
		if in.Session != nil {
			t.Error("the lost device still opens with the password alone")
		}
	})
}

func TestAStrangerWhoLostAPhoneLearnsNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.verify(p, "007")
		noFace := b.register(number(2))
		b.verify(noFace, "008")
		_, err := b.customers.Choose(t.Context(), noFace.by, []customer.Choice{{Purpose: customer.Biometrics}})
		b.must(err)
		other := func(r *customer.PhoneReplacement) { r.Name = "李四" }
		anotherFace := func(r *customer.PhoneReplacement) { r.Face = picture(9) }
		oneSide := func(r *customer.PhoneReplacement) { r.Back = r.Front }
		wall := func(r *customer.PhoneReplacement) { r.Face = blank() }
		for title, err := range map[string]error{
			"nobody":        b.lost("011", number(10)),
			"another name":  b.lost("007", number(11), other),
			"another face":  b.lost("007", number(12), anotherFace),
			"one side":      b.lost("007", number(13), oneSide),
			"a wall":        b.lost("011", number(14), wall),
			"a face erased": b.lost("008", number(15)),
		} {
			if !errors.Is(err, customer.ErrNotReverified) {
				t.Errorf("%s: %v", title, err)
			}
		}
		if b.phoneOf(p) != number(0) || b.out.told("auth.phone_changed", p.id) != 0 {
			t.Error("something has changed")
		}
		b.must(b.lost("007", number(16))) // the person himself has lost none of his attempts
	})
}

func TestTheSameIsAskedAboutEverybody(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.verify(p, "007")
		asked := func(serial string, n int, changes ...func(*customer.PhoneReplacement)) (documents, faces int) {
			d, f := b.registrar.pictures()
			b.want(b.lost(serial, number(n), changes...), customer.ErrNotReverified)
			d2, f2 := b.registrar.pictures()
			return d2 - d, f2 - f
		}
		for title, changes := range map[string][]func(*customer.PhoneReplacement){
			"right papers of another name": {func(r *customer.PhoneReplacement) { r.Name = "李四" }},
			"a wrong face":                 {func(r *customer.PhoneReplacement) { r.Face = picture(9) }},
		} {
			d, f := asked("007", 20+len(title), changes...)
			d2, f2 := asked("012", 50+len(title), changes...)
			if d != d2 || f != f2 || d != 1 || f != 1 {
				t.Errorf("%s: %d documents and %d faces asked of a customer, %d and %d of nobody", title, d, f, d2, f2)
			}
		}
	})
}

func TestAttemptsOfStrangersAreCountedForCustomersAndNobodyAlike(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.verify(p, "007")
		wrong := func(r *customer.PhoneReplacement) { r.Name = "李四" }
		for n, serial := range []string{"007", "013"} {
			for i := range 5 {
				b.want(b.lost(serial, number(10+10*n+i), wrong), customer.ErrNotReverified)
			}
			err := b.lost(serial, number(16+10*n), wrong)
			b.want(err, auth.ErrStrangerTries)
			if f, ok := fault.From(err); !ok || f.RetryAfter() <= 0 {
				t.Errorf("%s: no wait is told: %v", serial, err)
			}
		}
		name, no := papers("007")
		b.must(b.reset(p.phone, name, no, picture(face))) // whoever has the phone is not in their way
		b.clock.Advance(25 * time.Hour)
		b.must(b.lost("007", number(40)))
	})
}

func TestTheCodeOfALostPhoneChangesThePhoneAndNothingElse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.verify(p, "007")
		by, c := visitor(), device()
		name, no := papers("007")
		code := b.code(by, c, auth.CodeLostPhone, number(1))
		verified, err := b.auth.CheckCode(t.Context(), by, code)
		b.must(err)
		again, err := b.customers.Reverify(t.Context(), by, customer.Reverification{Code: verified, Name: name, IDNumber: no, Face: picture(face)})
		b.must(err)
		b.want(b.auth.ChangePassword(t.Context(), by, c, auth.Evidence{Reverified: again}, "another horse 8 staple"), auth.ErrReverified)
		b.want(b.auth.ReplaceLostPhone(t.Context(), p.by, c, again), auth.ErrReverified) // inside a session there is another way
		b.must(b.auth.ReplaceLostPhone(t.Context(), by, c, again))
		b.want(b.auth.ReplaceLostPhone(t.Context(), by, c, again), auth.ErrCodeUsed)
		_, err = b.auth.SendCode(t.Context(), by, c, auth.CodeRequest{Purpose: auth.CodeLostPhone, Contact: "li@example.org"})
		b.want(err, auth.ErrPhone)
	})
}

func TestAPhoneThatIsSomebodysGetsNoCodeAndTheSameAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p, other := b.register(number(0)), b.register(number(1))
		b.verify(p, "007")
		answer := b.code(visitor(), device(), auth.CodeLostPhone, other.phone)
		if answer.Code != "" {
			t.Error("a code went to another customer's phone")
		}
		err := b.lost("007", other.phone, func(r *customer.PhoneReplacement) { r.Code.Code = "123456" })
		b.want(err, auth.ErrCodeWrong)
	})
}
