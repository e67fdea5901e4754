package main

import (
	"os"
	"os/user"
	"strings"

	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

// unattended reports whether this runs as the account of the scheduled import: one
// that no person has, or the one that the import binds as. Administrators are not it:
// they may change everything.
func unattended(cfg *schema.ImportConfig) bool {
	switch d, approver := cfg.Directory, cfg.ApprovalDirectory; {
	case files.Administrator():
		return false
	case files.Service():
		return true
	case d != nil && d.Username != "":
		return runsAs(d.Username)
	case approver == nil:
		return false // who decides binds as the import does
	default: // the logon of the running user, beside another one to decide with
		return approver.Username != "" && !runsAs(approver.Username) && (d == nil || d.Auth == "" || d.Auth == "integrated")
	}
}

// runsAs reports whether an account of the domain, in any form, is called as the
// running user is.
func runsAs(account string) bool {
	current, err := user.Current()
	return err == nil && strings.EqualFold(plainName(account), plainName(current.Username))
}

func plainName(account string) string {
	_, name, found := strings.Cut(account, `\`)
	if !found {
		name = account
	}
	name, _, _ = strings.Cut(name, "@")
	return name
}

// orders are the files that tell an unattended import and a session what to do, the
// program, and the one that runs after it.
func orders(config string, cfg *schema.ImportConfig) []string {
	list := sessionFiles(config, cfg)
	if program, err := os.Executable(); err == nil {
		list = append(list, program)
	}
	for _, path := range []string{cfg.LetterFile(), cfg.WordFile()} {
		if path != "" {
			list = append(list, path)
		}
	}
	return append(list, finishFiles(cfg)...)
}
