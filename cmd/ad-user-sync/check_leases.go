package main

import (
	"fmt"
	"time"

	importer "ad-user-sync/import"
	"ad-user-sync/schema"
)

// filesOfALease is how many files in a row may stay away before accounts end.
const filesOfALease = 3

// leases looks at whether a person hears of a silent courier, and in time.
func (i *inspection) leases(cfg *schema.ImportConfig) {
	const step = "expect_every"
	every, lease, now := cfg.ExpectEvery, cfg.ExpirationTime, time.Now()
	switch {
	case every == nil && lease == nil:
		i.say(partFiles, step, schema.CheckOK, "no file is expected at any time, and accounts have no end", "")
	case every == nil:
		i.say(partFiles, step, schema.CheckWarning, "should no file come any more, runs go on with the old one until accounts end",
			"set expect_every to the longest time between two files, such as P1D; runs then end with exit code 7 once one is overdue")
	case lease != nil && !outlasts(cfg, *lease, now):
		i.say(partFiles, step, schema.CheckWarning,
			fmt.Sprintf("expiration_time is %s, which is less than %d times expect_every (%s), with what is taken off so that not all end at once and with expiration_refresh: few files have to stay away until accounts end",
				lease, filesOfALease, every),
			"make expiration_time longer"+longer(cfg, now)+", or have files come more often")
	default:
		i.say(partFiles, step, schema.CheckOK, fmt.Sprintf("a user file is expected every %s; once it is overdue runs end with exit code 7", every), "")
	}
}

// outlasts reports whether accounts work on while files stay away.
func outlasts(cfg *schema.ImportConfig, lease schema.Period, now time.Time) bool {
	with := *cfg
	with.ExpirationTime = &lease
	return !importer.ShortestLease(&with, now).Before(cfg.ExpectEvery.Times(filesOfALease).After(now))
}

// longer says which lease does, where a few more files are enough.
func longer(cfg *schema.ImportConfig, now time.Time) string {
	for n := filesOfALease + 1; n <= 2*filesOfALease; n++ {
		if lease := cfg.ExpectEvery.Times(n); outlasts(cfg, lease, now) {
			return fmt.Sprintf(" (%s is enough)", lease)
		}
	}
	return ""
}
