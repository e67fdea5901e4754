package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// MatchOver tells that the window of match has closed.
func MatchOver(until string) string {
	return fmt.Sprintf("match ended on %s and does nothing any more; take it out of the configuration", until)
}

// notices tell where match does nothing, or not all.
func (m *byKeys) notices() {
	switch {
	case m.cfg.Match == nil:
		return
	case !m.ledger.anchors():
		m.draft.notice("match does nothing, since the user file has no anchors; export with source_anchor")
		return
	case !m.matching:
		m.draft.notice(MatchOver(m.cfg.Match.Until))
		return
	}
	for _, ou := range m.obs.Within {
		if ou.Unfit != "" {
			m.draft.notice("of match.within, " + ou.Unfit + "; nothing in it is taken over")
		}
	}
	for _, unread := range m.obs.KeysUnread {
		m.draft.notice("match: " + unread.String())
	}
	for _, key := range m.cfg.Match.Keys {
		n := 0
		for _, a := range m.index.all() {
			if slices.ContainsFunc(a.SelfWritten, func(own string) bool { return sameFold(own, key) }) {
				n++
			}
		}
		if n > 0 {
			m.draft.notice(fmt.Sprintf("match: %s is no evidence where users may write it of themselves; accounts: %d", key, n))
		}
	}
	if slices.Sort(m.shared); len(m.shared) > 0 {
		m.draft.notice(fmt.Sprintf("match: an account here has the same value as these people, which counts for none of them since several of the user file have it (%d): %s", len(m.shared), someOf(m.shared)))
	}
	m.noticeUnknownRights()
	m.noticeClosing()
}

// closingSoon is how long before the window of match closes it is said who waits.
const closingSoon = 14 * 24 * time.Hour

// noticeClosing tells who gets another account unless someone decides: when the window has
// closed, nothing is asked about them any more.
func (m *byKeys) noticeClosing() {
	if m.in.Now.Add(closingSoon).Before(m.cfg.Match.End(m.cfg.TimeZone)) {
		return
	}
	var names []string
	for _, q := range m.draft.plan.Questions {
		if q.Matched() || q.Reason == MatchSeveral || q.Reason == MatchBarred {
			names = append(names, q.Person.CN)
		}
	}
	if slices.Sort(names); len(names) > 0 {
		m.draft.notice(fmt.Sprintf("match ends on %s: who is not decided about by then gets a new account, whatever account they have already (%d): %s", m.cfg.Match.Until, len(names), someOf(names)))
	}
}

func (m *byKeys) noticeUnknownRights() {
	var unknown []string
	for _, found := range m.claims {
		for _, k := range found {
			for _, a := range k.accounts {
				if a.SelfUnknown {
					unknown = append(unknown, a.DN)
				}
			}
		}
	}
	slices.Sort(unknown)
	if unknown = slices.Compact(unknown); len(unknown) > 0 {
		m.draft.notice("match: the bound account may not read who may write to these accounts, so that each is decided alone: " + strings.Join(some(unknown), "; "))
	}
}
