package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"ad-user-sync/import/plan"
)

// LeftOutKey names the attribute of a person, without naming anybody.
func LeftOutKey(n plan.Note) string {
	attribute, _, _ := strings.Cut(n.Detail, ":")
	sum := sha256.Sum256([]byte(n.Person.Trace() + "\x00" + attribute))
	return hex.EncodeToString(sum[:12])
}

// NoteLeftOut remembers since when values are left out. A run that is not complete
// does not know of all.
func (r *Record) NoteLeftOut(notes []plan.Note, whole bool, now time.Time) {
	before := r.LeftOut
	if whole || before == nil {
		r.LeftOut = map[string]time.Time{}
	}
	for _, n := range notes {
		key := LeftOutKey(n)
		since, known := before[key]
		if !known {
			since = now.Truncate(time.Second)
		}
		r.LeftOut[key] = since
	}
}
