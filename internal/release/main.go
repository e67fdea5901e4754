// Command release makes what people download, in a folder: an archive for each
// system, packages for Linux, what they are made of, and checksums.
//
// The same commit built by the same Go gives the same bytes, wherever and
// whenever that is: every date is that of the commit (or SOURCE_DATE_EPOCH),
// archives are in order and belong to no one, and nothing of the machine, its
// paths or its environment enters.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// target is a system that the program is built for.
type target struct{ system, arch string }

func (t target) String() string { return t.system + "/" + t.arch }

func (t target) program() string {
	if t.system == "windows" {
		return "ad-user-sync.exe"
	}
	return "ad-user-sync"
}

var targets = []target{
	{"linux", "amd64"}, {"linux", "arm64"},
	{"windows", "amd64"}, {"windows", "arm64"},
	{"darwin", "amd64"}, {"darwin", "arm64"},
}

// release is what all targets share.
type release struct {
	version string // without the "v" of a tag
	commit  string
	time    time.Time
	out     string
	work    string // for what is made on the way
}

func main() {
	out := flag.String("out", "dist", "folder for the release; it is emptied")
	only := flag.String("only", "", "build for these systems alone, as linux/amd64,windows/amd64")
	flag.Parse()
	if err := run(*out, *only); err != nil {
		fmt.Fprintln(os.Stderr, "release: "+err.Error())
		os.Exit(1)
	}
}

func run(out, only string) error {
	wanted, err := chosen(only)
	if err != nil {
		return err
	}
	r, err := describe()
	if err != nil {
		return err
	}
	if r.work, err = os.MkdirTemp("", "ad-user-sync-release"); err != nil {
		return err
	}
	defer os.RemoveAll(r.work)
	if r.out, err = filepath.Abs(out); err != nil {
		return err
	}
	if err := os.RemoveAll(r.out); err != nil {
		return err
	}
	if err := os.MkdirAll(r.out, 0o755); err != nil {
		return err
	}
	return r.make(wanted)
}

func chosen(only string) ([]target, error) {
	if only == "" {
		return targets, nil
	}
	var wanted []target
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(targets, func(t target) bool { return t.String() == name })
		if i < 0 {
			return nil, fmt.Errorf("nothing is released for %q; there are %v", name, targets)
		}
		wanted = append(wanted, targets[i])
	}
	return wanted, nil
}

func (r *release) make(wanted []target) error {
	shared, err := r.shared()
	if err != nil {
		return err
	}
	for _, t := range wanted {
		program, err := r.build(t)
		if err != nil {
			return err
		}
		if err := notices(shared.get(noticesFile)).complete(program); err != nil {
			return err
		}
		contents, err := r.contents(t, program, shared)
		if err != nil {
			return err
		}
		if err := r.archive(t, contents); err != nil {
			return err
		}
		if err := r.components(t, program); err != nil {
			return err
		}
		if t.system == "linux" {
			if err := r.packages(t, contents); err != nil {
				return err
			}
		}
	}
	return r.sums()
}
