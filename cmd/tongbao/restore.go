package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/tongbao/tongbao/internal/app"
)

type restoreCommand struct {
	app.Config   `embed:""`
	From         string `help:"Folder or s3:// address that keeps the backups." required:"" placeholder:"PLACE"`
	app.StoreKey `embed:""`
	At           time.Time `help:"The newest backup not after this instant, 2026-11-22T09:30:00Z; by default the newest of all." placeholder:"INSTANT"`
	JSON         bool      `name:"json" help:"Print the report as JSON."`
}

// Run puts a backup back and exits 1 when its books do not hold.
func (r *restoreCommand) Run(ctx context.Context) error {
	restored, err := app.Restore(ctx, r.Config, app.Restoring{From: r.From, Store: r.StoreKey, At: r.At})
	if err != nil {
		return err
	}
	if r.JSON {
		restored.Backup.Parts, restored.Backup.Sealed = nil, nil // a line for people and scripts, not the manifest
		if err := json.NewEncoder(os.Stdout).Encode(restored); err != nil {
			return err
		}
	} else {
		fmt.Println(restored)
	}
	if !restored.Holds() {
		return errBreach
	}
	return nil
}
