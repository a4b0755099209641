package app_test

import (
	"os"
	"testing"

	"github.com/tongbao/tongbao/internal/app/apptest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	apptest.RemoveRing()
	os.Exit(code)
}
