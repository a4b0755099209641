package chaos_test

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestAKilledTestLeavesNoProcessBehind(t *testing.T) {
	t.Parallel()
	self := exec.Command(os.Args[0])
	self.Env = append(os.Environ(), roleVariable+"="+roleLinger)
	out, err := self.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	test := launch(t, self)
	line, _ := bufio.NewReader(out).ReadString('\n') // an empty one is looked at below
	child, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatalf("it started no child: %q\n%s", line, test.errors)
	}
	if err := test.Process.Kill(); err != nil { // it alone, not its group
		t.Fatal(err)
	}
	deadline := watch().Add(5 * time.Second)
	for syscall.Kill(child, 0) == nil && !zombie(child) {
		if watch().After(deadline) {
			_ = syscall.Kill(child, syscall.SIGKILL) // so that at least this test leaves none
			t.Fatal("its child lives on")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// zombie says that a process has ended, and nobody has asked how.
func zombie(pid int) bool {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || strings.Contains(string(text), ") Z ")
}
