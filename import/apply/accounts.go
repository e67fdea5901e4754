package apply

import (
	"errors"
	"fmt"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// accounts are those of a plan as they are called now, which is not what the plan
// says where a rename failed, nor what was read where it was done.
type accounts struct {
	created map[string]adrules.GUID // by Person key
	unmet   map[string]newcomer     // made, by Person key
	names   map[adrules.GUID]string // DNs of all that was observed; taken apart when they are asked for
	called  map[adrules.GUID]string // their account names
	before  *accounts               // as a controller that was lost showed them; nil: none was
}

// newcomer is an account that was made, and whose objectGUID the directory has
// not told yet.
type newcomer struct {
	dn     ad.DN
	person plan.Person
}

func accountsOf(obs *plan.Observation) *accounts {
	n := len(obs.Accounts) + len(obs.Elsewhere)
	w := &accounts{created: map[string]adrules.GUID{}, unmet: map[string]newcomer{}, names: make(map[adrules.GUID]string, n), called: make(map[adrules.GUID]string, n)}
	for a := range obs.All() {
		w.names[a.GUID], w.called[a.GUID] = a.DN, a.AccountName
	}
	return w
}

// name is the zero DN of an account that is not known.
func (w *accounts) name(account adrules.GUID) ad.DN {
	dn, _ := ad.ParseDN(w.names[account])
	return dn
}

// target is the account of an action, by its objectGUID.
func (w *accounts) target(p plan.Person) (adrules.GUID, error) {
	if !p.GUID.IsZero() {
		return p.GUID, nil
	}
	if guid, ok := w.created[p.Key()]; ok {
		return guid, nil
	}
	if made, ok := w.unmet[p.Key()]; ok {
		return adrules.GUID{}, fmt.Errorf("%w: the new account %s cannot be found yet; the next run goes on", errNotTried, made.dn)
	}
	return adrules.GUID{}, errors.New("the account was not created")
}

// present has common name, account name and DN of one account, so that of people
// who swap names neither is named as the other. A new account that was not found
// yet has its DN alone.
func (w *accounts) present(p plan.Person) plan.Person {
	guid, err := w.target(p)
	made, unmet := w.unmet[p.Key()]
	switch {
	case err != nil && unmet:
		p.DN = made.dn.String()
		return p
	case err != nil && w.before != nil:
		return w.before.present(p)
	case err != nil:
		return p
	}
	p.GUID = guid
	if dn := w.name(guid); !dn.IsZero() {
		_, p.CN = dn.Name()
		p.DN = dn.String()
	}
	if name := w.called[guid]; name != "" {
		p.AccountName = name
	}
	return p
}

// rename keeps the account name that an action wrote.
func (w *accounts) rename(a plan.Action) {
	guid, err := w.target(*a.Person)
	if err != nil {
		return // meet does
	}
	for _, c := range a.Changes {
		if c.Attribute == "sAMAccountName" {
			w.called[guid] = c.After[0]
		}
	}
}
