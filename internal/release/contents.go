package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// completionFiles are called as each shell looks for them.
var completionFiles = map[string]string{
	"bash": "ad-user-sync.bash", "zsh": "_ad-user-sync", "fish": "ad-user-sync.fish", "powershell": "ad-user-sync.ps1",
}

// shared are the files that every target has: documents, examples, licences,
// and what the program says of its own command line.
func (r *release) shared() (tree, error) {
	all, err := documents()
	if err != nil {
		return nil, err
	}
	text, err := collect()
	if err != nil {
		return nil, err
	}
	all = append(all, file{noticesFile, 0o644, text})
	own, err := r.own()
	if err != nil {
		return nil, err
	}
	for shell, name := range completionFiles {
		if all, err = printed(all, "completions/"+name, own, "completion", shell); err != nil {
			return nil, err
		}
	}
	return printed(all, "man/ad-user-sync.1", own, "man")
}

func printed(all tree, name, program string, args ...string) (tree, error) {
	text, err := exec.Command(program, args...).Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return append(all, file{name, 0o644, text}), nil
}

// decisions is the one source file that the documents name: it is a text.
const decisions = "import/plan/doc.go"

// documents are those of the product, and what they have links to.
func documents() (tree, error) {
	var all tree
	for _, top := range []string{"README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "NOTICE", "docs", "examples", "schema/config", decisions} {
		err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			if strings.HasPrefix(entry.Name(), ".") || strings.HasSuffix(path, ".go") && path != decisions {
				return nil
			}
			body, err := os.ReadFile(path)
			mode := fs.FileMode(0o644)
			if bytes.HasPrefix(body, []byte("#!")) { // of the text: a tree may have been copied without its modes
				mode = 0o755
			}
			all = append(all, file{filepath.ToSlash(path), mode, body})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// contents are the files of one target.
func (r *release) contents(t target, program string, shared tree) (tree, error) {
	body, err := os.ReadFile(program)
	if err != nil {
		return nil, err
	}
	all := append(tree{{t.program(), 0o755, body}}, shared...)
	if t.system == "windows" {
		script, err := os.ReadFile("internal/release/windows/install.ps1")
		if err != nil {
			return nil, err
		}
		all = append(all, file{"install.ps1", 0o644, script})
	}
	return all, nil
}
