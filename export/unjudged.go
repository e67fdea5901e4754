package export

import (
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// unjudged are people of whom it is not known whether or how they go, or whom an
// import would not take. Whoever is missing in a file is disabled in the target,
// so that one of them is enough for no file to be written.
type unjudged struct {
	faults []string // one for each of them
	more   int      // not listed
	hints  []string
}

// mostNamed keeps a message readable where nothing can be read of anybody; the
// preview lists them all.
const mostNamed = 100

// doubt is why a user cannot be judged.
type doubt struct {
	text string // of %s, the person
	rule string // the same for everybody
	hint string // of %s, whoever reads; "" where it is said already
}

const needsRight = "%s needs the right to read these attributes there; a connection that ends at a global catalog shows only a part of them"

func unreadable(attribute, use string) doubt {
	return doubt{attribute + " of %s cannot be read" + use, attribute + " cannot be read" + use, needsRight}
}

// unreadableGroup is for a user in a group whose own groups are not known.
func unreadableGroup(group string) doubt {
	return doubt{"memberOf of " + group + ", a group of %s, cannot be read, which exclude looks at", "memberOf of a group cannot be read, which exclude looks at", needsRight}
}

func (u *unjudged) add(dn ad.DN, d doubt, reader string) {
	if hint := strings.ReplaceAll(d.hint, "%s", reader); !slices.Contains(u.hints, hint) {
		u.hints = append(u.hints, hint)
	}
	if len(u.faults) == mostNamed {
		u.more++
		return
	}
	u.faults = append(u.faults, strings.ReplaceAll(d.text, "%s", dn.String()))
}

// err is u where it holds anybody.
func (u *unjudged) err() error {
	if len(u.faults) == 0 {
		return nil
	}
	return u
}

// Error names them all.
func (u *unjudged) Error() string {
	return fmt.Sprintf("no file is written, because of %s:\n  %s",
		schema.Plural(len(u.faults)+u.more, "user"), strings.Join(slices.Concat(u.list(), u.hints), "\n  "))
}

func (u *unjudged) list() []string {
	if u.more == 0 {
		return u.faults
	}
	return append(slices.Clone(u.faults), fmt.Sprintf("and %d more; export --preview lists them all", u.more))
}
