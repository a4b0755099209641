package payment_test

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/platform/pdf"
	"github.com/tongbao/tongbao/internal/products/payment"
	"github.com/tongbao/tongbao/internal/values/id"
)

func paperText(t testing.TB, paper []byte) string {
	t.Helper()
	path, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed")
	}
	cmd := exec.Command(path, "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(paper)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}

// says checks what a text must and must not contain.
func says(t testing.TB, text string, must, mustNot []string) {
	t.Helper()
	for _, want := range must {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for _, bad := range mustNot {
		if strings.Contains(text, bad) {
			t.Errorf("%q must not stand in\n%s", bad, text)
		}
	}
}

func TestAReceiptIsMadeOnceForEachParty(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang, li, other := b.person("王小明", 1), b.person("李文娜", 1), b.person("赵云", 1)
		transfer := b.pay(wang.accounts[0], li.accounts[0], 1250, "房租")

		var mu sync.Mutex
		codes := map[string]bool{}
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				r, err := b.Receipt(t.Context(), wang.by(), transfer)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				codes[r.Code] = true
				if r.URL != "https://bank.example/r/"+r.Code || len(r.Code) < 22 {
					t.Errorf("link %q for code %q", r.URL, r.Code)
				}
			})
		}
		wg.Wait()
		if len(codes) != 1 {
			t.Errorf("six requests at once made %d codes", len(codes))
		}
		his, err := b.Receipt(t.Context(), li.by(), transfer)
		b.must(err)
		if codes[his.Code] {
			t.Error("both parties share a link")
		}
		if _, err := b.Receipt(t.Context(), other.by(), transfer); !errors.Is(err, payment.ErrNotFound) {
			t.Errorf("a stranger gets %v", err)
		}
		early := id.New[id.Transfer](b.clock.Now())
		b.record(early, wang.accounts[0], li.accounts[0], 100, 0, "", "delayed", "")
		if _, err := b.Receipt(t.Context(), wang.by(), early); !errors.Is(err, payment.ErrReceiptEarly) {
			t.Errorf("a delayed transfer: %v", err)
		}
		b.must(b.d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Each(t.Context(), func(r db.Row) error {
				var code, hash []byte
				if err := r.Scan(&code, &hash); err != nil {
					return err
				}
				for plain := range codes {
					if bytes.Contains(code, []byte(plain)) || bytes.Contains(hash, []byte(plain)) {
						t.Error("the database keeps a code in clear")
					}
				}
				return nil
			}, `SELECT code, code_hash FROM payment_receipt`)
		}))
	})
}

func TestThePublicPageShowsThePaperWithMaskedNames(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang, li := b.person("王小明", 1), b.person("李文娜", 1)
		transfer := b.payWithFee(wang.accounts[0], li.accounts[0], 128_050, 200, "十一月房租")
		receipt, err := b.Receipt(t.Context(), wang.by(), transfer)
		b.must(err)

		got, err := b.PublicReceipt(t.Context(), receipt.Code)
		b.must(err)
		if got.Payer.Name != "王*明" || got.Payee.Name != "李*娜" || got.Amount != yuan(128_050) || got.Fee != yuan(200) ||
			got.Capitals != "人民币壹仟贰佰捌拾元伍角整" || got.Memo != "十一月房租" || got.Reversed || got.Bank != "通宝银行" ||
			!strings.HasPrefix(got.Payer.Account, "6217 **** **** ") || got.BusinessDate != b.date("2026-09-10") {
			t.Errorf("got %+v", got)
		}
		his, err := b.Receipt(t.Context(), li.by(), transfer)
		b.must(err)
		if got, err = b.PublicReceipt(t.Context(), his.Code); err != nil || !got.Fee.IsZero() || got.Payer.Name != "王*明" {
			t.Errorf("the payee's receipt: %+v, %v", got, err)
		}

		b.reverse(transfer, wang)
		got, err = b.PublicReceipt(t.Context(), receipt.Code)
		if b.must(err); !got.Reversed || !got.ReversedAt.Equal(b.clock.Now()) {
			t.Errorf("the page does not say reversed: %+v", got)
		}

		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error { return b.vault.Destroy(t.Context(), tx, string(li.id)) }))
		if _, err := b.PublicReceipt(t.Context(), his.Code); !errors.Is(err, payment.ErrReceipt) {
			t.Errorf("after erasure: %v", err)
		}
		b.clock.Advance(364 * 24 * time.Hour)
		if _, err := b.PublicReceipt(t.Context(), receipt.Code); err != nil {
			t.Errorf("in its last day: %v", err)
		}
		b.clock.Advance(24 * time.Hour)
		if _, err := b.PublicReceipt(t.Context(), receipt.Code); !errors.Is(err, payment.ErrReceipt) {
			t.Errorf("after a year: %v", err)
		}
	})
}

func TestOnlyTheRightCodeOpensAReceipt(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang, li := b.person("王小明", 1), b.person("李文娜", 1)
		transfer := b.pay(wang.accounts[0], li.accounts[0], 1250, "")
		receipt, err := b.Receipt(t.Context(), wang.by(), transfer)
		b.must(err)
		for name, code := range map[string]string{
			"nothing": "", "another code": crypto.Token(128), "the transfer's id": string(transfer), "the receipt's id": string(receipt.ID),
			"a part": receipt.Code[:21], "more": receipt.Code + "A", "huge": strings.Repeat("A", 1<<20), "bad bytes": "\xff\x00'\"%",
			"right code, changed case": strings.ToUpper(receipt.Code),
		} {
			if got, err := b.PublicReceipt(t.Context(), code); !errors.Is(err, payment.ErrReceipt) || got != (payment.Confirmation{}) {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		}
		if err := b.RevokeReceipt(t.Context(), li.by(), transfer); !errors.Is(err, payment.ErrReceipt) {
			t.Errorf("the other party revokes: %v", err)
		}
		b.must(b.RevokeReceipt(t.Context(), wang.by(), transfer))
		if _, err := b.PublicReceipt(t.Context(), receipt.Code); !errors.Is(err, payment.ErrReceipt) {
			t.Errorf("a revoked link: %v", err)
		}
		again, err := b.Receipt(t.Context(), wang.by(), transfer)
		if b.must(err); again.Code == receipt.Code {
			t.Error("a revoked code came back")
		}
	})
}

func TestTheReceiptIsSignedAndSaysWhatHappened(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang, li := b.person("王𬭎明", 1), b.person("李文娜", 1)
		transfer := b.payWithFee(wang.accounts[0], li.accounts[0], 128_050, 200, "=十一月房租")
		for locale, must := range map[i18n.Locale][]string{
			i18n.ZhHans: {"电子回单", "付款方", "王𬭎明", "李*娜", "¥1,280.50", "人民币壹仟贰佰捌拾元伍角整", "=十一月房租", "2026-09-10", string(transfer), "交易成功", "手续费"},
			i18n.ZhHant: {"電子回單", "王𬭎明", "CN¥1,280.50", "交易流水號"},
			i18n.En:     {"Electronic receipt", "Payer", "In capitals", "Settled", "CN¥1,280.50"},
		} {
			paper, err := b.ReceiptPDF(t.Context(), wang.by(), transfer, locale)
			b.must(err)
			says(t, paperText(t, paper), must, []string{"李文娜", "冲正", "REVERSED"})
			message, content, err := pdf.Signature(paper)
			b.must(err)
			if certificate, ok := crypto.VerifyCMS(message, content); !ok || !bytes.Equal(certificate, b.signer.Certificate()) {
				t.Errorf("%s: the signature does not verify", locale)
			}
		}
		his, err := b.ReceiptPDF(t.Context(), li.by(), transfer, i18n.ZhHans)
		b.must(err)
		says(t, paperText(t, his), []string{"李文娜", "王*明"}, []string{"王𬭎明", "手续费"})

		b.reverse(transfer, wang)
		paper, err := b.ReceiptPDF(t.Context(), wang.by(), transfer, i18n.ZhHans)
		b.must(err)
		says(t, paperText(t, paper), []string{"已于 2026-09-10 09:31:01 冲正", "已冲正"}, []string{"交易成功"})
		if _, err := b.ReceiptPDF(t.Context(), b.person("赵云", 1).by(), transfer, i18n.En); !errors.Is(err, payment.ErrNotFound) {
			t.Errorf("a stranger gets %v", err)
		}
	})
}

func TestAPaperIsNotGivenOutWhenItCannotBeSigned(t *testing.T) {
	t.Parallel()
	onPaperBanks(t, func(t *testing.T, b *paperBank) {
		wang, li := b.person("王小明", 1), b.person("李文娜", 1)
		transfer := b.pay(wang.accounts[0], li.accounts[0], 1250, "")
		b.Papers.Signer = brokenSigner{}
		if paper, err := b.ReceiptPDF(context.Background(), wang.by(), transfer, i18n.En); err == nil || paper != nil {
			t.Error("an unsigned receipt was given out")
		}
	})
}

type brokenSigner struct{}

func (brokenSigner) SignCMS([]byte) ([]byte, error) {
	return nil, errors.New("the hardware module is away")
}
