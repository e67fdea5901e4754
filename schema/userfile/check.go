package userfile

import (
	"strings"

	"ad-user-sync/schema"
)

// checkWhole looks at what only the complete file shows.
func (d *decoder) checkWhole() {
	f := &d.file
	for _, check := range []func() error{d.checkEmpty, d.checkCompleteness, d.checkAnchors, d.checkAccountNames, d.checkDated, d.checkMigrated} {
		if check() != nil {
			return
		}
	}
	if f.Complete != nil && f.Complete.Searches == nil {
		f.Complete.Searches = []schema.SearchResult{}
	}
}

func (d *decoder) checkEmpty() error {
	if len(d.file.Users) > 0 || len(d.faults) > 0 {
		return nil
	}
	return d.faultAt(0, "it holds no users; an import of it would disable everybody")
}

// checkCompleteness compares what the exporter stated with what is there.
func (d *decoder) checkCompleteness() error {
	f := &d.file
	switch {
	case f.Source != nil && f.Complete == nil:
		return d.faultAt(0, "it names its source, but does not state that it is complete: it was cut short")
	case f.Source == nil && f.Complete != nil:
		return d.faultAt(0, "it states that it is complete, but does not name its source")
	case f.Complete == nil || len(d.faults) > 0:
		return nil
	case f.Complete.Users < 0:
		return d.faultAt(0, "complete does not state the number of users")
	case f.Complete.Users != len(f.Users):
		return d.faultAt(0, "complete states %d users, there are %d", f.Complete.Users, len(f.Users))
	}
	entries := 0
	for _, s := range f.Complete.Searches {
		entries += s.Entries
	}
	if entries < len(f.Users) {
		return d.faultAt(0, "the searches of complete found %d entries, fewer than the %d users", entries, len(f.Users))
	}
	return nil
}

// checkDated wants a timestamp where a source is named: a file without could be
// imported again at any later time.
func (d *decoder) checkDated() error {
	if d.file.Source == nil || !d.file.Timestamp.IsZero() || len(d.faults) > 0 {
		return nil
	}
	return d.faultAt(0, "it names its source, but has no timestamp: nothing would tell it from an older one")
}

// checkAnchors wants an objectGUID for all or for none, and none twice.
func (d *decoder) checkAnchors() error {
	first := make(map[string]int, len(d.file.Users))
	without := -1
	for i := range d.file.Users {
		anchor := d.file.Users[i].ObjectGUID
		if anchor == "" {
			if without < 0 {
				without = i
			}
			continue
		}
		if other, twice := first[anchor]; twice {
			if err := d.twice(i, other, "objectGUID "+anchor); err != nil {
				return err
			}
			continue
		}
		first[anchor] = i
	}
	if len(first) > 0 && without >= 0 && len(d.faults) == 0 {
		return d.faultAt(int(d.lines[without]), "%s: has no objectGUID, while others have one", who(without+1, &d.file.Users[without]))
	}
	return nil
}

// checkAccountNames wants each account name once, ignoring case. In files
// without anchors the second is a question for a person.
func (d *decoder) checkAccountNames() error {
	if !d.file.Anchored() {
		return nil
	}
	first := make(map[string]int, len(d.file.Users))
	for i := range d.file.Users {
		name := strings.ToLower(d.file.Users[i].SAMAccountName)
		if other, twice := first[name]; twice && name != "" {
			if err := d.twice(i, other, "sAMAccountName "+schema.Quoted(d.file.Users[i].SAMAccountName)); err != nil {
				return err
			}
			continue
		}
		first[name] = i
	}
	return nil
}

func (d *decoder) twice(i, other int, what string) error {
	return d.faultAt(int(d.lines[i]), "%s: has the same %s as %s", who(i+1, &d.file.Users[i]), what, who(other+1, &d.file.Users[other]))
}
