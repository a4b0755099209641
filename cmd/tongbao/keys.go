package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/crypto"
)

type keysCommand struct {
	Create   keysCreate   `cmd:"" help:"Make a new ring in an empty folder."`
	Complete keysComplete `cmd:"" help:"Make the keys that a new release brings, and touch no other."`
	List     keysList     `cmd:"" help:"List the keys, never their secrets."`
	Rotate   keysRotate   `cmd:"" help:"Add a new key for a purpose; older ones go on reading."`
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

// Run adds a key.
func (k *keysRotate) Run() error {
	ring, err := crypto.OpenRing(k.Keys)
	if err != nil {
		return err
	}
	if !slices.Contains(crypto.Purposes(), crypto.Purpose(k.Purpose)) {
		return errors.New("there is no such purpose: see tongbao keys list")
	}
	return ring.Rotate(crypto.Purpose(k.Purpose))
}
