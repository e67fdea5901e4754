package approval

import (
	"slices"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
)

// question is one open question as the page shows it.
type question struct {
	ID          string      `json:"id"`
	Kind        plan.Kind   `json:"kind"`
	Reason      plan.Reason `json:"reason"`
	Words       words.Of    `json:"words"`
	Elsewhere   bool        `json:"elsewhere"` // another administrator disabled or expired the account here
	Anew        bool        `json:"anew"`      // adopt: the account of the same person as they were before
	Matched     bool        `json:"matched"`   // adopt: it may keep its names and values, too
	AsIs        bool        `json:"asIs"`      // adopt: nothing but its anchor is written
	Expired     bool        `json:"expired"`   // enable: its password still works
	Takes       bool        `json:"takes"`     // a rejection has an end
	Administers string      `json:"administers"`
	Ends        string      `json:"ends"` // the day on which the account is going to end
	Person      person      `json:"person"`
	Decision    []field     `json:"decision"`
	Context     []field     `json:"context"`
	Group       *group      `json:"group"`
	Holder      *holder     `json:"holder"`
	Barred      string      `json:"barred"`
	Losing      []losing    `json:"losing"`
	Proposal    string      `json:"proposal"`
	MayKeep     bool        `json:"mayKeep"`
	Single      bool        `json:"single"`
	Own         bool        `json:"own"`
	Danger      int         `json:"danger"`
	Passphrase  string      `json:"passphrase"`
	History     int         `json:"history"` // former passwords the domain refuses
	Problem     string      `json:"problem"`
	Hint        string      `json:"hint"`
	Detail      string      `json:"detail"`
}

// losing is a mapped group that the holder of a name is in, and that the user
// file does not give.
type losing struct {
	CN      string `json:"cn"`
	Guarded bool   `json:"guarded"`
}

type person struct {
	Key         string `json:"key"`
	CN          string `json:"cn"`
	AccountName string `json:"accountName"`
	UPN         string `json:"upn"`
	Mail        string `json:"mail"`
	DisplayName string `json:"displayName"`
}

type field struct {
	Code   plan.FieldCode `json:"code"`
	Label  string         `json:"label"`
	Before []string       `json:"before"`
	After  []string       `json:"after"`
	Change bool           `json:"change"` // there is a before
}

type group struct {
	CN     string   `json:"cn"`
	DN     string   `json:"dn"`
	Listed bool     `json:"listed"`
	Under  string   `json:"under"`
	Why    string   `json:"why"`
	Within []string `json:"within"`
}

// holder is who has the name that another person is to get.
type holder struct {
	Person    person     `json:"person"`
	DN        string     `json:"dn"`
	Parent    string     `json:"parent"`
	Class     string     `json:"class"`
	Inside    bool       `json:"inside"`
	Protected string     `json:"protected"`
	Enabled   bool       `json:"enabled"`
	Created   *time.Time `json:"created"`
	LastLogon *time.Time `json:"lastLogon"`
	Expires   *time.Time `json:"expires"`
	Groups    []string   `json:"groups"`
	MappedTo  int        `json:"mappedTo"` // mapped groups it is in
}

func questionOf(q plan.Question) question {
	out := question{ID: q.ID, Kind: q.Kind, Reason: q.Reason, Person: personOf(*q.Person), Decision: fieldsOf(q, q.Decision),
		Context: fieldsOf(q, q.Context), Words: words.Question(q), Anew: q.Reason == plan.MadeAnew || q.Reason == plan.CameOver, Matched: q.Matched(), AsIs: q.AsIs(), Expired: q.Expired(), Takes: q.Takes(),
		Administers: q.Administers, Ends: q.Expires.After, Barred: q.Barred, Proposal: q.Proposal, MayKeep: q.MayKeep,
		Single: q.Single, Elsewhere: q.Elsewhere(), Danger: q.Danger()}
	if q.Group != nil {
		out.Group = &group{CN: q.Group.CN, DN: q.Group.DN, Listed: q.Group.Listed, Under: q.Group.Under, Why: q.Group.Why, Within: q.Group.Within}
	}
	for _, g := range q.Losing {
		out.Losing = append(out.Losing, losing{g.CN, g.Guarded()})
	}
	if q.Holder != nil {
		out.Holder = holderOf(q.Holder)
	}
	return out
}

func personOf(p plan.Person) person {
	return person{Key: p.Key(), CN: p.CN, AccountName: p.AccountName, UPN: p.UPN, Mail: p.Mail, DisplayName: p.DisplayName}
}

func fieldsOf(q plan.Question, fields []plan.Field) []field {
	out := make([]field, 0, len(fields))
	for _, f := range fields {
		out = append(out, field{Code: f.Code, Label: words.Label(q, f.Code), Before: valuesOf(f.Code, f.Was()), After: valuesOf(f.Code, f.After), Change: len(f.Was()) > 0})
	}
	return out
}

func valuesOf(code plan.FieldCode, values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = words.OfValue(code, v)
	}
	return out
}

func holderOf(a *plan.Account) *holder {
	h := &holder{DN: a.DN, Parent: a.Parent, Class: a.Class, Inside: a.InContainer, Protected: a.Protected, Enabled: a.Enabled(),
		Person: person{CN: a.CN, AccountName: a.AccountName, UPN: a.UPN, Mail: a.Mail, DisplayName: a.DisplayName},
		Groups: slices.Clone(a.OtherNames), MappedTo: len(a.MemberOf), Created: known(a.Created), LastLogon: known(a.LastLogon)}
	if t, ok := a.Ends(); ok {
		h.Expires = &t
	}
	return h
}

// known returns nil for the zero time, so that the page can say "never".
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
