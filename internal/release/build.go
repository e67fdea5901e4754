package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// Tools are run by version and are no part of the program. Later versions of
// nfpm need modules that the Go module proxy does not serve.
const (
	winres    = "github.com/tc-hib/go-winres@v0.3.3"
	nfpm      = "github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2"
	cyclonedx = "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0"
)

// build makes the program of one target, and returns where it is.
func (r *release) build(t target) (string, error) {
	program := filepath.Join(r.work, t.system+"-"+t.arch, t.program())
	if err := r.compile(t, program); err != nil {
		return "", err
	}
	if t.system != "windows" {
		return program, nil
	}
	// Windows wants four numbers.
	number := regexp.MustCompile(`^\d+\.\d+\.\d+`).FindString(r.version)
	return program, r.tool(nil, winres, "patch", "--no-backup", "--in", "internal/release/windows/winres.json",
		"--file-version", number, "--product-version", number, program)
}

func (r *release) compile(t target, program string) error {
	ldflags := fmt.Sprintf("-s -w -buildid= -X main.version=%s -X main.commit=%s", r.version, r.commit)
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", ldflags, "-o", program, "./cmd/ad-user-sync")
	cmd.Env = append(neutral(), "CGO_ENABLED=0", "GOOS="+t.system, "GOARCH="+t.arch)
	return output(cmd)
}

// own is the program for this machine, asked for what is made of itself.
func (r *release) own() (string, error) {
	here := target{runtime.GOOS, runtime.GOARCH}
	program := filepath.Join(r.work, "own", here.program())
	return program, r.compile(here, program)
}

// neutral is the environment without what changes what Go builds.
func neutral() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains([]string{"GOFLAGS", "GOOS", "GOARCH", "GOAMD64", "GOARM64", "GOEXPERIMENT", "GOWORK", "CGO_ENABLED"}, name)
	})
}

// tool runs one of the tools above. Some write a digest of themselves, so they are
// built to be the same everywhere, too.
func (r *release) tool(env []string, name string, args ...string) error {
	cmd := exec.Command("go", append([]string{"run", "-trimpath", "-buildvcs=false", name}, args...)...)
	cmd.Env = append(append(neutral(), fmt.Sprintf("SOURCE_DATE_EPOCH=%d", r.time.Unix())), env...)
	return output(cmd)
}

// output runs a command that is to be heard only where it fails.
func output(cmd *exec.Cmd) error {
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, said.String())
	}
	return nil
}
