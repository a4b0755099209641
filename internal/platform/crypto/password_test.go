package crypto_test

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"

	"github.com/tongbao/tongbao/internal/platform/crypto"
)

func TestPasswords(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	passwords := crypto.NewPasswords(2)
	phc, err := passwords.Hash(ctx, "correct horse 电池")
	must(t, err)
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("not the recommended cost: %s", phc)
	}
	if ok, rehash, err := passwords.Verify(ctx, "correct horse 电池", phc); !ok || rehash || err != nil {
		t.Errorf("right password: %v %v %v", ok, rehash, err)
	}
	if ok, _, err := passwords.Verify(ctx, "correct horse", phc); ok || err != nil {
		t.Errorf("wrong password: %v %v", ok, err)
	}
	if err := passwords.VerifyNobody(ctx, "correct horse"); err != nil {
		t.Errorf("nobody: %v", err)
	}
	long := strings.Repeat("x", 1025)
	if _, err := passwords.Hash(ctx, long); !errors.Is(err, crypto.ErrPasswordLength) {
		t.Errorf("a long password: %v", err)
	}
	if ok, _, err := passwords.Verify(ctx, long, phc); ok || err != nil {
		t.Errorf("a long wrong password: %v %v", ok, err)
	}
}

func TestPasswordsThatWaitAreBounded(t *testing.T) {
	t.Parallel()
	const crowd = 400 // for one place
	passwords := crypto.NewPasswords(1)
	ctx, cancel := context.WithCancel(t.Context())
	answers := make(chan error, crowd)
	for range crowd {
		go func() {
			_, err := passwords.Hash(ctx, "correct horse")
			if errors.Is(err, crypto.ErrPasswordQueue) {
				cancel() // seen: the others need not be made
			}
			answers <- err
		}()
	}
	refused := 0
	for range crowd {
		if errors.Is(<-answers, crypto.ErrPasswordQueue) {
			refused++
		}
	}
	cancel()
	if refused == 0 {
		t.Error("all waited")
	}
	if passwords.Full() {
		t.Error("still full when nobody waits")
	}
}

// The hash was computed here with x/crypto directly, under older and cheaper parameters.
func TestPasswordOfOldCostAsksForRehash(t *testing.T) {
	t.Parallel()
	want := argon2.IDKey([]byte("password"), []byte("somesalt"), 1, 64, 1, 32)
	phc := "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$" + base64.RawStdEncoding.EncodeToString(want)
	ok, rehash, err := crypto.NewPasswords(1).Verify(t.Context(), "password", phc)
	if !ok || !rehash || err != nil {
		t.Errorf("%v %v %v", ok, rehash, err)
	}
}

func TestVerifyRefusesDamagedHashes(t *testing.T) {
	t.Parallel()
	const good = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for name, phc := range map[string]string{
		"empty":               "",
		"another algorithm":   strings.Replace(good, "argon2id", "argon2i", 1),
		"another version":     strings.Replace(good, "v=19", "v=16", 1),
		"memory of a machine": strings.Replace(good, "m=64", "m=4194304", 1),
		"too little memory":   strings.Replace(good, "m=64", "m=1", 1),
		"no passes":           strings.Replace(good, "t=1", "t=0", 1),
		"many passes":         strings.Replace(good, "t=1", "t=4000000000", 1),
		"no lanes":            strings.Replace(good, "p=1", "p=0", 1),
		"no salt":             strings.Replace(good, "c29tZXNhbHQ", "", 1),
		"short hash":          good[:len(good)-30],
		"one part more":       good + "$",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, _, err := crypto.NewPasswords(1).Verify(t.Context(), "x", phc); !errors.Is(err, crypto.ErrPasswordHash) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPasswordsGiveUpWithTheirContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	passwords := crypto.NewPasswords(1)
	if _, err := passwords.Hash(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("hash: %v", err)
	}
	if err := passwords.VerifyNobody(ctx, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody: %v", err)
	}
}

func TestPasswordsShareTheirPlaces(t *testing.T) {
	t.Parallel()
	passwords := crypto.NewPasswords(2)
	failed := make(chan error)
	const callers = 8
	for range callers {
		go func() { failed <- passwords.VerifyNobody(t.Context(), "x") }()
	}
	for range callers {
		must(t, <-failed)
	}
}
