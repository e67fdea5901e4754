package importer

import (
	"fmt"
	"time"

	"ad-user-sync/schema"
)

// checkMatch refuses a window that would stay open: who has been here for long is not
// to be found to be another person years later.
func checkMatch(cfg *schema.ImportConfig, now time.Time) error {
	if cfg.Match == nil || !cfg.Match.End(cfg.TimeZone).After(now.AddDate(0, 0, schema.MostMatchDays+1)) {
		return nil
	}
	return fmt.Errorf("%w: match.until is %s, which is more than %d days away; choose a nearer day", ErrConfiguration, cfg.Match.Until, schema.MostMatchDays)
}
