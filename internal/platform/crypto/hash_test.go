package crypto_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/crypto"
)

func TestMACSurvivesRotationAndRefusesChange(t *testing.T) {
	t.Parallel()
	ring := memoryRing(t)
	id, mac := ring.MAC(crypto.Audit, []byte("row"), []byte("1"))
	must(t, ring.Rotate(crypto.Audit))
	if next, _ := ring.MAC(crypto.Audit, []byte("row"), []byte("1")); next == id {
		t.Error("rotation did not change the key")
	}
	for name, tc := range map[string]struct {
		purpose crypto.Purpose
		id      string
		parts   [][]byte
		want    bool
	}{
		"accepts the row under its old key": {crypto.Audit, id, [][]byte{[]byte("row"), []byte("1")}, true},
		"refuses another row":               {crypto.Audit, id, [][]byte{[]byte("row"), []byte("2")}, false},
		"refuses borders that have moved":   {crypto.Audit, id, [][]byte{[]byte("row1"), nil}, false},
		"refuses another purpose":           {crypto.Code, id, [][]byte{[]byte("row"), []byte("1")}, false},
		"refuses an unknown key":            {crypto.Audit, "00000000", [][]byte{[]byte("row"), []byte("1")}, false},
		"refuses nonsense for a key":        {crypto.Audit, "+0x", [][]byte{[]byte("row"), []byte("1")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := ring.VerifyMAC(tc.purpose, tc.id, mac, tc.parts...); got != tc.want {
				t.Errorf("got %v", got)
			}
		})
	}
	if ring.VerifyMAC(crypto.Audit, id, nil, []byte("row"), []byte("1")) {
		t.Error("an empty MAC was accepted")
	}
}

func TestTokenHashFindsTokensFromBeforeRotation(t *testing.T) {
	t.Parallel()
	ring := memoryRing(t)
	before := ring.TokenHash("token")
	must(t, ring.Rotate(crypto.Session))
	all := ring.TokenHashes("token")
	if len(all) != 2 || bytes.Equal(all[0], before) || !bytes.Equal(all[1], before) {
		t.Errorf("want the new hash first and the old one second: %x", all)
	}
}

func TestBlindIndexHasTwoGenerationsAtMost(t *testing.T) {
	t.Parallel()
	ring := memoryRing(t)
	const phone = "+8613800138000"
	first := ring.Index("customer.phone", phone)
	if len(first) != 16 {
		t.Errorf("%d bytes", len(first))
	}
	if bytes.Equal(first, ring.Index("staff.phone", phone)) {
		t.Error("two fields share an index key")
	}
	if bytes.Equal(first, ring.Index("customer.phone", "+8613800138001")) {
		t.Error("two values share an index")
	}
	if bytes.Equal(first, memoryRing(t).Index("customer.phone", phone)) {
		t.Error("two banks share an index")
	}

	old := ring.Keys(crypto.Index)[0].ID
	must(t, ring.Rotate(crypto.Index))
	second := ring.Index("customer.phone", phone)
	all := ring.Indexes("customer.phone", phone)
	if len(all) != 2 || !bytes.Equal(all[0], second) || !bytes.Equal(all[1], first) || bytes.Equal(first, second) {
		t.Errorf("two generations: %x", all)
	}
	for name, change := range map[string]func(crypto.Purpose) error{"rotate": ring.Rotate, "stage": ring.Stage} {
		if err := change(crypto.Index); !errors.Is(err, crypto.ErrGenerations) {
			t.Errorf("%s to a third generation gives %v", name, err)
		}
	}
	must(t, ring.Retire(crypto.Index, old))
	if all := ring.Indexes("customer.phone", phone); len(all) != 1 || !bytes.Equal(all[0], second) {
		t.Errorf("after retirement: %x", all)
	}
	must(t, ring.Rotate(crypto.Index))
}

func TestPINProof(t *testing.T) {
	t.Parallel()
	ring := memoryRing(t)
	salt := crypto.Random(16)
	id, mac := ring.PINMAC("cust_1", salt, "135790")
	if ring.StalePIN(id) {
		t.Error("a fresh proof is stale")
	}
	must(t, ring.Rotate(crypto.PIN))
	if !ring.StalePIN(id) {
		t.Error("a proof of the old key is not stale")
	}
	newID, newMAC := ring.PINMAC("cust_1", salt, "135790")
	if bytes.Equal(mac, newMAC) {
		t.Error("rotation did not change the proof")
	}
	for name, tc := range map[string]struct {
		customer string
		salt     []byte
		pin, id  string
		want     bool
	}{
		"accepts the PIN under the old key":    {"cust_1", salt, "135790", id, true},
		"refuses another PIN":                  {"cust_1", salt, "135791", id, false},
		"refuses another customer":             {"cust_2", salt, "135790", id, false},
		"refuses another salt":                 {"cust_1", crypto.Random(16), "135790", id, false},
		"refuses the proof under another key":  {"cust_1", salt, "135790", newID, false},
		"refuses an unknown key":               {"cust_1", salt, "135790", "00000000", false},
		"refuses a salt that leaks into a PIN": {"cust_1", append(bytes.Clone(salt), '1'), "35790", id, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := ring.VerifyPIN(tc.customer, tc.salt, tc.pin, tc.id, mac); got != tc.want {
				t.Errorf("got %v", got)
			}
		})
	}
	if other, _ := memoryRing(t).PINMAC("cust_1", salt, "135790"); other == id {
		t.Log("two rings drew the same key id") // one in four thousand million: not an error
	}
}

func TestPurposesCannotBeMixedUp(t *testing.T) {
	t.Parallel()
	ring := memoryRing(t)
	for name, act := range map[string]func(){
		"sealing with a hashing purpose": func() { ring.Seal(crypto.PIN, nil, crypto.AAD{}) },
		"hashing with a sealing purpose": func() { ring.MAC(crypto.Data) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s went through", name)
				}
			}()
			act()
		}()
	}
}

func BenchmarkPINMAC(b *testing.B) {
	ring := memoryRing(b)
	salt := crypto.Random(16)
	for b.Loop() {
		ring.PINMAC("cust_01JD", salt, "135790")
	}
}
