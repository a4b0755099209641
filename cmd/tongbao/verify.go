package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/values/id"
)

type verifyCommand struct {
	app.Config `embed:""`
	From       string `help:"First account id of a range."`
	To         string `help:"Last account id of a range."`
	Full       bool   `help:"Read the audit log from its first record, not from the last checkpoint kept outside."`
	JSON       bool   `name:"json" help:"Print the report as JSON."`
}

var errBreach = errors.New("the books do not hold")

// Run recomputes everything and exits 1 at the first breach.
func (v *verifyCommand) Run(ctx context.Context) error {
	report, err := app.Verify(ctx, v.Config, app.Range{From: v.From, To: v.To, Full: v.Full})
	if err != nil {
		return err
	}
	if v.JSON {
		if err := json.NewEncoder(os.Stdout).Encode(report); err != nil {
			return err
		}
	} else {
		fmt.Println(report)
	}
	if !report.Holds() {
		return errBreach
	}
	return nil
}

type proveCommand struct {
	app.Config `embed:""`
	Record     string `arg:"" help:"Id of the audit record, audt_…"`
}

// Run prints the proof, which stands by itself: it can be checked with the bank's public key alone.
func (p *proveCommand) Run(ctx context.Context) error {
	record, err := id.Parse[id.Audit](p.Record)
	if err != nil {
		return err
	}
	proof, err := app.Prove(ctx, p.Config, record)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(proof)
	return err
}
