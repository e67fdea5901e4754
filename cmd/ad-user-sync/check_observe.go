package main

import (
	"fmt"

	"github.com/rs/zerolog"

	importer "ad-user-sync/import"
	"ad-user-sync/schema"
)

// observe says whether the import only looks.
func (i *inspection) observe(cfg *schema.ImportConfig) {
	const step = "observe"
	im := importer.New(importer.Options{Config: cfg, Log: zerolog.Nop()})
	err := im.Prepare()
	switch o := im.Observed(); {
	case err != nil:
		i.stops(partFiles, step, err)
	case o != nil:
		i.say(partFiles, step, schema.CheckOK, fmt.Sprintf("the import only looks, and writes nothing: %d of %s so far, until %s", o.Files, schema.Plural(o.Of, "user file"), o.Until.Format("2006-01-02 15:04 UTC")),
			"a person starts it: import --dry-run shows the plan and its digest, for import --start DIGEST")
	case cfg.Observe != nil:
		i.say(partFiles, step, schema.CheckWarning, "observe is over, since a person started this import", "take observe out of the configuration")
	}
}
