package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of times in /proc: Linux counts them in hundredths of a second, whatever the hardware.
const tick = 10 * time.Millisecond

// processors is the time that this process and the PostgreSQL of the bench have used. Where there is no /proc, or the
// server is elsewhere, it is zero.
func (w *world) processors() (own, server time.Duration) {
	self, err := readProcess(os.Getpid())
	if err != nil {
		return 0, 0
	}
	return self.used, w.serverTime()
}

// serverTime is that of the postmaster and of all its children: those that ended are counted with their parent.
func (w *world) serverTime() time.Duration {
	if w.facts.Server == 0 {
		return 0
	}
	if w.postmaster == 0 {
		backend, err := readProcess(w.facts.Server)
		if err != nil || backend.name != "postgres" {
			backend.parent = -1
		}
		w.postmaster = backend.parent
	}
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil || w.postmaster < 0 {
		return 0
	}
	var sum time.Duration
	for _, folder := range all {
		number, err := strconv.Atoi(filepath.Base(folder))
		if err != nil {
			continue
		}
		p, err := readProcess(number)
		switch {
		case err != nil: // it has ended
		case number == w.postmaster:
			sum += p.used + p.children
		case p.parent == w.postmaster:
			sum += p.used
		}
	}
	return sum
}

// process is a line of /proc/N/stat.
type process struct {
	name           string
	parent         int
	used, children time.Duration
}

func readProcess(number int) (process, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", number))
	if err != nil {
		return process{}, err
	}
	open, end := strings.IndexByte(string(text), '('), strings.LastIndexByte(string(text), ')')
	if open < 0 || end < open {
		return process{}, fmt.Errorf("process %d is unreadable", number)
	}
	p := process{name: string(text[open+1 : end])}
	fields := strings.Fields(string(text[end+1:])) // from the third on: see proc(5)
	const parent, user, last = 1, 11, 15
	if len(fields) < last {
		return process{}, fmt.Errorf("process %d is unreadable", number)
	}
	if p.parent, err = strconv.Atoi(fields[parent]); err != nil {
		return process{}, err
	}
	var ticks [4]int64 // user, system, and those of children that ended
	for i := range ticks {
		if ticks[i], err = strconv.ParseInt(fields[user+i], 10, 64); err != nil {
			return process{}, err
		}
	}
	p.used, p.children = time.Duration(ticks[0]+ticks[1])*tick, time.Duration(ticks[2]+ticks[3])*tick
	return p, nil
}
