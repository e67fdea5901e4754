package main

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// describe asks git what is released; VERSION and SOURCE_DATE_EPOCH go before.
func describe() (*release, error) {
	commit, err := git("rev-parse", "HEAD")
	if err != nil {
		return nil, err
	}
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		if epoch, err = git("log", "-1", "--format=%ct"); err != nil {
			return nil, err
		}
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	return &release{version: version(commit), commit: commit, time: time.Unix(seconds, 0).UTC()}, nil
}

// version is that of the tag, or says which commit this is.
func version(commit string) string {
	described, err := git("describe", "--tags", "--match", "v[0-9]*", "--dirty=-dirty")
	if err != nil {
		described = "0.0.0-dev.g" + commit[:12]
		if changes, err := git("status", "--porcelain"); err != nil || changes != "" {
			described += ".dirty"
		}
	}
	return strings.TrimPrefix(cmp.Or(os.Getenv("VERSION"), described), "v")
}

func git(args ...string) (string, error) {
	out, err := exec.Command("git", args...).Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w", strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}
