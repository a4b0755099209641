package crypto

import (
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

const (
	dataKeySize = 32
	// aes256gcm is the first byte of each value sealed under a data key: the way in which it was sealed. A later
	// algorithm gets another number and old values stay readable.
	aes256gcm = 1
)

// ErrErased reports a customer whose data key was destroyed: the data cannot come back.
var ErrErased = errors.New("crypto: the data key was destroyed")

// DataKey seals the personal fields of one customer. The zero DataKey opens nothing. It prints itself redacted.
type DataKey struct {
	aead tink.AEAD
}

// NewDataKey makes the key of a new customer. Store wrapped; without the ring it is worthless.
func (r *Ring) NewDataKey() (wrapped []byte, key DataKey, err error) {
	raw := make([]byte, dataKeySize)
	_, _ = rand.Read(raw) // never fails: crypto/rand stops the program instead
	key, err = dataKey(raw)
	if err != nil {
		return nil, DataKey{}, err
	}
	return r.seal(Wrap, raw, join[string]("data key")), key, nil
}

// Unwrap gives the key that NewDataKey wrapped. An empty wrapped key was erased: ErrErased.
func (r *Ring) Unwrap(wrapped []byte) (DataKey, error) {
	if len(wrapped) == 0 {
		return DataKey{}, ErrErased
	}
	raw, err := r.open(Wrap, wrapped, join[string]("data key"))
	if err != nil {
		return DataKey{}, fmt.Errorf("unwrap data key: %w", err)
	}
	return dataKey(raw)
}

// Rewrap wraps a data key under the primary key of the ring, before an old one is retired. Sealed fields stay as
// they are.
func (r *Ring) Rewrap(wrapped []byte) ([]byte, error) {
	raw, err := r.open(Wrap, wrapped, join[string]("data key"))
	if err != nil {
		return nil, fmt.Errorf("rewrap data key: %w", err)
	}
	return r.seal(Wrap, raw, join[string]("data key")), nil
}

func dataKey(raw []byte) (DataKey, error) {
	if len(raw) != dataKeySize {
		return DataKey{}, ErrSealed
	}
	primitive, err := subtle.NewAESGCM(raw)
	if err != nil {
		return DataKey{}, fmt.Errorf("use data key: %w", err)
	}
	return DataKey{primitive}, nil
}

// Seal encrypts a field of the customer. An empty value seals too, and does not look empty.
func (k DataKey) Seal(plain []byte, aad AAD) []byte {
	sealed, err := k.aead.Encrypt(plain, aad.bytes())
	if err != nil {
		panic(fmt.Sprintf("crypto: seal %d bytes: %v", len(plain), err)) // only beyond 64 GiB
	}
	return append([]byte{aes256gcm}, sealed...)
}

// Open decrypts what Seal made with the same key and AAD; ErrSealed otherwise.
func (k DataKey) Open(sealed []byte, aad AAD) ([]byte, error) {
	if k.aead == nil || len(sealed) == 0 || sealed[0] != aes256gcm {
		return nil, ErrSealed
	}
	plain, err := k.aead.Decrypt(sealed[1:], aad.bytes())
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// Format prints the key redacted, whatever the verb.
func (DataKey) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }
