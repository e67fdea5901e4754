package importer

import (
	"ad-user-sync/import/ledger"
	"slices"
	"strings"
)

// maxUsed bounds how many overrides are remembered.
const maxUsed = 1000

// honoured is the override, the digest of a file or plan, or "" where an earlier
// import used it up: one that stays in a schedule must not work for ever.
func (im *Import) honoured(r ledger.Record, override string) string {
	if im.used[override] || !slices.ContainsFunc(r.Used, func(u string) bool { return strings.EqualFold(u, override) }) {
		return override
	}
	return ""
}

// stopped reports whether a limit forbids every write.
func (im *Import) stopped(s *situation) bool {
	return s.plan.Stopped(im.honoured(s.record, im.Confirm))
}

// unneeded says of the overrides of this run that they let nothing through: they
// are for something else, or nothing stands in the way. Neither is used up.
func (im *Import) unneeded(s *situation) (notices []string) {
	if im.Accept != "" && !s.forced {
		text := "--accept-file was not needed, and is not used up: nothing speaks against this file"
		if !strings.EqualFold(im.Accept, im.Input.SHA256) {
			text += ", which is another one than it names; its digest is " + im.Input.SHA256
		}
		notices = append(notices, text)
	}
	if im.Confirm != "" && len(s.plan.Trips) == 0 {
		text := "--confirm-plan was not needed, and is not used up: no limit stops this plan"
		if im.Confirm != s.plan.Digest {
			text += ", which is another one than it names; its digest is " + s.plan.Digest
		}
		notices = append(notices, text)
	}
	return notices
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
