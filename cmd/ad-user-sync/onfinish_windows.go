package main

import (
	"fmt"
	"os/exec"

	"golang.org/x/sys/windows"
)

// runWithChildren runs a program, and ends what it has started with it where its
// time is over.
func runWithChildren(program *exec.Cmd) error {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return fmt.Errorf("make a job object: %w", err)
	}
	defer func() { _ = windows.CloseHandle(job) }()
	program.Cancel = func() error {
		_ = windows.TerminateJobObject(job, 1)
		return program.Process.Kill() // should it not be in the job
	}
	if err := program.Start(); err != nil {
		return err
	}
	_ = assign(job, program.Process.Pid) // without it the program alone is ended
	return program.Wait()
}

func assign(job windows.Handle, pid int) error {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid))
	if err != nil {
		return err
	}
	defer func() { _ = windows.CloseHandle(process) }()
	return windows.AssignProcessToJobObject(job, process)
}
