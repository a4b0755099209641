package app_test

import (
	"testing"

	"github.com/tongbao/tongbao/internal/app/apptest"
)

func TestEveryStepAndCheckOfEndOfDayHasANameForPeople(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{Quiet: true})
	for _, s := range b.End.Steps {
		if !b.Catalog.Has("day.step." + s.Name) {
			t.Errorf("step %s has no text day.step.%s", s.Name, s.Name)
		}
	}
	for _, c := range b.End.Checks {
		if !b.Catalog.Has("day.check." + c.Name) {
			t.Errorf("check %s has no text day.check.%s", c.Name, c.Name)
		}
	}
}
