package id_test

import (
	"errors"
	"sort"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/values/id"
)

func TestIdsMadeLaterSortLater(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	var ids []string
	for i := range 1000 {
		ids = append(ids, string(id.New[id.Account](start.Add(time.Duration(i)*time.Microsecond))))
	}
	if !sort.StringsAreSorted(ids) {
		t.Fatal("ids are not in the order in which they were made")
	}
}

func TestAnIdOfAnotherTypeIsRefused(t *testing.T) {
	t.Parallel()
	transfer := string(id.New[id.Transfer](time.Now()))
	if _, err := id.Parse[id.Account](transfer); !errors.Is(err, id.ErrBad) {
		t.Fatalf("err = %v", err)
	}
	if got, err := id.Parse[id.Transfer](transfer); err != nil || string(got) != transfer {
		t.Fatalf("got %v, %v", got, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("acct_00dkfw3m9r2vtq8x1c5n7b4k6s")
	f.Add("acct_ILOU")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := id.Parse[id.Account](s)
		if err == nil && string(got) != s {
			t.Fatalf("accepted %q as %q", s, got)
		}
	})
}

func TestAnIntentBecomesATransferOfTheSameKey(t *testing.T) {
	t.Parallel()
	intent := id.New[id.Intent](time.Now())
	transfer := id.Become[id.Transfer](intent)
	if _, err := id.Parse[id.Transfer](string(transfer)); err != nil || string(transfer)[5:] != string(intent)[5:] {
		t.Errorf("%s became %s: %v", intent, transfer, err)
	}
}
