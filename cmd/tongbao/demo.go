package main

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/app/demo"
)

type demoCommand struct {
	app.Config `embed:""`
	Customers  int   `help:"How many customers." default:"300"`
	Seed       int64 `help:"Equal seeds make equal banks." default:"1"`
}

// Run makes the demo bank, unless it is there.
func (d *demoCommand) Run(ctx context.Context) error {
	d.Config.Demo = true
	p, err := demo.Ensure(ctx, d.Config, demo.Plan{Customers: d.Customers, Seed: d.Seed, Log: quietly(), Progress: progress})
	if err != nil {
		return err
	}
	fmt.Printf("demo bank in %s: phone %s, password %s, PIN %s\n", d.Data, p.Phone, p.Password, p.PIN)
	return nil
}
