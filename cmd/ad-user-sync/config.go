package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"ad-user-sync/internal/files"
)

// configPath is the configuration to use, which nobody else may write.
func configPath(flag, standard string) (string, error) {
	path, err := findConfig(flag, standard)
	if err != nil {
		return "", err
	}
	return path, private(path)
}

// findConfig gives the configuration that is asked for, or the default name in
// the working folder; where that is missing, its spelling with a hyphen.
func findConfig(flag, standard string) (string, error) {
	path := flag
	if path == "" {
		path = standard
		hyphen := strings.ReplaceAll(standard, "_", "-")
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			if _, err := os.Stat(hyphen); err == nil {
				path = hyphen
			}
		}
	}
	switch _, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return "", usageError{fmt.Errorf("there is no configuration %s; name one with --config", path)}
	case err != nil:
		return "", usageError{fmt.Errorf("read the configuration: %w", err)}
	}
	return path, nil
}

// private refuses a file that everybody could have written. That everybody can
// read it matters for secrets alone.
func private(path string) error {
	if fault, _ := files.CheckPrivate(path); fault != nil {
		return usageError{fault}
	}
	return nil
}

// loaded loads a configuration and prints its warnings.
func loaded[T any](app *app, flag, standard string, load func(string) (*T, []string, error)) (*T, error) {
	path, err := configPath(flag, standard)
	if err != nil {
		return nil, err
	}
	cfg, warnings, err := load(path)
	if err != nil {
		return nil, usageError{err}
	}
	for _, w := range warnings {
		app.warn(w)
	}
	return cfg, nil
}

// warn prints a sentence before there is a log.
func (a *app) warn(text string) { fmt.Fprintln(a.std.err, "warning: "+text) }
