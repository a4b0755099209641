package apptest

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/tongbao/tongbao/internal/api/console"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Colleague is a member of staff who is signed in to the console in a browser.
type Colleague struct {
	*Client
	ID     id.Staff
	Mail   string
	Secret crypto.Secret // of the authenticator app
}

// NewColleague hires somebody in a role at the head office and signs him in.
func (b *Bank) NewColleague(roles ...access.Role) *Colleague {
	b.t.Helper()
	return b.NewColleagueAt(act.HeadOffice, roles...)
}

// NewColleagueAt hires somebody in a role at a branch and signs him in.
func (b *Bank) NewColleagueAt(branch string, roles ...access.Role) *Colleague {
	b.t.Helper()
	x := &Colleague{Client: b.Staff()}
	b.mu.Lock()
	b.people++
	x.Mail = fmt.Sprintf("colleague%d@bank.example", b.people)
	b.mu.Unlock()
	mail, err := auth.ParseEmail(x.Mail)
	b.must(err)
	by := act.Job("test")
	hired, err := b.Access.Invite(b.t.Context(), by, access.NewStaff{Name: "Lin", Mail: mail, Branch: branch})
	b.must(err)
	x.ID = hired.ID
	for _, role := range roles {
		_, err := b.Access.Appoint(b.t.Context(), by, access.RoleChange{Staff: x.ID, Role: role, Branch: branch})
		b.must(err)
	}
	look := x.Post("/invitations/look", map[string]any{"token": hired.Invitation.Token.Reveal()}).Is(http.StatusOK)
	x.Secret = crypto.Secret(look.At("secret"))
	x.Post("/invitations/accept", map[string]any{"token": hired.Invitation.Token.Reveal(), "password": Password, "code": x.Code()}).Is(http.StatusCreated)
	return x
}

// Code is what the authenticator app of a colleague shows now.
func (x *Colleague) Code() string {
	x.bank.t.Helper()
	code, err := auth.TOTPCode(x.Secret, x.bank.Time.Now())
	x.bank.must(err)
	return code
}

// Staff is a new browser before the console.
func (b *Bank) Staff() *Client {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.consoleURL == "" {
		server := httptest.NewServer(b.Handlers.Console)
		b.t.Cleanup(server.Close)
		b.consoleURL = server.URL
	}
	c := b.Browser()
	c.url, c.prefix, c.audience = b.consoleURL, console.Prefix, string(act.Console)
	return c
}

// For states what a colleague works for, when it is not the first purpose of a route.
func For(p access.Purpose) Header { return Header{"X-Tongbao-Purpose", string(p)} }

// SetCookie gives a browser a cookie, as who stole it would.
func (c *Client) SetCookie(name, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cookies[name] = value
}

// Cookie is a cookie of a browser; empty when it has none of the name.
func (c *Client) Cookie(name string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cookies[name]
}
