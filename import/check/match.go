package check

import (
	"time"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Match says whether accounts are looked for that are there already, and where not.
func (t Target) Match(now time.Time) {
	m, step := t.Config.Match, "match"
	switch {
	case m == nil:
		return
	case !m.Open(now, t.Config.TimeZone):
		t.say().warn(step, "take match out of the configuration", "%s", plan.MatchOver(m.Until))
		return
	}
	unfit := 0
	for _, ou := range t.Observed.Within {
		if ou.Unfit != "" {
			unfit++
			t.say().say(step, schema.CheckFailed, ou.Unfit+"; nothing in it is taken over", "correct match.within")
		}
	}
	if unfit == 0 {
		t.say().fine(step, "until %s, accounts that are there already are offered to people who have none yet", m.Until)
	}
}

// MatchKeys names accounts that may be someone's, and of which a key may not be readable.
func (t Target) MatchKeys() {
	for _, unread := range t.Observed.KeysUnread {
		t.say().say("match", schema.CheckFailed, unread.String()+"; until then no account is made for a person who has a value of it, and no account yet", access.Hint)
	}
}
