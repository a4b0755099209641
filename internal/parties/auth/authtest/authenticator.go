// Package authtest has a passkey in software, for tests that sign as a browser's authenticator does.
package authtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// Authenticator is a passkey in software: one ES256 key, attestation "none". A test may spoil any of its fields.
type Authenticator struct {
	Key     *ecdsa.PrivateKey
	ID      []byte
	Handle  []byte // of the user; what the bank's options said last
	Counter uint32
	Origin  string
	Host    string
	Flags   byte // beside attested data

	t *testing.T
}

// The flags of an authenticator.
const (
	UserPresent  = 0x01
	UserVerified = 0x04
	BackedUp     = 0x18 // eligible, and so kept
	attested     = 0x40
)

// New makes an authenticator that verifies its user, for the pages of an origin.
func New(t *testing.T, host, origin string) *Authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	return &Authenticator{Key: key, ID: raw, Origin: origin, Host: host, Flags: UserPresent | UserVerified | BackedUp, t: t}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// Challenge reads what options ask to be signed, and for whom.
func (a *Authenticator) Challenge(options []byte) (challenge string) {
	a.t.Helper()
	var o struct {
		PublicKey struct {
			Challenge string `json:"challenge"`
			User      struct {
				ID string `json:"id"`
			} `json:"user"`
		} `json:"publicKey"`
	}
	if err := json.Unmarshal(options, &o); err != nil {
		a.t.Fatal(err)
	}
	if o.PublicKey.User.ID != "" {
		a.Handle, _ = base64.RawURLEncoding.DecodeString(o.PublicKey.User.ID)
	}
	return o.PublicKey.Challenge
}

func (a *Authenticator) client(kind, challenge string) []byte {
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.Origin, "crossOrigin": false})
	if err != nil {
		a.t.Fatal(err)
	}
	return text
}

func (a *Authenticator) data(flags byte) []byte {
	host := sha256.Sum256([]byte(a.Host))
	out := append(host[:], flags)
	return binary.BigEndian.AppendUint32(out, a.Counter)
}

// Create answers navigator.credentials.create.
func (a *Authenticator) Create(options []byte) []byte {
	a.t.Helper()
	client := a.client("webauthn.create", a.Challenge(options))
	point, err := a.Key.PublicKey.Bytes() // 0x04 ‖ x ‖ y
	if err != nil {
		a.t.Fatal(err)
	}
	cose, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		a.t.Fatal(err)
	}
	data := append(a.data(a.Flags|attested), make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(a.ID)))
	data = append(append(data, a.ID...), cose...)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	if err != nil {
		a.t.Fatal(err)
	}
	return a.credential(map[string]any{
		"clientDataJSON": b64(client), "attestationObject": b64(object), "transports": []string{"internal", "hybrid"},
	})
}

// Get answers navigator.credentials.get.
func (a *Authenticator) Get(options []byte) []byte {
	a.t.Helper()
	return a.Sign(a.Challenge(options))
}

// Sign answers navigator.credentials.get for a challenge.
func (a *Authenticator) Sign(challenge string) []byte {
	a.t.Helper()
	a.Counter++
	client := a.client("webauthn.get", challenge)
	hash := sha256.Sum256(client)
	data := a.data(a.Flags)
	digest := sha256.Sum256(append(append([]byte(nil), data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.Key, digest[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return a.credential(map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(a.Handle),
	})
}

func (a *Authenticator) credential(response map[string]any) []byte {
	text, err := json.Marshal(map[string]any{
		"id": b64(a.ID), "rawId": b64(a.ID), "type": "public-key", "response": response,
		"clientExtensionResults": map[string]any{}, "authenticatorAttachment": "platform",
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return text
}
