package main

import (
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"unsafe"

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
	if err := startIn(job, program); err != nil {
		return err
	}
	return program.Wait()
}

// startIn starts a program that is in the job before it can start another one.
func startIn(job windows.Handle, program *exec.Cmd) error {
	if err := startSuspended(program); err != nil {
		return err
	}
	_ = assign(job, program.Process.Pid) // without it the program alone is ended
	if err := resume(program.Process.Pid); err != nil {
		_ = program.Process.Kill()
		return errors.Join(fmt.Errorf("let it run: %w", err), program.Wait())
	}
	return nil
}

// startSuspended starts a program that runs once it is resumed.
func startSuspended(program *exec.Cmd) error {
	program.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_SUSPENDED}
	return program.Start()
}

func assign(job windows.Handle, pid int) error {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid))
	if err != nil {
		return err
	}
	defer func() { _ = windows.CloseHandle(process) }()
	return windows.AssignProcessToJobObject(job, process)
}

// resume lets all threads of a process run: others may have added some to it already.
func resume(pid int) error {
	threads, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPTHREAD, 0)
	if err != nil {
		return err
	}
	defer func() { _ = windows.CloseHandle(threads) }()
	entry := windows.ThreadEntry32{Size: uint32(unsafe.Sizeof(windows.ThreadEntry32{}))}
	for err = windows.Thread32First(threads, &entry); err == nil; err = windows.Thread32Next(threads, &entry) {
		if entry.OwnerProcessID == uint32(pid) {
			if err := resumeThread(entry.ThreadID); err != nil {
				return err
			}
		}
	}
	if !errors.Is(err, windows.ERROR_NO_MORE_FILES) {
		return err
	}
	return nil
}

func resumeThread(id uint32) error {
	thread, err := windows.OpenThread(windows.THREAD_SUSPEND_RESUME, false, id)
	if err != nil {
		return err
	}
	defer func() { _ = windows.CloseHandle(thread) }()
	_, err = windows.ResumeThread(thread)
	return err
}
