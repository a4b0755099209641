package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
)

// ErrInvitation says that an invitation is unknown, old, used, or was tried too often.
var ErrInvitation = fault.New(fault.Unauthenticated, "auth.invitation_expired")

// takes says whose sessions an application has: customers' and staff's never meet.
func (a Audience) takes(who Principal) bool { return (a == Console) == (who.kind() == act.Staff) }

// second says by which methods a sign-in of an application is completed. Staff always show two factors, and no code by
// mail or SMS is one of them.
func (a Audience) second(m Method) bool {
	if a == Console {
		return m == MethodTOTP || m == MethodPasskey
	}
	return m == MethodPassword || m == MethodCode || m == MethodPasskey
}

// alone says whether a first factor opens an application by itself: a passkey that has verified its user, or any on a
// device that is known. Nothing opens the console by itself.
func (a Audience) alone(m Method, known bool) bool { return a == App && (m == MethodPasskey || known) }

// Invitation is the link by which a member of staff chooses a password and takes a second factor.
type Invitation struct {
	Token     crypto.Secret // shown once; only its hash is kept
	ExpiresAt time.Time
}

// invitation is a row of auth_invitation.
type invitation struct {
	hash      []byte
	principal Principal
	sealed    []byte
	tries     int64
	expires   time.Time
}

func (i invitation) place() crypto.AAD {
	return crypto.AAD{Table: "auth_invitation", Column: "secret", Row: string(i.principal)}
}

// Invite makes a principal of a new member of staff, who has no factor until he accepts. Errors: ErrPrincipal,
// ErrContactTaken.
func (s *Service) Invite(ctx context.Context, tx *db.Tx, by act.By, who Principal, mail Contact) (Invitation, error) {
	if who.kind() != act.Staff {
		return Invitation{}, ErrPrincipal
	}
	if err := s.Enrol(ctx, tx, by, Enrolment{Principal: who, Contact: Vouched(mail)}); err != nil {
		return Invitation{}, err
	}
	return s.invite(ctx, tx, by, who)
}

// InviteAgain takes password, authenticator, passkeys and devices of a member of staff away, ends his sessions, and
// makes a new invitation. Errors: ErrPrincipal, ErrUnknown.
func (s *Service) InviteAgain(ctx context.Context, tx *db.Tx, by act.By, who Principal) (Invitation, error) {
	if who.kind() != act.Staff {
		return Invitation{}, ErrPrincipal
	}
	if _, err := s.lockPrincipal(ctx, tx, who); err != nil {
		return Invitation{}, err
	}
	for _, remove := range []func(context.Context, *db.Tx, Principal) error{deletePasskeys, deleteTOTP, unbindDevices, clearPassword} {
		if err := remove(ctx, tx, who); err != nil {
			return Invitation{}, fmt.Errorf("remove factors of %s: %w", who, err)
		}
	}
	if err := s.endSessions(ctx, tx, by, ending{who, "", endedByAct}); err != nil {
		return Invitation{}, err
	}
	return s.invite(ctx, tx, by, who)
}

func (s *Service) invite(ctx context.Context, tx *db.Tx, by act.By, who Principal) (Invitation, error) {
	life, err := s.rules.Duration(ctx, "auth.invitation.life_hours", s.days.Date(tx.Now()))
	if err != nil {
		return Invitation{}, fmt.Errorf("read rule: %w", err)
	}
	token := crypto.Token(ticketBits)
	row := invitation{hash: s.ring.TokenHash(token), principal: who, expires: tx.Now().Add(life)}
	if row.sealed, err = s.vault.Seal(ctx, tx, owner(who), row.place(), newTOTPSecret()); err != nil {
		return Invitation{}, fmt.Errorf("seal secret of authenticator: %w", err)
	}
	if err := upsertInvitation(ctx, tx, row); err != nil {
		return Invitation{}, fmt.Errorf("keep invitation: %w", err)
	}
	return Invitation{crypto.Secret(token), row.expires}, s.record(ctx, tx, entry{by: by, act: "auth.invite", principal: who})
}

// Invited is what an invitation shows to who follows it.
type Invited struct {
	Principal Principal
	Mail      string        // masked
	Secret    crypto.Secret // of the authenticator app, to type
	Link      crypto.Secret // the same as otpauth:// address, for a QR code
	ExpiresAt time.Time
}

// Invited reads an invitation. It may be read again until it is accepted, so that a page can be reloaded. Error: ErrInvitation.
func (s *Service) Invited(ctx context.Context, token crypto.Secret) (Invited, error) {
	var out Invited
	err := s.write(ctx, func(tx *db.Tx) error {
		row, secret, err := s.findInvitation(ctx, tx, token)
		if err != nil {
			return err
		}
		out = Invited{Principal: row.principal, Secret: crypto.Secret(secret.text()), ExpiresAt: row.expires}
		contacts, err := s.Contacts(ctx, tx, row.principal)
		if err != nil {
			return err
		}
		account := string(row.principal)
		if len(contacts) > 0 {
			out.Mail, account = contacts[0].Masked(), contacts[0].Value
		}
		out.Link = secret.link(s.site.Name, account)
		return nil
	})
	return out, err
}

func (s *Service) findInvitation(ctx context.Context, tx *db.Tx, token crypto.Secret) (invitation, totpSecret, error) {
	if token == "" || len(token) > tokenMost {
		return invitation{}, nil, ErrInvitation
	}
	p, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return invitation{}, nil, err
	}
	for _, hash := range s.ring.TokenHashes(token.Reveal()) {
		row, found, err := lockInvitation(ctx, tx, hash)
		if err != nil {
			return invitation{}, nil, fmt.Errorf("find invitation: %w", err)
		}
		if !found {
			continue
		}
		if !tx.Now().Before(row.expires) || row.tries >= p.ticketTries {
			return invitation{}, nil, ErrInvitation
		}
		secret, err := s.vault.Open(ctx, tx, owner(row.principal), row.place(), row.sealed)
		if err != nil {
			return invitation{}, nil, fmt.Errorf("open secret of authenticator: %w", err)
		}
		return row, secret, nil
	}
	return invitation{}, nil, ErrInvitation
}

// Acceptance is what a member of staff answers to an invitation.
type Acceptance struct {
	Token    crypto.Secret
	Password crypto.Secret
	Code     crypto.Secret // that the authenticator app shows
}

// Accept gives an invited member of staff his password and authenticator and signs him in; joined runs in the same
// transaction. Errors: ErrInvitation, ErrPassword..., ErrWrong when the code is not the app's.
func (s *Service) Accept(ctx context.Context, by act.By, c Client, a Acceptance, joined func(tx *db.Tx, who Principal) error) (SignedIn, error) {
	var personal []string
	err := s.write(ctx, func(tx *db.Tx) error {
		row, _, err := s.findInvitation(ctx, tx, a.Token)
		if err != nil {
			return err
		}
		contacts, err := s.Contacts(ctx, tx, row.principal)
		for _, contact := range contacts {
			personal = append(personal, contact.Value)
		}
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	fresh, err := s.HashPassword(ctx, a.Password, personal...)
	if err != nil {
		return SignedIn{}, err
	}
	c = c.withDevice()
	var in SignedIn
	err = s.write(ctx, func(tx *db.Tx) error {
		row, secret, err := s.findInvitation(ctx, tx, a.Token)
		if err != nil {
			return err
		}
		step, ok := secret.step(a.Code.Reveal(), tx.Now(), 0)
		if !ok {
			if err := countInvitation(ctx, tx, row); err != nil {
				return fmt.Errorf("count try: %w", err)
			}
			return s.refuse(ctx, tx, entry{by: by, act: "auth.accept_invitation", principal: row.principal, refusal: ErrWrong})
		}
		in, err = s.accept(ctx, tx, acceptance{by, c, row.principal, fresh, secret, step})
		if err != nil {
			return err
		}
		return joined(tx, row.principal)
	})
	return in, err
}

// acceptance is an answer that was right.
type acceptance struct {
	by       act.By
	client   Client
	who      Principal
	password NewPassword
	secret   totpSecret
	step     int64
}

func (s *Service) accept(ctx context.Context, tx *db.Tx, a acceptance) (SignedIn, error) {
	p, err := s.lockPrincipal(ctx, tx, a.who)
	if err != nil {
		return SignedIn{}, err
	}
	if p.state != Active {
		return SignedIn{}, ErrInvitation
	}
	if err := savePassword(ctx, tx, a.who, a.password.phc); err != nil {
		return SignedIn{}, fmt.Errorf("save password: %w", err)
	}
	if err := s.keepTOTP(ctx, tx, a.who, a.secret, a.step); err != nil {
		return SignedIn{}, err
	}
	if err := deleteInvitations(ctx, tx, a.who); err != nil {
		return SignedIn{}, fmt.Errorf("use invitation up: %w", err)
	}
	in, err := s.open(ctx, tx, opening{by: a.by, client: a.client, who: a.who, method: MethodPasswordAndTOTP})
	if err != nil {
		return SignedIn{}, err
	}
	n := noted{who: a.who, method: MethodPasswordAndTOTP, session: in.Session, newDevice: true}
	if err := s.noteSignIn(ctx, tx, a.by, a.client, n); err != nil {
		return SignedIn{}, err
	}
	return in, s.record(ctx, tx, entry{by: a.by, act: "auth.accept_invitation", principal: a.who})
}

// staffFactors are what a member of staff can complete a sign-in by.
func (s *Service) staffFactors(ctx context.Context, tx *db.Tx, who Principal) ([]Method, error) {
	var all []Method
	has, err := hasTOTP(ctx, tx, who)
	if err != nil {
		return nil, fmt.Errorf("read authenticator: %w", err)
	}
	if has {
		all = append(all, MethodTOTP)
	}
	keys, err := listPasskeys(ctx, tx, who)
	if err != nil {
		return nil, fmt.Errorf("list passkeys: %w", err)
	}
	if len(keys) > 0 && s.webauthn != nil {
		all = append(all, MethodPasskey)
	}
	return all, nil
}

// AuthenticateOn is Authenticate for a session that is bound to its device: a token that was carried to another
// machine opens nothing there. Error: ErrSession.
func (s *Service) AuthenticateOn(ctx context.Context, a Audience, token, device crypto.Secret) (Session, error) {
	x, err := s.Authenticate(ctx, a, token)
	if err != nil {
		return Session{}, err
	}
	if device == "" || len(device) > tokenMost {
		return Session{}, ErrSession
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := s.policyAt(ctx, tx.Now())
		if err != nil {
			return err
		}
		known, err := s.knownDevice(ctx, tx, x.Principal, Client{Device: device}, p.deviceTrust)
		if err == nil && known != x.Device {
			return ErrSession
		}
		return err
	})
	if err != nil {
		return Session{}, fmt.Errorf("find device of session: %w", err)
	}
	return x, nil
}
