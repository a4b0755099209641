//go:build unix

package chaos_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
)

// A drill: the machine with the data is gone, and a bank is made of what was kept elsewhere. What is measured is what an
// operator asks: how much is lost (RPO: how old the oldest payment is, at the disaster, that was acknowledged and is not
// there any more), and how long the bank is away (RTO: until the first payment is acknowledged again).
const (
	copyEvery     = 5 * time.Second  // of SQLite, in the drill
	archiveEvery  = 5 * time.Second  // the log of PostgreSQL, in the drill
	businessLeast = 12 * time.Second // before the disaster: a few of these rounds, and not in step with them
	businessMost  = 18 * time.Second
	drillPatience = 2 * time.Minute // of one step
)

// after is what a disaster left.
type after struct {
	acked, lost int
	rpo         time.Duration
}

// survivors compares what was acknowledged before a disaster with what is there after it. Nothing that was acknowledged
// before safe may be missing.
func survivors(t *testing.T, tr *traffic, disaster, safe time.Time, database string) after {
	t.Helper()
	kept := keptIn(t, database)
	var a after
	for _, one := range tr.attempts {
		if !one.acknowledged() {
			continue
		}
		a.acked++
		if kept[one.transfer] {
			continue
		}
		a.lost++
		told := tr.start.Add(one.ended)
		if told.Before(safe) {
			t.Errorf("%s was acknowledged at %s and is lost, though all until %s is kept", one.transfer, told.UTC(), safe.UTC())
		}
		a.rpo = max(a.rpo, disaster.Sub(told))
	}
	if a.acked == 0 || a.lost == a.acked {
		t.Errorf("%d of %d acknowledged payments are lost", a.lost, a.acked)
	}
	return a
}

// keptIn lists the transfers of a bank that are settled.
func keptIn(t *testing.T, database string) map[string]bool {
	t.Helper()
	d, err := db.Open(t.Context(), database, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	kept := make(map[string]bool)
	for _, row := range read(t, d) {
		if row.State == "settled" && row.Journals == 1 && row.Audited == 1 {
			kept[row.ID] = true
		}
	}
	return kept
}

// command runs the program to its end.
func (b *bank) command(t *testing.T, args ...string) ([]byte, error) {
	t.Helper()
	name, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), drillPatience)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		err = fmt.Errorf("tongbao %s: %w\n%s%s", args[0], err, out, said.Bytes())
	}
	return out, err
}

// setAside moves the checkpoints of the audit log away, as docs/runbooks/restore.md says once a loss is accepted: they go
// on proving what was lost, and the restored log begins new ones.
func (b *bank) setAside(t *testing.T) string {
	t.Helper()
	file := filepath.Join(b.keys, "checkpoints", "audit-checkpoints.txt")
	if err := os.Rename(file, file+".before"); err != nil {
		t.Fatal(err)
	}
	return file + ".before"
}

// reopen serves the bank again and waits for the first payment; it says how long after the disaster that was.
func (b *bank) reopen(t *testing.T, disaster time.Time) time.Duration {
	t.Helper()
	b.nodes[0].start(t)
	again := begin(t, b)
	again.until(1)
	took := watch().Sub(disaster)
	again.until(lively)
	again.finish()
	return took
}

func TestABankOnSQLiteIsRestoredFromItsBackup(t *testing.T) {
	needsTime(t)
	seed := seedOf(t)
	b := found(t, seed, "") // in its data folder
	database := "sqlite:" + filepath.Join(b.data, "bank.db")
	n := b.node(t, database)
	place, where := t.TempDir(), []string{"--data", b.data, "--keys", b.keys}
	name, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	copier := launch(t, exec.Command(name, append([]string{"backup", "--to", place, "--every", copyEvery.String()}, where...)...)) //nolint:gosec // ours
	tr := begin(t, b)
	tr.until(lively)
	b.wait(businessLeast, businessMost)

	disaster := watch()
	n.process.kill()
	copier.kill()
	tr.abandon()
	if err := os.RemoveAll(b.data); err != nil {
		t.Fatal(err)
	}
	began := watch()
	out, err := b.command(t, append([]string{"restore", "--from", place, "--json"}, where...)...)
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Backup struct {
			MadeAt time.Time
			Bytes  int64
		}
		LostRecords int64
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	restored := watch().Sub(began)
	a := survivors(t, tr, disaster, report.Backup.MadeAt, database)
	b.setAside(t)
	rto := b.reopen(t, disaster)
	n.process.stop(t)
	n.verify(t)
	t.Logf("%+v, restored and verified in %s, away for %s, %d audit records lost", a, restored, rto, report.LostRecords)
	record(t, "SQLite", fmt.Sprintf("`tongbao backup --every %s`", copyEvery), a, rto,
		fmt.Sprintf("%.1f MB; restore and verify %s", float64(report.Backup.Bytes)/1e6, brief(restored)))
}

// archive runs deploy/postgres/backup as the server's user, for a data folder.
func (s *server) archive(t *testing.T, data string, args ...string) {
	t.Helper()
	script, err := filepath.Abs(filepath.Join("..", "..", "deploy", "postgres", "backup"))
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(s.address, ":")
	ctx, cancel := context.WithTimeout(t.Context(), drillPatience)
	defer cancel()
	c := exec.CommandContext(ctx, script, args...) //nolint:gosec // ours
	c.Dir, c.SysProcAttr = s.folder(), &syscall.SysProcAttr{Credential: s.who}
	c.Env = append(os.Environ(), "PATH="+s.bin+":"+os.Getenv("PATH"), "PGDATA="+data, "PGHOST="+s.folder(), "PGPORT="+port, "PGUSER=tongbao",
		"BACKUP_CONFIG="+filepath.Join(s.folder(), "pgbackrest.conf"), "BACKUP_REPOSITORY="+filepath.Join(s.folder(), "repository"),
		fmt.Sprintf("ARCHIVE_TIMEOUT=%ds", int(archiveEvery.Seconds())))
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", script, strings.Join(args, " "), err, out)
	}
}

// recovered waits until a server that was restored takes writes.
func (s *server) recovered(t *testing.T) {
	t.Helper()
	for deadline := watch().Add(drillPatience); watch().Before(deadline); time.Sleep(50 * time.Millisecond) {
		d, err := db.Open(t.Context(), s.url(""), db.Options{Readers: 1})
		if err != nil {
			continue
		}
		still := value(t, d, `SELECT CAST(pg_is_in_recovery() AS INTEGER)`)
		d.Close()
		if still == 0 {
			return
		}
	}
	t.Fatalf("PostgreSQL does not end its recovery\n%s", s.process.errors)
}

func TestABankOnPostgreSQLIsRestoredToItsEndAndToAMoment(t *testing.T) {
	needsTime(t)
	if _, err := exec.LookPath("pgbackrest"); err != nil {
		t.Fatal("pgBackRest is not installed: apt-get install pgbackrest")
	}
	seed, s := seedOf(t), postgres(t)
	s.archive(t, s.data, "prepare")
	s.process.stop(t)
	s.start(t)
	s.archive(t, s.data, "check")
	database := s.create(t, "bank")
	b := found(t, seed, database)
	n := b.node(t, database)
	s.archive(t, s.data, "full")
	tr := begin(t, b)
	tr.until(lively)
	b.wait(businessLeast/2, businessMost/2)
	moment := watch()
	tr.until(lively)
	s.archive(t, s.data, "incr")
	b.wait(businessLeast/2, businessMost/2)

	disaster := watch()
	n.process.kill()
	s.kill()
	tr.abandon()
	if err := os.RemoveAll(s.data); err != nil {
		t.Fatal(err)
	}
	began := watch()
	s.archive(t, s.data, "restore")
	s.start(t)
	s.recovered(t)
	restored := watch().Sub(began)
	a := survivors(t, tr, disaster, disaster.Add(-3*archiveEvery), database)
	before := b.setAside(t)
	rto := b.reopen(t, disaster)
	n.process.stop(t)
	n.verify(t)
	t.Logf("%+v, restored in %s, away for %s", a, restored, rto)
	record(t, "PostgreSQL", fmt.Sprintf("`deploy/postgres/backup`, `archive_timeout` %s", archiveEvery), a, rto,
		"pgBackRest restore and recovery "+brief(restored))
	s.backTo(t, b, tr, moment, before)
}

// backTo restores the bank as it was at a moment, into a folder and server of its own, beside the one that goes on.
func (s *server) backTo(t *testing.T, b *bank, tr *traffic, moment time.Time, checkpoints string) {
	t.Helper()
	past := *s
	past.data, past.address = filepath.Join(s.folder(), "past"), freeAddress(t)
	past.more = []string{"-c", "archive_mode=off"} // what happens there is nobody's history
	s.archive(t, past.data, "restore", moment.UTC().Format("2006-01-02 15:04:05.000000+00"))
	past.start(t)
	past.recovered(t)
	kept := keptIn(t, past.url("bank"))
	earlier, later := 0, 0
	for _, one := range tr.attempts {
		switch {
		case !one.acknowledged():
		case tr.start.Add(one.ended).Before(moment):
			earlier++
			if !kept[one.transfer] {
				t.Errorf("%s was acknowledged before %s and is not there", one.transfer, moment.UTC())
			}
		case tr.start.Add(one.began).After(moment):
			later++
			if kept[one.transfer] {
				t.Errorf("%s was asked for after %s and is there", one.transfer, moment.UTC())
			}
		}
	}
	if earlier < lively || later < lively {
		t.Errorf("%d payments before, %d after: the moment proves nothing", earlier, later)
	}
	t.Logf("at %s: %d payments from before it, none of the %d after it", moment.UTC().Format(time.RFC3339Nano), earlier, later)
	verify := []string{"verify", "--demo", "--data", b.data, "--keys", b.keys, "--database", past.url("bank"), "--checkpoints"}
	if out, err := b.command(t, append(verify, t.TempDir())...); err != nil {
		t.Errorf("the books of %s do not hold: %v\n%s", moment, err, out)
	}
	outside := t.TempDir()
	if text, err := os.ReadFile(checkpoints); err != nil || os.WriteFile(filepath.Join(outside, "audit-checkpoints.txt"), text, 0o600) != nil {
		t.Fatalf("copy checkpoints: %v", err)
	}
	if _, err := b.command(t, append(verify, outside)...); err == nil || !strings.Contains(err.Error(), "rolled_back") {
		t.Errorf("with the checkpoints kept outside, verify says %v", err)
	}
}

func brief(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// record writes a row of the table in docs/chaos.md, in place of the one that an earlier drill wrote.
func record(t *testing.T, database, how string, a after, rto time.Duration, note string) {
	t.Helper()
	file := os.Getenv("CHAOS_DOC")
	if file == "" || t.Failed() {
		return
	}
	const begin, end = "<!-- drill: written by make chaos -->\n", "<!-- drill end -->"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(text), begin)
	table, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no place for the drill: %q", file, begin)
	}
	row := fmt.Sprintf("| %s | %s | %d | %d | %s | %s | %s | %s, %d cores, %s/%s |", database, how, a.acked, a.lost, brief(a.rpo), brief(rto), note,
		watch().UTC().Format(time.DateOnly), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
	rows := []string{
		"| database | kept by | acknowledged | of these lost | RPO | RTO | | measured |",
		"|---|---|---:|---:|---:|---:|---|---|",
	}
	for _, old := range strings.Split(strings.TrimSpace(table), "\n") {
		if strings.HasPrefix(old, "| ") && !strings.HasPrefix(old, "| database |") && !strings.HasPrefix(old, "| "+database+" |") {
			rows = append(rows, old)
		}
	}
	rows = append(rows, row)
	if err := os.WriteFile(file, []byte(head+begin+strings.Join(rows, "\n")+"\n"+end+tail), 0o600); err != nil {
		t.Fatal(err)
	}
}
