package main

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/parties/access"
)

type staffCommand struct {
	Create staffCreate `cmd:"" help:"Make an administrator and print the link of the invitation, once. The rest is done in the console."`
}

type staffCreate struct {
	app.Config `embed:""`
	Name       string `arg:"" help:"Name of the person."`
	Mail       string `arg:"" help:"Mail address, by which the person signs in."`
}

// Run makes an administrator. A bank needs two: what one asks for, the other agrees to.
func (s *staffCreate) Run(ctx context.Context) error {
	l, err := logger(s.LogLevel, s.LogFormat)
	if err != nil {
		return err
	}
	link, err := app.CreateStaff(ctx, s.Config, l, app.NewStaff{Name: s.Name, Mail: s.Mail, Role: access.RoleAdministrator})
	if err != nil {
		return err
	}
	fmt.Printf("open this link to choose a password and add the authenticator; it serves once:\n%s\n", link)
	return nil
}
