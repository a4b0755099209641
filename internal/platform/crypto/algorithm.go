package crypto

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/asn1"

	"github.com/emmansun/gmsm/pkcs7"
	"github.com/emmansun/gmsm/sm2"
)

// The names of signature algorithms, as configuration and stored signatures write them.
const (
	// RSAPKCS1 is RSASSA-PKCS1-v1_5 with SHA-256: what every PDF reader can check.
	RSAPKCS1 = "rsa-pkcs1-sha256"
	// RSAPSS is RSASSA-PSS with SHA-256, for signatures outside PDF.
	RSAPSS = "rsa-pss-sha256"
	// ECDSAP256 is ECDSA on P-256 with SHA-256.
	ECDSAP256 = "ecdsa-p256-sha256"
	// SM2SM3 is SM2 with SM3 and the standard user id (GB/T 32918, GM/T 0009), which Chinese rules ask for.
	SM2SM3 = "sm2-sm3"
)

// rsaBits gives the 128-bit security level that the other algorithms have, near enough (NIST SP 800-57).
const rsaBits = 3072

// algorithm is one way to sign.
type algorithm struct {
	name     string
	digest   asn1.ObjectIdentifier // of the hash, in CMS; nil when the way does not fit into CMS
	generate func() (crypto.Signer, error)
	sign     func(key crypto.Signer, message []byte) ([]byte, error)
	verify   func(public any, message, signature []byte) bool
}

// Algorithms lists the names that configuration may choose from.
func Algorithms() []string {
	var names []string
	for _, a := range algorithms() {
		names = append(names, a.name)
	}
	return names
}

func algorithms() []algorithm {
	return []algorithm{
		{RSAPKCS1, pkcs7.OIDDigestAlgorithmSHA256, generateRSA, signSHA256(crypto.SHA256), verifyPKCS1},
		{RSAPSS, nil, generateRSA, signSHA256(pssOptions()), verifyPSS},
		{ECDSAP256, pkcs7.OIDDigestAlgorithmSHA256, generateECDSA, signSHA256(crypto.SHA256), verifyECDSA},
		{SM2SM3, pkcs7.OIDDigestAlgorithmSM3, generateSM2, signSM2, verifySM2},
	}
}

func findAlgorithm(name string) (algorithm, bool) {
	for _, a := range algorithms() {
		if a.name == name {
			return a, true
		}
	}
	return algorithm{}, false
}

func generateRSA() (crypto.Signer, error)   { return rsa.GenerateKey(rand.Reader, rsaBits) }
func generateECDSA() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }
func generateSM2() (crypto.Signer, error)   { return sm2.GenerateKey(rand.Reader) }

func pssOptions() *rsa.PSSOptions {
	return &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
}

// signSHA256 signs the SHA-256 of a message.
func signSHA256(options crypto.SignerOpts) func(crypto.Signer, []byte) ([]byte, error) {
	return func(key crypto.Signer, message []byte) ([]byte, error) {
		digest := sha256.Sum256(message)
		return key.Sign(rand.Reader, digest[:], options)
	}
}

// signSM2 hands over the whole message: SM2 hashes the signer's identity and key in front of it.
func signSM2(key crypto.Signer, message []byte) ([]byte, error) {
	return key.Sign(rand.Reader, message, sm2.DefaultSM2SignerOpts)
}

func verifyPKCS1(public any, message, signature []byte) bool {
	key, ok := public.(*rsa.PublicKey)
	digest := sha256.Sum256(message)
	return ok && rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature) == nil
}

func verifyPSS(public any, message, signature []byte) bool {
	key, ok := public.(*rsa.PublicKey)
	digest := sha256.Sum256(message)
	return ok && rsa.VerifyPSS(key, crypto.SHA256, digest[:], signature, pssOptions()) == nil
}

func verifyECDSA(public any, message, signature []byte) bool {
	key, ok := public.(*ecdsa.PublicKey)
	digest := sha256.Sum256(message)
	return ok && key.Curve == elliptic.P256() && ecdsa.VerifyASN1(key, digest[:], signature)
}

func verifySM2(public any, message, signature []byte) bool {
	key, ok := public.(*ecdsa.PublicKey)
	return ok && sm2.IsSM2PublicKey(key) && sm2.VerifyASN1WithSM2(key, nil, message, signature)
}
