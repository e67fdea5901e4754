package plan

import (
	"maps"
	"slices"
	"strings"
)

// ofAnotherSource reports whether an account is that of another source's import, and
// this one's ledger knows nothing of it: whoever left there may have come here (row 50).
func (m *adoption) ofAnotherSource(a *Account) bool {
	_, known := m.ledger.remembered(a)
	return m.ledger.anchors() && a.Class == "user" && m.ledger.foreign(a) && !known && m.owners.byTarget[a.GUID] == nil && !m.owners.resting[a.GUID]
}

// barredOver is why an account of another source's import cannot be had: as of someone
// made anew, but that it may be in another container.
func (r *roster) barredOver(a *Account) string {
	here := *a
	here.InContainer = true
	if why := r.barredAnew(&here); why == "" || !a.Enabled() || a.Protected != "" {
		return why
	}
	return "it works for someone of " + a.Anchor.Domain + ". Once that import has disabled it, since its file has the person no more, it can be taken over"
}

// wentOver reports whether a person of this source left, this program disabled the
// account for that, and it is anchored for another source since: a person agreed there
// that it is someone's of theirs.
func (m *leaving) wentOver(a *Account, known Remembered) bool {
	p := m.roster.byAnchor[known.Anchor]
	return m.ledger.foreign(a) && known.Anchor != "" && a.Anchor.ObjectGUID != known.Anchor && known.Meant == "" && known.DisabledFor != "" && (p == nil || !p.active)
}

// handOver forgets what went over, and says so once.
func (m *leaving) handOver(went []*Account) {
	var told []string
	for _, a := range went {
		m.draft.plan.Forget = append(m.draft.plan.Forget, a.GUID)
		told = append(told, a.DN+" ("+a.Anchor.Domain+")")
	}
	if len(told) > 0 {
		slices.Sort(told)
		m.draft.notice("no longer this program's, and forgotten, since their people left and another import took the accounts over for its source: " + strings.Join(told, "; "))
	}
}

// noticePrefix names accounts of other sources that are called as this one's.
func (m *closing) noticePrefix() {
	source := m.in.File.Source
	if source == nil || m.cfg.PrefixCommonNames == "" {
		return
	}
	if _, alike := OthersIn(m.obs, source.Domain, m.cfg.PrefixCommonNames); len(alike) > 0 {
		m.draft.notice("accounts of another source carry prefix_common_names " + m.cfg.PrefixCommonNames + ", too: " + strings.Join(slices.Sorted(maps.Keys(alike)), ", ") +
			". Give each source a prefix of its own: one that is not anchored goes by it")
	}
}

// OthersIn counts the accounts in the container that are anchored for other source
// domains than this one, by domain, and those among them with the prefix.
func OthersIn(obs *Observation, source, prefix string) (all, alike map[string]int) {
	all, alike = map[string]int{}, map[string]int{}
	for i := range obs.Accounts {
		a := &obs.Accounts[i]
		if a.Class != "user" || a.Anchor.Domain == "" || sameFold(a.Anchor.Domain, source) {
			continue
		}
		all[a.Anchor.Domain]++
		if prefix != "" && strings.HasPrefix(a.CN, prefix) {
			alike[a.Anchor.Domain]++
		}
	}
	return all, alike
}
