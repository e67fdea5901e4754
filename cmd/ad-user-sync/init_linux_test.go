package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"ad-user-sync/internal/adtest"
)

// terminal is the program on a pseudo-terminal (pty(7)), and a person before it.
type terminal struct {
	t    *testing.T
	side *os.File // the person's
	done chan error

	mu     sync.Mutex
	screen bytes.Buffer
	read   int // how far the person has read
}

func onTerminal(t *testing.T, dir string, args ...string) *terminal {
	t.Helper()
	return onTerminalOf(t, 0, dir, args...)
}

// onTerminalOf is a terminal of so many columns; 0: it does not say.
func onTerminalOf(t *testing.T, columns uint16, dir string, args ...string) *terminal {
	t.Helper()
	return onTerminalWith(t, columns, dir, nil, args...)
}

// pseudoTerminal returns its two sides (pty(7)).
func pseudoTerminal(t *testing.T, columns uint16) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	require.NoError(t, err)
	number, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	require.NoError(t, unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0))
	require.NoError(t, unix.IoctlSetWinsize(int(person.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 25, Col: columns}))
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	return person, program
}

// onTerminalWith writes what it says of itself elsewhere; nil: there, too.
func onTerminalWith(t *testing.T, columns uint16, dir string, faults *os.File, args ...string) *terminal {
	t.Helper()
	person, program := pseudoTerminal(t, columns)
	cmd := exec.Command(binary, args...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, program, program, program
	if faults != nil {
		cmd.Stderr = faults
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, cmd.Start())
	require.NoError(t, program.Close())
	x := &terminal{t: t, side: person, done: make(chan error, 1)}
	copied := make(chan struct{})
	go func() { _, _ = io.Copy(x, person); close(copied) }() // ends with EIO when the program does
	go func() { err := cmd.Wait(); <-copied; x.done <- err }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = person.Close() })
	return x
}

func (x *terminal) Write(p []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.screen.Write(p)
}

// seen has one blank wherever there is space: lines may break anywhere.
func (x *terminal) seen() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return strings.Join(strings.Fields(x.screen.String()), " ")
}

// answer waits for a prompt that was not answered yet, and types.
func (x *terminal) answer(prompt, text string) {
	x.t.Helper()
	prompt = strings.TrimSpace(prompt)
	require.Eventually(x.t, func() bool {
		seen := x.seen()
		at := strings.Index(seen[min(x.read, len(seen)):], prompt)
		if at >= 0 {
			x.read += at + len(prompt)
		}
		return at >= 0
	}, 30*time.Second, 10*time.Millisecond, "waiting for %q", prompt)
	_, err := x.side.WriteString(text + "\n")
	require.NoError(x.t, err)
}

func (x *terminal) ends() (code int) {
	x.t.Helper()
	select {
	case err := <-x.done:
		if exit, failed := err.(*exec.ExitError); failed {
			return exit.ExitCode()
		}
		require.NoError(x.t, err)
	case <-time.After(60 * time.Second):
		x.t.Fatalf("the program does not end:\n%s", x.seen())
	}
	return 0
}

// A person answers line by line, makes mistakes, and ends with a configuration
// that works.
func TestLabInitAsksAPerson(t *testing.T) {
	lab := adtest.Lab(t)
	dir := t.TempDir()
	give(t, dir, "ca.pem", lab.CAFile)
	password := lab.Source.Password(t, "svc-export")

	x := onTerminal(t, dir, "init", "export")
	x.answer("directory.domain: ", "corp")
	x.answer("not a DNS name of a domain", "corp.example")
	x.answer("directory.servers: ", "127.0.0.1:1")
	x.answer("nothing listens on port 1", "ldaps://127.0.0.20")
	x.answer("which this machine does not trust", "")
	x.answer("is not trusted; name the file", "nowhere.pem")
	x.answer("nowhere.pem", "ca.pem")
	x.answer("directory.username", `svc-export`)
	x.answer(`write it as DOMAIN\name`, `CORP\svc-exprt`)
	x.answer("directory.password_file [none]: ", "")
	x.answer(`Password of CORP\svc-exprt: `, password)
	x.answer("the user name or the password is wrong", `CORP\svc-export`)
	x.answer("directory.password_file [none]: ", "")
	x.answer(`Password of CORP\svc-export: `, password)
	x.answer("Write the password to export.password", "yes")
	x.answer("user_path [", "OU=Nowhere,DC=corp,DC=example")
	x.answer("does not exist in corp.example", "OU=People,DC=corp,DC=example")
	x.answer("group_path [none]: ", "OU=Groups,DC=corp,DC=example")
	x.answer("search_groups: ", "99")
	x.answer("there is no number 99", "t-Nobody")
	x.answer("CN=t-Nobody,OU=Groups,DC=corp,DC=example does not exist", "t-Viewers; CN=t-Editors")
	x.answer("nested_groups [no]: ", "perhaps")
	x.answer("answer yes or no", "yes")
	x.answer("attributes [", "mail; nosuch")
	x.answer(`has no attribute "nosuch"`, "")
	x.answer("hmac_file [hmac.key]: ", "")
	x.answer("export_file [users.json]: ", "")
	assert.Zero(t, x.ends(), "%s", x.seen())
	assert.Contains(t, x.seen(), "The export would work")
	assert.NotContains(t, x.seen(), password)

	for name, holds := range map[string]string{"export.password": password, "hmac.key": "", "export_config.yaml": "password_file: export.password"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		assert.Contains(t, string(text), holds)
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), name)
	}
	x = onTerminal(t, dir, "export")
	assert.Zero(t, x.ends(), "%s", x.seen())
	assert.Contains(t, x.seen(), "Next: carry "+filepath.Join(dir, "users.json")+" across, to where input_file of the import is")
	assert.FileExists(t, filepath.Join(dir, "users.json"))
}

// give puts a copy of a file into a folder.
func give(t *testing.T, dir, name, from string) {
	t.Helper()
	text, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
}

// On the target side the user file has come: its groups and its domain are
// known, and who may make accounts where.
func TestLabInitAsksAPersonOnTheTargetSide(t *testing.T) {
	lab := adtest.Lab(t)
	target := newPlace(t, lab.Target)
	managed := "OU=" + target.mark + ",OU=Managed," + lab.Target.Base
	target.Add(managed, map[string][]string{"objectClass": {"organizationalUnit"}})
	t.Cleanup(func() { target.Delete(managed) })
	dir := t.TempDir()
	give(t, dir, "ca.pem", lab.CAFile)
	give(t, dir, "hmac.key", lab.HMAC)
	out, err := exec.Command(binary, "export", "--config", filepath.Join(examples, "lab/export_config.json"), "--output", filepath.Join(dir, "users.json")).CombinedOutput()
	require.NoError(t, err, "%s", out)

	t.Setenv("TZ", "Asia/Tokyo")
	x := onTerminal(t, dir, "init", "import", "--set", "directory.domain=plant.example")
	x.answer("directory.servers: ", "127.0.0.30")
	x.answer("directory.ca_file: ", "ca.pem")
	x.answer("directory.username: ", "<") // what was answered before is asked again, with the answer
	x.answer("directory.ca_file [ca.pem]: ", "<")
	x.answer("directory.servers [127.0.0.30]: ", "")
	x.answer("directory.ca_file [ca.pem]: ", "")
	x.answer("directory.username: ", `PLANT\svc-import`)
	x.answer("directory.password_file [none]: ", "the-Password-itself")
	x.answer("shows what is typed; for the password itself press Enter", lab.Target.PasswordFile("svc-import"))
	x.answer(managed+" (people: 0; users can be made in it)", "CN=Users,"+lab.Target.Base)
	x.answer("a container of the domain's own", managed)
	x.answer("hmac_file [hmac.key]: ", "")
	x.answer("input_file [users.json]: ", "")
	x.answer("users.json is sound: 24 users", "OU=Groups,"+lab.Target.Base)
	x.answer("people of CN=t-Administrators into [none]: ", "")
	x.answer("people of CN=t-Editors into [none]: ", "<")
	x.answer("people of CN=t-Administrators into [none]: ", "p-Administrators")
	x.answer("people of CN=t-Editors into [none]: ", "none")
	x.answer("people of CN=t-Viewers into [none]: ", "<")
	x.answer("people of CN=t-Editors into [none]: ", "<")
	x.answer("people of CN=t-Administrators into [p-Administrators]: ", "")
	x.answer("people of CN=t-Editors into [none]: ", "")
	x.answer("people of CN=t-Viewers into [none]: ", "CN=p-Nobody")
	x.answer("CN=p-Nobody,OU=Groups,DC=plant,DC=example does not exist", "CN=p-Viewers")
	x.answer("everybody into [none]: ", "")
	x.answer("another group of the source, as CN=name [none]: ", "CN=t-Other")
	x.answer("people of CN=t-Other into [none]: ", "<")
	x.answer("another group of the source, as CN=name [none]: ", "<")
	x.answer("everybody into [none]: ", "")
	x.answer("another group of the source, as CN=name [none]: ", "")
	x.answer("restricted_groups [p-Administrators]: ", "<")
	x.answer("people of CN=t-Administrators into [p-Administrators]: ", "")
	x.answer("people of CN=t-Editors into [none]: ", "")
	x.answer("people of CN=t-Viewers into [CN=p-Viewers]: ", "")
	x.answer("everybody into [none]: ", "")
	x.answer("another group of the source, as CN=name [none]: ", "")
	x.answer("restricted_groups [p-Administrators]: ", "")
	x.answer("prefix_common_names [CORP]: ", "EXT")
	x.answer("names.account_name [none]: ", "{givenName|lowr}")
	x.answer(`"lowr" is not known`, "{cn|ascii|letters|lower|12}{n}")
	x.answer("expect_every [P1D]: ", "P1X")
	x.answer("is not an ISO 8601 duration", "P14D")
	x.answer("time_zone [Asia/Tokyo]: ", "Berlin")
	x.answer(`"Berlin" is no name of the IANA time zone database`, "Europe/Berlin")
	x.answer("expect.domain [corp.example]: ", "")
	x.answer("approval_directory.username: ", `PLANT\svc-import`) // no one is logged on here, so none is no answer
	x.answer("this is the account that imports", `PLANT\svc-approver`)
	x.answer("observe.until [none]: ", "2026-12-32")
	x.answer("is not a day such as", time.Now().AddDate(0, 0, 20).Format(time.DateOnly))
	x.answer("is more than 14 days away", time.Now().AddDate(0, 0, 10).Format(time.DateOnly))
	x.answer(`PLANT\svc-approver decides about what waits. Its password is asked for here only to check its rights, and is not kept. Password of PLANT\svc-approver: `, lab.Target.Password(t, "svc-approver"))
	assert.Zero(t, x.ends(), "%s", x.seen())
	assert.Contains(t, x.seen(), "The import would work")
	assert.Equal(t, 1, strings.Count(x.seen(), "the-Password-itself"), "a password that was typed for the name of its file is not said again")
	assert.Regexp(t, `(\S+: [a-z]{3,12} .*){3}expect_every`, x.seen(), "what the template comes to")
	written, err := os.ReadFile(filepath.Join(dir, "import_config.yaml"))
	require.NoError(t, err)
	for _, follows := range []string{"expect_every: P14D", "max_age: P42D", "expiration_time: P56D", "time_zone: Europe/Berlin"} {
		assert.Contains(t, string(written), "\n"+follows+"\n")
	}
	assert.Contains(t, string(written), "\nobserve:\n")
	run := exec.Command(binary, "import", "--dry-run", "--format", "text")
	run.Dir = dir
	out, err = run.CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "a person starts the import with this plan: ad-user-sync import --start ")
	assert.Contains(t, string(out), "EXT Jürgen Müller")
}

// Who gives up half-way leaves the answers behind, and nothing else; another
// conversation takes them up, and can go back.
func TestLabInitInterrupted(t *testing.T) {
	adtest.Lab(t)
	dir := t.TempDir()
	x := onTerminal(t, dir, "init", "import", "--set", "hmac_file=other.key")
	x.answer("directory.domain: ", "plant.example")
	x.answer("directory.servers: ", "<")
	x.answer("directory.domain [plant.example]: ", "")
	x.answer("directory.servers: ", "\x03") // Ctrl-C
	assert.Equal(t, exitFault, x.ends())
	assert.Contains(t, x.seen(), "What was answered is kept: ad-user-sync init import --from import_config.answers.yaml goes on")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
	answers, err := os.ReadFile(filepath.Join(dir, "import_config.answers.yaml"))
	require.NoError(t, err)
	assert.Contains(t, string(answers), "domain: plant.example")

	x = onTerminal(t, dir, "init", "import", "--from", "import_config.answers.yaml")
	x.answer("directory.domain [plant.example]: ", "")
	x.answer("directory.servers: ", "<")
	x.answer("directory.domain [plant.example]: ", "\x03")
	assert.Equal(t, exitFault, x.ends())
}

// What is explained has room on a small terminal, and fills no more than a readable part of
// a wide one.
func TestInitWrapsAtTheWidthOfTheTerminal(t *testing.T) {
	longest := func(columns uint16) (most int) {
		x := onTerminalOf(t, columns, t.TempDir(), "init", "import")
		x.answer("directory.domain: ", "plant.example")
		x.answer("directory.servers: ", "127.0.0.1:1")
		x.answer("does not listen on 636 directory.servers:", "\x03")
		assert.Equal(t, exitFault, x.ends())
		assert.Contains(t, x.seen(), "interrupted; nothing was written. What was answered is kept")
		x.mu.Lock()
		defer x.mu.Unlock()
		for line := range strings.Lines(x.screen.String()) {
			if len(strings.Fields(line)) > 1 && !strings.Contains(line, "ad-user-sync init import --from") { // a command stays in one piece
				most = max(most, utf8.RuneCountInString(strings.TrimRight(line, "\r\n")))
			}
		}
		return most
	}
	for _, columns := range []uint16{48, 72, 100, 250} {
		most := longest(columns)
		assert.Less(t, most, int(columns))
		assert.Greater(t, most, min(int(columns), 100)-24, "of %d columns most are used", columns)
		assert.LessOrEqual(t, most, 120)
	}
}

// A configuration that exists lends its answers and its other keys to a new one.
func TestLabInitFromAConfiguration(t *testing.T) {
	lab := adtest.Lab(t)
	target := newPlace(t, lab.Target)
	managed := "OU=" + target.mark + ",OU=Managed," + lab.Target.Base
	target.Add(managed, map[string][]string{"objectClass": {"organizationalUnit"}})
	t.Cleanup(func() { target.Delete(managed) })
	dir := t.TempDir()
	give(t, dir, "ca.pem", lab.CAFile)
	give(t, dir, "hmac.key", lab.HMAC)
	former := fmt.Sprintf(`managed_user_path: %q
directory: {domain: plant.example, servers: ["ldaps://127.0.0.30"], ca_file: ca.pem, username: 'PLANT\svc-import', password_file: %q, timeout: PT77S}
approval_directory: {domain: plant.example, username: 'PLANT\svc-approver'}
group_path: %q
group_map: {"CN=t-Viewers": [p-Viewers, p-Editors], "*": p-Viewers}
hmac_file: hmac.key
input_file: users.json
limits: {disable: {count: 3}}
time_zone: America/Bogota
prefix_common_names: ''
max_age: null
restricted_groups: []
users_must_change_password: false
report_dir: null
log_windows: true
resolutions_file: %q
`, managed, lab.Target.PasswordFile("svc-import"), "OU=Groups,"+lab.Target.Base, filepath.Join(t.TempDir(), "answers.json"))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "old.yaml"), []byte(former), 0o600))
	cmd := exec.Command(binary, "init", "import", "--yes", "--from", "old.yaml")
	cmd.Dir = dir
	out, _ := cmd.CombinedOutput() // the check after it misses the user file
	written, err := os.ReadFile(filepath.Join(dir, "import_config.yaml"))
	require.NoError(t, err, "%s", out)
	for _, kept := range []string{"managed_user_path: " + managed, "timeout: PT77S", "count: 3", "time_zone: America/Bogota", "- p-Editors", "p-Viewers",
		`prefix_common_names: ""`, "max_age: null", "restricted_groups: []", "users_must_change_password: false", "report_dir: null", "log_windows: true", "/answers.json"} {
		assert.Contains(t, string(written), kept)
	}

	cmd = exec.Command(binary, "init", "import", "--yes", "--config", "other.yaml")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "AD_USER_SYNC_PASSWORD=")
	out, err = cmd.CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(out), "Needed after that, too: --set managed_user_path=VALUE")
}
