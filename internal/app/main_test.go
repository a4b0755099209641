package app_test

import (
	"flag"
	"os"
	"testing"

	"github.com/tongbao/tongbao/internal/app/apptest"
)

// checks is how many sequences of acts are played on each database, unless -rapid.checks says another number.
const checks = "10"

func TestMain(m *testing.M) {
	const name = "rapid.checks"
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	if !given {
		if err := flag.Set(name, checks); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	apptest.RemoveRing()
	os.Exit(code)
}
