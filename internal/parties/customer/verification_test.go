package customer_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestAPersonIsVerifiedByNumberDocumentAndFace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		if v := b.progress(p); v.State != customer.NotStarted || v.AttemptsLeft != 5 {
			t.Fatalf("before: %+v", v)
		}
		v := b.verify(p, "007")
		if v.State != customer.Passed || v.Level != customer.LevelFace || v.Code != "" || v.AttemptsLeft != 4 || v.DecidedAt.IsZero() {
			t.Fatalf("after: %+v", v)
		}
		name, _ := papers("007")
		me := b.profile(p)
		if me.State != customer.Active || me.Name.Reveal() != name || me.Birth != date(t, "1990-03-07") || strings.Contains(me.IDNumber, "1990") {
			t.Errorf("%+v", me.Customer)
		}
		if b.out.published("customer.verified", p.id) != 3 || b.out.told(customer.TemplateVerified, p.id) != 1 {
			t.Error("nobody was told, or too often")
		}
		b.read(func(tx *db.Tx) error {
			known, err := b.customers.NameOf(t.Context(), tx, p.id)
			if known.Reveal() != name || known.Masked() != "王*明" {
				t.Errorf("name %v", known)
			}
			return err
		})
		_, err := b.customers.StartVerification(t.Context(), p.by, name, numbered("110101", "19900307", "007"))
		b.want(err, customer.ErrVerified)
	})
}

func TestLessThanEverythingLeadsToALowerLevel(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		name, no := papers("007")
		_, err := b.customers.StartVerification(t.Context(), p.by, name, no)
		b.must(err)
		b.submit(p)
		b.work(0)
		if v := b.progress(p); v.State != customer.Passed || v.Level != customer.LevelNumber {
			t.Fatalf("name and number: %+v", v)
		}
		_, err = b.customers.StartVerification(t.Context(), p.by, "李四", no)
		b.want(err, customer.ErrIdentityFixed)
		_, err = b.customers.StartVerification(t.Context(), p.by, name, numbered("110101", "19900307", "009"))
		b.want(err, customer.ErrIdentityFixed)
		_, err = b.customers.StartVerification(t.Context(), p.by, name, no)
		b.must(err)
		_, err = b.customers.SubmitVerification(t.Context(), p.by)
		b.want(err, customer.ErrStep) // nothing new
		for _, side := range []customer.Side{customer.Back, customer.Front} {
			_, err = b.customers.AddDocument(t.Context(), p.by, side, picture(len(side)))
			b.must(err)
		}
		b.submit(p)
		b.work(0)
		if v := b.progress(p); v.State != customer.Passed || v.Level != customer.LevelDocument {
			t.Fatalf("with the document: %+v", v)
		}
	})
}

func TestTheWizardKeepsItsOrderAndItsPictures(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		_, err := b.customers.AddDocument(t.Context(), p.by, customer.Front, picture(front))
		b.want(err, customer.ErrNoVerification)
		_, err = b.customers.SubmitVerification(t.Context(), p.by)
		b.want(err, customer.ErrNoVerification)
		name, no := papers("007")
		_, err = b.customers.StartVerification(t.Context(), p.by, name, no)
		b.must(err)
		_, err = b.customers.AddFace(t.Context(), p.by, picture(face))
		b.want(err, customer.ErrStep)
		_, err = b.customers.AddDocument(t.Context(), p.by, "edge", picture(front))
		b.want(err, customer.ErrSide)
		for want, bad := range map[error][]byte{
			blob.ErrEmpty: nil, blob.ErrContentType: []byte("<svg/>"), blob.ErrImage: picture(front)[:40], blob.ErrTooLarge: make([]byte, blob.UploadMax+1),
		} {
			_, err = b.customers.AddDocument(t.Context(), p.by, customer.Front, bad)
			b.want(err, want)
			if f, _ := fault.From(err); len(f.Fields()) != 1 || f.Fields()[0].Pointer != "/image" {
				t.Errorf("%v points at %v", err, f.Fields())
			}
		}
		for i := range 20 { // each replaces the one before
			_, err = b.customers.AddDocument(t.Context(), p.by, customer.Front, picture(i+1))
			b.must(err)
		}
		_, err = b.customers.AddDocument(t.Context(), p.by, customer.Front, picture(front))
		b.want(err, customer.ErrPictures)
		if n := b.pictures(p); n != 1 {
			t.Errorf("%d pictures are kept of one side", n)
		}
		_, err = b.customers.StartVerification(t.Context(), p.by, name, no)
		b.must(err)
		if v := b.progress(p); v.HasFront || b.pictures(p) != 0 {
			t.Error("a new beginning keeps old pictures")
		}
		b.clock.Advance(25 * time.Hour)
		if v := b.progress(p); v.State != customer.NotStarted {
			t.Errorf("a day later: %s", v.State)
		}
		_, err = b.customers.SubmitVerification(t.Context(), p.by)
		b.want(err, customer.ErrNoVerification)
	})
}

// verifyAgain is a second job for a verification, as after a node that died.
func verifyAgain(v id.Verification) job.Request {
	return job.Request{Kind: "customer.verify", Payload: map[string]id.Verification{"verification": v}}
}

// pictures counts what is kept of a person.
func (b *bank) pictures(p person) int {
	b.t.Helper()
	n := 0
	b.read(func(tx *db.Tx) error {
		all, err := b.blobs.List(b.t.Context(), tx, string(p.id), "", 0)
		n = len(all)
		return err
	})
	return n
}

func TestAFaceNeedsItsOwnConsent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		withdraw := []customer.Choice{{Purpose: customer.Biometrics}}
		give := []customer.Choice{{Purpose: customer.Biometrics, Version: 1, Given: true}}
		_, err := b.customers.Choose(t.Context(), p.by, withdraw)
		b.must(err)
		name, no := papers("007")
		_, err = b.customers.StartVerification(t.Context(), p.by, name, no)
		b.must(err)
		for _, side := range []customer.Side{customer.Front, customer.Back} {
			_, err = b.customers.AddDocument(t.Context(), p.by, side, picture(len(side)))
			b.must(err)
		}
		_, err = b.customers.AddFace(t.Context(), p.by, picture(face))
		b.want(err, customer.ErrConsentMissing)
		_, err = b.customers.Choose(t.Context(), p.by, give)
		b.must(err)
		_, err = b.customers.AddFace(t.Context(), p.by, picture(face))
		b.must(err)
		b.submit(p)
		b.work(0)
		kept := b.pictures(p)
		_, err = b.customers.Choose(t.Context(), p.by, withdraw)
		b.must(err)
		if n := b.pictures(p); kept != 3 || n != 2 {
			t.Errorf("%d pictures before the consent was taken back, %d after", kept, n)
		}
		if me := b.profile(p); me.Level != customer.LevelFace {
			t.Error("what was done before is undone")
		}
		_, err = b.customers.Choose(t.Context(), p.by, give)
		b.must(err)
		b.clock.Advance(time.Hour)
		if v := b.verify(p, "007"); v.State != customer.Passed {
			t.Errorf("the face is shown again: %+v", v)
		}
	})
}

func TestBadNamesNumbersAndAgesAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		good, no := papers("007")
		for title, tc := range map[string]struct {
			name, number, pointer string
			want                  error
		}{
			"no name":        {"", no, "/name", customer.ErrName},
			"a script":       {"<script>", no, "/name", customer.ErrName},
			"a typing error": {good, no[:17] + "1", "/idNumber", customer.ErrIDNumberCheck},
			"fifteen digits": {good, "110101900307007", "/idNumber", customer.ErrIDNumberOld},
			"no division":    {good, numbered("990101", "19900307", "007"), "/idNumber", customer.ErrIDNumberDivision},
			"tomorrow":       {good, numbered("110101", "20261123", "007"), "/idNumber", customer.ErrIDNumberBirth},
			"thirteen years": {good, numbered("110101", "20121122", "007"), "", customer.ErrChild},
			"fourteen years": {good, numbered("110101", "20121121", "007"), "", customer.ErrGuardian},
			"fifteen years":  {good, numbered("110101", "20101122", "007"), "", customer.ErrGuardian},
			"sixteen years":  {good, numbered("110101", "20101121", "007"), "", nil},
		} {
			_, err := b.customers.StartVerification(t.Context(), p.by, tc.name, tc.number)
			if !errors.Is(err, tc.want) {
				t.Errorf("%s: %v, want %v", title, err, tc.want)
			}
			if f, ok := fault.From(err); ok && tc.pointer != "" && (len(f.Fields()) != 1 || f.Fields()[0].Pointer != tc.pointer) {
				t.Errorf("%s points at %v", title, f.Fields())
			}
		}
	})
}

func TestNothingPersonalStandsInClearInTheDatabase(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		nickname := "小明同学"
		_, err := b.customers.ChangeProfile(t.Context(), p.by, customer.ProfileChange{Nickname: &nickname})
		b.must(err)
		b.verify(p, "007")
		name, no := papers("007")
		b.read(func(tx *db.Tx) error {
			for _, q := range []string{
				`SELECT nickname FROM customer_person`, `SELECT name FROM customer_person`, `SELECT id_number FROM customer_person`,
				`SELECT name_index FROM customer_person`, `SELECT name FROM customer_verification`,
				`SELECT id_number FROM customer_verification`, `SELECT id_index FROM customer_identity`,
			} {
				stored, err := db.One(t.Context(), tx, db.Value[[]byte], q)
				if err != nil || len(stored) == 0 {
					t.Errorf("%s: %v", q, err)
				}
				for _, secret := range []string{nickname, name, no} {
					if strings.Contains(string(stored), secret) {
						t.Errorf("%s can be read", q)
					}
				}
			}
			return nil
		})
	})
}

func TestAnIDNumberStaysTakenWhileIndexKeysRotate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		first, second := b.register(number(0)), b.register(number(1))
		b.verify(first, "007")
		b.must(b.ring.Rotate(crypto.Index))
		if v := b.verify(second, "007"); v.State != customer.Refused {
			t.Errorf("between two keys: %+v", v)
		}
		moved, err := b.customers.Reindex(t.Context())
		b.must(err)
		if moved != 1 {
			t.Errorf("%d customers were moved", moved)
		}
		b.clock.Advance(time.Minute)
		if v := b.verify(second, "007"); v.State != customer.Refused {
			t.Errorf("under the new key: %+v", v)
		}
		if v := b.progress(first); v.State != customer.Passed {
			t.Errorf("the first: %+v", v)
		}
	})
}
