package plan

import "time"

// since is when a need arose, as well as that is known: an account waits to be
// enabled since it was made, or since this program disabled it; all else is
// asked because of the file.
func (d *draft) since(q Question, a *account) time.Time {
	if q.Kind != Enable || a == nil {
		return d.in.File.Timestamp
	}
	if disabled := a.known.DisabledAt; q.Reason == Returned && !disabled.IsZero() {
		return disabled
	}
	return a.Created
}
