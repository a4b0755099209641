package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/platform/crypto"
)

type keysCommand struct {
	Create   keysCreate   `cmd:"" help:"Make a new ring in an empty folder."`
	Complete keysComplete `cmd:"" help:"Make the keys that a new release brings, and touch no other."`
	List     keysList     `cmd:"" help:"List the keys, never their secrets."`
	Stage    keysStage    `cmd:"" help:"Add a key that reads and does not write yet: distribute it to all nodes, then rotate."`
	Rotate   keysRotate   `cmd:"" help:"Let the staged key write, or a new one when none is staged; older ones go on reading."`
	Rewrap   keysRewrap   `cmd:"" help:"Move all rows of a bank to the keys in use: wrap data keys and write blind indexes again."`
	Retire   keysRetire   `cmd:"" help:"Destroy a key that is not in use any more, after moving what only it could read."`
}

// keysFolder is the flag that all of them share.
type keysFolder struct {
	Keys string `help:"Folder of the ring, outside every data folder and backup." required:"" type:"path"`
}

type keysCreate struct {
	keysFolder `embed:""`
}

// Run makes the ring.
func (k *keysCreate) Run() error {
	if _, err := crypto.CreateRing(k.Keys); err != nil {
		return err
	}
	fmt.Printf("a new ring is in %s\nkeep a copy where no copy of the data is: without it nothing can be read\n", k.Keys)
	return nil
}

type keysComplete struct {
	keysFolder `embed:""`
}

// Run makes what is missing. A file that was lost must come from its safe copy instead: see docs/runbooks/keys.md.
func (k *keysComplete) Run() error {
	if _, err := crypto.CompleteRing(k.Keys); err != nil {
		return err
	}
	fmt.Printf("the ring in %s is complete; bring its safe copy up to date\n", k.Keys)
	return nil
}

type keysList struct {
	keysFolder `embed:""`
}

// Run lists the keys.
func (k *keysList) Run() error {
	ring, err := crypto.OpenRing(k.Keys)
	if err != nil {
		return err
	}
	for _, p := range crypto.Purposes() {
		for _, key := range ring.Keys(p) {
			fmt.Printf("%-28s %+v\n", p, key)
		}
	}
	return nil
}

type keysRotate struct {
	keysFolder `embed:""`
	Purpose    string `arg:"" help:"Which keys: see tongbao keys list."`
}

// Run adds a key, or lets the staged one write.
func (k *keysRotate) Run() error { return changeRing(k.Keys, k.Purpose, (*crypto.Ring).Rotate) }

type keysStage struct {
	keysFolder `embed:""`
	Purpose    string `arg:"" help:"Which keys: see tongbao keys list."`
}

// Run adds a key that does not write yet.
func (k *keysStage) Run() error { return changeRing(k.Keys, k.Purpose, (*crypto.Ring).Stage) }

type keysRewrap struct {
	app.Config `embed:""`
}

// Run moves the rows, also while the bank is being served: its nodes must have read the new keys, which takes seconds.
func (k *keysRewrap) Run(ctx context.Context) error {
	moved, err := app.MoveKeys(ctx, k.Config, quietly())
	if err != nil {
		return err
	}
	fmt.Println(moved)
	return nil
}

type keysRetire struct {
	app.Config `embed:""`
	Purpose    string `arg:"" help:"Which keys: see tongbao keys list."`
	ID         string `arg:"" help:"Id of the key, as tongbao keys list shows it."`
}

// Run destroys a key of the ring in --keys.
func (k *keysRetire) Run(ctx context.Context) error {
	p, err := purpose(k.Purpose)
	if err != nil {
		return err
	}
	return app.RetireKey(ctx, k.Config, quietly(), p, k.ID)
}

// changeRing applies a change to the ring in a folder.
func changeRing(folder, name string, change func(*crypto.Ring, crypto.Purpose) error) error {
	p, err := purpose(name)
	if err != nil {
		return err
	}
	ring, err := crypto.OpenRing(folder)
	if err != nil {
		return err
	}
	return change(ring, p)
}

func purpose(name string) (crypto.Purpose, error) {
	if !slices.Contains(crypto.Purposes(), crypto.Purpose(name)) {
		return "", errors.New("there is no such purpose: see tongbao keys list")
	}
	return crypto.Purpose(name), nil
}

// quietly logs what an operator must see at a command.
func quietly() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}
