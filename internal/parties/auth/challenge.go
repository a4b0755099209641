package auth

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The ways in which a code is refused.
var (
	// ErrCodeWait says that the next code can only be sent later; the wait is told.
	ErrCodeWait = fault.New(fault.Busy, "auth.code_wait")
	// ErrCodeWrong says that the code is wrong, or of another purpose.
	ErrCodeWrong = fault.New(fault.Rejected, "auth.code_wrong")
	// ErrCodeExpired says that the code is too old.
	ErrCodeExpired = fault.New(fault.Rejected, "auth.code_expired")
	// ErrCodeTries says that the code was guessed at too often.
	ErrCodeTries = fault.New(fault.Rejected, "auth.code_tries")
	// ErrCodeUsed says that the code has served already.
	ErrCodeUsed = fault.New(fault.Rejected, "auth.code_used")
	// ErrCodePurpose refuses a purpose that codes are not sent for, or not in this way.
	ErrCodePurpose = fault.New(fault.Invalid, "auth.code_purpose")
)

// CodeAnswer is a code as typed.
type CodeAnswer struct {
	Purpose   CodePurpose
	Challenge id.Challenge
	Code      crypto.Secret
}

// Verified is a contact whose code was right. The act that uses it consumes the code in its own transaction.
type Verified struct {
	contact   Contact
	principal Principal
	challenge id.Challenge
	purpose   CodePurpose
	vouched   bool
}

// Contact is what was verified.
func (v Verified) Contact() Contact { return v.contact }

// Principal is who has the contact already, if anybody.
func (v Verified) Principal() (Principal, bool) { return v.principal, v.principal != "" }

// Vouched is a contact that the bank itself has checked: staff at a branch, or the head office for its staff.
func Vouched(c Contact) Verified { return Verified{contact: c, vouched: true} }

// challenge is a row of auth_challenge.
type challenge struct {
	id        id.Challenge
	purpose   CodePurpose
	kind      ContactKind
	sealed    []byte
	principal Principal
	bound     string
	keyID     string
	mac       []byte
	tries     int64
	expires   time.Time
	used      time.Time
}

func (c challenge) place() crypto.AAD {
	return crypto.AAD{Table: "auth_challenge", Column: "sealed", Row: string(c.id)}
}

// parts are what the MAC of a code binds: the challenge, its purpose and its destination.
func (c challenge) parts(to Contact, code string) [][]byte {
	return [][]byte{[]byte(c.id), []byte(c.purpose), []byte(to.Kind), []byte(to.Value), []byte(code)}
}

// CheckCode tells whether a code is right. A wrong one is counted whatever becomes of the act; a right one is consumed
// by the act that uses it, so that an act that fails for another reason can be repeated with it.
// Errors: ErrCodePurpose, ErrCodeWrong, ErrCodeExpired, ErrCodeTries, ErrCodeUsed.
func (s *Service) CheckCode(ctx context.Context, by act.By, a CodeAnswer) (Verified, error) {
	bound := ""
	switch a.Purpose {
	case CodeRegister, CodeSignIn, CodePasswordReset, CodeLostPhone:
	case CodeNewContact:
		bound = string(by.Session)
	default:
		return Verified{}, ErrCodePurpose
	}
	var v Verified
	err := s.write(ctx, func(tx *db.Tx) error {
		var err error
		v, err = s.verifyCode(ctx, tx, by, a, bound)
		return err
	})
	if err != nil {
		return Verified{}, err
	}
	return v, nil
}

// verifyCode compares a code under the lock of its challenge. Its refusals are kept, and name the principal whose code
// was guessed at, for his history.
func (s *Service) verifyCode(ctx context.Context, tx *db.Tx, by act.By, a CodeAnswer, bound string) (Verified, error) {
	p, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return Verified{}, err
	}
	ch, found, err := lockChallenge(ctx, tx, a.Challenge)
	if err != nil {
		return Verified{}, fmt.Errorf("find challenge: %w", err)
	}
	noted := entry{by: by, act: "auth.code.check", principal: ch.principal, subject: string(ch.id)}
	if !found || ch.purpose != a.Purpose || ch.bound != bound {
		noted.refusal = ErrCodeWrong
		return Verified{}, s.refuse(ctx, tx, noted)
	}
	value, err := s.vault.Open(ctx, tx, vault.Bank, ch.place(), ch.sealed)
	if err != nil {
		return Verified{}, fmt.Errorf("open destination of code: %w", err)
	}
	to := Contact{ch.kind, string(value)}
	right := s.ring.VerifyMAC(crypto.Code, ch.keyID, ch.mac, ch.parts(to, a.Code.Reveal())...)
	if refusal := ch.try(right, p, tx.Now()); refusal != nil {
		if err := saveTries(tx, ch); err != nil {
			return Verified{}, err
		}
		noted.refusal = refusal
		return Verified{principal: ch.principal}, s.refuse(ctx, tx, noted)
	}
	return Verified{contact: to, principal: ch.principal, challenge: ch.id, purpose: ch.purpose}, nil
}

// try counts one attempt and decides it.
func (c *challenge) try(right bool, p policy, now time.Time) error {
	switch {
	case !c.used.IsZero():
		return ErrCodeUsed
	case !now.Before(c.expires):
		return ErrCodeExpired
	case c.tries >= p.codeTries:
		return ErrCodeTries
	case right:
		return nil
	}
	c.tries++
	return ErrCodeWrong.With("left", strconv.FormatInt(p.codeTries-c.tries, 10))
}

// spend consumes the code of a verified contact in the transaction of the act that uses it.
func (s *Service) spend(ctx context.Context, tx *db.Tx, v Verified, purpose CodePurpose) error {
	if v.vouched {
		return nil
	}
	if v.challenge == "" || v.purpose != purpose {
		return ErrCodeWrong
	}
	n, err := useChallenge(ctx, tx, v.challenge)
	if err != nil {
		return fmt.Errorf("consume code: %w", err)
	}
	if n == 0 {
		return ErrCodeUsed
	}
	return nil
}
