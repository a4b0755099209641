package main

import (
	"os"

	"github.com/tongbao/tongbao/internal/api/mobile"
)

type openAPICommand struct{}

// Run prints the description of the mobile API.
func (openAPICommand) Run() error {
	text, err := mobile.Description()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(text)
	return err
}
