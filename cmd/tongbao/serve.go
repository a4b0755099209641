package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/app/demo"
)

// readyVariable asks for one line of JSON when the node answers, for scripts and tests.
const readyVariable = "TONGBAO_READY_JSON"

type serveCommand struct {
	app.Config `embed:""`
	Customers  int   `help:"Customers of a new demo bank." default:"300"`
	Seed       int64 `help:"Seed of a new demo bank." default:"1"`
}

// Run serves until it is interrupted.
func (s *serveCommand) Run(ctx context.Context) error {
	l, err := logger(s.LogLevel, s.LogFormat)
	if err != nil {
		return err
	}
	var person demo.Person
	if s.Config.Demo {
		if person, err = demo.Ensure(ctx, s.Config, demo.Plan{Customers: s.Customers, Seed: s.Seed, Log: quietly(), Progress: progress}); err != nil {
			return err
		}
	}
	return app.Serve(ctx, s.Config, app.Options{Log: l}, func(b *app.Bank, a app.Addresses) {
		var staff []demo.Colleague
		if s.Config.Demo {
			if staff, err = demo.Staff(ctx, b); err != nil {
				l.Error("the demo's staff could not be made", "err", err)
			}
		}
		s.announce(a, person, staff)
	})
}

func (s *serveCommand) announce(a app.Addresses, p demo.Person, staff []demo.Colleague) {
	if os.Getenv(readyVariable) != "" {
		_ = json.NewEncoder(os.Stdout).Encode(struct {
			Ready bool `json:"ready"`
			app.Addresses
			Person *demo.Person     `json:"person,omitempty"`
			Staff  []demo.Colleague `json:"staff,omitempty"`
		}{true, a, some(p), staff})
		return
	}
	fmt.Printf("\n  通宝 Tongbao %s\n\n  app      %s\n  console  %s\n  metrics  %s/metrics\n", version, a.Mobile, a.Console, a.Metrics)
	if p.Phone != "" {
		fmt.Printf("\n  a demo bank: try it as\n    phone     %s\n    password  %s\n    PIN       %s\n  codes that would go out by SMS are shown at %s/dev/inbox\n", p.Phone, p.Password, p.PIN, a.Mobile)
	}
	if len(staff) > 0 {
		fmt.Printf("\n  its staff sign in to the console with the password %s and the code of an authenticator app with this secret:\n", staff[0].Password)
		for _, x := range staff {
			fmt.Printf("    %-38s %s\n", x.Mail, x.Secret)
		}
	}
	fmt.Println("\n  Ctrl-C stops it.")
}

func some(p demo.Person) *demo.Person {
	if p.Phone == "" {
		return nil
	}
	return &p
}

// progress tells a person who waits what is being done; scripts get nothing.
func progress(line string) {
	if os.Getenv(readyVariable) == "" {
		fmt.Fprintln(os.Stderr, "  "+line)
	}
}
