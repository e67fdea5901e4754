//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// runWithChildren runs a program, and ends what it has started with it where its
// time is over.
func runWithChildren(program *exec.Cmd) error {
	program.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	program.Cancel = func() error { return syscall.Kill(-program.Process.Pid, syscall.SIGKILL) }
	return program.Run()
}
