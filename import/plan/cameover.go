package plan

import (
	"maps"
	"slices"
	"strings"
)

// ofAnotherSource reports whether an account is that of another source's import, and
// this one's ledger knows nothing of it, or only that its person left and it was taken
// over since: whoever left there may have come here (row 50).
func (m *adoption) ofAnotherSource(a *account) bool {
	known, ok := m.ledger.remembered(a)
	return m.ledger.anchors() && a.Class == "user" && m.ledger.foreign(a) && (!ok || m.roster.wentOver(a, known)) && a.person == nil && !a.resting
}

// barredOver is why an account of another source's import cannot be had: as of someone
// made anew, but that it may be in another container.
func (r *roster) barredOver(a *account) string {
	seen := *a.Account
	seen.InContainer = true
	if why := r.barredAnew(&account{&seen, a.standing}); why == "" || !a.Enabled() || a.Protected != "" {
		return why
	}
	return "it works for someone of " + a.Anchor.Domain + ". Once that import has disabled it, since its file has the person no more, it can be taken over"
}

// wentOver reports whether a person of this source left, this program disabled the
// account for that, and it is anchored for another source since: a person agreed there
// that it is someone's of theirs, or someone forged the anchor.
func (r *roster) wentOver(a *account, known *Remembered) bool {
	p := r.byAnchor[known.Anchor]
	return r.ledger.foreign(a) && known.Anchor != "" && a.Anchor.ObjectGUID != known.Anchor && known.Meant == "" && known.DisabledFor != "" && (p == nil || !p.active)
}

// imported reports whether another source has accounts in the container that are not
// this program's, so that an import of it looks after whom it anchored: one that works,
// and that the other import does not know, is failed there (row 4).
func (m *leaving) imported(source string) bool {
	if m.sources == nil {
		m.sources = map[string]bool{}
		for _, a := range m.index.inside {
			if a.Class == "user" && !a.listed {
				m.sources[folded(a.Anchor.Domain)] = true
			}
		}
	}
	return m.sources[folded(source)]
}

// handOver is row 38a: what went over leaves the groups that this program put it into,
// and is forgotten then, which is said once.
func (m *deciding) handOver() {
	var told []string
	for _, a := range m.leaving.went {
		if m.leaveOurs(a) {
			continue
		}
		text := a.DN + " (" + a.Anchor.Domain
		if groups := m.groups.around(a); len(groups) > 0 {
			text += "; in " + strings.Join(groups, ", ") + ", which it stays in"
		}
		m.draft.plan.Forget = append(m.draft.plan.Forget, a.GUID)
		told = append(told, text+")")
	}
	if len(told) > 0 {
		slices.Sort(told)
		m.draft.notice("no longer this program's, and forgotten, since their people left and another import took the accounts over for its source: " + strings.Join(told, "; "))
	}
}

// leaveOurs reports whether something is left to do, or to ask, about the groups that
// this program put an account into.
func (m *deciding) leaveOurs(a *account) (waits bool) {
	known, _ := m.ledger.remembered(a)
	for _, g := range m.groups.all {
		_, ours := known.Joined.Of(g.SID)
		switch {
		case g.SID == "" || !ours || !a.MemberOf[g.SID] || staysByPrimary(a, g):
		case g.Missing != "":
			m.draft.plan.Failed, waits = append(m.draft.plan.Failed, Note{m.show.account(a), GroupMissing, g.Name + ": " + g.Missing}), true
		default:
			waits = m.following.leave(nil, a, g, MissingInFile, g.Guarded()) || waits
		}
	}
	return waits
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
