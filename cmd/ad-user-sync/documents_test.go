package main

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/adtest/ldapserver"
	"ad-user-sync/internal/memad"
)

// Each command of a document stands in one of these scripts, of which the first
// is run here, the next three are run by TestRelease, and the others say why they
// are not.
const documentScripts = "testdata/documents/"

var documentScriptNames = []string{"program.sh", "package.sh", "removed.sh", "by-hand.sh", "person.sh", "windows.txt"}

// noCommands begin the blocks of the documents that show something else.
var noCommands = regexp.MustCompile(`^(\{|[a-z_]+:( |\n|$)|source domain |Account\t{{|<body>|[0-9a-f]{64}$)`)

func TestEachCommandOfTheDocumentsIsTested(t *testing.T) {
	known := map[string]string{}
	for _, name := range documentScriptNames {
		for _, line := range strings.Split(documentScript(t, name), "\n") {
			known[line] = name
		}
	}
	shown := map[string]bool{}
	for path, text := range documentTexts(t) {
		for _, command := range documentedCommands(text) {
			shown[command] = true
			assert.NotEmpty(t, known[command], "%s has a command that no test knows: add it to one of the scripts in %s: %s", path, documentScripts, command)
		}
	}
	for line, name := range known {
		if (name == "person.sh" || name == "windows.txt") && line != "" && !strings.HasPrefix(line, "#") {
			assert.True(t, shown[line], "%s has a command that no document has: %s", name, line)
		}
	}
}

// What a document tells to type is what the program takes.
func TestCommandLinesOfTheDocuments(t *testing.T) {
	var commands cli
	parser, err := kong.New(&commands, kong.Name("ad-user-sync"))
	require.NoError(t, err)
	var lines []string
	for _, text := range documentTexts(t) {
		for _, command := range documentedCommands(text) {
			for _, line := range regexp.MustCompile(`(?:^|[;&] |[0-9a-f]{64} )(?:ad-user-sync|& ".*ad-user-sync\.exe") (.*)`).FindAllStringSubmatch(command, -1) {
				lines = append(lines, line[1])
			}
		}
		for _, quoted := range regexp.MustCompile("`(?:(ad-user-sync )|)([a-z][^`\n|]*?)( \\|[^`]*)?`").FindAllStringSubmatch(text, -1) {
			name, _, more := strings.Cut(quoted[2], " ")
			ours := slices.ContainsFunc(parser.Model.Children, func(c *kong.Node) bool { return c.Name == name })
			if quoted[1] != "" || ours && more && !strings.Contains(quoted[2], "...") {
				lines = append(lines, quoted[2])
			}
		}
	}
	require.NotEmpty(t, lines)
	for _, line := range lines {
		if line != "help" && !strings.HasSuffix(line, "--help") { // these end the program
			parse(t, line)
		}
	}
}

// The programs of the documents that are ours and not run here take what the
// documents give them.
func TestParametersOfTheDocuments(t *testing.T) {
	scripts := map[string]string{"schedule.ps1": "../../examples/windows", "install.ps1": "../../internal/release/windows",
		"delegate.ps1": "../../examples/rights", "delegate.py": "../../examples/rights"}
	found := map[string]bool{}
	for _, name := range []string{"windows.txt", "person.sh"} {
		for _, call := range regexp.MustCompile(`[./\\]([a-z]+\.(?:ps1|py))( .*)?(?:\n|$)`).FindAllStringSubmatch(documentScript(t, name), -1) {
			require.Contains(t, scripts, call[1])
			found[call[1]] = true
			script, err := os.ReadFile(filepath.Join(scripts[call[1]], call[1]))
			require.NoError(t, err)
			for _, parameter := range regexp.MustCompile(` (--[a-z-]+|-[A-Z]\w+)`).FindAllStringSubmatch(call[2], -1) {
				declared := `(?m)^ {4}\[.*\$` + parameter[1][1:] + `\b`
				if strings.HasPrefix(parameter[1], "--") {
					declared = `add\(.*"` + parameter[1] + `"`
				}
				known := regexp.MustCompile(declared).Match(script) || parameter[1] == "--use-kerberos" // of Samba
				assert.True(t, known, "%s: %s", parameter[1], call[0])
			}
		}
	}
	assert.Len(t, found, len(scripts))
}

func TestCommandsOfTheDocuments(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil && os.Getenv("CI") == "" {
		t.Skip("there is no openssl")
	}
	folder := t.TempDir()
	corp, plant := documentDomain("corp.example"), documentDomain("plant.example")
	corp.AddUser(memad.User{Parent: "OU=Staff", CN: "Jane Doe", AccountName: "jdoe", Password: secretPassword, Attributes: map[string]string{"department": "Tooling", "employeeID": "4711"}})
	key, err := exec.Command(binary, "keygen").Output()
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(folder, "state"), 0o700))
	writeAll(t, folder, map[string]string{"hmac.key": string(key), "directory.password": boundPassword, "former.json": formerFile(t, string(key)),
		"export_config.yaml": "user_path: OU=Staff,DC=corp,DC=example\nexport_file: users.json\nhmac_file: hmac.key\n" + documentDirectory(t, folder, corp),
		"import_config.yaml": "managed_user_path: OU=Managed,DC=plant,DC=example\ninput_file: users.json\nhmac_file: hmac.key\nresolutions_file: state/resolutions.json\n" +
			"report_dir: state/reports\n" + "match: {keys: [employeeID], within: [\"OU=Staff,DC=plant,DC=example\"], until: " + time.Now().AddDate(0, 1, 0).Format(time.DateOnly) + "}\n" +
			documentDirectory(t, folder, plant)})
	examples, err := filepath.Abs(examples)
	require.NoError(t, err)
	shell := exec.Command("sh", "-eux")
	shell.Stdin = strings.NewReader(documentScript(t, "program.sh"))
	shell.Dir, shell.Env = folder, append(os.Environ(), "PATH="+filepath.Dir(binary)+":"+os.Getenv("PATH"), "EXAMPLES="+examples)
	out, err := shell.CombinedOutput()
	require.NoError(t, err, string(out))
	for _, name := range []string{"users.json", "accounts.csv", "handed/ad-user-sync", "FILE.prom", "report.html"} {
		assert.FileExists(t, filepath.Join(folder, name))
	}
	assert.Contains(t, plant.Dump(plant.AddOU("OU=Managed")), "CN=Jane Doe,OU=Managed")
	signed, err := os.ReadFile(filepath.Join(examples, "sample-users.json"))
	require.NoError(t, err)
	assert.Contains(t, string(out), string(signed[len(signed)-64:]), "openssl finds the same HMAC")
}

// formerFile is a user file of another domain, which has Jane by her number.
func formerFile(t *testing.T, key string) string {
	t.Helper()
	parsed, err := hmacfile.ParseKey(strings.TrimSpace(key))
	require.NoError(t, err)
	var out bytes.Buffer
	seal := hmacfile.NewSealer(&out, &parsed)
	_, err = io.WriteString(seal, `{"timestamp": "2026-11-22T08:15:30Z", "source": {"domain": "old.example", "scope": "00"}, "users": [{"cn": "Jane Doe", "sAMAccountName": "jdoe",
		"objectGUID": "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "employeeID": "4711"}], "complete": {"users": 1, "searches": [{"entries": 1}]}}`)
	require.NoError(t, err)
	require.NoError(t, seal.Close())
	return out.String()
}

func documentDomain(name string) *memad.Directory {
	d := memad.New(name)
	d.AddOU("OU=Staff")
	d.AddOU("OU=Managed")
	d.AddUser(memad.User{AccountName: "svc-sync", Password: boundPassword, Groups: []string{"CN=Domain Admins,CN=Users"}})
	return d
}

// documentDirectory serves a domain over LDAPS, and is how a configuration names
// it; the authority is written into folder.
func documentDirectory(t *testing.T, folder string, d *memad.Directory) string {
	https := httptest.NewTLSServer(nil) // it has a certificate for 127.0.0.1
	defer https.Close()
	writeAll(t, folder, map[string]string{"ca.pem": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: https.Certificate().Raw}))})
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: https.TLS.Certificates})
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go (&ldapserver.Server{Directory: d}).Serve(listener)
	return "directory: {servers: [\"ldaps://" + listener.Addr().String() + "\"], ca_file: ca.pem, auth: simple, username: svc-sync@" + d.Domain().Name + ", password_file: directory.password}\n"
}

func documentScript(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(documentScripts + name)
	require.NoError(t, err)
	return string(text)
}

// documentTexts are the documents for users, by path.
func documentTexts(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	texts := map[string]string{}
	for _, path := range append(paths, "../../README.md", filepath.Join(examples, "README.md")) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		texts[path] = string(text)
	}
	return texts
}

// documentedCommands are the lines of all indented and fenced blocks that are
// commands, without their remarks.
func documentedCommands(text string) []string {
	text = regexp.MustCompile("(?s)\n```\\w*\n(.*?)\n```\n").ReplaceAllStringFunc(text, func(fenced string) string {
		lines := strings.Split(strings.TrimSpace(fenced), "\n")
		return "\n\n    " + strings.Join(lines[1:len(lines)-1], "\n    ") + "\n"
	})
	var commands []string
	for _, block := range regexp.MustCompile(`\n\n(?: {4,}.*(?:\n {4,}.*)*)`).FindAllString(text, -1) {
		block = regexp.MustCompile(`\n\s+`).ReplaceAllString("\n"+strings.TrimSpace(block), "\n")
		block = regexp.MustCompile("[ \t]+[\\\\`]\n").ReplaceAllString(block, " ")
		if noCommands.MatchString(block[1:]) {
			continue
		}
		for _, line := range strings.Split(block[1:], "\n") {
			if line, _, _ = strings.Cut(line, " # "); !strings.HasPrefix(line, "#") {
				commands = append(commands, strings.TrimSpace(line))
			}
		}
	}
	return commands
}
