package adtest

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// launch starts the controller in a session of its own, so that it outlives
// this process, and waits until it answers.
func launch(d Domain) error {
	address := net.JoinHostPort(d.Address, "636")
	if conn, err := net.DialTimeout("tcp", address, time.Second); err == nil {
		_ = conn.Close()
		return fmt.Errorf("something else listens on %s; end it first (the lab of another working copy: \"make lab-down\" there)", address)
	}
	log, err := os.Create(filepath.Join(d.dir, "samba.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command("samba", "-s", d.smbConf(), "-F", "--no-process-group")
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Dir = d.dir
	cmd.Env = d.environment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	if err := os.WriteFile(d.pidFile(), []byte(strconv.Itoa(cmd.Process.Pid)), 0o600); err != nil {
		return err
	}
	return awaitAnswer(d, address, ended)
}

func awaitAnswer(d Domain, address string, ended <-chan error) error {
	deadline := time.After(60 * time.Second)
	for {
		select {
		case err := <-ended:
			return fmt.Errorf("samba for %s ended at once (%v); see %s", d.Name, err, filepath.Join(d.dir, "samba.log"))
		case <-deadline:
			return fmt.Errorf("samba for %s does not answer on %s; see %s", d.Name, address, filepath.Join(d.dir, "samba.log"))
		case <-time.After(50 * time.Millisecond):
			if answers(address) && answers(net.JoinHostPort(d.Address, "88")) {
				return nil
			}
		}
	}
}

// answers reports whether the port takes connections, and on 636 whether TLS is
// spoken.
func answers(address string) bool {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	defer conn.Close()
	if !strings.HasSuffix(address, ":636") {
		return true
	}
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	return tls.Client(conn, &tls.Config{InsecureSkipVerify: true}).Handshake() == nil //nolint:gosec // only whether it answers
}

// stop ends this lab's own controller and waits for it; no other process with
// the same number is touched.
func stop(d Domain) error {
	pid, ok := process(d)
	if !ok {
		return nil
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	if !ended(d, pid) {
		return fmt.Errorf("samba for %s (process %d) did not end within 10 s", d.Name, pid)
	}
	return os.Remove(d.pidFile())
}

// ended waits for the controller's processes, which are a group.
func ended(d Domain, pid int) bool {
	for range 200 {
		_, runs := process(d)
		if !runs && errors.Is(syscall.Kill(-pid, 0), syscall.ESRCH) {
			return true
		}
		time.Sleep(50 * time.Millisecond)
	}
	return false
}

func running(d Domain) bool {
	_, ok := process(d)
	return ok && answers(net.JoinHostPort(d.Address, "636"))
}

// process is the controller's process, if it runs.
func process(d Domain) (pid int, ok bool) {
	text, err := os.ReadFile(d.pidFile())
	if err != nil {
		return 0, false
	}
	pid, err = strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, false
	}
	// Samba overwrites its command line; it keeps the folder it was started in.
	cwd, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return 0, false
	}
	dir, err := os.Stat(d.dir)
	return pid, err == nil && os.SameFile(cwd, dir)
}

// CPU is the processor time that all processes of the controller have had.
func (d Domain) CPU() time.Duration {
	pid, _ := process(d)
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	const tick = 10 * time.Millisecond
	total := time.Duration(0)
	for _, file := range stats {
		text, _ := os.ReadFile(file) // it may have ended
		_, rest, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest) // from the third of proc_pid_stat(5) on
		if len(fields) < 15 || fields[2] != strconv.Itoa(pid) {
			continue
		}
		for _, n := range fields[11:15] { // of its own, and of its children that ended
			ticks, _ := strconv.Atoi(n)
			total += time.Duration(ticks) * tick
		}
	}
	return total
}

func (d Domain) pidFile() string { return filepath.Join(d.dir, "samba.pid") }

// Halt stops the controller's processes where they stand: it takes connections
// and answers nothing, as a black hole does.
func (d Domain) Halt() error { return d.signal(syscall.SIGSTOP) }

// Kill ends the controller at once, halted or not.
func (d Domain) Kill() error {
	pid, ok := process(d)
	if !ok {
		return nil
	}
	if err := d.signal(syscall.SIGKILL); err != nil {
		return err
	}
	if !ended(d, pid) {
		return fmt.Errorf("samba for %s (process %d) did not end", d.Host, pid)
	}
	return nil
}

// signal reaches all processes of the controller.
func (d Domain) signal(s syscall.Signal) error {
	pid, ok := process(d)
	if !ok {
		return nil
	}
	if err := syscall.Kill(-pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}
