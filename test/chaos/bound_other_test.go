//go:build unix && !linux

package chaos_test

import "syscall"

// bind does nothing where a child cannot be made to die with its parent.
func bind(*syscall.SysProcAttr) {}

func bindSelf() error { return nil }
