package auth_test

import (
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestContactsHaveOneNormalForm(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want, masked string }{
		"a Chinese mobile number":       {"13800138000", "+8613800138000", "+86 138****8000"},
		"with separators":               {" 138-0013 8000 ", "+8613800138000", "+86 138****8000"},
		"with the country code":         {"+86 138 0013 8000", "+8613800138000", "+86 138****8000"},
		"with the international prefix": {"0086 13800138000", "+8613800138000", "+86 138****8000"},
		"in full-width digits":          {"１３８００１３８０００", "+8613800138000", "+86 138****8000"},
		"a number of Hong Kong":         {"+852 5123 4567", "+85251234567", "+85****4567"},
		"a mail address":                {"Wang.Ming@Example.COM", "wang.ming@example.com", "w***g@example.com"},
		"a short one":                   {"li@example.com", "li@example.com", "l***@example.com"},
		"with an international domain":  {"li.wei@例子.中国", "li.wei@xn--fsqu00a.xn--fiqs8s", "l***i@xn--fsqu00a.xn--fiqs8s"},
		"composed and decomposed":       {"re\u0301my@example.com", "rémy@example.com", "r***y@example.com"},
	} {
		c, err := auth.ParseContact(tc.text)
		if err != nil || c.Value != tc.want || c.Masked() != tc.masked {
			t.Errorf("%s: %q is %q, masked %q, %v", name, tc.text, c.Value, c.Masked(), err)
		}
		if again, err := auth.ParseContact(c.Value); err != nil || again != c {
			t.Errorf("%s: the normal form reads as %v, %v", name, again, err)
		}
	}
}

func TestWhatIsNoContactIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "1", "1380013800", "138001380000", "99999999999", "+1", "abc", "13800138000x", "138\x000138000", "13800138000; DROP",
		"１３８", "-", "+", strings.Repeat("1", 1000), "‮13800138000", "13800138000\u200b",
		"@", "a@", "@b.com", "a@b", "a b@c.com", "a@b c.com", "a@b..com", "a@@b.com", "a@b.com\n", "a\x00@b.com", "<a@b.com>", "A <a@b.com>",
		"a@b.com,c@d.com", "\"a\"@b.com", "a@[127.0.0.1]", "a\u202e@b.com", "\xff@b.com", strings.Repeat("a", 250) + "@b.com", "a@-b.com",
	} {
		if text == "a@b.com\n" {
			continue // white space around is no mistake
		}
		if c, err := auth.ParseContact(text); err == nil {
			t.Errorf("%q is a contact: %v", text, c)
		} else if kind := fault.KindOf(err); kind != fault.Invalid {
			t.Errorf("%q gives %v", text, err)
		}
	}
}

func FuzzParseContact(f *testing.F) {
	for _, seed := range []string{"13800138000", "+852 5123 4567", "a@b.com", "李@例子.中国", "", "\xff", "+86", "@"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := auth.ParseContact(text)
		if err != nil {
			return
		}
		again, err := auth.ParseContact(c.Value)
		if err != nil || again != c {
			t.Errorf("%q reads as %q, which reads as %q, %v", text, c.Value, again.Value, err)
		}
		if c.Masked() == c.Value {
			t.Errorf("%q is not masked", c.Value)
		}
	})
}

func TestContactsAreSealedAndFoundByExactMatchAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		find := func(text string) (auth.Principal, bool) {
			var who auth.Principal
			var found bool
			b.must(b.d.Read(t.Context(), func(tx *db.Tx) error {
				var err error
				who, found, err = b.auth.Find(t.Context(), tx, auth.Contact{Kind: auth.Phone, Value: text})
				return err
			}))
			return who, found
		}
		if who, found := find(phone); !found || who != p.id {
			t.Errorf("found %s, %t", who, found)
		}
		for _, part := range []string{"", "+861380013800", "13800138000", "+86138001380000", "%"} {
			if who, found := find(part); found {
				t.Errorf("%q finds %s", part, who)
			}
		}
		b.must(b.d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Each(t.Context(), func(r db.Row) error {
				var blind, sealed []byte
				if err := r.Scan(&blind, &sealed); err != nil {
					return err
				}
				if strings.Contains(string(blind)+string(sealed), "138001380") {
					t.Error("the phone number can be read in the table")
				}
				return nil
			}, `SELECT blind, sealed FROM auth_identifier`)
		}))
	})
}

func TestContactsOutliveARotationOfTheIndexKey(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		old := b.ring.Keys(crypto.Index)[0].ID
		b.must(b.ring.Rotate(crypto.Index))
		in, err := b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.must(err)
		if in.Session == nil {
			t.Error("the customer is not found after a rotation")
		}
		// Nobody else can take the phone while its index is of the old generation.
		contact, err := auth.ParsePhone(phone)
		b.must(err)
		hashed, err := b.auth.HashPassword(t.Context(), password)
		b.must(err)
		err = b.d.Write(t.Context(), func(tx *db.Tx) error {
			who := id.New[id.Customer](tx.Now())
			if err := b.vault.Create(t.Context(), tx, string(who)); err != nil {
				return err
			}
			return b.auth.Enrol(t.Context(), tx, visitor(home), auth.Enrolment{Principal: auth.Principal(who), Contact: auth.Vouched(contact), Password: hashed})
		})
		b.want(err, auth.ErrContactTaken)

		n, err := b.auth.Reindex(t.Context())
		b.must(err)
		if n != 1 {
			t.Errorf("moved %d contacts", n)
		}
		b.must(b.ring.Retire(crypto.Index, old))
		in, err = b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.must(err)
		if in.Session == nil {
			t.Error("the customer is not found after the old generation was retired")
		}
	})
}
