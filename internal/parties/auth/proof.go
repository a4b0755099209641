package auth

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Proof proves one payment: a PIN, or a passkey that has signed the hash of the intent.
type Proof struct {
	By         act.By
	Method     Method // MethodPIN or MethodPasskey
	PIN        crypto.Secret
	Challenge  id.Challenge // of PaymentPasskeyOptions
	Credential []byte
	Hash       []byte // of the intent, 32 bytes
}

// ProofResult is what came of a proof.
type ProofResult struct {
	Err error // nil, ErrPINWrong, ErrPINLocked, ErrPINNotSet, ErrPasskey or ErrMethod
}

// Prove decides proofs, each alone and in order, with one statement for all PINs and a few for all passkeys. Whoever
// calls it commits also when proofs are refused: the refusals are counted in the caller's transaction. It locks PINs
// before anything else of this room, sorted by principal.
func (s *Service) Prove(ctx context.Context, tx *db.Tx, proofs []Proof) ([]ProofResult, error) {
	results := make([]ProofResult, len(proofs))
	var tries []pinTry
	var answers []signature
	var ofTry, ofAnswer []int
	for i, p := range proofs {
		who := Principal(p.By.Customer())
		switch {
		case p.Method == MethodPIN:
			tries, ofTry = append(tries, pinTry{p.By, who, p.PIN}), append(ofTry, i)
		case p.Method == MethodPasskey && len(p.Hash) == intentHashBytes && who != "":
			answers, ofAnswer = append(answers, signature{
				use: usePayment, principal: who, bound: string(p.By.Session), challenge: challengeText(p.Hash),
				answer: PasskeyAnswer{p.Challenge, p.Credential},
			}), append(ofAnswer, i)
		default:
			results[i].Err = ErrMethod
		}
	}
	if len(tries) > 0 {
		decided, err := s.provePINs(ctx, tx, tries)
		if err != nil {
			return nil, err
		}
		for n, i := range ofTry {
			results[i].Err = decided[n]
		}
	}
	if len(answers) > 0 {
		decided, err := s.verify(ctx, tx, answers)
		if err != nil {
			return nil, err
		}
		for n, i := range ofAnswer {
			results[i].Err = decided[n].err
		}
	}
	return results, s.recordProofs(ctx, tx, proofs, results)
}

// recordProofs records what was refused; what was proved stands in the record of the payment itself.
func (s *Service) recordProofs(ctx context.Context, tx *db.Tx, proofs []Proof, results []ProofResult) error {
	var refused []entry
	for i, r := range results {
		if r.Err != nil {
			refused = append(refused, entry{
				by: proofs[i].By, act: "auth.prove", principal: Principal(proofs[i].By.Customer()), refusal: r.Err,
				detail: map[string]string{"method": string(proofs[i].Method)},
			})
		}
	}
	if len(refused) == 0 {
		return nil
	}
	return s.record(ctx, tx, refused...)
}
