package importer

import (
	"slices"
	"strings"
)

// maxUsed bounds how many overrides are remembered.
const maxUsed = 1000

// honoured is the override, the digest of a file or plan, or "" where an earlier
// import used it up: one that stays in a schedule must not work for ever.
func (im *Import) honoured(r Record, override string) string {
	if im.used[override] || !slices.ContainsFunc(r.Used, func(u string) bool { return strings.EqualFold(u, override) }) {
		return override
	}
	return ""
}

// stopped tells whether a brake forbids every write.
func (im *Import) stopped(s *situation) bool {
	return s.plan.Stopped(im.honoured(s.record, im.Confirm))
}

// useUp remembers the overrides that a run needed which has finished. One that
// was killed may use them again.
func (im *Import) useUp(s *situation) {
	var needed []string
	if s.forced {
		needed = append(needed, im.Input.SHA256)
	}
	if len(s.plan.Trips) > 0 {
		needed = append(needed, s.plan.Digest)
	}
	for _, override := range needed {
		if !slices.Contains(s.record.Used, override) {
			s.record.Used = append(slices.Clone(s.record.Used), override)
		}
		im.used[override] = true
	}
	s.record.Used = s.record.Used[max(0, len(s.record.Used)-maxUsed):]
}
