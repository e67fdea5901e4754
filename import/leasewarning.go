package importer

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// leaseWarning says, from half of the lease on, when accounts will end because
// no newer file came.
func (im *Import) leaseWarning(s *situation) string {
	var ends []int64
	for i := range s.obs.Accounts {
		a := &s.obs.Accounts[i]
		known, managed := s.record.Accounts[a.GUID]
		t, ended := a.Ends()
		elsewhere := ended && !t.After(s.now) && a.Expires != known.Expires // ended by another administrator
		if managed && a.Enabled() && !elsewhere && !known.KeepsExpiry {
			ends = append(ends, a.Expires)
		}
	}
	return leaseText(im.Config, s.record.File.Newest, s.now, ends)
}

// LeaseWarning says the same from the ledger alone, where the user file was
// refused before anything was contacted. It may not know what others changed.
func LeaseWarning(cfg *schema.ImportConfig, now time.Time) string {
	newest, ends := leases(cfg)
	return leaseText(cfg, newest, now, ends)
}

// EndsSoon is when the first account ends, where half of the lease is over since the
// newest file; nil otherwise.
func EndsSoon(cfg *schema.ImportConfig, r schema.Report, now time.Time) *time.Time {
	newest, ends := leases(cfg)
	if leaseText(cfg, newest, now, ends) == "" {
		return nil
	}
	if r.Expiring != nil {
		return &r.Expiring.First
	}
	var first *time.Time
	for _, end := range ends {
		if t, ok := adrules.TimeFromFileTime(end); ok && t.After(now) && (first == nil || t.Before(*first)) {
			first = &t
		}
	}
	return first
}

// leases are the newest file and the ends that the ledger knows of in the container, or
// in all, where it does not say which that is: then the one with the newest file counts.
func leases(cfg *schema.ImportConfig) (newest time.Time, ends []int64) {
	known, err := ledger.Load(ledger.Path(cfg.ResolutionsFile))
	if err != nil {
		return newest, nil
	}
	if looks, err := ledger.LoadLooks(ledger.LooksPath(cfg.ResolutionsFile)); err == nil && cfg.Observe != nil {
		newest = looks.Containers[ledger.PlaceOf(cfg.ManagedUserPath)].File.Newest
	}
	for _, record := range known.Meant(cfg.ManagedUserPath) {
		if record.File.Newest.After(newest) {
			newest = record.File.Newest
		}
		for _, a := range record.Accounts {
			if a.WasEnabled && a.DisabledFor == "" && a.Expires != 0 && !a.KeepsExpiry {
				ends = append(ends, a.Expires)
			}
		}
	}
	return newest, ends
}

// leaseText is "" before half of the lease is over.
func leaseText(cfg *schema.ImportConfig, newest, now time.Time, ends []int64) string {
	if cfg.ExpirationTime == nil || newest.IsZero() || newest.After(now) || now.Before(plan.HalfOf(*cfg.ExpirationTime, newest)) {
		return ""
	}
	var times []time.Time
	for _, end := range ends {
		if t, ok := adrules.TimeFromFileTime(end); ok {
			times = append(times, t)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	text := fmt.Sprintf("more than half of expiration_time is over since the newest user file, of %s", words.When(newest))
	if len(times) == 0 {
		return text + "; whoever is enabled now has an account only until " + words.When(cfg.ExpirationTime.After(newest))
	}
	day := times[0].Add(24 * time.Hour)
	together := sort.Search(len(times), func(i int) bool { return times[i].After(day) })
	return text + fmt.Sprintf("; the first accounts expire on %s unless a newer file comes (%d of %d within 24 hours; the last on %s)",
		words.When(times[0]), together, len(times), words.When(times[len(times)-1]))
}

// ShortestLease is the earliest end of an account that a file of this moment extends, or
// leaves as it is for the sake of expiration_refresh. The configuration has a lease.
func ShortestLease(cfg *schema.ImportConfig, now time.Time) time.Time {
	return schema.ShortestLease(*cfg.ExpirationTime, now).Add(-cfg.ExpirationRefresh.After(now).Sub(now))
}
