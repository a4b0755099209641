package pdf_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/pdf"
)

// cms signs with a key of a ring, as the program's composition does.
type cms struct{ signer crypto.Signer }

func (c cms) SignCMS(content []byte) ([]byte, error) { return crypto.SignCMS(c.signer, content) }

func signer(t testing.TB, algorithm string) cms {
	t.Helper()
	ring, err := crypto.NewRing()
	if err != nil {
		t.Fatal(err)
	}
	s, err := ring.Signer(algorithm)
	if err != nil {
		t.Fatal(err)
	}
	return cms{s}
}

func signing() pdf.Signing {
	return pdf.Signing{Name: "通宝银行", Reason: "电子回单", Place: "上海", At: info().At}
}

func TestASignatureCoversTheWholeFile(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{crypto.RSAPKCS1, crypto.ECDSAP256, crypto.SM2SM3} {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
			by := signer(t, algorithm)
			signed, err := pdf.Sign(statement(t, 40), by, signing())
			if err != nil {
				t.Fatal(err)
			}
			message, content, err := pdf.Signature(signed)
			if err != nil {
				t.Fatal(err)
			}
			certificate, ok := crypto.VerifyCMS(message, content)
			if !ok || !bytes.Equal(certificate, by.signer.Certificate()) {
				t.Error("the signature does not verify with the signer's certificate")
			}
			for _, at := range []int{20, len(signed) / 2, len(signed) - 3} {
				changed := bytes.Clone(signed)
				changed[at] ^= 1
				message, content, err := pdf.Signature(changed)
				if err == nil {
					if _, ok := crypto.VerifyCMS(message, content); ok {
						t.Errorf("byte %d can be changed", at)
					}
				}
			}
			if !strings.Contains(text(t, signed), "第40户") {
				t.Error("the text of the signed paper is damaged")
			}
		})
	}
}

func TestOtherProgramsAcceptTheSignature(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{crypto.RSAPKCS1, crypto.ECDSAP256} {
		signed, err := pdf.Sign(statement(t, 5), signer(t, algorithm), signing())
		if err != nil {
			t.Fatal(err)
		}
		got := tool(t, signed, "pdfsig", "-nocert")
		for _, want := range []string{"Signature Validation: Signature is Valid.", "Total document signed", "adbe.pkcs7.detached"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: pdfsig does not say %q:\n%s", algorithm, want, got)
			}
		}
		changed := bytes.Replace(signed, []byte("/Lang (zh-Hans)"), []byte("/Lang (zh-Hant)"), 1)
		if got := tool(t, changed, "pdfsig", "-nocert"); strings.Contains(got, "Signature is Valid") {
			t.Errorf("%s: pdfsig accepts a changed file:\n%s", algorithm, got)
		}
	}
}

func TestOpenSSLAcceptsTheSignature(t *testing.T) {
	t.Parallel()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	signed, err := pdf.Sign(statement(t, 5), signer(t, crypto.RSAPKCS1), signing())
	if err != nil {
		t.Fatal(err)
	}
	message, content, err := pdf.Signature(signed)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, data := range map[string][]byte{"cms": message, "content": content} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(openssl, "cms", "-verify", "-binary", "-inform", "DER", "-in", "cms", "-content", "content", "-noverify", "-out", os.DevNull)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("openssl: %v\n%s", err, out)
	}
}

type failing struct {
	message []byte
	err     error
}

func (f failing) SignCMS([]byte) ([]byte, error) { return f.message, f.err }

func TestWhatCannotBeSignedIsRefused(t *testing.T) {
	t.Parallel()
	paper := statement(t, 1)
	signed, err := pdf.Sign(paper, signer(t, crypto.ECDSAP256), signing())
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the hardware module is away")
	for name, tc := range map[string]struct {
		data []byte
		by   pdf.Signer
		want error
	}{
		"a signed file":              {signed, failing{}, pdf.ErrSigned},
		"no file":                    {nil, failing{}, pdf.ErrFile},
		"another file":               {[]byte("%PDF-1.7\nstartxref\n5\n%%EOF\n"), failing{}, pdf.ErrFile},
		"half a file":                {paper[:len(paper)/2], failing{}, pdf.ErrFile},
		"a signer that fails":        {paper, failing{err: broken}, broken},
		"a signature of 9,000 bytes": {paper, failing{message: make([]byte, 9000)}, pdf.ErrLargeSignature},
	} {
		if _, err := pdf.Sign(tc.data, tc.by, signing()); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	for name, data := range map[string][]byte{"an unsigned file": paper, "a signed file with more behind it": append(bytes.Clone(signed), " more"...)} {
		if _, _, err := pdf.Signature(data); !errors.Is(err, pdf.ErrUnsigned) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzNoFileBreaksTheReader(f *testing.F) {
	f.Add([]byte("%PDF-1.7\n1 0 obj\n<<>>\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<<>>\nstartxref\n29\n%%EOF\n"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _ = pdf.Sign(data, failing{}, signing())
		_, _, _ = pdf.Signature(data)
	})
}
