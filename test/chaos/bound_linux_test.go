package chaos_test

import (
	"os"
	"syscall"
)

// bind lets a child die with this process: a test that is killed leaves nothing behind.
func bind(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }

// bindSelf lets this process die with the `go test` that started it.
func bindSelf() error {
	before := os.Getppid()
	return onParent(func() error {
		if _, _, failed := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_PDEATHSIG, uintptr(syscall.SIGKILL), 0); failed != 0 {
			return failed
		}
		if os.Getppid() != before { // it went in this very moment
			return os.ErrProcessDone
		}
		return nil
	})
}
