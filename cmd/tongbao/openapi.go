package main

import (
	"os"

	"github.com/tongbao/tongbao/internal/app"
)

type openAPICommand struct{}

// Run prints the description of the mobile API.
func (openAPICommand) Run() error {
	text, err := app.MobileDescription()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(text)
	return err
}
