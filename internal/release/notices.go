package main

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
)

const noticesFile = "THIRD-PARTY-LICENSES.txt"

var licenceName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|copyright)`)

// notices is the text of every licence that the program's parts come under.
type notices []byte

func heading(module string) string { return strings.Repeat("=", 80) + "\n" + module + "\n" }

// collect reads the licences of every module that a target is built of, those
// of parts of a module included, and Go's own.
func collect() ([]byte, error) {
	found := map[string]map[string]string{} // module, file in it, text
	for _, t := range targets {
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}@{{.Version}}\t{{.Dir}}\t{{end}}{{end}}{{.Dir}}", "./cmd/ad-user-sync")
		cmd.Env = append(neutral(), "CGO_ENABLED=0", "GOOS="+t.system, "GOARCH="+t.arch)
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("list the modules of %s: %w", t, err)
		}
		for line := range strings.Lines(string(out)) {
			part := strings.Split(strings.TrimSpace(line), "\t")
			if len(part) != 3 {
				continue // Go's own, and ours
			}
			if found[part[0]] == nil {
				found[part[0]] = map[string]string{}
			}
			if err := licences(found[part[0]], part[1], part[2]); err != nil {
				return nil, err
			}
		}
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	goroot := strings.TrimSpace(string(root))
	found["Go standard library"] = map[string]string{}
	if err := licences(found["Go standard library"], goroot, goroot); err != nil {
		return nil, err
	}
	return written(found)
}

// licences reads those of a package and of what it lies in, up to its module.
func licences(into map[string]string, module, folder string) error {
	for {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if entry.IsDir() || !licenceName.MatchString(entry.Name()) || strings.HasSuffix(entry.Name(), ".go") {
				continue
			}
			text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
			if err != nil {
				return err
			}
			name, err := filepath.Rel(module, filepath.Join(folder, entry.Name()))
			if err != nil {
				return err
			}
			into[filepath.ToSlash(name)] = string(text)
		}
		if folder == module || len(folder) < len(module) {
			return nil
		}
		folder = filepath.Dir(folder)
	}
}

func written(found map[string]map[string]string) ([]byte, error) {
	var text bytes.Buffer
	text.WriteString("ad-user-sync is made of the modules below, too, each under its own licence.\n\n")
	for _, module := range slices.Sorted(maps.Keys(found)) {
		if len(found[module]) == 0 {
			return nil, fmt.Errorf("%s has no licence that could be found", module)
		}
		text.WriteString(heading(module))
		for _, name := range slices.Sorted(maps.Keys(found[module])) {
			fmt.Fprintf(&text, "\n%s:\n\n%s\n", name, strings.TrimRight(found[module][name], "\n"))
		}
		text.WriteString("\n")
	}
	return text.Bytes(), nil
}

// complete holds the notices against what a built program says of itself.
func (n notices) complete(program string) error {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	return n.name(info.Deps)
}

func (n notices) name(modules []*debug.Module) error {
	for _, m := range modules {
		if !bytes.Contains(n, []byte(heading(m.Path+"@"+m.Version))) {
			return fmt.Errorf("the licence of %s is missing in %s", m.Path, noticesFile)
		}
	}
	return nil
}
