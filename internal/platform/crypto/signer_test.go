package crypto_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/tongbao/tongbao/internal/platform/crypto"
)

func TestSignersOfEachAlgorithm(t *testing.T) {
	t.Parallel()
	ring := memoryRing(t)
	message := []byte("回单 12.50 元")
	for _, name := range crypto.Algorithms() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signer, err := ring.Signer(name)
			must(t, err)
			signature, err := signer.Sign(message)
			must(t, err)
			if signer.Algorithm() != name {
				t.Errorf("algorithm %q", signer.Algorithm())
			}
			if !crypto.Verify(name, signer.Public(), message, signature) {
				t.Error("a right signature was refused")
			}
			if crypto.Verify(name, signer.Public(), append(message, '0'), signature) {
				t.Error("another message was accepted")
			}
			signature[len(signature)-1] ^= 1
			if crypto.Verify(name, signer.Public(), message, signature) {
				t.Error("a changed signature was accepted")
			}
			if crypto.Verify(name, nil, message, signature) || crypto.Verify("none", signer.Public(), message, signature) {
				t.Error("no key or no algorithm was accepted")
			}
			public, err := ring.PublicKey(name, signer.KeyID())
			if err != nil || !bytes.Equal(public, signer.Public()) {
				t.Errorf("public key by id: %v", err)
			}
			signCMS(t, signer)
		})
	}
	if _, err := ring.Signer("md5"); !errors.Is(err, crypto.ErrAlgorithm) {
		t.Errorf("an unknown algorithm gives %v", err)
	}
}

// signCMS checks the detached message of a signer; RSA-PSS has none.
func signCMS(t *testing.T, signer crypto.Signer) {
	t.Helper()
	content := []byte("%PDF-1.7 bytes of a receipt")
	message, err := crypto.SignCMS(signer, content)
	if signer.Algorithm() == crypto.RSAPSS {
		if !errors.Is(err, crypto.ErrAlgorithm) {
			t.Errorf("CMS by PSS gives %v", err)
		}
		return
	}
	must(t, err)
	if bytes.Contains(message, content) {
		t.Error("the content is inside: not detached")
	}
	certificate, ok := crypto.VerifyCMS(message, content)
	if !ok || !bytes.Equal(certificate, signer.Certificate()) {
		t.Error("a right message was refused")
	}
	if _, ok := crypto.VerifyCMS(message, append(content, ' ')); ok {
		t.Error("other content was accepted")
	}
	if _, ok := crypto.VerifyCMS([]byte("nonsense"), content); ok {
		t.Error("nonsense was accepted")
	}
	if signer.Algorithm() != crypto.SM2SM3 { // GM object identifiers are not those of OpenSSL's cms
		opensslVerifies(t, message, content)
	}
}

// opensslVerifies asks an implementation that is not ours.
func opensslVerifies(t *testing.T, message, content []byte) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Log("openssl is not installed: its check of the CMS message is left out")
		return
	}
	dir := t.TempDir()
	signature, document := filepath.Join(dir, "m.der"), filepath.Join(dir, "c.bin")
	must(t, os.WriteFile(signature, message, 0o600))
	must(t, os.WriteFile(document, content, 0o600))
	out, err := exec.CommandContext(t.Context(), "openssl", "cms", "-verify", "-binary", "-noverify", "-inform", "DER",
		"-in", signature, "-content", document, "-out", os.DevNull).CombinedOutput()
	if err != nil {
		t.Errorf("openssl refuses the message: %v\n%s", err, out)
	}
}

func TestOldSignaturesVerifyAfterRotation(t *testing.T) {
	t.Parallel()
	ring := memoryRing(t)
	signer, err := ring.Signer(crypto.ECDSAP256)
	must(t, err)
	signature, err := signer.Sign([]byte("old"))
	must(t, err)
	must(t, ring.Rotate(crypto.DocumentPurpose(crypto.ECDSAP256)))
	next, err := ring.Signer(crypto.ECDSAP256)
	must(t, err)
	if next.KeyID() == signer.KeyID() {
		t.Error("rotation did not change the key")
	}
	public, err := ring.PublicKey(crypto.ECDSAP256, signer.KeyID())
	must(t, err)
	if !crypto.Verify(crypto.ECDSAP256, public, []byte("old"), signature) {
		t.Error("an old signature was refused")
	}
	if crypto.Verify(crypto.ECDSAP256, next.Public(), []byte("old"), signature) {
		t.Error("a signature was accepted under another key")
	}
	if _, err := ring.PublicKey(crypto.ECDSAP256, "none"); !errors.Is(err, crypto.ErrKey) {
		t.Errorf("an unknown key gives %v", err)
	}
}

func TestCheckpointsVerifyAfterRotation(t *testing.T) {
	t.Parallel()
	ring := memoryRing(t)
	const name = "tongbao.test/audit"
	signer, err := ring.CheckpointSigner(name)
	must(t, err)
	signed, err := note.Sign(&note.Note{Text: "checkpoint 1\n"}, signer)
	must(t, err)
	must(t, ring.Rotate(crypto.Checkpoint))

	verifiers, err := ring.CheckpointVerifiers(name)
	must(t, err)
	if opened, err := note.Open(signed, verifiers); err != nil || opened.Text != "checkpoint 1\n" {
		t.Errorf("an old checkpoint: %v", err)
	}
	if _, err := note.Open(bytes.Replace(signed, []byte("1"), []byte("2"), 1), verifiers); err == nil {
		t.Error("a changed checkpoint was accepted")
	}
	keys, err := ring.CheckpointKeys(name)
	if err != nil || len(keys) != 2 {
		t.Fatalf("%d public keys, %v", len(keys), err)
	}
	if _, err := note.NewVerifier(keys[1]); err != nil {
		t.Error(err)
	}
	if _, err := ring.CheckpointSigner("two words"); err == nil {
		t.Error("a name that notes do not allow was accepted")
	}
}
