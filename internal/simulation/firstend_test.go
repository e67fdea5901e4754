package simulation

import "time"

// firstEnd is that of an account that match offered, and that is taken over without the
// end it has.
type firstEnd struct {
	agreed time.Time
	end    time.Time // zero: not written yet
}

// beginsFirst remembers whose first end a person agreed to.
func (j *judge) beginsFirst(x *run) {
	for _, c := range x.agreed {
		if c.first {
			j.firsts[c.guid] = firstEnd{agreed: j.now}
		}
	}
}

// isFirst reports whether an end is the first one of such an account: at least 60 days off,
// and on one of the working days of a week; no lease brings it forward.
func (j *judge) isFirst(x *run, b, a *account, anchor string) bool {
	first, ok := j.firsts[b.guid]
	u := find(x.file(), anchor)
	own := x.settings.Expiry == "cap" && u.AccountExpires != nil && u.AccountExpires.Equal(a.ends())
	switch {
	case !ok || own:
		return false
	case !first.end.IsZero():
		if b.ends().Equal(first.end) && a.ends().Before(first.end) && !x.taken(b.guid) {
			j.breach("end", "%s ends %s, and not %s any more, which is its first end", b.dn, a.ends(), first.end)
		}
		return false
	}
	if off := a.ends().Sub(first.agreed); !x.taken(b.guid) || off < 60*24*time.Hour || off > 68*24*time.Hour {
		return false
	}
	first.end = a.ends()
	j.firsts[b.guid] = first
	return true
}
