package crypto

import (
	"crypto/sha256"
	"fmt"

	"github.com/emmansun/gmsm/pkcs7"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/smx509"
)

// SignCMS signs content as a detached CMS message (RFC 5652) in DER, with content type, message digest and signing
// time as signed attributes and the signer's certificate inside: what a PDF keeps as adbe.pkcs7.detached. SM2 uses
// the object identifiers of GM/T 0010. ErrAlgorithm for RSA-PSS, whose parameters the format's library cannot write,
// and for a Signer that NewSigner did not make.
func SignCMS(signer Signer, content []byte) ([]byte, error) {
	s, ok := signer.(*keySigner)
	if !ok || s.way.digest == nil {
		return nil, fmt.Errorf("%w: CMS by %s", ErrAlgorithm, signer.Algorithm())
	}
	certificate, err := smx509.ParseCertificate(s.certificate)
	if err != nil {
		return nil, fmt.Errorf("read certificate: %w", err)
	}
	message, err := newCMS(s, content)
	if err != nil {
		return nil, fmt.Errorf("start CMS: %w", err)
	}
	message.SetDigestAlgorithm(s.way.digest)
	if err := message.AddSigner(certificate, s.key, pkcs7.SignerInfoConfig{}); err != nil {
		return nil, fmt.Errorf("sign CMS: %w", err)
	}
	message.Detach()
	return message.Finish()
}

// VerifyCMS tells whether a detached CMS message signs this content by the certificate inside it, and gives that
// certificate as DER: the caller decides whether to trust it.
func VerifyCMS(message, content []byte) (certificate []byte, ok bool) {
	parsed, err := pkcs7.Parse(message)
	if err != nil {
		return nil, false
	}
	parsed.Content = content
	signer := parsed.GetOnlySigner()
	if signer == nil || parsed.Verify() != nil {
		return nil, false
	}
	return signer.Raw, true
}

// newCMS starts a message with the digest of the content, so that a large document is not copied.
func newCMS(s *keySigner, content []byte) (*pkcs7.SignedData, error) {
	if s.way.name == SM2SM3 {
		digest := sm3.Sum(content)
		return pkcs7.NewSMSignedDataWithDigest(digest[:])
	}
	digest := sha256.Sum256(content)
	return pkcs7.NewSignedDataWithDigest(digest[:])
}
