package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCompletions(t *testing.T) {
	var commands cli
	parser, err := kong.New(&commands, kong.Name("ad-user-sync"))
	require.NoError(t, err)
	for line, want := range map[string]string{
		"ver":                              "verify version",
		"check ":                           "export import",
		"check im":                         "import",
		"import --dry":                     "--dry-run",
		"import --format ":                 "auto json text",
		"import --format=t":                "--format=text",
		"import --format = t":              "text",
		"import --dry-run --format j":      "json",
		"import --config ":                 "", // files
		"verify ":                          "", // files
		"completion ":                      "bash fish powershell zsh",
		"completion bash ":                 "",
		"resolutions forget --t":           "--type",
		"init export --set a=b --yes --fo": "--force",
		"comp":                             "completion",
		"nothing ":                         "",
	} {
		words := strings.Split(line, " ")
		var got []string
		for _, c := range completions(parser.Model.Node, words[:len(words)-1], words[len(words)-1]) {
			got = append(got, c.word)
		}
		assert.ElementsMatch(t, strings.Fields(want), got, line)
	}
}

// shells parse their script, and ask the program by it.
var shells = map[string]string{
	"bash": `COMP_WORDS=(ad-user-sync check ex) COMP_CWORD=2; _ad_user_sync ad-user-sync; printf '%s\n' "${COMPREPLY[@]}"
COMP_WORDS=(ad-user-sync import --format = "") COMP_CWORD=4; _ad_user_sync ad-user-sync; printf '%s\n' "${COMPREPLY[@]}"`,
	"zsh": `_describe() { print -rl -- "${(@P)2%%:*}" }; _files() { print files }
words=(ad-user-sync check ex) CURRENT=3 PREFIX=ex; _ad_user_sync
words=(ad-user-sync import --format "") CURRENT=4 PREFIX=""; _ad_user_sync`,
	"fish": `complete -C "ad-user-sync check ex" | cut -f1
complete -C "ad-user-sync import --format " | cut -f1`,
}

func TestShellsComplete(t *testing.T) {
	for shell, ask := range shells {
		t.Run(shell, func(t *testing.T) {
			if _, err := exec.LookPath(shell); err != nil && os.Getenv("CI") == "" {
				t.Skipf("there is no %s; on Debian, as root: make install", shell)
			}
			script, err := completionScripts.ReadFile("completion/" + shell)
			require.NoError(t, err)
			parse := exec.Command(shell, "-n")
			parse.Stdin = strings.NewReader(string(script))
			out, err := parse.CombinedOutput()
			require.NoError(t, err, string(out))
			require.Empty(t, string(out))

			asking := exec.Command(shell)
			asking.Env = append(os.Environ(), "HOME="+t.TempDir(), "PATH="+filepath.Dir(binary)+string(filepath.ListSeparator)+os.Getenv("PATH"))
			before := ""
			if shell == "zsh" {
				before = "compdef() { }\n"
			}
			asking.Stdin = strings.NewReader(before + string(script) + "\n" + ask + "\n")
			out, err = asking.CombinedOutput()
			require.NoError(t, err, string(out))
			assert.Equal(t, "export auto json text", strings.Join(strings.Fields(string(out)), " "))
		})
	}
}
