package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// binary is the program as it is built for people.
var binary string

func TestMain(m *testing.M) { os.Exit(withBinary(m)) }

func withBinary(m *testing.M) int {
	dir, err := os.MkdirTemp("", "ad-user-sync-binary")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "ad-user-sync")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, ".").CombinedOutput(); err != nil {
		panic(fmt.Sprintf("build the program: %v\n%s", err, out))
	}
	return m.Run()
}

// TestScripts runs the built program as a person or a scheduler does.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Setup: prepare, Cmds: commands(nil), RequireUniqueNames: true})
}

func prepare(env *testscript.Env) error {
	env.Setenv("PATH", filepath.Dir(binary)+string(filepath.ListSeparator)+env.Getenv("PATH"))
	env.Values[worldKey] = &world{}
	return remember(env.WorkDir, env.Values[worldKey].(*world))
}

const worldKey = "world"

// world is what was there before the program ran.
type world struct {
	files   map[string]string
	objects map[string]string
}

// commands are the words that scripts know beyond the usual ones; objects
// gives what a change in the directory would change.
func commands(objects func() map[string]string) map[string]func(*testscript.TestScript, bool, []string) {
	if objects == nil {
		objects = func() map[string]string { return nil }
	}
	all := maps.Clone(byteCommands)
	maps.Copy(all, map[string]func(*testscript.TestScript, bool, []string){
		// exits CODE ARGUMENT...: the program ends with this code.
		"exits": func(ts *testscript.TestScript, _ bool, args []string) { exits(ts, args) },
		// fill TEMPLATE FILE [NAME=VALUE...]: a file is made, with values in place
		// of variables.
		"fill": func(ts *testscript.TestScript, _ bool, args []string) {
			text := os.Expand(ts.ReadFile(args[0]), func(name string) string {
				for _, arg := range args[2:] {
					if value, ok := strings.CutPrefix(arg, name+"="); ok {
						return value
					}
				}
				return ts.Getenv(name)
			})
			write(ts, args[1], text)
		},
		// remember: what is there now is compared with by untouched.
		"remember": func(ts *testscript.TestScript, _ bool, _ []string) {
			w := ts.Value(worldKey).(*world)
			ts.Check(remember(ts.Getenv("WORK"), w))
			w.objects = objects()
		},
		// untouched [objects]: no file and no object, or no object alone, was
		// made, changed or removed.
		"untouched": func(ts *testscript.TestScript, _ bool, args []string) {
			before, now := ts.Value(worldKey).(*world), &world{objects: objects()}
			ts.Check(remember(ts.Getenv("WORK"), now))
			if len(args) == 0 {
				differences(ts, before.files, now.files)
			}
			differences(ts, before.objects, now.objects)
		},
	})
	return all
}

func exits(ts *testscript.TestScript, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	var exit *exec.ExitError
	switch err := ts.Exec("ad-user-sync", args[1:]...); {
	case errors.As(err, &exit):
		code = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// remember reads every file below dir.
func remember(dir string, w *world) error {
	w.files = map[string]string{}
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".lock") {
			return err
		}
		text, err := os.ReadFile(path)
		w.files[path] = fmt.Sprintf("%x", sha256.Sum256(text))
		return err
	})
}

func differences(ts *testscript.TestScript, before, now map[string]string) {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if now[name] != before[name] {
			found = append(found, "changed or gone: "+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(now)) {
		if _, was := before[name]; !was {
			found = append(found, "new: "+name)
		}
	}
	if len(found) > 0 {
		ts.Fatalf("something was written:\n%s", strings.Join(found, "\n"))
	}
}
