package fault_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/fault"
)

var errLimit = fault.New(fault.Rejected, "limit.exceeded")

func TestAFaultKeepsItsCodeThroughWrapping(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("send: %w", errLimit.With("left", "12.00").At("/amount").Wait(time.Second))
	if !errors.Is(err, errLimit) {
		t.Fatal("a wrapped copy should still be the same fault")
	}
	e, ok := fault.From(err)
	if !ok || e.Kind() != fault.Rejected || e.Params()["left"] != "12.00" || e.RetryAfter() != time.Second {
		t.Fatalf("details lost: %+v", e)
	}
	if got := e.Fields(); len(got) != 1 || got[0] != (fault.Field{Pointer: "/amount", Code: "limit.exceeded"}) {
		t.Fatalf("fields = %v", got)
	}
}

func TestADetailNeverChangesTheSentinel(t *testing.T) {
	t.Parallel()
	_ = errLimit.With("a", "b").At("/x").Because(errors.New("secret"))
	if len(errLimit.Params()) != 0 || len(errLimit.Fields()) != 0 || errLimit.Unwrap() != nil {
		t.Fatal("the sentinel was changed by a copy")
	}
}

func TestWhatIsNoFaultIsInternalAndNotFinal(t *testing.T) {
	t.Parallel()
	err := errors.New("disk on fire")
	if fault.KindOf(err) != fault.Internal || fault.CodeOf(err) != "internal" || fault.Final(err) {
		t.Fatal("an unknown error must be internal and not final")
	}
	if !fault.Final(errLimit) || fault.Final(fault.New(fault.Busy, "x")) {
		t.Fatal("only refusals by a rule are final")
	}
}
