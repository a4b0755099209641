package auth

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The ways in which keeping passkeys is refused.
var (
	// ErrUnknownPasskey says that the principal has no such passkey.
	ErrUnknownPasskey = fault.New(fault.NotFound, "auth.unknown_passkey")
	// ErrPasskeysMost says that the principal has as many passkeys as anybody may have.
	ErrPasskeysMost = fault.New(fault.Rejected, "auth.passkeys_most")
	// ErrPasskeyExists says that the authenticator has a passkey for the bank already.
	ErrPasskeyExists = fault.New(fault.Conflict, "auth.passkey_exists")
)

// Passkey is a passkey as its owner sees it.
type Passkey struct {
	ID     id.Passkey
	Name   string // of the device that made it
	MadeAt time.Time
	UsedAt time.Time // zero when never
	Synced bool      // a provider keeps it on several devices
}

// passkey is a row of auth_passkey.
type passkey struct {
	id         id.Passkey
	principal  Principal
	credential []byte
	publicKey  []byte
	flags      int64
	counter    int64
	transports string
	format     string
	name       string
	made       time.Time
	usedAt     time.Time
}

func (k passkey) shown() Passkey {
	flags := protocol.AuthenticatorFlags(k.flags)
	return Passkey{ID: k.id, Name: k.name, MadeAt: k.made, UsedAt: k.usedAt, Synced: flags.HasBackupState()}
}

// credentialRecord is the passkey as the library knows it.
func (k passkey) credentialRecord() webauthn.Credential {
	c := webauthn.Credential{
		ID: k.credential, PublicKey: k.publicKey, AttestationFormat: k.format,
		Flags:         webauthn.NewCredentialFlags(protocol.AuthenticatorFlags(k.flags)),
		Authenticator: webauthn.Authenticator{SignCount: uint32(k.counter)},
	}
	for _, t := range strings.Fields(k.transports) {
		c.Transport = append(c.Transport, protocol.AuthenticatorTransport(t))
	}
	return c
}

// Passkeys are the passkeys of who acts, the latest first.
func (s *Service) Passkeys(ctx context.Context, by act.By) ([]Passkey, error) {
	var all []Passkey
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = s.PasskeysIn(ctx, tx, Principal(by.Actor))
		return err
	})
	return all, err
}

// PasskeysIn is Passkeys in the caller's view of the database.
func (s *Service) PasskeysIn(ctx context.Context, tx *db.Tx, who Principal) ([]Passkey, error) {
	keys, err := listPasskeys(ctx, tx, who)
	if err != nil {
		return nil, fmt.Errorf("list passkeys: %w", err)
	}
	var all []Passkey
	for _, k := range keys {
		all = append(all, k.shown())
	}
	return all, nil
}

// AddPasskeyOptions ask the browser of who acts to make a passkey. Errors: ErrPasskeysMost, ErrNoPasskeys.
func (s *Service) AddPasskeyOptions(ctx context.Context, by act.By) (PasskeyOptions, error) {
	if s.webauthn == nil {
		return PasskeyOptions{}, ErrNoPasskeys
	}
	var options PasskeyOptions
	err := s.write(ctx, func(tx *db.Tx) error {
		who := Principal(by.Actor)
		h, err := s.passkeyHolder(ctx, tx, who)
		if err != nil {
			return err
		}
		var exclude []protocol.CredentialDescriptor
		for _, c := range h.WebAuthnCredentials() {
			exclude = append(exclude, c.Descriptor())
		}
		creation, session, err := s.webauthn.BeginRegistration(h, webauthn.WithExclusions(exclude),
			webauthn.WithCredentialParameters(webauthn.CredentialParametersRecommendedL3()))
		if err != nil {
			return fmt.Errorf("ask for new passkey: %w", err)
		}
		c := ceremony{use: useAdd, principal: who, bound: string(by.Session), challenge: session.Challenge}
		options, err = s.keepCeremony(ctx, tx, c, creation)
		return err
	})
	return options, err
}

// passkeyHolder is a principal who may have one more passkey.
func (s *Service) passkeyHolder(ctx context.Context, tx *db.Tx, who Principal) (holder, error) {
	p, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return holder{}, err
	}
	keys, err := listPasskeys(ctx, tx, who)
	if err != nil {
		return holder{}, fmt.Errorf("list passkeys: %w", err)
	}
	if len(keys) >= p.passkeysMost {
		return holder{}, ErrPasskeysMost
	}
	contacts, err := s.Contacts(ctx, tx, who)
	if err != nil {
		return holder{}, err
	}
	h := holder{principal: who, name: string(who), passkeys: keys}
	if len(contacts) > 0 {
		h.name = contacts[0].Masked() // what the person sees when choosing a passkey
	}
	return h, nil
}

// AddPasskey keeps the passkey that a browser has made. Errors: ErrStepUp, ErrPasskey, ErrPasskeysMost, ErrPasskeyExists.
func (s *Service) AddPasskey(ctx context.Context, by act.By, c Client, e Evidence, a PasskeyAnswer) (Passkey, error) {
	var made passkey
	err := s.write(ctx, func(tx *db.Tx) error {
		who, err := s.allow(ctx, tx, by, e, PurposePasskeys)
		if err != nil {
			return err
		}
		h, err := s.passkeyHolder(ctx, tx, who)
		if err != nil {
			return err
		}
		if made, err = s.newPasskey(ctx, tx, by, h, a); err != nil {
			return err
		}
		made.name = c.name()
		err = insertPasskey(ctx, tx, made)
		if db.IsUnique(err) {
			return ErrPasskeyExists.Because(err)
		}
		if err != nil {
			return fmt.Errorf("keep passkey: %w", err)
		}
		return s.changed(ctx, tx, by, c, change{who: who, factor: "passkey_added", subject: string(made.id)})
	})
	return made.shown(), err
}

// newPasskey checks what the browser made and consumes the ceremony.
func (s *Service) newPasskey(ctx context.Context, tx *db.Tx, by act.By, h holder, a PasskeyAnswer) (passkey, error) {
	if s.webauthn == nil {
		return passkey{}, ErrNoPasskeys
	}
	asked, err := lockCeremonies(ctx, tx, []signature{{answer: a}})
	if err != nil {
		return passkey{}, fmt.Errorf("lock ceremony: %w", err)
	}
	c, found := asked[a.Challenge]
	if !found || c.use != useAdd || c.principal != h.principal || c.bound != string(by.Session) || !c.used.IsZero() ||
		!tx.Now().Before(c.expires) || len(a.Credential) > credentialMost {
		return passkey{}, ErrPasskey
	}
	c.used = tx.Now()
	if err := useCeremonies(ctx, tx, map[id.Challenge]ceremony{c.id: c}); err != nil {
		return passkey{}, fmt.Errorf("consume ceremony: %w", err)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(a.Credential)
	if err != nil {
		return passkey{}, ErrPasskey.Because(err)
	}
	credential, err := s.webauthn.CreateCredential(h, webauthn.SessionData{
		Challenge: c.challenge, RelyingPartyID: s.webauthn.Config.RPID, UserID: h.WebAuthnID(),
		UserVerification: protocol.VerificationRequired, CredParams: webauthn.CredentialParametersRecommendedL3(),
	}, parsed)
	if err != nil {
		return passkey{}, ErrPasskey.Because(err)
	}
	transports := make([]string, 0, len(credential.Transport))
	for _, t := range credential.Transport {
		transports = append(transports, string(t))
	}
	return passkey{
		id: id.New[id.Passkey](tx.Now()), principal: h.principal, credential: credential.ID, publicKey: credential.PublicKey,
		flags: int64(credential.Flags.ProtocolValue()), counter: int64(credential.Authenticator.SignCount),
		transports: strings.Join(transports, " "), format: credential.AttestationFormat, made: tx.Now(),
	}, nil
}

// RemovePasskey removes a passkey. Errors: ErrStepUp, ErrUnknownPasskey.
func (s *Service) RemovePasskey(ctx context.Context, by act.By, c Client, e Evidence, which id.Passkey) error {
	return s.write(ctx, func(tx *db.Tx) error {
		who, err := s.allow(ctx, tx, by, e, PurposePasskeys)
		if err != nil {
			return err
		}
		n, err := deletePasskey(ctx, tx, who, which)
		if err != nil {
			return fmt.Errorf("remove passkey: %w", err)
		}
		if n == 0 {
			return ErrUnknownPasskey
		}
		return s.changed(ctx, tx, by, c, change{who: who, factor: "passkey_removed", subject: string(which)})
	})
}

// intentHashBytes is the size of the hash of a payment intent.
const intentHashBytes = 32

// PaymentPasskeyOptions ask for a signature over the hash of a payment intent: the hash itself is the challenge, so the
// passkey signs what is paid. Errors: ErrPasskey when the payer has none, ErrNoPasskeys.
func (s *Service) PaymentPasskeyOptions(ctx context.Context, by act.By, hash []byte) (PasskeyOptions, error) {
	if len(hash) != intentHashBytes {
		return PasskeyOptions{}, ErrPasskey
	}
	var options PasskeyOptions
	err := s.write(ctx, func(tx *db.Tx) error {
		var err error
		c := ceremony{use: usePayment, principal: Principal(by.Customer()), bound: string(by.Session)}
		options, err = s.ask(ctx, tx, c, hash)
		return err
	})
	return options, err
}

// challengeText is a challenge as the browser's answer repeats it.
func challengeText(challenge []byte) string { return base64.RawURLEncoding.EncodeToString(challenge) }
