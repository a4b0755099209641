package customer_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/blob"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/values/act"
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

func TestTheProviderRefusesAndSaysWhy(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		for i, tc := range []struct {
			serial string
			want   *fault.Error
			level  customer.Level
		}{
			{"980", customer.ErrNotVerified, customer.LevelNone},
			{"981", customer.ErrNumberDiffers, customer.LevelNone},
			{"986", customer.ErrDocumentDiffers, customer.LevelNumber},
			{"987", customer.ErrFaceDiffers, customer.LevelDocument},
		} {
			p := b.register(number(i))
			v := b.verify(p, tc.serial)
			if v.State != customer.Refused || v.Code != tc.want.Code() || v.Level != tc.level {
				t.Errorf("%s: %+v", tc.serial, v)
			}
			if !b.out.refusedWith("customer.verify", tc.want.Code()) || b.out.told(customer.TemplateRefused, p.id) != 1 {
				t.Errorf("%s: not recorded, or not told", tc.serial)
			}
		}
	})
}

func TestPicturesThatShowNothingAreRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		for i, tc := range []struct {
			front, back, face []byte
			want              *fault.Error
		}{
			{blank(), picture(back), picture(face), customer.ErrDocumentUnreadable},
			{picture(front), picture(front), picture(face), customer.ErrDocumentSides},
			{picture(front), picture(back), blank(), customer.ErrNoFace},
		} {
			p := b.register(number(i))
			name, _ := papers("007")
			_, err := b.customers.StartVerification(t.Context(), p.by, name, numbered("110101", "19900307", "00"+string(rune('1'+i))))
			b.must(err)
			_, err = b.customers.AddDocument(t.Context(), p.by, customer.Front, tc.front)
			b.must(err)
			_, err = b.customers.AddDocument(t.Context(), p.by, customer.Back, tc.back)
			b.must(err)
			_, err = b.customers.AddFace(t.Context(), p.by, tc.face)
			b.must(err)
			b.submit(p)
			b.work(0)
			if v := b.progress(p); v.State != customer.Refused || v.Code != tc.want.Code() {
				t.Errorf("%v: %+v", tc.want, v)
			}
		}
	})
}

func TestALateProviderIsAskedAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		late, reviewed := b.register(number(0)), b.register(number(1))
		if v := b.verify(late, "982"); v.State != customer.Submitted {
			t.Fatalf("late: %+v", v)
		}
		_, err := b.customers.SubmitVerification(t.Context(), late.by)
		b.want(err, customer.ErrUnderWay)
		if v := b.verify(reviewed, "983"); v.State != customer.ManualReview {
			t.Fatalf("reviewed: %+v", v)
		}
		if b.out.told(customer.TemplateReview, reviewed.id) != 1 {
			t.Error("the person is left in the dark")
		}
		b.work(time.Minute)
		for _, p := range []person{late, reviewed} {
			if v := b.progress(p); v.State != customer.Passed || v.Level != customer.LevelFace {
				t.Errorf("a minute later: %+v", v)
			}
		}
	})
}

func TestAFailingProviderIsAskedAgainAndThenAPersonLooks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		shaky, away := b.register(number(0)), b.register(number(1))
		b.verify(shaky, "985")
		b.verify(away, "989")
		for range 8 {
			b.work(10 * time.Minute)
		}
		if v := b.progress(shaky); v.State != customer.Passed {
			t.Errorf("it failed twice: %+v", v)
		}
		if v := b.progress(away); v.State != customer.ManualReview || v.Level != customer.LevelDocument {
			t.Errorf("it is away: %+v", v)
		}
		dead, err := b.jobs.Dead(t.Context(), "", 0)
		b.must(err)
		if len(dead) != 0 {
			t.Errorf("a job died of it: %+v", dead)
		}
		cases, err := b.customers.Cases(t.Context(), "", 0)
		b.must(err)
		if len(cases) != 1 || cases[0].Customer != away.id || cases[0].Step != customer.StepFace || cases[0].Reason != "customer.review_away" {
			t.Errorf("cases %+v", cases)
		}
	})
}

func TestStaffDecideWhatTheProviderDoesNot(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		good, bad := b.register(number(0)), b.register(number(1))
		b.verify(good, "984")
		name, _ := papers("007")
		_, err := b.customers.StartVerification(t.Context(), bad.by, name, numbered("110101", "19910307", "984"))
		b.must(err)
		b.submit(bad)
		b.work(0)
		cases, err := b.customers.Cases(t.Context(), "", 10)
		b.must(err)
		if len(cases) != 2 {
			t.Fatalf("cases %+v", cases)
		}
		staff := act.By{Kind: act.Staff, Actor: string(id.New[id.Staff](b.clock.Now())), Channel: act.Console, Branch: act.HeadOffice}
		b.want(b.customers.Decide(t.Context(), good.by.Because("I am it"), cases[0].ID, true), customer.ErrStaff)
		b.want(b.customers.Decide(t.Context(), staff, cases[0].ID, true), customer.ErrReason)
		staff = staff.Because("seen at the branch")
		b.must(b.customers.Decide(t.Context(), staff, b.progress(good).ID, true))
		b.must(b.customers.Decide(t.Context(), staff, b.progress(bad).ID, false))
		b.want(b.customers.Decide(t.Context(), staff, b.progress(bad).ID, true), customer.ErrCase)
		b.work(0)
		if v := b.progress(good); v.State != customer.Passed || v.Level != customer.LevelFace {
			t.Errorf("agreed: %+v", v)
		}
		if v := b.progress(bad); v.State != customer.Refused || v.Code != customer.ErrNotVerified.Code() {
			t.Errorf("refused: %+v", v)
		}
		log, err := b.customers.AccessLog(t.Context(), good.by, "", 0)
		b.must(err)
		if len(log) != 1 || log[0].Actor != staff.Actor || log[0].Kind != act.Staff || log[0].Purpose != customer.AccessReview {
			t.Errorf("the customer does not see who looked: %+v", log)
		}
	})
}

func TestOnePersonIsOneCustomer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		first, second := b.register(number(0)), b.register(number(1))
		b.collect(first, "007")
		b.collect(second, "007")
		// Both are asked about before either is answered.
		var gate sync.WaitGroup
		gate.Add(2)
		b.registrar.hold = func() { gate.Done(); gate.Wait() }
		b.submit(first)
		b.submit(second)
		b.work(0)
		winner, loser := first, second
		if b.progress(first).State != customer.Passed {
			winner, loser = second, first
		}
		if v := b.progress(winner); v.State != customer.Passed || v.Level != customer.LevelFace {
			t.Errorf("the winner: %+v", v)
		}
		v := b.progress(loser)
		if v.State != customer.Refused || v.Level != customer.LevelNone || v.Code != customer.ErrNotVerified.Code() {
			t.Errorf("the loser learns: %+v", v)
		}
		if !b.out.refusedWith("customer.verify", customer.ErrIdentityTaken.Code()) {
			t.Error("the audit log does not hold the truth")
		}
		if me := b.profile(loser); me.IDNumber != "" || !me.Name.IsZero() {
			t.Error("the loser has the identity")
		}
	})
}

func TestTheAttemptsOfADayAreCounted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p, other := b.register(number(0)), b.register(number(1))
		name, no := papers("981")
		try := func(p person) error {
			b.clock.Advance(time.Minute)
			_, err := b.customers.StartVerification(t.Context(), p.by, name, no)
			b.must(err)
			_, err = b.customers.SubmitVerification(t.Context(), p.by)
			b.work(0)
			return err
		}
		for range 5 {
			b.must(try(p))
		}
		b.want(try(p), customer.ErrAttempts)
		b.want(try(other), customer.ErrAttempts) // one number cannot be guessed at through many customers
		if !b.out.refusedWith("customer.submit_verification", customer.ErrAttempts.Code()) {
			t.Error("the refusal is not recorded")
		}
		b.clock.Advance(24 * time.Hour)
		b.must(try(p))
	})
}

func TestAQuestionIsAnsweredOnceHoweverOftenTheJobRuns(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(number(0))
		b.collect(p, "007")
		b.submit(p)
		again := b.progress(p).ID
		for range 3 {
			b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
				return b.jobs.Enqueue(t.Context(), tx, verifyAgain(again))
			}))
		}
		b.work(0)
		if b.out.published("customer.verified", p.id) != 3 || b.out.told(customer.TemplateVerified, p.id) != 1 {
			t.Error("an answer counted twice")
		}
		asked := b.registrar.times()
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			return b.jobs.Enqueue(t.Context(), tx, verifyAgain(again))
		}))
		b.work(0)
		if b.registrar.times() != asked {
			t.Error("a decided verification is asked about")
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

// silent never answers.
type silent struct{ customer.Provider }

func (silent) CheckIdentity(context.Context, customer.Question) (customer.Answer, error) {
	return customer.Answer{Verdict: customer.Later, After: 6 * time.Hour}, nil
}

func TestAProviderThatNeverAnswersBecomesACase(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		b.registrar.Provider = silent{b.registrar.Provider}
		p := b.register(number(0))
		b.verify(p, "007")
		for range 50 { // it is asked at least once an hour, whatever it says
			b.work(time.Hour)
		}
		if v := b.progress(p); v.State != customer.ManualReview {
			t.Errorf("after two days: %+v", v)
		}
		if n := b.registrar.times(); n < 48 || n > 51 {
			t.Errorf("asked %d times", n)
		}
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
