package once_test

import (
	"crypto/sha256"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/once"
)

func key(k, body, entity string) once.Key {
	return once.Key{Principal: "cust_a", Operation: "test", Key: k, Body: sha256.Sum256([]byte(body)), Entity: entity}
}

func claim(t *testing.T, d *db.DB, keys ...once.Key) []once.Claim {
	t.Helper()
	var claims []once.Claim
	err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		claims, err = once.Claimed(t.Context(), tx, keys)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestARepetitionFindsWhatTheFirstUseMade(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Migrations{once.Migrations()}, func(t *testing.T, d *db.DB) {
		if c := claim(t, d, key("k", "pay 5", "e1"))[0]; !c.First || c.Entity != "e1" {
			t.Fatalf("first use: %+v", c)
		}
		got := claim(t, d, key("k", "pay 5", "e2"), key("k", "pay 6", "e3"), key("n", "x", "e4"), key("n", "x", "e5"), key("n", "y", "e6"))
		if got[0].First || got[0].Entity != "e1" || got[0].Err != nil {
			t.Errorf("repetition: %+v", got[0])
		}
		if !errors.Is(got[1].Err, once.ErrReused) || !errors.Is(got[4].Err, once.ErrReused) {
			t.Errorf("other bodies: %+v %+v", got[1], got[4])
		}
		if !got[2].First || got[3].First || got[3].Entity != "e4" {
			t.Errorf("twice in one batch: %+v %+v", got[2], got[3])
		}
	})
}

func TestEqualKeysOfOneBatchThatWouldMakeTheSameAreOneFirstUse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Migrations{once.Migrations()}, func(t *testing.T, d *db.DB) {
		got := claim(t, d, key("k", "a", "e1"), key("k", "a", "e1"), key("l", "a", "e1"))
		if !got[0].First || got[1].First || got[1].Err != nil || got[1].Entity != "e1" || !got[2].First {
			t.Errorf("claims are %+v", got)
		}
	})
}

func TestAReleasedKeyCanBeUsedAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Migrations{once.Migrations()}, func(t *testing.T, d *db.DB) {
		k := key("k", "a", "e1")
		claim(t, d, k)
		err := d.Write(t.Context(), func(tx *db.Tx) error { return once.Release(t.Context(), tx, []once.Key{k}) })
		if err != nil {
			t.Fatal(err)
		}
		if c := claim(t, d, key("k", "b", "e2"))[0]; !c.First {
			t.Errorf("claim = %+v", c)
		}
	})
}

func TestOfManyEqualKeysAtOnceExactlyOneIsFirst(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, []db.Migrations{once.Migrations()}, func(t *testing.T, d *db.DB) {
		var firsts atomic.Int64
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if claim(t, d, key("k", "a", "e"+strings.Repeat("x", 3)))[0].First {
					firsts.Add(1)
				}
			})
		}
		wg.Wait()
		if firsts.Load() != 1 {
			t.Errorf("%d first uses", firsts.Load())
		}
	})
}

func TestAMalformedKeyIsRefused(t *testing.T) {
	t.Parallel()
	for _, k := range []string{"", strings.Repeat("k", 129), "a b", "käse", "a\x00"} {
		if err := key(k, "", "").Check(); !errors.Is(err, once.ErrKey) {
			t.Errorf("%q: %v", k, err)
		}
	}
}
