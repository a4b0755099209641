package vault_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/db/dbtest"
	"github.com/tongbao/tongbao/internal/platform/vault"
)

const owner = "cust_a"

func place(row string) crypto.AAD {
	return crypto.AAD{Table: "customer_person", Column: "name", Row: row}
}

func ring(t *testing.T) *crypto.Ring {
	t.Helper()
	r, err := crypto.NewRing()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func each(t *testing.T, test func(t *testing.T, d *db.DB, r *crypto.Ring)) {
	t.Helper()
	dbtest.Each(t, []db.Migrations{vault.Migrations()}, func(t *testing.T, d *db.DB) { test(t, d, ring(t)) })
}

func write(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// sealed creates an owner and seals a name.
func sealed(t *testing.T, d *db.DB, v *vault.Vault, who, name string) []byte {
	t.Helper()
	var out []byte
	write(t, d, func(tx *db.Tx) (err error) {
		if err := v.Create(t.Context(), tx, who); err != nil {
			return err
		}
		out, err = v.SealText(t.Context(), tx, who, place("1"), name)
		return err
	})
	return out
}

func opened(t *testing.T, d *db.DB, v *vault.Vault, who string, aad crypto.AAD, value []byte) (string, error) {
	t.Helper()
	var out string
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		out, err = v.OpenText(t.Context(), tx, who, aad, value)
		return err
	})
	return out, err
}

func TestWhatIsSealedOpensOnAnyNode(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, r *crypto.Ring) {
		value := sealed(t, d, vault.New(r), owner, "王小明")
		if strings.Contains(string(value), "王") {
			t.Fatal("the name can be read")
		}
		for range 2 { // a second node, which has to read the key first and then remembers it
			if name, err := opened(t, d, vault.New(r), owner, place("1"), value); err != nil || name != "王小明" {
				t.Errorf("opened %q, %v", name, err)
			}
		}
	})
}

func TestAMovedValueDoesNotOpen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, r *crypto.Ring) {
		v := vault.New(r)
		value := sealed(t, d, v, owner, "王小明")
		sealed(t, d, v, "cust_b", "李四")
		changed := append([]byte(nil), value...)
		changed[len(changed)-1] ^= 1
		for name, tc := range map[string]struct {
			who   string
			aad   crypto.AAD
			value []byte
		}{
			"to another row":    {owner, place("2"), value},
			"to another column": {owner, crypto.AAD{Table: "customer_person", Column: "alias", Row: "1"}, value},
			"to another table":  {owner, crypto.AAD{Table: "auth_person", Column: "name", Row: "1"}, value},
			"to another owner":  {"cust_b", place("1"), value},
			"changed by a bit":  {owner, place("1"), changed},
		} {
			if got, err := opened(t, d, v, tc.who, tc.aad, tc.value); !errors.Is(err, crypto.ErrSealed) {
				t.Errorf("%s: opened %q, %v", name, got, err)
			}
		}
	})
}

func TestAnEmptyTextStaysEmptyInTheDatabase(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, r *crypto.Ring) {
		v := vault.New(r)
		if value := sealed(t, d, v, owner, ""); value != nil {
			t.Errorf("sealed to %d bytes", len(value))
		}
		if text, err := opened(t, d, v, owner, place("1"), nil); text != "" || err != nil {
			t.Errorf("opened %q, %v", text, err)
		}
	})
}

func TestADestroyedKeyOpensNothingAndNeverComesBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, r *crypto.Ring) {
		v := vault.New(r)
		value := sealed(t, d, v, owner, "王小明")
		other := sealed(t, d, v, "cust_b", "李四")
		if _, err := opened(t, d, v, owner, place("1"), value); err != nil { // so that the key is remembered
			t.Fatal(err)
		}
		write(t, d, func(tx *db.Tx) error {
			if err := v.Destroy(t.Context(), tx, owner); err != nil {
				return err
			}
			_, err := v.Open(t.Context(), tx, owner, place("1"), value)
			if !errors.Is(err, vault.ErrDestroyed) {
				t.Errorf("in the same transaction: %v", err)
			}
			return v.Destroy(t.Context(), tx, owner) // again: no harm
		})
		for _, node := range []*vault.Vault{v, vault.New(r)} {
			if _, err := opened(t, d, node, owner, place("1"), value); !errors.Is(err, vault.ErrDestroyed) {
				t.Errorf("open: %v", err)
			}
			err := d.Write(t.Context(), func(tx *db.Tx) error { return node.Create(t.Context(), tx, owner) })
			if !errors.Is(err, vault.ErrDestroyed) {
				t.Errorf("create: %v", err)
			}
			if _, err := opened(t, d, node, "cust_b", place("1"), other); err != nil {
				t.Errorf("another owner: %v", err)
			}
		}
	})
}

func TestADestructionThatIsRolledBackDestroysNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, r *crypto.Ring) {
		v := vault.New(r)
		value := sealed(t, d, v, owner, "王小明")
		stop := errors.New("stop")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return errors.Join(v.Destroy(t.Context(), tx, owner), stop)
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		if name, err := opened(t, d, v, owner, place("1"), value); err != nil || name != "王小明" {
			t.Errorf("opened %q, %v", name, err)
		}
	})
}

// A remembered key whose row was rolled back would seal data that no other node could ever open.
func TestAKeyThatWasRolledBackIsNotUsedAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, r *crypto.Ring) {
		v := vault.New(r)
		stop := errors.New("stop")
		for _, who := range []string{owner, vault.Bank} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				if err := v.Create(t.Context(), tx, who); err != nil {
					return err
				}
				if _, err := v.Seal(t.Context(), tx, who, place("1"), []byte("x")); err != nil {
					return err
				}
				return stop
			})
			if !errors.Is(err, stop) {
				t.Fatal(err)
			}
			value := sealed(t, d, v, who, "王小明")
			if name, err := opened(t, d, vault.New(r), who, place("1"), value); err != nil || name != "王小明" {
				t.Errorf("%s: another node opened %q, %v", who, name, err)
			}
		}
	})
}

func TestTheBankHasAKeyFromItsFirstUse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, r *crypto.Ring) {
		nodes := []*vault.Vault{vault.New(r), vault.New(r), vault.New(r)}
		values := make([][]byte, len(nodes))
		var wg sync.WaitGroup
		for i, v := range nodes {
			wg.Go(func() {
				err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
					values[i], err = v.SealText(t.Context(), tx, vault.Bank, place("1"), "secret")
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for i, value := range values {
			if got, err := opened(t, d, vault.New(r), vault.Bank, place("1"), value); err != nil || got != "secret" {
				t.Errorf("node %d: %q, %v", i, got, err)
			}
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error { return nodes[0].Destroy(t.Context(), tx, vault.Bank) })
		if !errors.Is(err, vault.ErrBank) {
			t.Errorf("destroy: %v", err)
		}
	})
}

func TestAnUnknownOwnerIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, r *crypto.Ring) {
		v := vault.New(r)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := v.Seal(t.Context(), tx, "cust_unknown", place("1"), []byte("x"))
			return err
		})
		if !errors.Is(err, vault.ErrNoKey) {
			t.Errorf("seal: %v", err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error { return v.Destroy(t.Context(), tx, "cust_unknown") })
		if !errors.Is(err, vault.ErrNoKey) {
			t.Errorf("destroy: %v", err)
		}
	})
}

func TestAfterRotationAndRewrapTheOldKeyCanBeRetired(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, r *crypto.Ring) {
		const owners = 600 // more than one transaction of Rewrap
		v := vault.New(r)
		values := make(map[string][]byte, owners)
		write(t, d, func(tx *db.Tx) error {
			for i := range owners {
				who := fmt.Sprintf("cust_%04d", i)
				if err := v.Create(t.Context(), tx, who); err != nil {
					return err
				}
				value, err := v.SealText(t.Context(), tx, who, place("1"), who)
				if err != nil {
					return err
				}
				values[who] = value
			}
			return v.Destroy(t.Context(), tx, "cust_0007")
		})
		old := r.Keys(crypto.Wrap)[0].ID
		if err := r.Rotate(crypto.Wrap); err != nil {
			t.Fatal(err)
		}
		if n, err := v.Rewrap(t.Context(), d); err != nil || n != owners-1 {
			t.Fatalf("rewrapped %d, %v", n, err)
		}
		if err := r.Retire(crypto.Wrap, old); err != nil {
			t.Fatal(err)
		}
		fresh := vault.New(r)
		for _, who := range []string{"cust_0000", "cust_0255", "cust_0256", "cust_0599"} {
			if got, err := opened(t, d, fresh, who, place("1"), values[who]); err != nil || got != who {
				t.Errorf("%s: %q, %v", who, got, err)
			}
		}
		if _, err := opened(t, d, fresh, "cust_0007", place("1"), values["cust_0007"]); !errors.Is(err, vault.ErrDestroyed) {
			t.Errorf("the erased one: %v", err)
		}
	})
}

func TestPreparedKeysAreNotReadAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, d *db.DB, r *crypto.Ring) {
		value := sealed(t, d, vault.New(r), owner, "王小明")
		v := vault.New(r)
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			return v.Prepare(t.Context(), tx, []string{owner, owner, "cust_unknown"})
		})
		if err != nil {
			t.Fatal(err)
		}
		name, err := v.OpenText(t.Context(), nil, owner, place("1"), value) // no transaction: nothing may be read
		if err != nil || name != "王小明" {
			t.Errorf("opened %q, %v", name, err)
		}
	})
}
