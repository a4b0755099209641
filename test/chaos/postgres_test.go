//go:build unix

package chaos_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
)

// server is a PostgreSQL of the test's own, durable as in production: fsync and synchronous commit are on.
type server struct {
	bin     string
	data    string
	address string
	more    []string            // settings beside those that all have
	who     *syscall.Credential // PostgreSQL refuses to run as root
	process *process
}

// postgres makes a database cluster and serves it.
func postgres(t *testing.T) *server {
	t.Helper()
	// Not t.TempDir: the server's user must be able to reach it.
	folder, err := os.MkdirTemp("/tmp", "tongbao-chaos-pg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) }) // temporary
	return postgresIn(t, folder)
}

// postgresIn keeps the cluster in a folder of the caller's.
func postgresIn(t *testing.T, folder string) *server {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if name, missing := exec.LookPath("initdb"); missing == nil {
		found = append(found, name)
	}
	if err != nil || len(found) == 0 {
		t.Fatal("no PostgreSQL server on this machine: apt-get install postgresql")
	}
	slices.Sort(found)
	s := &server{bin: filepath.Dir(found[len(found)-1]), data: filepath.Join(folder, "data"), address: freeAddress(t)}
	s.dropPrivileges(t, folder)
	out, err := s.command("initdb", "--pgdata="+s.data, "--username=tongbao", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync").CombinedOutput()
	if err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	s.start(t)
	return s
}

func (s *server) dropPrivileges(t *testing.T, folder string) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Fatalf("PostgreSQL does not run as root, and there is no user postgres: %v", err)
	}
	uid, _ := strconv.Atoi(u.Uid) // numbers on every unix
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(folder, uid, gid); err != nil {
		t.Fatal(err)
	}
	s.who = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)} //nolint:gosec // ids of the system
}

// folder has the data, and whatever else the server's user writes.
func (s *server) folder() string { return filepath.Dir(s.data) }

func (s *server) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(s.bin, name), args...) //nolint:gosec // the machine's own server
	c.Dir = s.folder()
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.who}
	return c
}

// start serves the cluster, after a crash too, and returns when it answers.
func (s *server) start(t *testing.T) {
	t.Helper()
	host, port, err := net.SplitHostPort(s.address)
	if err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(startPatience)
	for time.Now().Before(deadline) {
		s.process = launch(t, s.command("postgres", append(s.more, "-D", s.data, "-p", port, "-c", "listen_addresses="+host, "-c", "unix_socket_directories="+s.folder(),
			"-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on", "-c", "max_connections=100", "-c", "timezone=UTC")...))
		for s.alive() && time.Now().Before(deadline) {
			if d, err := db.Open(t.Context(), s.url(""), db.Options{Readers: 1}); err == nil {
				d.Close()
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		// Children of a killed server may hold its memory for a moment: it refuses to start beside them.
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatalf("PostgreSQL does not start\n%s", s.process.errors)
}

// signal reaches the server and every process that it has made: each of them leads a group of its own.
func (s *server) signal(signal syscall.Signal) {
	out, _ := exec.Command("pgrep", "-P", strconv.Itoa(s.process.Process.Pid)).Output() // nothing is found when there is none
	s.process.signal(signal)
	for _, text := range strings.Fields(string(out)) {
		if pid, err := strconv.Atoi(text); err == nil {
			_ = syscall.Kill(pid, signal) // it may have gone
		}
	}
}

// kill is kill -9 of all of it.
func (s *server) kill() {
	s.signal(syscall.SIGKILL)
	s.process.kill()
}

func (s *server) alive() bool {
	select {
	case <-s.process.ended:
		return false
	default:
		return true
	}
}

func (s *server) url(name string) string { return through(s.address, name) }

// through is the URL of a database behind an address.
func through(address, name string) string {
	if name == "" {
		name = "postgres"
	}
	return fmt.Sprintf("postgres://tongbao@%s/%s?sslmode=disable", address, name)
}

// create makes an empty database.
func (s *server) create(t *testing.T, name string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startPatience)
	defer cancel()
	if err := db.Administer(ctx, s.url(""), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return s.url(name)
}
