package auth

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// CodePurpose is what a code is for; it is good for nothing else.
type CodePurpose string

// The purposes of codes.
const (
	CodeRegister      CodePurpose = "register"
	CodeSignIn        CodePurpose = "sign_in"
	CodePasswordReset CodePurpose = "password_reset"
	CodeLostPhone     CodePurpose = "lost_phone"    // to the new phone of who has lost the old one and every session
	CodeNewContact    CodePurpose = "new_contact"   // inside a session: to the new phone or address
	CodeStepUp        CodePurpose = "step_up"       // inside a session: to the own contact; Contact is empty
	CodeSecondFactor  CodePurpose = "second_factor" // with the ticket of the sign-in; Contact is empty
)

// CodeRequest asks for a code.
type CodeRequest struct {
	Purpose CodePurpose
	Contact string        // phone or mail address, as typed
	Ticket  crypto.Secret // of a sign-in that waits for its second factor
}

// Sent says that a code is on its way, or would be if the contact were somebody's: it says the same for both.
type Sent struct {
	Challenge   id.Challenge
	To          string // masked
	ExpiresAt   time.Time
	ResendAfter time.Duration
}

// destination is where a code goes, and for whom.
type destination struct {
	contact   Contact
	principal Principal // empty when nobody has the contact
	bound     string    // session or ticket that the code belongs to
	void      bool      // no code will ever fit: the text tells why to whom the contact belongs
	template  string    // instead of the purpose's own
}

// SendCode sends a one-time code. It answers alike, after like work, whoever the contact belongs to: a stranger's phone
// is told that somebody asked. Errors: ErrPhone, ErrEmail, ErrCodePurpose, ErrCodeWait, ErrTicket, ErrSession.
func (s *Service) SendCode(ctx context.Context, by act.By, c Client, r CodeRequest) (Sent, error) {
	var contact Contact
	switch r.Purpose {
	case CodeRegister, CodeSignIn, CodePasswordReset, CodeLostPhone, CodeNewContact:
		var err error
		if contact, err = ParseContact(r.Contact); err != nil {
			return Sent{}, err
		}
	case CodeStepUp, CodeSecondFactor:
	default:
		return Sent{}, ErrCodePurpose
	}
	var sent Sent
	err := s.write(ctx, func(tx *db.Tx) error {
		d, err := s.destination(ctx, tx, by, c, r, contact)
		if err != nil {
			return err
		}
		sent, err = s.send(ctx, tx, by, c, r.Purpose, d)
		return err
	})
	return sent, err
}

// destination finds out where the code of a request goes.
func (s *Service) destination(ctx context.Context, tx *db.Tx, by act.By, c Client, r CodeRequest, to Contact) (destination, error) {
	switch r.Purpose {
	case CodeStepUp:
		if by.Session == "" {
			return destination{}, ErrSession
		}
		return s.ownContact(ctx, tx, Principal(by.Actor), string(by.Session))
	case CodeSecondFactor:
		t, err := s.findTicket(ctx, tx, by, c, r.Ticket)
		if err != nil {
			return destination{}, err
		}
		return s.ownContact(ctx, tx, t.principal, t.bound())
	case CodeLostPhone:
		return s.lostPhone(ctx, tx, to)
	}
	holder, found, err := s.Find(ctx, tx, to)
	if err != nil {
		return destination{}, err
	}
	d := destination{contact: to, principal: holder}
	switch r.Purpose {
	case CodeNewContact:
		if by.Session == "" {
			return destination{}, ErrSession
		}
		d.bound, d.principal = string(by.Session), Principal(by.Actor)
		d.void = found && holder != d.principal
	case CodeRegister:
		d.void = found
	default:
		d.void = !found
	}
	if d.void {
		d.template = templateNoAccount
		if found {
			d.template = templateHaveAccount
		}
	}
	return d, nil
}

// ownContact is where codes for a principal go: the phone, or the mail address of who has none.
func (s *Service) ownContact(ctx context.Context, tx *db.Tx, who Principal, bound string) (destination, error) {
	contacts, err := s.Contacts(ctx, tx, who)
	if err != nil {
		return destination{}, err
	}
	if len(contacts) == 0 {
		return destination{}, ErrCodePurpose
	}
	return destination{contact: contacts[0], principal: who, bound: bound}, nil
}

// send counts, makes the challenge and hands the code to the messenger.
func (s *Service) send(ctx context.Context, tx *db.Tx, by act.By, c Client, purpose CodePurpose, d destination) (Sent, error) {
	p, err := s.policyAt(ctx, tx.Now())
	if err != nil {
		return Sent{}, err
	}
	device, err := s.knownDevice(ctx, tx, d.principal, c, p.deviceTrust)
	if err != nil {
		return Sent{}, err
	}
	refused, err := s.use(ctx, tx, s.codeTallies(by, c, purpose, d.contact, device, p))
	if err != nil {
		return Sent{}, err
	}
	noted := entry{by: by, act: "auth.code.send", principal: d.principal, detail: map[string]string{"purpose": string(purpose)}}
	if refused.wait > 0 {
		noted.refusal = ErrCodeWait.Wait(refused.wait)
		return Sent{}, s.refuse(ctx, tx, noted)
	}
	code := crypto.Digits(p.codeDigits)
	ch := challenge{
		id: id.New[id.Challenge](tx.Now()), purpose: purpose, kind: d.contact.Kind, principal: d.principal, bound: d.bound,
		expires: tx.Now().Add(p.codeLife),
	}
	if ch.sealed, err = s.vault.Seal(ctx, tx, vault.Bank, ch.place(), []byte(d.contact.Value)); err != nil {
		return Sent{}, fmt.Errorf("seal destination of code: %w", err)
	}
	ch.keyID, ch.mac = s.ring.MAC(crypto.Code, ch.parts(d.contact, code)...)
	if d.void {
		ch.mac, code = crypto.Random(len(ch.mac)), ""
	}
	if err := insertChallenge(ctx, tx, ch); err != nil {
		return Sent{}, fmt.Errorf("keep challenge: %w", err)
	}
	err = s.messenger.SendCode(ctx, tx, notify.Code{
		To: d.contact.Value, Locale: c.Locale, Template: cmp.Or(d.template, codeTemplate(purpose)), Code: code, Expires: ch.expires,
	})
	if err != nil {
		return Sent{}, fmt.Errorf("send code: %w", err)
	}
	noted.subject = string(ch.id)
	return Sent{ch.id, d.contact.Masked(), ch.expires, p.codeResend}, s.record(ctx, tx, noted)
}

// codeTallies count a code by contact, by device and by network. A known device has a count of its own for its
// owner's contact, and is not counted by network, so that strangers who ask for codes do not use up the owner's.
func (s *Service) codeTallies(by act.By, c Client, purpose CodePurpose, to Contact, known id.Device, p policy) []tally {
	const stranger = "stranger"
	asker := stranger
	if known != "" {
		asker = string(known)
	}
	all := []tally{
		{kind: "code.resend", id: s.counterID("code.resend", to.Value, asker, string(purpose)), limit: 1, window: p.codeResend},
		{kind: "code.contact", id: s.counterID("code.contact", to.Value, asker), limit: p.codesContact, window: time.Hour},
	}
	if known == "" {
		net := network(by.Address)
		all = append(all, tally{kind: "code.network", id: s.counterID("code.network", net), limit: p.codesNetwork, window: time.Hour})
	}
	if c.Device != "" {
		token := c.Device.Reveal()
		all = append(all, tally{kind: "code.device", id: s.counterID("code.device", token), limit: p.codesDevice, window: time.Hour})
	}
	return all
}
