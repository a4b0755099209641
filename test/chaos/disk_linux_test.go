package chaos_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// disk is a small file system of the test's own.
type disk struct{ folder string }

const (
	ballastChunk = 64 << 10
	fullFor      = 1500 * time.Millisecond // at least; until the bank has met it
)

// mountDisk makes one of so many bytes; only root can.
func mountDisk(t *testing.T, bytes int) *disk {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("a disk of a test's own can be mounted by root only")
	}
	folder, err := os.MkdirTemp("/tmp", "tongbao-chaos-disk-")
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size="+strconv.Itoa(bytes)); err != nil {
		_ = os.Remove(folder) // empty
		t.Skipf("no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		_ = syscall.Unmount(folder, syscall.MNT_DETACH) // its processes were killed a moment ago
		_ = os.Remove(folder)
	})
	return &disk{folder}
}

func (d *disk) ballast() string { return filepath.Join(d.folder, "ballast") }

// fill takes all the space that is left, and goes on taking what is set free, for a while.
func (d *disk) fill(t *testing.T) {
	t.Helper()
	file, err := os.OpenFile(d.ballast(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // its content means nothing
	met := false
	for end := watch().Add(fullFor); watch().Before(end); {
		_, err := file.Write(make([]byte, ballastChunk))
		if errors.Is(err, syscall.ENOSPC) {
			met = true
			time.Sleep(20 * time.Millisecond)
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if !met {
		t.Error("the disk did not become full")
	}
}

func (d *disk) free(t *testing.T) {
	t.Helper()
	if err := os.Remove(d.ballast()); err != nil {
		t.Fatal(err)
	}
}

func TestTheDiskOfSQLiteBecomesFull(t *testing.T) {
	needsTime(t)
	d := mountDisk(t, 96<<20)
	seed, database := seedOf(t), "sqlite:"+filepath.Join(d.folder, "bank.db")
	b := found(t, seed, database)
	b.node(t, database)
	play(t, b, database, roundsOr(t, 1), func(s *scene) {
		s.traffic.suffers.Store(true)
		s.wait(50*time.Millisecond, 800*time.Millisecond)
		d.fill(t)
		d.free(t)
		s.traffic.until(1)
		s.traffic.suffers.Store(false)
	})
}

func TestTheDiskOfPostgreSQLBecomesFull(t *testing.T) {
	needsTime(t)
	d := mountDisk(t, 320<<20)
	seed, server := seedOf(t), postgresIn(t, d.folder)
	database := server.create(t, "bank")
	b := found(t, seed, database)
	b.node(t, database)
	play(t, b, database, roundsOr(t, 1), func(s *scene) {
		s.traffic.suffers.Store(true)
		s.wait(50*time.Millisecond, 800*time.Millisecond)
		d.fill(t)
		d.free(t)
		if !server.alive() { // it gives up when its log cannot be written: an operator makes room and starts it again
			server.start(t)
		}
		s.traffic.until(1)
		s.traffic.suffers.Store(false)
	})
}
