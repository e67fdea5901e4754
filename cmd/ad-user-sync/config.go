package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"ad-user-sync/internal/files"
)

// configPath is the configuration that is asked for, or the default name in
// the working folder; where that is missing, its spelling with a hyphen.
func configPath(flag, standard string) (string, error) {
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
	if _, err := os.Stat(path); err != nil {
		return "", usageError{fmt.Errorf("no configuration %s: %w; name one with --config", path, cause(err))}
	}
	return path, private(path)
}

// cause takes the path, which is named already, out of an error.
func cause(err error) error {
	if fault, ok := errors.AsType[*fs.PathError](err); ok {
		return fault.Err
	}
	return err
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
