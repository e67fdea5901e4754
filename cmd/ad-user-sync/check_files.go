package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"ad-user-sync/export"
	"ad-user-sync/hmacfile"
	importer "ad-user-sync/import"
	"ad-user-sync/import/ledger"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

func (i *inspection) say(part, step string, state schema.CheckState, text, hint string) {
	i.check.Add(schema.CheckStep{Part: part, Step: step, State: state, Text: text, Hint: hint})
}

func (i *inspection) fault(part, step string, err error) {
	i.say(part, step, schema.CheckFailed, after(step, err), ad.Hint(err))
}

// after is what an error says behind the name of a step.
func after(step string, err error) string { return strings.TrimPrefix(err.Error(), step+": ") }

// configuration tells of warnings, and of who may change the file.
func (i *inspection) configuration(path string, warnings []string) {
	for _, w := range warnings {
		i.say(partFiles, "configuration", schema.CheckWarning, w, "")
	}
	if err := private(path); err != nil {
		i.stops(partFiles, "configuration", err)
		return
	}
	if err := files.CheckOwner(path); err != nil {
		i.say(partFiles, "configuration", schema.CheckWarning, err.Error(), "")
	}
	i.say(partFiles, "configuration", schema.CheckOK, fmt.Sprintf("%s is valid, and not everybody can change it", path), "")
}

// session reports whether an approval session would trust the configuration. The
// account of the scheduled import must not be able to change it; an approver may.
func (i *inspection) session(path string, cfg *schema.ImportConfig) {
	const step = "approval session"
	if err := controlled(path, cfg); err != nil {
		i.fault(partFiles, step, err)
		return
	}
	if unattended(cfg) {
		for _, order := range orders(path, cfg) {
			if err := files.CheckAdministered(order); err != nil {
				i.say(partFiles, step, schema.CheckFailed, "this runs as the account of the scheduled import, which must not be able to change what it is told to do, and "+err.Error(), controlAdvice)
				return
			}
		}
		i.say(partFiles, step, schema.CheckOK, "only administrators can change the configuration, the key, the program, and what the approver's logon rests on", "")
		return
	}
	if cfg.ApprovalDirectory != nil && files.Changeable(path) && !files.Administrator() {
		i.say(partFiles, step, schema.CheckWarning, "you can change "+path+": an approver may, the account of the scheduled import must not", controlAdvice)
		return
	}
	i.say(partFiles, step, schema.CheckOK, "only administrators and you can change the configuration, the key, and what the approver's logon rests on", "")
}

// written looks at a file that the job writes: no one else may replace it, and
// its folder must take files.
func (i *inspection) written(key, path string) {
	if path == "" {
		return
	}
	folder := filepath.Dir(path)
	for key == "report_dir" && !files.Exists(folder) && folder != filepath.Dir(folder) { // made when it is needed
		folder = filepath.Dir(folder)
		path = folder
	}
	look := files.CheckReplace
	if key == "report_dir" {
		look = func(string) error { return files.Writable(folder) }
	}
	if err := cmp.Or(look(path), private(path)); err != nil {
		i.stops(partFiles, key, err)
		return
	}
	i.say(partFiles, key, schema.CheckOK, fmt.Sprintf("%s can be written", path), "")
}

// noted looks at what an export keeps beside its file of the domain controller that
// it came from.
func (i *inspection) noted(exportFile string) {
	if exportFile == "" {
		return
	}
	mark := export.MarkPath(exportFile)
	if err := cmp.Or(files.CheckRead(mark), files.CheckReplace(mark)); err != nil {
		i.stops(partFiles, "last controller", err)
	}
}

// memory looks at the lock and at the two files in which an import remembers: each
// is read before it is written.
func (i *inspection) memory(resolutions string) {
	if lock := ledger.LockPath(resolutions); files.CheckLock(lock) != nil {
		i.stops(partFiles, "lock", files.CheckLock(lock))
	} else {
		i.say(partFiles, "lock", schema.CheckOK, lock+" can be taken", "")
	}
	if _, err := importer.LoadResolutions(resolutions); err != nil {
		i.stops(partFiles, "resolutions_file", err)
	} else {
		i.written("resolutions_file", resolutions)
	}
	if path := ledger.Path(resolutions); ledger.IsSound(path) {
		i.written("ledger", path)
	}
}

func (i *inspection) log(path string) {
	if path == "" {
		return
	}
	if err := logFile(path); err != nil {
		i.stops(partFiles, "log_file", err)
		return
	}
	if err := files.CheckAppend(path); err != nil {
		i.stops(partFiles, "log_file", err)
		return
	}
	i.written("log_file", path)
}

// key looks at the HMAC key as the job will find it.
func (i *inspection) key(flag *string, configured []schema.Secret, file string) []hmacfile.Key {
	keys, err := i.app.hmacKeys(flag, configured, file)
	switch {
	case err != nil:
		i.stops(partFiles, "hmac", err)
	case len(keys) > 1 && i.check.Command == "export":
		i.stops(partFiles, "hmac", fmt.Errorf("there are %d keys, and an export signs with one; leave the new one", len(keys)))
	case len(keys) == 0:
		i.say(partFiles, "hmac", schema.CheckWarning, "there is no key: whoever can write the user file decides who gets an account",
			"make one with \"ad-user-sync keygen\", and name it under hmac_file on both sides")
	default:
		text := "there is a key; files are signed with it"
		if i.check.Command == "import" {
			text = "files without a good signature are refused"
			if len(keys) > 1 {
				text += fmt.Sprintf("; %d keys are known", len(keys))
			}
		}
		i.say(partFiles, "hmac", schema.CheckOK, text, "")
	}
	return keys
}

// input proves the user file that the next import would read.
func (i *inspection) input(path string, keys []hmacfile.Key, early bool) *importer.Input {
	switch {
	case path == "":
		i.say(partFiles, "user file", schema.CheckWarning, "none is named: give input_file, or --input to each import", "")
		return nil
	case early && path != "-" && !files.Exists(path):
		i.say(partFiles, "user file", schema.CheckWarning, schema.Visible(path)+" is still missing, and until it is there an import ends with exit code 3",
			"run the export and carry its file across, then run: ad-user-sync check import")
		return nil
	case path == "-":
		i.say(partFiles, "user file", schema.CheckLeftOut, "it comes on standard input", "")
		return nil
	}
	in, err := i.app.openInput(path, keys)
	if err != nil {
		i.stops(partFiles, "user file", err)
		return nil
	}
	i.say(partFiles, "user file", schema.CheckOK, schema.Visible(path)+" is sound", "")
	return in
}
