package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "written:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	// Not below the project: some tests become an account that may not go there.
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("ad-user-sync-written-%x", sha256.Sum256([]byte(root)))[:36])
	switch {
	case len(args) == 1 && args[0] == "overlay":
		path, err := writeOverlay(root, dir)
		if err == nil {
			fmt.Println(path)
		}
		return err
	case len(args) == 1 && args[0] == "search":
		return search(dir, os.Stdout)
	}
	return errors.New("say one of overlay, search")
}
