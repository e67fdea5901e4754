package main

import (
	"path/filepath"

	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

// scheduled looks, for root, whether the account of the scheduled runs, to whom the
// folder of what they write belongs, can read what they read. New files are closed to it
// until their rights are set, which comes after init.
func (i *inspection) scheduled(written string, early bool, read []string) {
	const step = "scheduled account"
	if written == "" {
		return
	}
	for _, path := range read {
		err := files.CheckReadBy(filepath.Dir(written), path)
		switch {
		case err == nil:
		case early:
			i.say(partFiles, step, schema.CheckWarning, err.Error(), "")
		default:
			i.stops(partFiles, step, err)
		}
	}
}

// scheduledFiles are what a scheduled import reads besides what it wrote itself.
func scheduledFiles(config string, cfg *schema.ImportConfig) []string {
	list := append([]string{config, cfg.HMACFile}, directoryFiles(cfg.Directory)...)
	if cfg.InputFile != "-" {
		list = append(list, cfg.InputFile)
	}
	if n := cfg.Notify; n != nil {
		list = append(list, n.PasswordFile, n.CAFile)
	}
	return list
}

func directoryFiles(d *schema.Directory) []string {
	if d == nil {
		return nil
	}
	return []string{d.PasswordFile, d.CAFile, d.Keytab, d.CCache, d.KRB5Conf}
}
