package crypto_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
)

func TestSealedFieldsOpenOnlyWhereTheyStand(t *testing.T) {
	t.Parallel()
	ring := memoryRing(t)
	_, key, err := ring.NewDataKey()
	must(t, err)
	_, other, err := ring.NewDataKey()
	must(t, err)
	here := crypto.AAD{Table: "customer_person", Column: "phone", Row: "cust_1"}
	byKey := key.Seal([]byte("13800138000"), here)
	byRing := ring.Seal(crypto.Data, []byte("13800138000"), here)

	for name, tc := range map[string]struct {
		aad crypto.AAD
		ok  bool
	}{
		"opens in place":                  {here, true},
		"refuses another row":             {crypto.AAD{Table: "customer_person", Column: "phone", Row: "cust_2"}, false},
		"refuses another column":          {crypto.AAD{Table: "customer_person", Column: "name", Row: "cust_1"}, false},
		"refuses another table":           {crypto.AAD{Table: "staff_person", Column: "phone", Row: "cust_1"}, false},
		"refuses borders that have moved": {crypto.AAD{Table: "customer_personp", Column: "hone", Row: "cust_1"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for who, open := range map[string]func() ([]byte, error){
				"data key": func() ([]byte, error) { return key.Open(byKey, tc.aad) },
				"ring":     func() ([]byte, error) { return ring.Open(crypto.Data, byRing, tc.aad) },
			} {
				plain, err := open()
				if tc.ok && (err != nil || string(plain) != "13800138000") {
					t.Errorf("%s: %q, %v", who, plain, err)
				}
				if !tc.ok && !errors.Is(err, crypto.ErrSealed) {
					t.Errorf("%s: %v, want ErrSealed", who, err)
				}
			}
		})
	}
	if _, err := other.Open(byKey, here); !errors.Is(err, crypto.ErrSealed) {
		t.Errorf("another customer's key gives %v", err)
	}
	if _, err := ring.Open(crypto.Intent, byRing, here); !errors.Is(err, crypto.ErrSealed) {
		t.Errorf("another purpose gives %v", err)
	}
	if bytes.Equal(key.Seal([]byte("x"), here), key.Seal([]byte("x"), here)) {
		t.Error("the same value sealed twice looks the same")
	}
}

func TestDataKeyRefusesEveryChangedByte(t *testing.T) {
	t.Parallel()
	_, key, err := memoryRing(t).NewDataKey()
	must(t, err)
	aad := crypto.AAD{Table: "t", Column: "c", Row: "r"}
	sealed := key.Seal([]byte("张伟"), aad)
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := key.Open(changed, aad); !errors.Is(err, crypto.ErrSealed) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
		if _, err := key.Open(sealed[:i], aad); !errors.Is(err, crypto.ErrSealed) {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
	if _, err := (crypto.DataKey{}).Open(sealed, aad); !errors.Is(err, crypto.ErrSealed) {
		t.Errorf("the zero key gives %v", err)
	}
}

func TestDataKeySurvivesRotationAndNotErasure(t *testing.T) {
	t.Parallel()
	ring := memoryRing(t)
	aad := crypto.AAD{Table: "t", Column: "c", Row: "r"}
	wrapped, key, err := ring.NewDataKey()
	must(t, err)
	sealed := key.Seal([]byte("kept"), aad)
	old := ring.Keys(crypto.Wrap)[0].ID
	must(t, ring.Rotate(crypto.Wrap))

	unwrapped, err := ring.Unwrap(wrapped)
	must(t, err)
	if plain, err := unwrapped.Open(sealed, aad); err != nil || string(plain) != "kept" {
		t.Errorf("after rotation: %q, %v", plain, err)
	}
	rewrapped, err := ring.Rewrap(wrapped)
	must(t, err)
	must(t, ring.Retire(crypto.Wrap, old))
	if _, err := ring.Unwrap(wrapped); !errors.Is(err, crypto.ErrSealed) {
		t.Errorf("under a retired key: %v", err)
	}
	unwrapped, err = ring.Unwrap(rewrapped)
	must(t, err)
	if plain, err := unwrapped.Open(sealed, aad); err != nil || string(plain) != "kept" {
		t.Errorf("rewrapped: %q, %v", plain, err)
	}
	if _, err := ring.Unwrap(nil); !errors.Is(err, crypto.ErrErased) {
		t.Errorf("an erased key gives %v", err)
	}
	if _, err := memoryRing(t).Unwrap(rewrapped); !errors.Is(err, crypto.ErrSealed) {
		t.Errorf("another bank's ring gives %v", err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s %x", key, key, key, key, key); strings.Trim(text, "[redacted] ") != "" {
		t.Errorf("a data key prints %q", text)
	}
}

func TestKeyCacheIsBounded(t *testing.T) {
	t.Parallel()
	ring := memoryRing(t)
	_, key, err := ring.NewDataKey()
	must(t, err)
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	cache := crypto.NewKeyCache(2, time.Minute, func() time.Time { return now })

	cache.Put("a", key)
	cache.Put("b", key)
	cache.Find("a")
	cache.Put("c", key)
	if _, ok := cache.Find("b"); ok || cache.Len() != 2 {
		t.Errorf("the least recently used key stayed; %d keys", cache.Len())
	}
	if _, ok := cache.Find("a"); !ok {
		t.Error("a used key was dropped")
	}
	cache.Forget("a")
	if _, ok := cache.Find("a"); ok {
		t.Error("a forgotten key was found")
	}
	now = now.Add(time.Minute)
	if _, ok := cache.Find("c"); ok || cache.Len() != 0 {
		t.Error("a key outlived its life")
	}
}

func TestTokenOpensOnlyForItsPurposeAndBounds(t *testing.T) {
	t.Parallel()
	ring := memoryRing(t)
	token := ring.SealToken(crypto.Intent, []byte("pay 12.50"), "session-1")
	if strings.ContainsAny(token, "+/=") {
		t.Errorf("not safe in a URL: %s", token)
	}
	must(t, ring.Rotate(crypto.Intent))
	if plain, err := ring.OpenToken(crypto.Intent, token, "session-1"); err != nil || string(plain) != "pay 12.50" {
		t.Errorf("after rotation: %q, %v", plain, err)
	}
	for name, open := range map[string]func() ([]byte, error){
		"another purpose":  func() ([]byte, error) { return ring.OpenToken(crypto.Cursor, token, "session-1") },
		"another session":  func() ([]byte, error) { return ring.OpenToken(crypto.Intent, token, "session-2") },
		"no bound":         func() ([]byte, error) { return ring.OpenToken(crypto.Intent, token) },
		"one bound more":   func() ([]byte, error) { return ring.OpenToken(crypto.Intent, token, "session-1", "") },
		"trailing newline": func() ([]byte, error) { return ring.OpenToken(crypto.Intent, token+"\n", "session-1") },
		"a huge text": func() ([]byte, error) {
			return ring.OpenToken(crypto.Intent, strings.Repeat("A", 9<<10), "session-1")
		},
	} {
		if _, err := open(); !errors.Is(err, crypto.ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzOpenToken(f *testing.F) {
	ring := memoryRing(f)
	good := ring.SealToken(crypto.Cursor, []byte("2026-11-22|txn_1"), "payment.transfers")
	f.Add(good)
	f.Add("")
	f.Add("AAAA")
	f.Add(good[:len(good)-1])
	f.Add(strings.ToUpper(good))
	f.Fuzz(func(t *testing.T, token string) {
		plain, err := ring.OpenToken(crypto.Cursor, token, "payment.transfers")
		if err == nil && token != good {
			t.Fatalf("forged: %q opens as %q", token, plain)
		}
		if err != nil && !errors.Is(err, crypto.ErrSealed) {
			t.Fatalf("another error: %v", err)
		}
	})
}
