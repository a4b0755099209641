package auth

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The ways in which a passkey is refused.
var (
	// ErrPasskey says that the passkey did not prove anything: unknown, of somebody else, of another site, an old or
	// used challenge, no user verification, a copied authenticator. It does not say which.
	ErrPasskey = fault.New(fault.Rejected, "auth.passkey_refused")
	// ErrNoPasskeys says that the bank's address can have no passkeys: they need a domain name.
	ErrNoPasskeys = fault.New(fault.Rejected, "auth.passkeys_unavailable")
)

// credentialMost bounds a credential in bytes before it is parsed; attestations are not asked for.
const credentialMost = 16 << 10

// PasskeyOptions ask a browser for a passkey.
type PasskeyOptions struct {
	Challenge id.Challenge
	Options   json.RawMessage // {"publicKey": ...} for navigator.credentials.create or get
	ExpiresAt time.Time
}

// PasskeyAnswer is what the browser gave: a PublicKeyCredential as JSON.
type PasskeyAnswer struct {
	Challenge  id.Challenge
	Credential []byte
}

// use is what a ceremony is for.
type use string

const (
	useSignIn       use = "sign_in"
	useSecondFactor use = "second_factor"
	useStepUp       use = "step_up"
	useAdd          use = "add"
	usePayment      use = "payment"
)

// ceremony is a row of auth_ceremony.
type ceremony struct {
	id        id.Challenge
	use       use
	principal Principal // empty when anybody may answer
	bound     string
	challenge string // in base64url, as the browser's answer repeats it
	expires   time.Time
	used      time.Time
}

func newWebAuthn(site Site) (*webauthn.WebAuthn, error) {
	if site.Host == "" {
		return nil, nil //nolint:nilnil // a bank without a domain name works, without passkeys
	}
	return webauthn.New(&webauthn.Config{
		RPID: site.Host, RPDisplayName: site.Name, RPOrigins: site.Origins, RPOpaqueOrigins: site.Native,
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
}

// holder is a principal as the library wants to see it. The user handle is the principal's id, which says nothing.
type holder struct {
	principal Principal
	name      string
	passkeys  []passkey
}

func (h holder) WebAuthnID() []byte          { return []byte(h.principal) }
func (h holder) WebAuthnName() string        { return h.name }
func (h holder) WebAuthnDisplayName() string { return h.name }
func (h holder) WebAuthnCredentials() []webauthn.Credential {
	all := make([]webauthn.Credential, len(h.passkeys))
	for i, k := range h.passkeys {
		all[i] = k.credentialRecord()
	}
	return all
}

// ask begins a ceremony in which a passkey signs: one of who, or, when that is empty, one that names its holder. An
// empty challenge is drawn at random.
func (s *Service) ask(ctx context.Context, tx *db.Tx, c ceremony, challenge []byte) (PasskeyOptions, error) {
	if s.webauthn == nil {
		return PasskeyOptions{}, ErrNoPasskeys
	}
	options := []webauthn.LoginOption{webauthn.WithUserVerification(protocol.VerificationRequired)}
	if len(challenge) > 0 {
		options = append(options, webauthn.WithChallenge(challenge))
	}
	begin := s.webauthn.BeginDiscoverableLogin
	if c.principal != "" {
		keys, err := listPasskeys(ctx, tx, c.principal)
		if err != nil {
			return PasskeyOptions{}, fmt.Errorf("list passkeys: %w", err)
		}
		if len(keys) == 0 {
			return PasskeyOptions{}, ErrPasskey
		}
		begin = func(o ...webauthn.LoginOption) (*protocol.CredentialAssertion, *webauthn.SessionData, error) {
			return s.webauthn.BeginLogin(holder{principal: c.principal, passkeys: keys}, o...)
		}
	}
	assertion, session, err := begin(options...)
	if err != nil {
		return PasskeyOptions{}, fmt.Errorf("ask for passkey: %w", err)
	}
	c.challenge = session.Challenge
	return s.keepCeremony(ctx, tx, c, assertion)
}

// keepCeremony writes a ceremony down and gives out what the browser needs.
func (s *Service) keepCeremony(ctx context.Context, tx *db.Tx, c ceremony, options any) (PasskeyOptions, error) {
	p, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return PasskeyOptions{}, err
	}
	c.id, c.expires = id.New[id.Challenge](tx.Now()), tx.Now().Add(p.ceremonyLife)
	text, err := json.Marshal(options)
	if err != nil {
		return PasskeyOptions{}, fmt.Errorf("write passkey options: %w", err)
	}
	if err := insertCeremony(ctx, tx, c); err != nil {
		return PasskeyOptions{}, fmt.Errorf("keep ceremony: %w", err)
	}
	return PasskeyOptions{c.id, text, c.expires}, nil
}

// signature is an answer to a ceremony, with what it must have been asked for.
type signature struct {
	use       use
	principal Principal // empty: whoever the passkey belongs to
	bound     string
	challenge string // what must have been signed; empty: whatever was asked
	answer    PasskeyAnswer
}

// signed is what came of it.
type signed struct {
	passkey passkey
	err     error // nil or ErrPasskey
}

// verify decides answers to ceremonies, each alone and in order. A ceremony is consumed by its first answer, right or
// wrong, when the transaction commits.
func (s *Service) verify(ctx context.Context, tx *db.Tx, answers []signature) ([]signed, error) {
	results := make([]signed, len(answers))
	parsed := make([]*protocol.ParsedCredentialAssertionData, len(answers))
	for i, a := range answers {
		if parsed[i] = parseAssertion(a.answer.Credential); parsed[i] == nil || s.webauthn == nil {
			results[i].err = ErrPasskey
		}
	}
	asked, err := lockCeremonies(ctx, tx, answers)
	if err != nil {
		return nil, fmt.Errorf("lock ceremonies: %w", err)
	}
	keys, err := findPasskeys(ctx, tx, parsed)
	if err != nil {
		return nil, fmt.Errorf("find passkeys: %w", err)
	}
	for i, a := range answers {
		c, found := asked[a.answer.Challenge]
		if found && c.use == a.use && c.bound == a.bound && c.used.IsZero() {
			c.used = tx.Now()
			asked[c.id] = c
			if results[i].err == nil {
				results[i] = s.decide(a, c, parsed[i], keys, tx.Now())
			}
			continue
		}
		results[i].err = ErrPasskey
	}
	if err := useCeremonies(ctx, tx, asked); err != nil {
		return nil, fmt.Errorf("consume ceremonies: %w", err)
	}
	if err := notePasskeys(ctx, tx, results); err != nil {
		return nil, fmt.Errorf("note passkeys as used: %w", err)
	}
	return results, nil
}

// decide checks one answer against the ceremony that it belongs to.
func (s *Service) decide(a signature, c ceremony, answer *protocol.ParsedCredentialAssertionData, keys map[string]passkey, now time.Time) signed {
	key, found := keys[string(answer.RawID)]
	switch {
	case !found, !now.Before(c.expires):
		return signed{err: ErrPasskey}
	case a.principal != "" && key.principal != a.principal, c.principal != "" && key.principal != c.principal:
		return signed{err: ErrPasskey}
	case a.challenge != "" && a.challenge != c.challenge:
		return signed{err: ErrPasskey}
	}
	who := holder{principal: key.principal, passkeys: []passkey{key}}
	credential, err := s.webauthn.ValidateLogin(who, webauthn.SessionData{
		Challenge: c.challenge, RelyingPartyID: s.webauthn.Config.RPID, UserID: who.WebAuthnID(),
		UserVerification: protocol.VerificationRequired,
	}, answer)
	if err != nil || credential.Authenticator.CloneWarning {
		return signed{err: ErrPasskey.Because(err)}
	}
	key.counter, key.flags = int64(credential.Authenticator.SignCount), int64(credential.Flags.ProtocolValue())
	keys[string(answer.RawID)] = key // a later answer of the same batch must count on
	return signed{passkey: key}
}

func parseAssertion(credential []byte) *protocol.ParsedCredentialAssertionData {
	if len(credential) > credentialMost {
		return nil
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(credential)
	if err != nil {
		return nil
	}
	return parsed
}
