package main

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/hmacfile"
	importer "ad-user-sync/import"
)

const examples = "../../examples"

func example(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(examples, name))
	require.NoError(t, err)
	return string(text)
}

// parse reads a command line as the program does, without running it.
func parse(t *testing.T, line string) cli {
	t.Helper()
	var commands cli
	parser, err := kong.New(&commands, kong.Name("ad-user-sync"))
	require.NoError(t, err)
	var args []string
	for _, word := range regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(line, -1) {
		args = append(args, strings.Trim(word, `"`))
	}
	_, err = parser.Parse(args)
	require.NoError(t, err, line)
	return commands
}

func TestSampleUserFile(t *testing.T) {
	text := regexp.MustCompile(`(?m)^    ([0-9a-f]{64})$`).FindStringSubmatch(example(t, "README.md"))
	require.NotNil(t, text, "the README names the key")
	key, err := hmacfile.ParseKey(text[1])
	require.NoError(t, err)
	in, err := importer.Open("sample-users.json", []byte(example(t, "sample-users.json")), []hmacfile.Key{key})
	require.NoError(t, err)
	assert.True(t, in.Signed && in.File.Anchored() && in.File.Complete != nil)
	assert.Len(t, in.File.Users, 6)
	assert.Equal(t, hmacfile.FormExact, in.Form)
}

func TestWindowsTasks(t *testing.T) {
	script := example(t, "windows/schedule.ps1")
	for _, side := range []string{"export", "import"} {
		var task struct {
			Principals struct {
				Principal struct{ UserId, LogonType, RunLevel string }
			}
			Settings struct{ MultipleInstancesPolicy string }
			Actions  struct {
				Exec struct{ Command, Arguments, WorkingDirectory string }
			}
		}
		require.NoError(t, xml.Unmarshal([]byte(example(t, "windows/"+side+"-task.xml")), &task))
		commands := parse(t, task.Actions.Exec.Arguments)
		assert.Empty(t, commands.Export.Config+commands.Import.Config, "that of the working folder, JSON or YAML")
		assert.Equal(t, side, task.Actions.Exec.Arguments)
		assert.Equal(t, `C:\ProgramData\ad-user-sync`, task.Actions.Exec.WorkingDirectory)
		assert.Contains(t, script, task.Actions.Exec.WorkingDirectory)
		assert.Equal(t, `"C:\Program Files\ad-user-sync\ad-user-sync.exe"`, task.Actions.Exec.Command)
		assert.Equal(t, "IgnoreNew", task.Settings.MultipleInstancesPolicy)
		assert.Equal(t, "LeastPrivilege", task.Principals.Principal.RunLevel)
		assert.Contains(t, script, `"`+task.Principals.Principal.UserId+`"`)
	}
	for _, line := range regexp.MustCompile(`-Side (\w+) .*-Once "(.*)"`).FindAllStringSubmatch(script, -1) {
		parse(t, line[1]+" "+line[2])
	}
}

// sequences are the orders of the Task Scheduler's schema, where it has one: the
// base type of a trigger before what extends it (MS-TSCH 2.5.1).
var sequences = map[string][]string{
	"CalendarTrigger": {"Enabled", "StartBoundary", "EndBoundary", "Repetition", "ExecutionTimeLimit", "RandomDelay", "ScheduleByDay"},
	"Exec":            {"Command", "Arguments", "WorkingDirectory"},
}

func TestWindowsTasksFollowTheSchema(t *testing.T) {
	for _, side := range []string{"export", "import"} {
		children := map[string][]string{}
		var open []string
		decoder := xml.NewDecoder(strings.NewReader(example(t, "windows/"+side+"-task.xml")))
		for token, err := decoder.Token(); err == nil; token, err = decoder.Token() {
			switch token := token.(type) {
			case xml.StartElement:
				assert.Equal(t, "http://schemas.microsoft.com/windows/2004/02/mit/task", token.Name.Space)
				if len(open) > 0 {
					parent := open[len(open)-1]
					children[parent] = append(children[parent], token.Name.Local)
				}
				open = append(open, token.Name.Local)
			case xml.EndElement:
				open = open[:len(open)-1]
			}
		}
		for parent, order := range sequences {
			require.NotEmpty(t, children[parent])
			last := -1
			for _, child := range children[parent] {
				place := slices.Index(order, child)
				assert.Greater(t, place, last, "%s in %s", child, parent)
				last = place
			}
		}
	}
}

// What the examples in the script's help run is what the program takes.
func TestScheduleScript(t *testing.T) {
	script := example(t, "windows/schedule.ps1")
	for _, word := range []string{"-Approvers", "-Courier", "-FoldersOnly", "-State", "-Name", "-Once"} {
		assert.Contains(t, script, "$"+strings.TrimPrefix(word, "-"))
	}
	assert.Regexp(t, `(?m)^Assert-OwnTask\nNew-Folders$`, script, "no task of another folder is replaced, and nothing is done before that is known")
	help, _, _ := strings.Cut(script, "#>")
	for _, line := range regexp.MustCompile(`(?m)^\.\\schedule\.ps1 (.*)$`).FindAllStringSubmatch(help+documents(t), -1) {
		for _, flag := range regexp.MustCompile(`-[A-Z][A-Za-z]+`).FindAllString(line[1], -1) {
			assert.Regexp(t, `(?m)^    \[.*\$`+flag[1:]+`\b`, script, line[0])
		}
	}
	assert.Regexp(t, `^[\x00-\x7f]*$`, script, "Windows PowerShell reads a file without a byte order mark as ANSI")
}

// documents are the texts for users.
func documents(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	paths, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	for _, path := range append(paths, filepath.Join(examples, "README.md")) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		all.WriteString(strings.ReplaceAll(string(text), "\n    ", "\n"))
	}
	return all.String()
}

func TestSystemdUnits(t *testing.T) {
	for _, side := range []string{"export", "import"} {
		service, timer := example(t, "systemd/ad-user-sync-"+side+".service"), example(t, "systemd/ad-user-sync-"+side+".timer")
		start := regexp.MustCompile(`(?m)^ExecStart=/usr/local/bin/ad-user-sync (.*)$`).FindStringSubmatch(service)
		require.NotNil(t, start)
		commands := parse(t, start[1])
		assert.Empty(t, commands.Export.Config+commands.Import.Config, "that of the working folder, JSON or YAML")
		assert.Equal(t, map[string]string{"export": "export", "import": "import --format text"}[side], start[1], "the journal is for people")
		assert.Contains(t, service, "WorkingDirectory=/etc/ad-user-sync\n", "the configuration, which the account cannot change")
		assert.Contains(t, service, "StateDirectory=ad-user-sync\n", "what the account writes")
		for _, unit := range []string{service, timer} {
			for line := range strings.Lines(unit) {
				assert.Regexp(t, `^(\n|#.*\n|\[[A-Z][a-z]+\]\n|[A-Z][A-Za-z]+=.*\n)$`, line)
			}
		}
		assert.Regexp(t, `(?m)^OnCalendar=\*-\*-\* \d\d:\d\d:\d\d$`, timer)
	}
}

// A service that fails starts the one that tells of it, by its full name.
func TestSystemdUnitOfFailures(t *testing.T) {
	assert.Contains(t, example(t, "systemd/ad-user-sync-import.service"), "\nOnFailure=ad-user-sync-failed@%n.service\n")
	unit := example(t, "systemd/ad-user-sync-failed@.service")
	start := regexp.MustCompile(`(?m)^ExecStart=/usr/local/bin/ad-user-sync (.*)$`).FindStringSubmatch(unit)
	require.NotNil(t, start)
	assert.Equal(t, "%i", parse(t, start[1]).Notify.Failed)
	assert.Contains(t, unit, "WorkingDirectory=/etc/ad-user-sync\n")
}
