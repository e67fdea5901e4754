package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

// configPath is the configuration to use, which no one else may write.
func configPath(flag, standard string) (string, error) {
	path, err := findConfig(flag, standard)
	if err != nil {
		return "", err
	}
	return path, private(path)
}

// owned warns of a file that a stranger owns.
func (a *app) owned(key, path string) {
	if err := files.CheckOwner(path); err != nil {
		a.warn(key + ": " + err.Error())
	}
}

// usualConfigs are the names under which a configuration is looked for in the
// working folder: as it is documented, with a hyphen, and as init writes it.
func usualConfigs(standard string) []string {
	return []string{standard, strings.ReplaceAll(standard, "_", "-"), strings.TrimSuffix(standard, ".json") + ".yaml"}
}

var errNoConfig = errors.New("there is no configuration")

// findConfig returns the configuration that is asked for, the one in this program,
// or one of the usual name. With both a JSON and a YAML file it is unclear which is meant.
func findConfig(flag, standard string) (string, error) {
	path := flag
	if path == "" {
		this, err := embeddedConfig(standard)
		if this != "" || err != nil {
			return this, err
		}
		usual := usualConfigs(standard)
		path = standard
		for _, other := range usual[1:] {
			switch {
			case !files.Exists(path) && files.Exists(other):
				path = other
			case files.Exists(path) && files.Exists(other) && filepath.Ext(path) != filepath.Ext(other):
				return "", usageError{fmt.Errorf("there are two configurations, %s and %s; move one away, or name one with --config", path, other)}
			}
		}
	}
	switch _, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return "", usageError{fmt.Errorf("%w %s; name one with --config, or make one with \"ad-user-sync init\"", errNoConfig, path)}
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

// controlled refuses an approval session whose configuration, key, or own logon
// others than administrators and the approver could have written: by servers and
// ca_file they would be given the approver's password.
func controlled(config string, cfg *schema.ImportConfig) error {
	for _, path := range sessionFiles(config, cfg) {
		if err := files.CheckControlled(path); err != nil {
			return usageError{fmt.Errorf("an approval session trusts its configuration with the approver's password, and %w. %s", err, controlAdvice)}
		}
	}
	return nil
}

const controlAdvice = "Keep the configuration, the key and the certificates in a folder that administrators alone can change, and name the folder of the account that runs " +
	"the scheduled import in resolutions_file, report_dir and log_file (docs/operation.md, \"Two folders\")"

// sessionFiles are the files that an approval session takes orders from.
func sessionFiles(config string, cfg *schema.ImportConfig) []string {
	list := []string{config, cfg.HMACFile}
	for _, d := range []*schema.Directory{cfg.Directory, cfg.ApprovalDirectory} {
		if d != nil {
			list = append(list, d.CAFile, d.KRB5Conf)
		}
	}
	if d := cfg.ApprovalDirectory; d != nil {
		list = append(list, d.PasswordFile, d.Keytab, d.CCache)
	}
	return slices.DeleteFunc(list, func(path string) bool { return path == "" })
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
	app.owned("configuration", path)
	return cfg, nil
}

// warn prints a sentence before there is a log.
func (a *app) warn(text string) { fmt.Fprintln(a.std.err, "warning: "+text) }
