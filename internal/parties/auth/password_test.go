package auth_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"golang.org/x/crypto/argon2"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestPasswordsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := newBank(t, "sqlite:"+t.TempDir()+"/bank.db")
	for text, want := range map[string]*fault.Error{
		"":                         auth.ErrPasswordShort,
		"Ab1!xyz":                  auth.ErrPasswordShort,
		strings.Repeat("aB3$", 33): auth.ErrPasswordLong,
		"tab\tinside 1234":         auth.ErrPasswordText,
		"broken \xff utf-8":        auth.ErrPasswordText,
		"a123456789":               auth.ErrPasswordCommon,
		"A123456789":               auth.ErrPasswordCommon,
		"Password1!":               auth.ErrPasswordCommon,
		"P@ssw0rd2026":             auth.ErrPasswordCommon,
		"iloveyou1314":             auth.ErrPasswordCommon,
		"woaini520520":             auth.ErrPasswordCommon,
		"1qaz2wsx3edc":             auth.ErrPasswordCommon,
		"!!dragon!!":               auth.ErrPasswordCommon,
		"ｐａｓｓｗｏｒｄ１２":               auth.ErrPasswordCommon, // full-width letters are the same letters
		"83947261":                 auth.ErrPasswordSimple, // digits alone
		"kjhuwqpzmx":               auth.ErrPasswordSimple, // small letters alone
		"aaaa1111aaaa":             auth.ErrPasswordSimple,
		"uvwxyz45678":              auth.ErrPasswordSimple,
		"my13800138000!":           auth.ErrPasswordPersonal,
		"+8613800138000x":          auth.ErrPasswordPersonal,
		"Wang.Ming is my name 1":   auth.ErrPasswordPersonal,
	} {
		_, err := b.auth.HashPassword(t.Context(), crypto.Secret(text), phone, "wang.ming@example.com")
		if fault.CodeOf(err) != want.Code() {
			t.Errorf("%q gives %v, want %v", text, err, want)
		}
	}
	for _, text := range []string{password, newPassword, "kx7-Qm2p", "床前明月光疑是地上霜7", "correcthorsebatterystaple", "xK#9vq!Lw2"} {
		if _, err := b.auth.HashPassword(t.Context(), crypto.Secret(text), phone, "wang.ming@example.com", "a"); err != nil {
			t.Errorf("%q is refused: %v", text, err)
		}
	}
}

func TestAPasswordIsTheSameOnEveryKeyboard(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		by, client := visitor(home), app(auth.NewDeviceToken())
		hashed, err := b.auth.HashPassword(t.Context(), "caf\u00e9 Ⅳ １２３ horse")
		b.must(err)
		contact, err := auth.ParseEmail("Staff@bank.example")
		b.must(err)
		who := id.New[id.Staff](b.clock.Now())
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			return b.auth.Enrol(t.Context(), tx, act.Job("setup"), auth.Enrolment{Principal: auth.Principal(who), Contact: auth.Vouched(contact), Password: hashed})
		}))
		client.Audience = auth.Console
		// The password is right in either writing; without a second factor it opens nothing all the same.
		_, err = b.auth.SignInByPassword(t.Context(), by, client, "staff@BANK.example", "cafe\u0301 IV 123 horse")
		b.want(err, auth.ErrNoSecondFactor)
		_, err = b.auth.SignInByPassword(t.Context(), by, client, "staff@bank.example", "cafe IV 123 horse")
		b.want(err, auth.ErrWrong)
	})
}

func TestAPasswordUnderOldParametersIsHashedAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		p := b.register(phone)
		read := func() (phc string) {
			b.must(b.d.Read(t.Context(), func(tx *db.Tx) error {
				var err error
				phc, err = db.One(t.Context(), tx, db.Value[string], `SELECT password FROM auth_principal WHERE id = $1`, p.id)
				return err
			}))
			return phc
		}
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE auth_principal SET password = $2 WHERE id = $1`, p.id, oldHash(password))
			return err
		}))
		_, err := b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.must(err)
		if phc := read(); !strings.Contains(phc, "m=19456,t=2,p=1") {
			t.Errorf("the password still stands as %.40s", phc)
		}
		_, err = b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
		b.must(err)
	})
}

// oldHash is a password under parameters of the past.
func oldHash(text string) string {
	const memoryKiB, passes, lanes, size = 8192, 1, 1, 32
	salt := crypto.Random(16)
	sum := argon2.IDKey([]byte(text), salt, passes, memoryKiB, lanes, size)
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", memoryKiB, passes, lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum))
}

func TestACrowdOfPasswordsIsRefusedWithoutCountingAgainstAnybody(t *testing.T) {
	t.Parallel()
	b := newBank(t, "sqlite:"+filepath.Join(t.TempDir(), "bank.db"))
	p := b.register(phone)
	crowd := crypto.NewPasswords(1)
	b.parts.Passwords = crowd
	b.auth = b.sibling()
	ctx, disperse := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	for range 400 {
		waiting.Go(func() { _, _ = crowd.Hash(ctx, "anything") })
	}
	for !crowd.Full() {
		runtime.Gosched()
	}
	for range 8 { // more than the wrong passwords that a device is allowed
		if _, err := b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password); err != nil {
			b.want(err, auth.ErrCrowded)
		}
	}
	disperse()
	waiting.Wait()
	in, err := b.auth.SignInByPassword(t.Context(), visitor(home), p.client, phone, password)
	b.must(err)
	if in.Session == nil {
		t.Error("not signed in")
	}
}
