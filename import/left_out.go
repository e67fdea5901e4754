package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// A value of the user file that cannot be had is left out, and the rest is done.
// Nobody here has to act, so it is no failure; since when it is so tells what is
// new from what somebody has read before.

// errLeftOut is the outcome of a write of which every value was left out.
var errLeftOut = errors.New("left out")

// leaveOut keeps a value that the directory did not take.
func (x *applier) leaveOut(who plan.Person, c plan.Change, err error) {
	if c.Keep {
		err = fmt.Errorf("it looks empty and was not written. Most likely it has a value that the bound account may not read, and the rule's \"keep\" leaves that: %w", err)
	}
	x.leftOut = append(x.leftOut, plan.Note{Person: who, Reason: plan.BadValue, Detail: fmt.Sprintf("%s: %v", c.Attribute, err)})
}

// notTaken reports whether the directory did not take a value, as opposed to
// refusing a right.
func notTaken(err error) bool { return errors.Is(err, ad.ErrBadValue) }

// leftOutKey names the attribute of a person, without naming anybody.
func leftOutKey(n plan.Note) string {
	attribute, _, _ := strings.Cut(n.Detail, ":")
	sum := sha256.Sum256([]byte(n.Person.Trace() + "\x00" + attribute))
	return hex.EncodeToString(sum[:12])
}

// noteLeftOut remembers since when values are left out. A run that is not whole
// does not know of all.
func (r *Record) noteLeftOut(notes []plan.Note, whole bool, now time.Time) {
	before := r.LeftOut
	if whole || before == nil {
		r.LeftOut = map[string]time.Time{}
	}
	for _, n := range notes {
		key := leftOutKey(n)
		since, known := before[key]
		if !known {
			since = now.Truncate(time.Second)
		}
		r.LeftOut[key] = since
	}
}

// reportLeftOut lists what is left out, once for each.
func (im *Import) reportLeftOut(s *situation, notes []plan.Note) {
	now := s.now.Truncate(time.Second)
	for _, n := range notes {
		key := leftOutKey(n)
		if im.leftOut[key] {
			continue
		}
		im.leftOut[key] = true
		since, known := s.record.LeftOut[key]
		if !known {
			since = now
		}
		im.report.LeftOut = append(im.report.LeftOut, schema.LeftOut{User: n.Person.CN, Reason: n.Detail, Code: string(n.Reason), Subject: subject(n.Person), Since: since.UTC(), New: since.Equal(now)})
	}
}
