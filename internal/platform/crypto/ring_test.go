package crypto_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/crypto"
)

// memoryRing makes a ring without files.
func memoryRing(t testing.TB) *crypto.Ring {
	t.Helper()
	ring, err := crypto.NewRing()
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func TestRingOnDisk(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	ring, err := crypto.CreateRing(dir)
	if err != nil {
		t.Fatal(err)
	}
	if ring.Dir() != dir {
		t.Errorf("Dir() = %q, want %q", ring.Dir(), dir)
	}
	aad := crypto.AAD{Table: "t", Column: "c", Row: "r"}
	sealed := ring.Seal(crypto.Data, []byte("kept"), aad)
	signer, err := ring.Signer(crypto.SM2SM3)
	if err != nil {
		t.Fatal(err)
	}

	assertModes(t, dir)
	reopened, err := crypto.OpenRing(dir)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := reopened.Open(crypto.Data, sealed, aad); err != nil || string(plain) != "kept" {
		t.Errorf("a reopened ring opens %q, %v", plain, err)
	}
	if again, err := reopened.Signer(crypto.SM2SM3); err != nil || again.KeyID() != signer.KeyID() {
		t.Errorf("a reopened ring signs with another key: %v", err)
	}

	if _, err := crypto.CreateRing(dir); !errors.Is(err, crypto.ErrRingExists) {
		t.Errorf("creating over a ring gives %v", err)
	}
	rotateOnDisk(t, dir, reopened, sealed, aad)
	damage(t, dir)
}

func assertModes(t *testing.T, dir string) {
	t.Helper()
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder: %v, %v", info.Mode(), err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != len(crypto.Purposes()) {
		t.Fatalf("%d key files for %d purposes, %v", len(files), len(crypto.Purposes()), err)
	}
	for _, file := range files {
		if info, err := file.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file.Name(), info.Mode(), err)
		}
	}
}

// rotateOnDisk rotates in one process and reads in another that reloads.
func rotateOnDisk(t *testing.T, dir string, writer *crypto.Ring, sealed []byte, aad crypto.AAD) {
	t.Helper()
	reader, err := crypto.OpenRing(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range crypto.Purposes() {
		if p == crypto.DocumentPurpose(crypto.RSAPSS) || p == crypto.DocumentPurpose(crypto.RSAPKCS1) {
			continue // slow keys; the elliptic ones take the same road
		}
		if err := writer.Rotate(p); err != nil {
			t.Errorf("rotate %q: %v", p, err)
		}
		if got := len(writer.Keys(p)); got != 2 {
			t.Errorf("%q has %d keys after rotation", p, got)
		}
	}
	fresh := writer.Seal(crypto.Data, []byte("new"), aad)
	if _, err := reader.Open(crypto.Data, fresh, aad); !errors.Is(err, crypto.ErrSealed) {
		t.Errorf("a node without the new key answers %v", err)
	}
	if err := reader.Reload(); err != nil {
		t.Fatal(err)
	}
	for _, value := range [][]byte{sealed, fresh} {
		if _, err := reader.Open(crypto.Data, value, aad); err != nil {
			t.Errorf("after reload: %v", err)
		}
	}
	// A third process that never reloaded must not lose the keys that others added.
	if err := writer.Rotate(crypto.Data); err != nil {
		t.Fatal(err)
	}
	if err := reader.Rotate(crypto.Data); err != nil {
		t.Fatal(err)
	}
	if got := len(reader.Keys(crypto.Data)); got != 4 {
		t.Errorf("two rotations of two processes leave %d keys, want 4", got)
	}
}

// damage checks each refusal of a folder; it leaves the ring unusable.
func damage(t *testing.T, dir string) {
	t.Helper()
	file := filepath.Join(dir, "pin.json")
	must(t, os.Chmod(file, 0o640))
	if _, err := crypto.OpenRing(dir); !errors.Is(err, crypto.ErrLooseMode) {
		t.Errorf("a file that the group may read: %v", err)
	}
	must(t, os.Chmod(file, 0o600))
	must(t, os.Chmod(dir, 0o755))
	if _, err := crypto.OpenRing(dir); !errors.Is(err, crypto.ErrLooseMode) {
		t.Errorf("a folder that all may list: %v", err)
	}
	must(t, os.Chmod(dir, 0o700))

	must(t, os.WriteFile(file+".new", nil, 0o600))
	ring, err := crypto.OpenRing(dir)
	must(t, err)
	if err := ring.Rotate(crypto.PIN); !errors.Is(err, os.ErrExist) {
		t.Errorf("a rotation beside another: %v", err)
	}
	must(t, os.Remove(file+".new"))

	must(t, os.Remove(filepath.Join(dir, "cursor.json")))
	if _, err := crypto.OpenRing(dir); !errors.Is(err, crypto.ErrNoRing) {
		t.Errorf("a missing file: %v", err)
	}
	completed, err := crypto.CompleteRing(dir)
	if err != nil || len(completed.Keys(crypto.Cursor)) != 1 || len(completed.Keys(crypto.Data)) != 4 {
		t.Errorf("completing a ring: %v", err)
	}

	must(t, os.WriteFile(file, []byte("{}"), 0o600))
	if _, err := crypto.OpenRing(dir); err == nil {
		t.Error("a damaged key set was accepted")
	}
	pem, err := os.ReadFile(filepath.Join(dir, "checkpoint.pem"))
	must(t, err)
	must(t, os.Remove(file))
	must(t, os.WriteFile(filepath.Join(dir, "document-sm2-sm3.pem"), pem, 0o600))
	if _, err := crypto.CompleteRing(dir); err == nil {
		t.Error("a checkpoint key was accepted as a document key")
	}
}

func TestOpenRingRefusesAFolderThatIsNotThere(t *testing.T) {
	t.Parallel()
	if _, err := crypto.OpenRing(filepath.Join(t.TempDir(), "none")); !errors.Is(err, crypto.ErrNoRing) {
		t.Errorf("got %v", err)
	}
}

func TestStagedKeyReadsBeforeItWrites(t *testing.T) {
	t.Parallel()
	ring := memoryRing(t)
	before := ring.Keys(crypto.PIN)
	must(t, ring.Stage(crypto.PIN))
	staged := ring.Keys(crypto.PIN)
	if len(staged) != 2 || staged[0] != before[0] || staged[1].Primary {
		t.Fatalf("after stage: %v", staged)
	}
	must(t, ring.Rotate(crypto.PIN))
	after := ring.Keys(crypto.PIN)
	if len(after) != 2 || after[0].ID != staged[1].ID || !after[0].Primary {
		t.Errorf("rotation did not promote the staged key: %v", after)
	}
}

func TestRetireDestroysOnlyOldKeys(t *testing.T) {
	t.Parallel()
	ring := memoryRing(t)
	aad := crypto.AAD{Table: "t", Column: "c", Row: "r"}
	old := ring.Seal(crypto.Data, []byte("x"), aad)
	for _, p := range []crypto.Purpose{crypto.Data, crypto.Checkpoint} {
		first := ring.Keys(p)[0].ID
		if err := ring.Retire(p, first); !errors.Is(err, crypto.ErrKey) {
			t.Errorf("%q: retiring the primary key gives %v", p, err)
		}
		must(t, ring.Rotate(p))
		if err := ring.Retire(p, "nonsense"); !errors.Is(err, crypto.ErrKey) {
			t.Errorf("%q: retiring nonsense gives %v", p, err)
		}
		must(t, ring.Retire(p, first))
		if slices.ContainsFunc(ring.Keys(p), func(k crypto.KeyInfo) bool { return k.ID == first }) {
			t.Errorf("%q: the retired key is still there", p)
		}
	}
	if _, err := ring.Open(crypto.Data, old, aad); !errors.Is(err, crypto.ErrSealed) {
		t.Errorf("a value of a retired key gives %v", err)
	}
	if err := ring.Rotate("nonsense"); !errors.Is(err, crypto.ErrPurpose) {
		t.Errorf("an unknown purpose gives %v", err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
