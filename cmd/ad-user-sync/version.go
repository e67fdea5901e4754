package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// version and commit are set by the linker.
var version, commit string

type versionCommand struct {
	Format string `enum:"text,json" default:"text" help:"text or json."`
}

// build is what a fault report needs to know of the program.
type build struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Modified bool   `json:"modified,omitempty"` // the files were not those of the commit
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// Run prints which program this is.
func (c versionCommand) Run(a *app) error {
	b := thisBuild()
	if c.Format == "json" {
		text, err := json.MarshalIndent(b, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.std.out, "%s\n", text)
		return err
	}
	_, err := fmt.Fprint(a.std.out, b.text())
	return err
}

func (b build) text() string {
	commit := b.Commit
	switch {
	case commit == "":
		commit = "unknown"
	case b.Modified:
		commit += ", with changes"
	}
	return fmt.Sprintf("ad-user-sync %s\ncommit:    %s\ngo:        %s\nplatform:  %s\n", b.Version, commit, b.Go, b.Platform)
}

// thisBuild is told by the linker in a release, and by Go elsewhere. Without a
// tag the version is Go's pseudo-version; without version control it says only
// that this is no release.
func thisBuild() build {
	b := build{Version: version, Commit: commit, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	if b.Version == "" {
		b.Version = info.Main.Version
	}
	if b.Version == "" || b.Version == "(devel)" {
		b.Version = "0.0.0-dev"
	}
	b.Version = strings.TrimPrefix(b.Version, "v")
	if b.Commit == "" {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.Commit = s.Value
			case "vcs.modified":
				b.Modified = s.Value == "true"
			}
		}
	}
	return b
}

// tool is the program's name and version, as written into user files.
func tool() string { return "ad-user-sync " + thisBuild().Version }
