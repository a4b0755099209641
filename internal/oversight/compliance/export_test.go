package compliance

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/clock"
)

// Told is what a report says, for tests: papers are hard to read for a program.
type Told struct {
	Done, Refused, Reveals, RevealsRefused, People, Sealed int64
	Refusals, Taken, Approvals, Alerts, Books              map[string]int64
	Names                                                  []string
}

// TellFigures are the figures of a month as a report would have them.
func (s *Service) TellFigures(ctx context.Context, first clock.Date) (Told, error) {
	f, err := s.figures(ctx, first, s.Clock.Now())
	if err != nil {
		return Told{}, err
	}
	_, refusals, done, refused := f.lines()
	t := Told{Done: done, Refused: refused, People: f.People, Sealed: f.Sealed,
		Refusals: map[string]int64{}, Taken: map[string]int64{}, Approvals: map[string]int64{}, Alerts: map[string]int64{}, Books: map[string]int64{}}
	for _, x := range refusals {
		t.Refusals[x.code] += x.records
	}
	for _, x := range f.Staff {
		t.Reveals += x.OfInterest - x.RefusedOfThose
		t.RevealsRefused += x.RefusedOfThose
		t.Names = append(t.Names, f.Names[x.Staff])
	}
	for _, x := range f.Taken {
		t.Taken[x.Subject] += x.Records
	}
	for _, x := range f.Approvals {
		t.Approvals[x.Kind+" "+string(x.State)] += x.Requests
	}
	for _, x := range f.Alerts {
		t.Alerts[string(x.Kind)+" "+string(x.Finding)] += x.Alerts
	}
	for _, x := range f.Examinations {
		t.Books[string(x.State)]++
	}
	return t, nil
}
