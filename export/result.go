package export

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"ad-user-sync/schema"
)

// ErrNoUsers means that no one would go: an import of such a file would
// disable everybody.
var ErrNoUsers = errors.New("no user was selected, so no file is written")

// Result of an export that wrote a file.
type Result struct {
	Path       string // "": standard output
	SHA256     string // of the file, trailer included
	Signed     bool
	Domain     string
	Controller string
	Security   string         // how the connection was protected
	Scope      string         // digest of the selection
	Timestamp  time.Time      // that of the file: the controller's clock before reading
	Users      int            // in the file
	Disabled   int            // among them
	LeftOut    int            // found by a search and not in the file
	Reasons    map[string]int // of these, by the rule that leaves them out
	Twice      int            // found again by another search
	Searches   []schema.SearchResult
	Referrals  int
	Migrated   []schema.MigratedUser // of a former domain
	Warnings   []string
	Seconds    float64
}

func (e *run) noUsers() error {
	switch {
	case e.result.LeftOut > 0:
		var all []string
		for _, rule := range slices.Sorted(maps.Keys(e.result.Reasons)) {
			all = append(all, fmt.Sprintf("%d: %s", e.result.Reasons[rule], rule))
		}
		return fmt.Errorf("%w: everybody whom the searches found, or who is in a search group, is left out (%s); export --preview says who", ErrNoUsers, strings.Join(all, "; "))
	case len(e.source.wanted.groups) > 0:
		return fmt.Errorf("%w: no user whom %s may see is in one of search_groups", ErrNoUsers, e.source.dir.Domain().Identity)
	}
	return fmt.Errorf("%w: there is no user whom %s may see in %s", ErrNoUsers, e.source.dir.Domain().Identity, e.result.Searches[0].Base)
}

// columnWarnings tell which columns are left out, and where.
func (e *run) columnWarnings() (warnings []string) {
	for _, c := range e.columns {
		if text := c.warning(e.source.dir.Domain().Identity); text != "" {
			warnings = append(warnings, text)
		}
	}
	return warnings
}

// warn adds what was seen while reading.
func (e *run) warn() {
	e.result.Warnings = append(e.result.Warnings, e.source.warnings...)
	for i, s := range e.result.Searches {
		if s.Entries == 0 {
			e.warnf("%s: the search below %s found no one", e.source.wanted.queries[i].key, s.Base)
		}
	}
	for _, g := range e.source.wanted.groups {
		if e.perGroup[g.name] == 0 {
			e.warnf("search_groups: no user in the file is in %s%s", g.name, e.nestedHint())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.unread)) {
		e.warnf("attributes: %s is left out of %d of the users, as %s may not read it there, to begin with %s", name, e.unread[name].users, e.source.dir.Domain().Identity, e.unread[name].first)
	}
	if e.unresolved > 0 {
		e.warnf("attributes: %d references to people whom %s cannot see are left out", e.unresolved, e.source.dir.Domain().Identity)
	}
}

// nestedHint is for a group without users, where some hold other groups.
func (e *run) nestedHint() string {
	if e.result.Reasons[nestedGroup] == 0 {
		return ""
	}
	return "; search groups hold other groups, whose members go only where \"nested_groups\" is true"
}
