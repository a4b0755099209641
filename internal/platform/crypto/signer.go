package crypto

import (
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/emmansun/gmsm/smx509"
)

// ErrAlgorithm refuses an algorithm that is unknown, or that cannot do what was asked.
var ErrAlgorithm = errors.New("crypto: not an algorithm for this act")

// Signer signs in the name of the bank. Store algorithm, key id and signature together: they outlive rotations.
type Signer interface {
	// Algorithm is the name of the way of signing, one of Algorithms.
	Algorithm() string
	// KeyID is the start of the SHA-256 of the public key, in hexadecimal.
	KeyID() string
	// Sign signs a message of any length.
	Sign(message []byte) (signature []byte, err error)
	// Public is the public key as PKIX DER.
	Public() []byte
	// Certificate is the X.509 certificate of the key as DER.
	Certificate() []byte
}

// Signer gives the document signer of an algorithm, with its newest key.
func (r *Ring) Signer(name string) (Signer, error) {
	p := DocumentPurpose(name)
	if p.kind() != signing {
		return nil, fmt.Errorf("%w: %q", ErrAlgorithm, name)
	}
	pairs, err := r.documentPairs(p)
	if err != nil {
		return nil, err
	}
	newest := pairs[len(pairs)-1]
	return NewSigner(name, newest.key, newest.certificate)
}

// documentPairs gives the keys of a document purpose; a ring in memory makes the first one now.
func (r *Ring) documentPairs(p Purpose) ([]pair, error) {
	if pairs := r.keys.Load().pairs[p]; len(pairs) > 0 {
		return pairs, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	next := r.keys.Load().clone()
	if len(next.pairs[p]) == 0 {
		if err := next.create(p); err != nil {
			return nil, err
		}
		r.keys.Store(next)
	}
	return next.pairs[p], nil
}

// PublicKey gives the PKIX DER of a document key by its id, old ones included, to check a stored signature.
func (r *Ring) PublicKey(name, id string) ([]byte, error) {
	for _, made := range r.keys.Load().pairs[DocumentPurpose(name)] {
		if made.id == id {
			return smx509.MarshalPKIXPublicKey(made.key.Public())
		}
	}
	return nil, fmt.Errorf("%w: %q", ErrKey, id)
}

// NewSigner makes a signer of any key that can sign, a hardware module's included, and its certificate as DER.
func NewSigner(name string, key crypto.Signer, certificate []byte) (Signer, error) {
	way, ok := findAlgorithm(name)
	if !ok {
		return nil, fmt.Errorf("%w: %q", ErrAlgorithm, name)
	}
	public, err := smx509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, fmt.Errorf("read public key: %w", err)
	}
	return &keySigner{way: way, key: key, id: publicID(public), public: public, certificate: certificate}, nil
}

// Verify tells whether the signature of a message is right, by the public key (PKIX DER) of its signer.
func Verify(name string, public, message, signature []byte) bool {
	way, ok := findAlgorithm(name)
	if !ok {
		return false
	}
	key, err := smx509.ParsePKIXPublicKey(public)
	return err == nil && way.verify(key, message, signature)
}

type keySigner struct {
	way                 algorithm
	key                 crypto.Signer
	id                  string
	public, certificate []byte
}

func (s *keySigner) Algorithm() string   { return s.way.name }
func (s *keySigner) KeyID() string       { return s.id }
func (s *keySigner) Public() []byte      { return s.public }
func (s *keySigner) Certificate() []byte { return s.certificate }

func (s *keySigner) Sign(message []byte) ([]byte, error) {
	signature, err := s.way.sign(s.key, message)
	if err != nil {
		return nil, fmt.Errorf("sign with key %s: %w", s.id, err)
	}
	return signature, nil
}

// publicID names a public key.
func publicID(public []byte) string {
	sum := sha256.Sum256(public)
	return hex.EncodeToString(sum[:8])
}
