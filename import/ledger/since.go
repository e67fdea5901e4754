package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
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

// UnmappedFor is how long a group that was taken out of group_map is spoken of:
// it must not be missed, and may be meant.
const UnmappedFor = 14 * 24 * time.Hour

// Unmap keeps since when groups are not mapped. One that vanished is mapped
// still.
func (r *Record) Unmap(groups []plan.Group, now time.Time) {
	mapped, vanished := map[adrules.SID]bool{}, map[string]bool{}
	for _, g := range groups {
		mapped[g.SID] = g.Missing == ""
		vanished[plan.RelativeName(g.Name)] = g.Missing != ""
	}
	unmapped := maps.Clone(r.Unmapped)
	maps.DeleteFunc(unmapped, func(sid adrules.SID, since time.Time) bool { return mapped[sid] || now.Sub(since) > UnmappedFor })
	for name, sid := range r.Groups {
		if mapped[adrules.SID(sid)] || vanished[name] {
			continue
		}
		if unmapped == nil {
			unmapped = map[adrules.SID]time.Time{}
		}
		unmapped[adrules.SID(sid)] = now.Truncate(time.Second)
		delete(r.Groups, name)
	}
	r.Unmapped = unmapped
}
