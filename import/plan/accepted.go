package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"ad-user-sync/schema"
)

// acceptedInFile is rule 28. What is never decided together with other things
// is not decided by an entry of a file, either. Why an entry is not carried out
// is told.
func (d *draft) acceptedInFile(q Question, account *account) *Answer {
	if !d.cfg.AcceptFromFile || q.Kind == Create {
		return nil
	}
	var why string
	entry, number := d.kept.acceptance(q, account)
	if entry == nil {
		if number = d.kept.early(q, account) + 1; number == 0 {
			return nil
		}
		entry = &d.kept.entries[number-1]
		why = d.tooEarly(q, *entry, account)
	}
	a := Answer{ID: q.ID, Accept: true, NewName: entry.NewName, TakeOver: entry.TakeOver, By: cmp.Or(entry.By, byEntry), Entry: number}
	if entry.Password != nil {
		a.Password = *entry.Password
	}
	switch why = cmp.Or(why, d.notByFile(q, *entry, a)); {
	case entry.Done:
		return nil
	case why != "":
		d.leaveEntry(q, why)
		return nil
	}
	d.kept.use(number-1, *q.Person)
	return &a
}

// notByFile tells why an entry cannot answer a question.
func (d *draft) notByFile(q Question, e schema.Resolution, a Answer) string {
	switch {
	case q.Kind == Adopt || q.Single && (q.Kind != Name || a.TakeOver):
		return "a person has to decide it alone"
	case d.groups.ambiguous(e):
		return "several mapped groups have this common name, and it has no group_sid"
	case e.Timestamp.Before(d.in.Memory.Accounts[q.Person.GUID].DisabledAt):
		return "it is older than the last disable"
	case e.Timestamp.Sub(d.in.Now) > skew:
		return "it is of the future"
	case q.Kind == Enable && a.Password == "":
		return "it has no password"
	case q.Kind == Name && a.NewName == "":
		return "it says no other name"
	}
	return ""
}

// ambiguous reports whether an entry without SID fits several groups.
func (x *groupIndex) ambiguous(e schema.Resolution) bool {
	n := 0
	for _, g := range x.all {
		if e.Group != "" && e.GroupSID == "" && sameFold(g.CN, e.Group) {
			n++
		}
	}
	return n > 1
}

// leaveEntry tells of whom an accepted entry is not carried out, and why.
func (d *draft) leaveEntry(q Question, why string) {
	text := "accepted entries of the resolutions file that are not carried out (" + string(q.Kind)
	if q.Group != nil {
		text += " " + q.Group.CN
	}
	text += "), since " + why
	for _, p := range slices.Concat(d.roster.bearing(q.Person.CN), d.roster.called(q.Person.AccountName), []*person{d.roster.byAnchor[strings.ToLower(q.Person.Anchor)]}) {
		if p != nil && d.show.person(p).Key() == q.Person.Key() {
			d.noticeOf(p, text)
			return
		}
	}
	d.notice(text + ": " + q.Person.CN)
}

// earliest is how much older than its account an accepted entry may be.
const earliest = 30 * 24 * time.Hour

// early returns the number of the latest accepted entry, from 0, that is about the
// question and older than the account; -1 for none. The users of the older tool
// decide before the import that makes the account.
func (k *keptAnswers) early(q Question, a *account) int {
	best := -1
	if a == nil {
		return best
	}
	for _, i := range k.about(q.Kind, *q.Person, a) {
		e := k.entries[i]
		if e.Anchor == "" && k.isAbout(e, q) && (a.Created.IsZero() || e.Timestamp.Add(skew).Before(a.Created)) && (best < 0 || later(e, k.entries[best])) {
			best = i
		}
	}
	if best >= 0 && (!k.entries[best].Accept || k.entries[best].Done) {
		return -1
	}
	return best
}

// tooEarly tells why an entry that is older than its account is not about it, as
// far as anybody knows.
func (d *draft) tooEarly(q Question, e schema.Resolution, a *account) string {
	known := &a.known
	namesakes := 0
	for _, p := range d.roster.bearing(a.CN) {
		if sameFold(d.names.wantedCN(p), a.CN) {
			namesakes++
		}
	}
	switch {
	case a.Created.IsZero():
		return "the bound account may not read when the account was made (whenCreated)"
	case q.Kind != Enable && q.Kind != Join:
		return "it is older than the account"
	case a.Created.Sub(e.Timestamp) > earliest:
		return "it is more than 30 days older than the account"
	case known.How != HowCreated:
		return "it is older than the account, which this program did not make"
	case known.WasEnabled:
		return "it is older than the account, which has been enabled before"
	case namesakes != 1 || d.kept.sameCN[strings.ToLower(a.CN)] > 1:
		return "it is older than the account, and several have its common name"
	case d.in.Memory.Made[CNDigest(a.CN)] > 1:
		return "it is older than the account, and this program made another of its common name before"
	}
	return ""
}

// CNDigest is what a memory that holds no names knows a common name by.
func CNDigest(cn string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(cn)))
	return hex.EncodeToString(sum[:])
}
