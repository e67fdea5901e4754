package ledger

import (
	"fmt"
	"slices"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// SlowReplication is how long a controller may be expected not to have heard of
// what was done through another one. Where it cannot tell, that is how long it is
// taken not to have; where it can, a person decides what it means after that.
const SlowReplication = 24 * time.Hour

// Controller is what the ledger keeps of a domain controller that this program
// has written through.
type Controller struct {
	Name     string       `json:"name"`              // dnsHostName
	Database adrules.GUID `json:"database,omitzero"` // invocationId
	Seen     int64        `json:"seen,omitempty"`    // highestCommittedUSN when a run began with it
	Wrote    time.Time    `json:"wrote"`             // the last time
	Through  int64        `json:"through,omitempty"` // highestCommittedUSN after that; 0: the run was cut short
	Run      string       `json:"run,omitempty"`     // that wrote
}

// Copy is a controller as it shows itself now.
type Copy struct {
	ad.Replica
	Name string
}

// is reports whether it is the same copy of the domain: by invocationId, or by
// name where that cannot be read.
func (here Copy) is(c Controller) bool {
	if here.Database.IsZero() || c.Database.IsZero() {
		return here.Name == c.Name
	}
	return here.Database == c.Database
}

// Lag is what a controller has not heard.
type Lag struct {
	Behind string // it may be expected to hear of it
	Stuck  string // it should have
}

// LagOf looks for what was written through other controllers and has not arrived.
// Not what the run ours wrote.
func (r *Record) LagOf(here Copy, ours string, now time.Time) (l Lag) {
	for _, c := range r.Controllers {
		if l.Stuck = c.wentBack(here); l.Stuck != "" {
			return l
		}
	}
	for _, c := range r.Controllers {
		if here.is(c) || c.Run == ours && ours != "" {
			continue
		}
		wrote, until, past := fmt.Sprintf("what was written through %s on %s", c.Name, words.When(c.Wrote)), words.When(c.Wrote.Add(SlowReplication)), now.Sub(c.Wrote) >= SlowReplication
		switch knows, tells := c.heard(here, past); {
		case knows:
		case past:
			l.Stuck = fmt.Sprintf("%s has not reached %s since: replication is stuck, or %s was lost or restored from a copy before it could pass that on. Look at replication first (repadmin /showrepl); "+
				"should it be lost for good, this plan makes good for it", wrote, here.Name, c.Name)
		case tells:
			l.Behind = fmt.Sprintf("%s has not heard yet of %s: through it accounts are only disabled, taken out of groups, or ended earlier. All else waits until they have replicated, or for a run through %s. "+
				"Should neither come, because %s was lost, it waits until %s; from then on a run goes on, or stops and says how a person lets it go on",
				here.Name, wrote, c.Name, c.Name, until)
		default:
			l.Behind = fmt.Sprintf("it cannot be told whether %s has heard of %s, since it does not say (invocationId of its NTDS Settings, replUpToDateVector of the domain's head): through it accounts are only disabled, taken out of groups, or ended earlier. "+
				"All else waits until %s, or for a run through %s; name one controller under \"servers\", or give the right to read these", here.Name, wrote, until, c.Name)
		}
	}
	return l
}

// wentBack reports whether a controller knows less than when it was used before: as
// the same copy, by its own update number, or as one that was restored and knows
// what its former self had done only in part.
func (c Controller) wentBack(here Copy) string {
	if here.Database.IsZero() || c.Database.IsZero() || here.USN == 0 {
		return ""
	}
	had, has := max(c.Seen, c.Through), here.USN
	if here.Database != c.Database {
		if here.Heard == nil || here.Name != c.Name {
			return ""
		}
		had, has = c.Through, here.Heard[c.Database]
	}
	if has >= had {
		return ""
	}
	return fmt.Sprintf("%s has gone back: it was at update number %d when an import used it on %s, and now knows %d of these. It was restored from an old copy, and shows a past in which accounts that were made, "+
		"disabled or put out of groups since are not. Look whether another controller knows more, and name that one under \"servers\"; should what came since be lost for good, this plan makes good for it", here.Name, had, words.When(c.Wrote), has)
}

// LoseThePast follows a controller that lost, for good, what was done before.
// Whom a run disabled then, and no reading shows now, may work again: a backup is
// no older than what is deleted is kept (MS-ADTS 6.1.1.2.4.1.1).
func (r *Record) LoseThePast(now time.Time) {
	r.Controllers = nil
	for guid, known := range r.Accounts {
		if known.DisabledFor != "" && !known.Gone.IsZero() && now.Sub(known.DisabledAt) < plan.ForgetAfter {
			known.Enabled = known.WasEnabled
			r.Accounts[guid] = known
		}
	}
}

// heard reports whether a controller knows all that was written through this one,
// and whether it can tell.
func (c Controller) heard(here Copy, past bool) (knows, tells bool) {
	if here.Heard == nil || c.Database.IsZero() {
		return past, false
	}
	usn := here.Heard[c.Database]
	if c.Through == 0 { // how far the run had come is unknown
		return past && usn > c.Seen, true
	}
	return usn >= c.Through, true
}

// Meet brings what is known of this controller up to date: a run that was cut
// short has ended by now.
func (r *Record) Meet(here Copy) {
	r.Controllers = slices.Clone(r.Controllers)
	for i := range r.Controllers {
		if c := &r.Controllers[i]; here.is(*c) {
			if c.Through == 0 {
				c.Through = here.USN
			}
			c.Name, c.Seen = here.Name, here.USN
		}
	}
}

// BeginWriting notes that from now on something may be written through here.
func (r *Record) BeginWriting(here Copy, run string, now time.Time) {
	r.Controllers = slices.DeleteFunc(r.Controllers, func(c Controller) bool {
		return here.is(c) || now.Sub(c.Wrote) > plan.ForgetAfter
	})
	r.Controllers = append(r.Controllers, Controller{Name: here.Name, Database: here.Database, Seen: here.USN, Wrote: now.Truncate(time.Second), Run: run})
}

// EndWriting notes how far the controller had come after the last write.
func (r *Record) EndWriting(here Copy, usn int64) {
	for i := range r.Controllers {
		if here.is(r.Controllers[i]) {
			r.Controllers[i].Through = usn
		}
	}
}
