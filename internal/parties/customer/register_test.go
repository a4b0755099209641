package customer_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestAPersonRegistersByPhoneAndByMail(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		for _, contact := range []string{number(0), "wang@example.com"} {
			p := b.register(contact)
			me := b.profile(p)
			if me.State != customer.Registered || me.Level != customer.LevelNone || me.Locale != i18n.ZhHans || me.HomeBranch != "0001" {
				t.Errorf("%s: %+v", contact, me.Customer)
			}
			if len(me.Contacts) != 1 || me.Contacts[0].Value != contact || me.Contacts[0].Masked() == contact {
				t.Errorf("contacts %v", me.Contacts)
			}
			if b.out.published("customer.registered", p.id) != 1 || b.out.told(customer.TemplateWelcome, p.id) != 1 {
				t.Error("nobody was told")
			}
			if b.blocked(p) != nil {
				t.Error("a new customer is blocked")
			}
		}
	})
}

func TestNobodyRegistersWithoutCodeOrNecessaryConsents(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		by, c := visitor(), device()
		code := b.code(by, c, auth.CodeRegister, number(0))
		wrong := code
		wrong.Code = "000000"
		if code.Code == wrong.Code {
			wrong.Code = "000001"
		}
		for name, tc := range map[string]struct {
			r    customer.Registration
			want error
		}{
			"no consent":      {customer.Registration{Code: code, Password: password}, customer.ErrConsentMissing},
			"half of them":    {customer.Registration{Code: code, Password: password, Consents: agreements()[:1]}, customer.ErrConsentMissing},
			"an old text":     {customer.Registration{Code: code, Password: password, Consents: []customer.Choice{{customer.Terms, 0, true}, {customer.Privacy, 1, true}}}, customer.ErrConsentVersion},
			"a strange one":   {customer.Registration{Code: code, Password: password, Consents: agreements("cookies")}, customer.ErrPurpose},
			"one of them no":  {customer.Registration{Code: code, Password: password, Consents: append(agreements(), customer.Choice{customer.Terms, 1, false})}, customer.ErrPurpose},
			"a wrong code":    {customer.Registration{Code: wrong, Password: password, Consents: agreements()}, auth.ErrCodeWrong},
			"a weak password": {customer.Registration{Code: code, Password: "12345678", Consents: agreements()}, auth.ErrPasswordSimple},
		} {
			if _, err := b.customers.Register(t.Context(), by, c, tc.r); !errors.Is(err, tc.want) {
				t.Errorf("%s: %v, want %v", name, err, tc.want)
			}
		}
		if _, err := b.customers.Register(t.Context(), by, c, customer.Registration{Code: code, Password: password, Consents: agreements()}); err != nil {
			t.Errorf("the code did not survive the refusals: %v", err)
		}
	})
}

func TestANumberRegistersOnceEvenWhenTwoTry(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		by := visitor()
		const tries = 3 // more, and the first code is too old
		rs := make([]customer.Registration, tries)
		for i := range rs {
			rs[i] = customer.Registration{Code: b.code(by, device(), auth.CodeRegister, number(0)), Password: password, Consents: agreements()}
		}
		errs := make([]error, tries)
		var all sync.WaitGroup
		for i, r := range rs {
			all.Go(func() { _, errs[i] = b.customers.Register(t.Context(), by, device(), r) })
		}
		all.Wait()
		done := 0
		for _, err := range errs {
			switch {
			case err == nil:
				done++
			case !errors.Is(err, auth.ErrContactTaken):
				t.Errorf("refused with %v", err)
			}
		}
		if done != 1 {
			t.Errorf("%d customers have one number", done)
		}
	})
}

func TestAskingForACodeTellsNobodyWhoIsACustomer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		b.register(number(0))
		by, c := visitor(), device()
		taken := b.code(by, c, auth.CodeRegister, number(0))
		if taken.Challenge == "" {
			t.Error("the answer for a taken number is not like any other")
		}
		taken.Code = "123456" // whoever does not hold the phone
		if _, err := b.customers.Register(t.Context(), by, c, customer.Registration{Code: taken, Password: password, Consents: agreements()}); !errors.Is(err, auth.ErrCodeWrong) {
			t.Errorf("a stranger learns: %v", err)
		}
	})
}

func TestStaffAndDemoAdmitWhoseContactTheyChecked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		contact, err := auth.ParsePhone(number(7))
		b.must(err)
		hashed, err := b.auth.HashPassword(t.Context(), password, contact.Value)
		b.must(err)
		a := customer.Admission{Contact: auth.Vouched(contact), Password: hashed, Consents: agreements(), Locale: i18n.En, HomeBranch: "0002"}
		c, err := b.customers.Admit(t.Context(), visitor(), a)
		b.must(err)
		if c.Locale != i18n.En || c.HomeBranch != "0002" {
			t.Errorf("%+v", c)
		}
		_, err = b.customers.Admit(t.Context(), visitor(), a)
		b.want(err, auth.ErrContactTaken)
	})
}

func TestAProfileChangesAndRefusesWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		nickname, english := "  小明👨‍👩‍👧 ", i18n.En
		me, err := b.customers.ChangeProfile(t.Context(), p.by, customer.ProfileChange{Nickname: &nickname, Locale: &english})
		b.must(err)
		if me.Nickname != "小明👨‍👩‍👧" || me.Locale != i18n.En {
			t.Errorf("%+v", me.Customer)
		}
		for name, bad := range map[string]string{
			"too long": strings.Repeat("明", 21), "a tab": "a\tb", "a direction": "a\u202eb", "zero width": "a\u200bb", "private": "\ue000",
			"bad UTF-8": "\xff", "a heap of accents": "a" + strings.Repeat("\u0301", 9), "replacement": "\ufffd", "a line": "a\u2028b",
		} {
			if _, err := b.customers.ChangeProfile(t.Context(), p.by, customer.ProfileChange{Nickname: &bad}); !errors.Is(err, customer.ErrNickname) {
				t.Errorf("%s: %v", name, err)
			}
		}
		unknown := i18n.Locale("tlh")
		_, err = b.customers.ChangeProfile(t.Context(), p.by, customer.ProfileChange{Locale: &unknown})
		b.want(err, customer.ErrLocale)
		none := ""
		me, err = b.customers.ChangeProfile(t.Context(), p.by, customer.ProfileChange{Nickname: &none})
		b.must(err)
		if me.Nickname != "" {
			t.Error("the nickname stays")
		}
	})
}

func TestConsentsAreGivenTakenBackAndRemembered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		agreed := func(purpose customer.Purpose) (yes bool) {
			b.read(func(tx *db.Tx) error {
				var err error
				yes, err = b.customers.Agreed(t.Context(), tx, p.id, purpose)
				return err
			})
			return yes
		}
		if agreed(customer.Marketing) || !agreed(customer.Terms) || !agreed(customer.Biometrics) {
			t.Error("what was said at registration does not stand")
		}
		give := []customer.Choice{{customer.Marketing, 1, true}}
		for range 2 { // the second time changes nothing
			_, err := b.customers.Choose(t.Context(), p.by, give)
			b.must(err)
		}
		if !agreed(customer.Marketing) {
			t.Error("given, and not kept")
		}
		after, err := b.customers.Choose(t.Context(), p.by, []customer.Choice{{Purpose: customer.Marketing}})
		b.must(err)
		if agreed(customer.Marketing) || len(after) != len(customer.ConsentTexts()) {
			t.Error("taken back, and still standing")
		}
		history, err := b.customers.ConsentHistory(t.Context(), p.by, 0, 2)
		b.must(err)
		if len(history) != 2 || history[0].Given || !history[1].Given || history[0].Purpose != customer.Marketing {
			t.Errorf("history %+v", history)
		}
		rest, err := b.customers.ConsentHistory(t.Context(), p.by, history[1].Number, 10)
		b.must(err)
		if len(rest) != 3 {
			t.Errorf("%d older lines", len(rest))
		}
		if n := b.out.published("customer.consent_changed", p.id); n != 5 {
			t.Errorf("%d facts about consents", n)
		}
		for want, bad := range map[error]customer.Choice{
			customer.ErrConsentNecessary: {Purpose: customer.Privacy},
			customer.ErrConsentVersion:   {customer.Marketing, 2, true},
			customer.ErrPurpose:          {"cookies", 1, true},
		} {
			_, err := b.customers.Choose(t.Context(), p.by, []customer.Choice{bad})
			b.want(err, want)
		}
	})
}

func TestTheHistoryOfConsentsCannotBeRewritten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		b.register(number(0))
		for _, q := range []string{`UPDATE customer_consent SET given = false`, `DELETE FROM customer_consent`} {
			err := b.d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), q)
				return err
			})
			if !db.IsAppendOnly(err) {
				t.Errorf("%s: %v", q, err)
			}
		}
	})
}

func TestMessagesGoToTheContactsInTheChosenLanguage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.read(func(tx *db.Tx) error {
			to, err := b.customers.Contact(t.Context(), tx, p.id)
			if to.Phone != number(0) || to.Email != "" || to.Locale != i18n.ZhHans {
				t.Errorf("%+v", to)
			}
			if _, err := b.customers.Contact(t.Context(), tx, id.New[id.Customer](b.clock.Now())); !errors.Is(err, customer.ErrUnknown) {
				t.Errorf("unknown: %v", err)
			}
			return err
		})
	})
}
