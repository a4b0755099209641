package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Colleague is a member of staff of a demo bank, ready to sign in to the console.
type Colleague struct {
	Role     string `json:"role"`
	Mail     string `json:"mail"`
	Password string `json:"password"`
	Secret   string `json:"secret"` // for an authenticator app
}

// staffPassword is the password of all staff of demo banks.
const staffPassword = "tongbao-2026-console"

// staffFile keeps the secrets of the demo's authenticators, which the bank itself shows to nobody.
const staffFile = "demo-staff.json"

// Staff are the colleagues of a demo bank: one of each role, and a second administrator and a second one of operations,
// because what one asks for another agrees to. It hires them the first time.
func Staff(ctx context.Context, b *app.Bank) ([]Colleague, error) {
	file := filepath.Join(b.Config.Data, staffFile)
	text, err := os.ReadFile(file) //nolint:gosec // in the bank's own folder
	if err == nil {
		var all []Colleague
		return all, json.Unmarshal(text, &all)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the demo's staff: %w", err)
	}
	var all []Colleague
	for _, role := range append(access.Roles(), access.RoleAdministrator, access.RoleOperations) {
		mail := string(role) + "@tongbao.example"
		if len(all) >= len(access.Roles()) {
			mail = string(role) + "2@tongbao.example"
		}
		x, err := hire(ctx, b, app.NewStaff{Name: string(role), Mail: mail, Role: role})
		if err != nil {
			return nil, fmt.Errorf("hire %s: %w", mail, err)
		}
		all = append(all, x)
	}
	if text, err = json.MarshalIndent(all, "", "  "); err != nil {
		return nil, err
	}
	return all, os.WriteFile(file, text, 0o600)
}

// hire makes somebody and accepts the invitation in his place.
func hire(ctx context.Context, b *app.Bank, n app.NewStaff) (Colleague, error) {
	token, err := b.Hire(ctx, n)
	if err != nil {
		return Colleague{}, err
	}
	invited, err := b.Auth.Invited(ctx, token)
	if err != nil {
		return Colleague{}, err
	}
	code, err := auth.TOTPCode(invited.Secret, b.Clock.Now())
	if err != nil {
		return Colleague{}, err
	}
	by := act.By{Kind: act.Visitor, Channel: act.Console, Branch: act.HeadOffice}
	client := auth.Client{Audience: auth.Console, Agent: "Tongbao demo"}
	accepted := auth.Acceptance{Token: token, Password: staffPassword, Code: crypto.Secret(code)}
	in, err := b.Auth.Accept(ctx, by, client, accepted, func(tx *db.Tx, who auth.Principal) error {
		return b.Access.Joined(ctx, tx, id.Staff(who))
	})
	if err != nil {
		return Colleague{}, err
	}
	if err := b.Auth.EndSession(ctx, in.Session.Identify(by), in.Session.ID); err != nil {
		return Colleague{}, err
	}
	return Colleague{Role: string(n.Role), Mail: n.Mail, Password: staffPassword, Secret: invited.Secret.Reveal()}, nil
}
