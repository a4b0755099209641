package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// openAccess opens the room of staff, branches and permissions.
func (b *Bank) openAccess() error {
	var err error
	b.Access, err = access.New(access.Parts{
		DB: b.DB, Clock: b.Clock, Ring: b.Ring, Vault: b.Vault, Rules: b.Rules, Days: b.Days, Audit: b.Audit, Auth: b.Auth,
		Messenger: b.Notify, Link: b.invitationLink,
	})
	return err
}

// openHeadOffice opens the first branch of a new bank.
func (b *Bank) openHeadOffice(ctx context.Context) error {
	return b.Access.Begin(ctx, b.Config.BankName)
}

// consoleURL is where staff reach the console.
func (b *Bank) consoleURL() string {
	if b.Config.ConsoleURL != "" {
		return strings.TrimRight(b.Config.ConsoleURL, "/")
	}
	return b.Config.address(b.Config.ConsoleListen)
}

// invitationLink carries the token behind the #, which browsers keep to themselves: no log on the way sees it.
func (b *Bank) invitationLink(token crypto.Secret) string {
	return b.consoleURL() + "/invitation#" + url.PathEscape(token.Reveal())
}

// consoleOrigins are the addresses that the console is reached at.
func (b *Bank) consoleOrigins() []string {
	u, err := url.Parse(b.Config.ConsoleURL)
	if err != nil || u.Host == "" {
		return nil
	}
	return []string{u.Scheme + "://" + u.Host}
}

// desks finds staff for the edge: their sessions are bound to their devices, and they act from their branch.
type desks struct {
	auth   *auth.Service
	access *access.Service
}

// Authenticate implements api.Sessions.
func (d desks) Authenticate(ctx context.Context, token, device string) (api.Caller, error) {
	x, err := d.auth.AuthenticateOn(ctx, auth.Console, crypto.Secret(token), crypto.Secret(device))
	if err != nil {
		return api.Caller{}, err
	}
	branch, err := d.access.Desk(ctx, id.Staff(x.Principal))
	if err != nil {
		return api.Caller{}, err
	}
	return api.Caller{By: x.Identify(act.By{Branch: branch}), SignedIn: x.MadeAt, ExpiresAt: x.ExpiresAt}, nil
}

// Permit implements api.Permits: whether somebody may do this anywhere at all or, where it is about the whole bank, at
// the head office.
func (d desks) Permit(ctx context.Context, by act.By, g api.Guard, purpose string) error {
	q := access.Question{Staff: id.Staff(by.Actor), Permission: access.Permission(g.Permission), Purpose: access.Purpose(purpose)}
	if g.Owner == api.Bank {
		q.About.Branch = act.HeadOffice
	}
	return d.access.Check(ctx, q)
}

// NewStaff is somebody who works for the bank before anybody could agree to it.
type NewStaff struct {
	Name, Mail string
	Role       access.Role
}

// Hire makes a member of staff with a role at the head office: the first ones of a bank, from the machine itself. It
// answers the invitation's token.
func (b *Bank) Hire(ctx context.Context, n NewStaff) (crypto.Secret, error) {
	mail, err := auth.ParseEmail(n.Mail)
	if err != nil {
		return "", err
	}
	by := act.Job("staff.create")
	hired, err := b.Access.Invite(ctx, by, access.NewStaff{Name: n.Name, Mail: mail, Branch: act.HeadOffice})
	if err != nil {
		return "", err
	}
	_, err = b.Access.Appoint(ctx, by, access.RoleChange{Staff: hired.ID, Role: n.Role, Branch: act.HeadOffice})
	return hired.Invitation.Token, err
}

// CreateStaff opens a bank, hires somebody and answers the link of the invitation.
func CreateStaff(ctx context.Context, c Config, log *slog.Logger, n NewStaff) (string, error) {
	b, err := New(ctx, c, Options{Log: log, Quiet: true})
	if err != nil {
		return "", err
	}
	defer b.Close()
	token, err := b.Hire(ctx, n)
	if err != nil {
		return "", fmt.Errorf("hire %s: %w", n.Role, err)
	}
	return b.invitationLink(token), nil
}
