package sim_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/ledger"
	"github.com/tongbao/tongbao/internal/values/id"
)

// A simulation that nothing can fail proves nothing. Each mutation breaks the bank in one way, seldom, as a defect would;
// days with it must go wrong.
const mutationVariable = "SIM_MUTATION"

// mutated is what the log says when a mutation happens.
const mutated = "the bank is broken on purpose:"

// mutationEvery is how seldom: one act, or one posting, in so many.
const mutationEvery = 40

var mutations = []string{
	"a journal is posted twice",
	"lack of money is overlooked",
	"all limits are forgotten",
	"one limit is forgotten",
	"an event is applied again",
	"a hold is forgotten",
}

func TestEveryMutationIsCaught(t *testing.T) {
	if os.Getenv(mutationVariable) != "" || os.Getenv("SIM_SEED") != "" {
		t.Skip("this is a mutation, or one day alone")
	}
	for _, mutation := range mutations {
		t.Run(mutation, func(t *testing.T) {
			c := exec.Command(os.Args[0], "-test.run=^TestRandomBankDaysAreThoseOfTheModel$") //nolint:gosec // this very program
			c.Env = append(os.Environ(), mutationVariable+"="+mutation, "SIM_SECONDS=10")
			out, err := c.CombinedOutput()
			// It must have gone wrong after the mutation, not before: each says when it happens.
			if err == nil || !strings.Contains(string(out), mutated) || !strings.Contains(string(out), "to see it again: SIM_SEED=") {
				t.Errorf("days in which %s went well: %v\n%.2000s", mutation, err, out)
			}
		})
	}
}

// mutates says whether a mutation is on, now.
func (w *world) mutates(name string) bool {
	if os.Getenv(mutationVariable) != name {
		return false
	}
	w.occasions++
	if w.occasions%mutationEvery != 0 {
		return false
	}
	w.Log(mutated, name)
	return true
}

// mutate breaks what the database holds, behind the back of every room.
func (s *sim) mutate() {
	change := func(q string, args ...any) {
		s.must(s.d.Write(s.ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(s.ctx, q, args...)
			return err
		}))
	}
	if s.mutates("all limits are forgotten") {
		change(`UPDATE deposit_usage SET counters = ''`)
	}
	if s.mutates("one limit is forgotten") {
		change(`UPDATE deposit_usage SET counters = '' WHERE subject = (SELECT max(subject) FROM deposit_usage WHERE counters <> '')`)
	}
	if s.mutates("an event is applied again") {
		change(`DELETE FROM bus_consumed`)
	}
	if s.mutates("a hold is forgotten") {
		change(`UPDATE ledger_balance SET held = 0`)
	}
}

// broken are books that do wrong when a mutation says so, and are the ledger otherwise.
type broken struct {
	*ledger.Ledger
	w *world
}

// Post implements payment.Books.
func (b broken) Post(ctx context.Context, tx *db.Tx, journals []ledger.Journal) ([]ledger.Outcome, error) {
	outcomes, err := b.Ledger.Post(ctx, tx, journals)
	if err != nil {
		return outcomes, err
	}
	for i := range outcomes {
		if outcomes[i].Err != nil && b.w.mutates("lack of money is overlooked") {
			outcomes[i].Err = nil
		}
		if outcomes[i].Err == nil && journals[i].Captures == nil && journals[i].Reverses == "" && b.w.mutates("a journal is posted twice") {
			again := journals[i]
			again.ID = id.New[id.Journal](tx.Now())
			if _, err := b.Ledger.Post(ctx, tx, []ledger.Journal{again}); err != nil {
				return nil, err
			}
		}
	}
	return outcomes, nil
}
