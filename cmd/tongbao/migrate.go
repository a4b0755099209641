package main

import (
	"context"
	"fmt"

	"github.com/tongbao/tongbao/internal/app"
)

type migrateCommand struct {
	app.Config `embed:""`
}

// Run migrates, as the role of --owner, and lets the role of --database use the tables.
func (m *migrateCommand) Run(ctx context.Context) error {
	if err := app.Migrate(ctx, m.Config); err != nil {
		return err
	}
	fmt.Println("the tables are up to date")
	return nil
}
