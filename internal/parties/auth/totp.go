package auth

import (
	"context"
	"encoding/base32"
	"fmt"
	"net/url"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
)

// The form of an authenticator app's codes that every app knows: RFC 6238 with its defaults.
const (
	totpPeriod      = 30 // seconds
	totpSkew        = 1  // steps that a phone's clock may be off, either way
	totpSecretBytes = 20
	totpDigits      = otp.DigitsSix
)

// totpSecret is the secret of an authenticator app. It prints redacted.
type totpSecret []byte

func newTOTPSecret() totpSecret { return crypto.Random(totpSecretBytes) }

// text is the secret as people type it into their app.
func (t totpSecret) text() string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(t)
}

// link is what the QR code says that an app reads.
func (t totpSecret) link(issuer, account string) crypto.Secret {
	label := url.PathEscape(issuer + ":" + account)
	q := url.Values{"secret": {t.text()}, "issuer": {issuer}}
	return crypto.Secret("otpauth://totp/" + label + "?" + q.Encode())
}

// step finds the step whose code was typed, within the skew. Steps up to the last used one are not looked at.
func (t totpSecret) step(code string, now time.Time, last int64) (int64, bool) {
	current := now.Unix() / totpPeriod
	for step := current - totpSkew; step <= current+totpSkew; step++ {
		if step <= last || step < 0 {
			continue
		}
		want, err := hotp.GenerateCodeCustom(t.text(), uint64(step), hotp.ValidateOpts{Digits: totpDigits, Algorithm: otp.AlgorithmSHA1})
		if err == nil && crypto.Equal([]byte(want), []byte(code)) {
			return step, true
		}
	}
	return 0, false
}

// TOTPCode is the code that an authenticator app shows at an instant: for the demo, which has no phone.
func TOTPCode(secret crypto.Secret, at time.Time) (string, error) {
	opts := hotp.ValidateOpts{Digits: totpDigits, Algorithm: otp.AlgorithmSHA1}
	return hotp.GenerateCodeCustom(secret.Reveal(), uint64(at.Unix()/totpPeriod), opts)
}

// totp is a row of auth_totp.
type totp struct {
	principal Principal
	sealed    []byte
	last      int64
}

func totpPlace(who Principal) crypto.AAD {
	return crypto.AAD{Table: "auth_totp", Column: "secret", Row: string(who)}
}

// keepTOTP gives a principal the secret of an authenticator app whose code was just right.
func (s *Service) keepTOTP(ctx context.Context, tx *db.Tx, who Principal, secret totpSecret, step int64) error {
	sealed, err := s.vault.Seal(ctx, tx, owner(who), totpPlace(who), secret)
	if err != nil {
		return fmt.Errorf("seal secret of authenticator: %w", err)
	}
	return upsertTOTP(ctx, tx, totp{who, sealed, step})
}

// tallyTOTP counts wrong codes of a principal, whichever sign-in they belong to. Only who knows the password gets here.
func (s *Service) tallyTOTP(who Principal, p policy) tally {
	return tally{
		kind: "totp", id: s.counterID("totp", string(who)), limit: p.passwordTries, window: p.passwordLock, lock: p.passwordLock,
	}
}

// checkTOTP checks a code. A right one is used up at once; a wrong one stays counted. Errors: ErrMethod, ErrLocked, ErrWrong.
func (s *Service) checkTOTP(ctx context.Context, tx *db.Tx, t try, r *right) error {
	p, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return err
	}
	row, found, err := lockTOTP(ctx, tx, t.who)
	if err != nil {
		return fmt.Errorf("read authenticator: %w", err)
	}
	if !found {
		return ErrMethod
	}
	tallies := []tally{s.tallyTOTP(t.who, p)}
	refused, err := s.use(ctx, tx, tallies)
	if err != nil {
		return err
	}
	if refused.wait > 0 {
		return keep(ErrLocked.Wait(refused.wait))
	}
	plain, err := s.vault.Open(ctx, tx, owner(t.who), totpPlace(t.who), row.sealed)
	if err != nil {
		return fmt.Errorf("open secret of authenticator: %w", err)
	}
	r.tallies = tallies
	step, ok := totpSecret(plain).step(t.factor.Code.Reveal(), tx.Now(), row.last)
	if !ok {
		return keep(ErrWrong)
	}
	row.last = step
	return saveTOTPStep(ctx, tx, row)
}
