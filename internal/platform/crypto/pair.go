package crypto

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/emmansun/gmsm/smx509"
)

const (
	// certificateYears is the life of a self-signed document certificate.
	certificateYears = 10
	serialBits       = 128

	keyBlock         = "PRIVATE KEY"
	certificateBlock = "CERTIFICATE"
)

// errPair reports a damaged PEM key file.
var errPair = errors.New("crypto: key file damaged")

// pair is a signing key with its certificate; checkpoint keys have none.
//
// The key file is PEM: a PKCS #8 private key, followed by its certificate, oldest pair first. A bank that has a
// certificate from an authority puts it in place of the self-signed one.
type pair struct {
	id          string
	key         crypto.Signer
	certificate []byte
}

func newPair(p Purpose) (pair, error) {
	if p.kind() == noting {
		_, key, err := ed25519.GenerateKey(nil)
		if err != nil {
			return pair{}, err
		}
		return withID(key, nil)
	}
	way, ok := p.algorithm()
	if !ok {
		return pair{}, fmt.Errorf("%w: %q", ErrPurpose, p)
	}
	key, err := way.generate()
	if err != nil {
		return pair{}, err
	}
	certificate, err := selfSign(key)
	if err != nil {
		return pair{}, err
	}
	return withID(key, certificate)
}

func withID(key crypto.Signer, certificate []byte) (pair, error) {
	public, err := smx509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return pair{}, fmt.Errorf("read public key: %w", err)
	}
	return pair{id: publicID(public), key: key, certificate: certificate}, nil
}

// selfSign makes the certificate that a new document key starts with.
func selfSign(key crypto.Signer) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), serialBits-1))
	if err != nil {
		return nil, err
	}
	now := time.Now() // the key's own birthday: no business date depends on it
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "Tongbao document signing"},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.AddDate(certificateYears, 0, 0),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		BasicConstraintsValid: true,
	}
	certificate, err := smx509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make certificate: %w", err)
	}
	return certificate, nil
}

func marshalPairs(pairs []pair) ([]byte, error) {
	var text bytes.Buffer
	for _, made := range pairs {
		der, err := smx509.MarshalPKCS8PrivateKey(made.key)
		if err != nil {
			return nil, fmt.Errorf("write key %s: %w", made.id, err)
		}
		text.Write(pem.EncodeToMemory(&pem.Block{Type: keyBlock, Bytes: der}))
		if made.certificate != nil {
			text.Write(pem.EncodeToMemory(&pem.Block{Type: certificateBlock, Bytes: made.certificate}))
		}
	}
	return text.Bytes(), nil
}

func parsePairs(p Purpose, text []byte) ([]pair, error) {
	var pairs []pair
	for {
		block, rest := pem.Decode(text)
		if block == nil {
			break
		}
		text = rest
		switch block.Type {
		case keyBlock:
			key, err := smx509.ParsePKCS8PrivateKey(block.Bytes)
			signer, ok := key.(crypto.Signer)
			if err != nil || !ok {
				return nil, fmt.Errorf("%w: no private key in PKCS #8", errPair)
			}
			made, err := withID(signer, nil)
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, made)
		case certificateBlock:
			if err := attach(pairs, block.Bytes); err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("%w: unexpected %s", errPair, block.Type)
		}
	}
	return pairs, checkPairs(p, pairs)
}

// attach gives the last key its certificate, after checking that it is of that key.
func attach(pairs []pair, der []byte) error {
	if len(pairs) == 0 {
		return fmt.Errorf("%w: certificate before its key", errPair)
	}
	last := &pairs[len(pairs)-1]
	certificate, err := smx509.ParseCertificate(der)
	if err != nil {
		return fmt.Errorf("%w: %w", errPair, err)
	}
	public, err := smx509.MarshalPKIXPublicKey(certificate.PublicKey)
	if err != nil || publicID(public) != last.id {
		return fmt.Errorf("%w: the certificate is not of key %s", errPair, last.id)
	}
	last.certificate = der
	return nil
}

// checkPairs refuses an empty file, a document key without certificate, and keys of another purpose.
func checkPairs(p Purpose, pairs []pair) error {
	if len(pairs) == 0 {
		return fmt.Errorf("%w: no key inside", errPair)
	}
	for _, made := range pairs {
		if p.kind() == noting {
			if _, ok := made.key.(ed25519.PrivateKey); !ok {
				return fmt.Errorf("%w: want an Ed25519 key", errPair)
			}
			continue
		}
		way, _ := p.algorithm()
		if made.certificate == nil {
			return fmt.Errorf("%w: key %s has no certificate", errPair, made.id)
		}
		signature, err := way.sign(made.key, []byte(made.id))
		if err != nil || !way.verify(made.key.Public(), []byte(made.id), signature) {
			return fmt.Errorf("%w: key %s does not sign by %s", errPair, made.id, way.name)
		}
	}
	return nil
}
