package setup

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
)

// unit is an organizational unit to choose from.
type unit struct {
	dn     ad.DN
	people int  // in it and below
	create bool // the account that is logged on may create users in it
}

// units are all of the domain, those with most people first.
func (w *wizard) units() ([]unit, error) {
	var all []unit
	place := map[string]int{} // index by DN key
	_, err := w.dir.Search(w.ctx, ad.Search{
		Base: w.dir.Domain().Base, Filter: ad.Equal("objectClass", "organizationalUnit"), Attributes: []string{"allowedChildClassesEffective"},
	}, func(e ad.Entry) error {
		place[e.DN.Key()] = len(all)
		all = append(all, unit{dn: e.DN, create: mayMakeUsers(e)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	_, err = w.dir.Search(w.ctx, ad.Search{Base: w.dir.Domain().Base, Filter: ad.People, Attributes: []string{"objectGUID"}}, func(e ad.Entry) error {
		for dn := e.DN.Parent(); !dn.IsZero(); dn = dn.Parent() {
			if i, known := place[dn.Key()]; known {
				all[i].people++
			}
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b unit) int { return b.people - a.people })
	return all, err
}

// offerUserPath suggests where most people are.
func offerUserPath(w *wizard) offer {
	units, err := w.units()
	if err != nil {
		w.console.say("  " + err.Error())
	}
	o := offer{}
	for _, u := range units {
		if u.people > 0 {
			o.choices = append(o.choices, choice{u.dn.String(), fmt.Sprintf("(people: %d)", u.people)})
		}
	}
	if len(o.choices) > 0 {
		o.standard = o.choices[0].value
	}
	return o
}

// offerManaged suggests the one place where accounts may be made, if there is
// one.
func offerManaged(w *wizard) offer {
	units, err := w.units()
	if err != nil {
		w.console.say("  " + err.Error())
	}
	o := offer{}
	slices.SortStableFunc(units, func(a, b unit) int { return a.people - b.people })
	for _, u := range units {
		if u.create && !strings.HasPrefix(u.dn.Key(), "ou=domain controllers,") {
			o.choices = append(o.choices, choice{u.dn.String(), fmt.Sprintf("(people: %d; users can be made in it)", u.people)})
		}
	}
	switch len(o.choices) {
	case 0:
		w.console.say("\n  " + w.dir.Domain().Identity + " may make users in no organizational unit of this domain: " + rightsAdvice)
	case 1:
		o.standard = o.choices[0].value
	}
	return o
}

const rightsAdvice = "give it the rights that docs/rights.md lists; examples/rights has scripts that do"

// noticeRights says whether the account that is logged on may not make users in
// the container, which does not keep anybody from choosing it.
func (w *wizard) noticeRights(container ad.DN) error {
	_, err := w.dir.Search(w.ctx, ad.Search{Base: container, Scope: ad.ScopeBase, Filter: ad.Anything, Attributes: []string{"allowedChildClassesEffective"}}, func(e ad.Entry) error {
		if !mayMakeUsers(e) {
			w.console.say(fmt.Sprintf("  %s may not make users in %s yet: %s", w.dir.Domain().Identity, container, rightsAdvice))
		}
		return nil
	})
	return err
}

func mayMakeUsers(e ad.Entry) bool {
	return slices.ContainsFunc(e.Texts("allowedChildClassesEffective"), func(class string) bool { return strings.EqualFold(class, "user") })
}

// offerGroupPath suggests where groups are, but those that every domain has.
func offerGroupPath(w *wizard) offer {
	count := map[string]int{}
	_, err := w.dir.Search(w.ctx, ad.Search{
		Base:       w.dir.Domain().Base,
		Filter:     ad.And(ad.Equal("objectClass", "group"), ad.Not(ad.Equal("isCriticalSystemObject", "TRUE"))),
		Attributes: []string{"objectGUID"},
	}, func(e ad.Entry) error {
		count[e.DN.Parent().String()]++
		return nil
	})
	if err != nil {
		w.console.say("  " + err.Error())
	}
	o := offer{}
	for place, n := range count {
		o.choices = append(o.choices, choice{place, fmt.Sprintf("(groups: %d)", n)})
	}
	slices.SortFunc(o.choices, func(a, b choice) int {
		return cmp.Or(count[b.value]-count[a.value], strings.Compare(a.value, b.value))
	})
	return o
}

// groups of group_path, relative to it.
func (w *wizard) groups() []string {
	base, err := ad.ParseDN(w.draft.text("group_path"))
	if err != nil || base.IsZero() {
		return nil
	}
	var names []string
	_, err = w.dir.Search(w.ctx, ad.Search{
		Base: base, Scope: ad.ScopeOneLevel, Filter: ad.Equal("objectClass", "group"), Attributes: []string{"objectGUID"},
	}, func(e ad.Entry) error {
		attribute, value := e.DN.Name()
		names = append(names, ad.DN{}.Child(attribute, value).String())
		return nil
	})
	if err != nil {
		w.console.say("  " + err.Error())
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return names
}

func choices(values []string) []choice {
	var all []choice
	for _, v := range values {
		all = append(all, choice{value: v})
	}
	return all
}

// takePlace wants an object that exists in the domain.
func takePlace(w *wizard, text string) (any, error) {
	dn, err := ad.ParseDN(text)
	switch {
	case err != nil:
		return nil, err
	case dn.IsZero():
		return nil, errors.New("this needs an answer")
	}
	return text, w.see(dn, ad.Anything)
}

// see tells why an object cannot be used: it is not there, not in this domain,
// or of another kind.
func (w *wizard) see(dn ad.DN, kind ad.Filter) error {
	domain := w.dir.Domain()
	if !dn.Within(domain.Base) {
		return fmt.Errorf("%s is not in the domain %s (%s)", dn, domain.Name, domain.Base)
	}
	found := 0
	_, err := w.dir.Search(w.ctx, ad.Search{Base: dn, Scope: ad.ScopeBase, Filter: kind, Attributes: []string{"objectGUID"}}, func(ad.Entry) error {
		found++
		return nil
	})
	if errors.Is(err, ad.ErrNotFound) || err == nil && found == 0 {
		return fmt.Errorf("%s does not exist in %s, is of another kind, or %s may not see it", dn, domain.Name, domain.Identity)
	}
	return err
}

// relative puts names of groups as group_path wants them.
func relative(names []string) []string {
	all := slices.Clone(names)
	for i, name := range all {
		if !strings.Contains(name, "=") {
			all[i] = ad.DN{}.Child("CN", name).String()
		}
	}
	return all
}

// seeGroups does so for groups that are named relative to group_path.
func (w *wizard) seeGroups(names []string) error {
	base, err := ad.ParseDN(w.draft.text("group_path"))
	if err != nil {
		return err
	}
	for _, name := range relative(names) {
		dn, err := base.Join(name)
		if err != nil {
			return fmt.Errorf("%q is not a name relative to group_path, as CN=Staff: %w", name, err)
		}
		if err := w.see(dn, ad.Equal("objectClass", "group")); err != nil {
			return err
		}
	}
	return nil
}
