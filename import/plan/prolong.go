package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"ad-user-sync/internal/adrules"
)

// So many days may be given to an account at once, and so often until a newer user
// file comes (rule 37).
const (
	MostDays  = 14
	MostTimes = 2
)

// Offer is to whom a person may give more time, since no newer user file comes.
type Offer struct {
	Digest string // of all that is offered
	People []Offered
	Left   []Note // who is enabled, and may not be given any
}

// Offered is one account that may be given more time.
type Offered struct {
	ID     string // digest of the account as it is, and of what it may be given
	Person Person
	Ends   time.Time
	Most   time.Time // the latest end that may be given to it
	Least  int       // so many days it takes until it works again; 1 where it does
	Times  int       // so often it was given some since this file
}

// With is its end with so many days more.
func (o Offered) With(days int) time.Time {
	if end := o.Ends.Add(time.Duration(days) * 24 * time.Hour); end.Before(o.Most) {
		return end
	}
	return o.Most
}

// Grant is more time that a person gives to accounts that were offered.
type Grant struct {
	IDs    map[string]bool
	Days   int
	Reason string
	By     string
}

// Given is the end that a person gave to an account last.
type Given struct {
	Expires int64  `json:"expires"`
	File    string `json:"file"`  // SHA-256 of the user file that was the newest then
	Times   int    `json:"times"` // since that file
	Days    int    `json:"-"`
}

// offer is row 23a and rule 37.
func (m *closing) offer() {
	if !m.in.Silent || m.in.Memory.Behind != "" || m.cfg.ExpirationTime == nil {
		return
	}
	ended := map[adrules.GUID]bool{} // by this plan, or given an end of another kind
	for a := range Each(m.draft.plan.Actions) {
		_, ends := a.Ends()
		ended[a.Person.GUID] = ended[a.Person.GUID] || a.Disables() || a.Sooner || ends && a.Kind != Extend
	}
	offer := &m.draft.plan.Offer
	for _, p := range m.roster.people {
		if a := p.account; a == nil || !a.InContainer || !a.LogsOn() || p.active && ended[a.GUID] {
			continue
		}
		if note, barred := m.barred(p); barred {
			offer.Left = append(offer.Left, note)
		} else if o, ends := m.offered(p); ends {
			offer.People = append(offer.People, o)
			m.grant(p, o)
		}
	}
	for _, a := range m.leaving.missing {
		if a.LogsOn() {
			offer.Left = append(offer.Left, Note{m.show.account(a), MissingInFile, ""})
		}
	}
	byName := func(a, b Person) int { return strings.Compare(folded(a.CN)+a.Key(), folded(b.CN)+b.Key()) }
	slices.SortFunc(offer.People, func(a, b Offered) int { return byName(a.Person, b.Person) })
	slices.SortFunc(offer.Left, func(a, b Note) int { return byName(a.Person, b.Person) })
	offer.Digest = offer.digest()
}

// barred says who is enabled and may not be given any time, and why.
func (m *closing) barred(p *person) (Note, bool) {
	a := p.account
	known, managed := m.ledger.remembered(a)
	no := func(why Reason, detail string) (Note, bool) { return Note{m.show.person(p), why, detail}, true }
	switch {
	case !m.ledger.reaches(a):
		return no(Protected, a.Protected)
	case !managed || p.settled || p.anchorOnly || p.takeOver != nil || a.person != p || a.resting:
		return no(Unconfirmed, "")
	case !p.active:
		return no(DisabledInSource, expiredInSource(p))
	case known.KeepsExpiry:
		return no(KeptEnd, "")
	case !sameExpiry(a.Expires, known.Expires) && !known.wrote(a.Expires):
		return no(ExpiredElsewhere, "")
	case m.given(known).Times >= MostTimes:
		return no(GivenTime, "it was given "+strconv.Itoa(MostTimes)+" times since this user file")
	}
	if o, ends := m.offered(p); ends && !o.Most.After(o.Ends) {
		return no(EndsInSource, o.Most.UTC().Format(time.DateOnly))
	} else if ends && !o.Most.After(m.in.Now) {
		return no(GivenTime, "it ended too long ago, on "+o.Ends.UTC().Format(time.DateOnly))
	}
	return Note{}, false
}

// given is what was given to an account since this file.
func (m *closing) given(known *Remembered) Given {
	if known.Given.File != m.in.FileHash {
		return Given{}
	}
	return known.Given
}

// offered is what may be given to a person; ends is false where the account has no end.
func (m *closing) offered(p *person) (o Offered, ends bool) {
	o.Person = m.show.person(p)
	if o.Ends, ends = p.account.Ends(); !ends {
		return o, false
	}
	o.Most = o.Ends.Add(MostDays * 24 * time.Hour)
	if own, some := m.calendar.ownEnd(p); some && own.Before(o.Most) {
		o.Most = own
	}
	for o.Least = 1; o.Least < MostDays && !o.With(o.Least).After(m.in.Now); {
		o.Least++
	}
	known, _ := m.ledger.remembered(p.account)
	o.Times = m.given(known).Times
	o.ID = digested{digestVersion, Prolong, m.ledger.container, m.ledger.target(o.Person), []fieldValue{
		{Name: "anchor", After: []string{o.Person.Anchor}},
		{Name: "called", After: []string{o.Person.CN}},
		{Name: "ends", After: []string{endText(p.account.Account)}},
		{Name: "file", After: []string{m.in.FileHash}},
		{Name: "most", After: []string{strconv.FormatInt(adrules.FileTime(o.Most), 10)}},
		{Name: "times", After: []string{strconv.Itoa(o.Times)}},
	}}.id(&m.ledger.digest.ids)
	return o, true
}

// grant is what a person gave who was shown this very offer.
func (m *closing) grant(p *person, o Offered) {
	g := m.in.Grant
	if g == nil || !g.IDs[o.ID] || g.Days < 1 || g.Days > MostDays || !o.With(g.Days).After(m.in.Now) {
		return
	}
	act := m.draft.act(p, Prolong, GivenTime, expiryChange(p.account, adrules.FileTime(o.With(g.Days))))
	act.Detail, act.Question = g.Reason, o.ID
	act.Answer = &Answer{ID: o.ID, Accept: true, Reason: g.Reason, By: g.By}
	act.Given = &Given{Expires: adrules.FileTime(o.With(g.Days)), File: m.in.FileHash, Times: o.Times + 1, Days: g.Days}
}

func (o *Offer) digest() string {
	hash := sha256.New()
	for _, p := range o.People {
		hash.Write([]byte(p.ID + "\n"))
	}
	return hex.EncodeToString(hash.Sum(nil))
}
