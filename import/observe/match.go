package observe

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// matching is what is known before accounts are matched by keys.
type matching struct {
	within  []within
	defined map[string]ad.Definition   // of the keys, by lower-case name
	unread  map[string]map[string]bool // by key: DNs of accounts of which it may not be readable
	held    map[string]map[string][]keyHolder
	judged  map[[sha256.Size]byte]selfWritten // by the access list
}

// within is an organizational unit of match.within.
type within struct {
	dn      ad.DN
	unfit   string
	missing bool // it was not found, which is said of it
	read    bool // for keys that cannot be read
}

// keyHolder is an object that has a value.
type keyHolder struct {
	dn   ad.DN
	guid adrules.GUID
}

// compared are attributes that match compares, beside those that are read anyway.
func (o *Observer) compared() []string {
	if o.cfg.Match == nil {
		return nil
	}
	return []string{"employeeID", "employeeNumber", "givenName", "sn"}
}

// readMatch judges the organizational units of which accounts may be taken over. What
// is wrong with one keeps match from it, and nothing else: people go on leaving.
func (o *Observer) readMatch(ctx context.Context, obs *plan.Observation) (err error) {
	if o.cfg.Match == nil {
		return nil
	}
	if err = o.defineKeys(ctx); err != nil {
		return err
	}
	o.matching.within = nil
	for _, text := range o.cfg.Match.Within {
		dn, err := ad.ParseDN(text)
		if err != nil {
			return fmt.Errorf("%w: match.within: %q is not a distinguished name", ErrConfiguration, text)
		}
		ou := within{dn: dn}
		if ou.unfit, ou.missing, err = o.unfitToMatch(ctx, dn); err != nil {
			return fmt.Errorf("read %s of match.within: %w", dn, err)
		}
		o.matching.within = append(o.matching.within, ou)
		obs.Within = append(obs.Within, plan.Container{DN: text, Unfit: ou.unfit})
	}
	return nil
}

// unfitToMatch tells why no account of an organizational unit may be taken over.
func (o *Observer) unfitToMatch(ctx context.Context, dn ad.DN) (why string, missing bool, err error) {
	e, found, err := o.one(ctx, dn, "objectClass", "isCriticalSystemObject")
	switch {
	case err != nil:
		return "", false, err
	case !found:
		return dn.String() + " does not exist, or the bound account may not see it", true, nil
	case o.domainsOwn(e.DN) || strings.EqualFold(e.Text("isCriticalSystemObject"), "TRUE"):
		return dn.String() + " is, or is in, a container of the domain's own", false, nil
	case !strings.EqualFold(class(e), "organizationalUnit"):
		return dn.String() + " is a " + class(e) + ", not an organizational unit", false, nil
	}
	why, err = o.holdsProtected(ctx, dn)
	return why, false, err
}

// holdsProtected names a protected account below, or one that administers the domain by its
// groups. Those of the managed container have been there before, and are left alone by rows
// of their own.
func (o *Observer) holdsProtected(ctx context.Context, dn ad.DN) (why string, err error) {
	search := ad.Search{Base: dn, Scope: ad.ScopeSubtree, Attributes: o.attributes(), Filter: ad.And(ad.Equal("objectClass", "user"),
		ad.Or(ad.Equal("adminCount", "1"), ad.Present("servicePrincipalName"), ad.Equal("isCriticalSystemObject", "TRUE")))}
	var names []string
	_, err = o.dir.Search(ctx, search, func(e ad.Entry) error {
		if class(e) == "user" && !e.DN.Within(o.base) {
			names = append(names, e.DN.String())
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	administrators, err := o.administratorsBelow(ctx, dn)
	if names = append(names, administrators...); err != nil || len(names) == 0 {
		return "", err
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return fmt.Sprintf("%s holds accounts of administrators or services (%s); name organizational units that hold none", dn, listed(names)), nil
}

// administratorsBelow are the accounts that administer the domain by a group, by nesting, too:
// some controllers never write adminCount.
func (o *Observer) administratorsBelow(ctx context.Context, dn ad.DN) (names []string, err error) {
	search := ad.Search{Base: dn, Scope: ad.ScopeSubtree, Attributes: []string{"objectClass", "objectSid", memberOf, "primaryGroupID"},
		Filter: ad.And(ad.Equal("objectClass", "user"), ad.Or(ad.Present(memberOf), ad.Not(ad.Equal("primaryGroupID", "513"))))}
	var found []plan.Account
	_, err = o.dir.Search(ctx, search, func(e ad.Entry) error {
		a := plan.Account{DN: e.DN.String(), SID: e.SID(), Class: class(e), Groups: e.Texts(memberOf)}
		switch {
		case a.Class != "user" || e.DN.Within(o.base):
		case administrativePrimaryGroup(e, &a):
			names = append(names, a.DN)
		default:
			found = append(found, a)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := o.administrators.read(ctx, found); err != nil {
		return nil, err
	}
	for i := range found {
		if found[i].Administers != "" {
			names = append(names, found[i].DN)
		}
	}
	return names, nil
}

// listed has the first few.
func listed(names []string) string {
	const most = 3
	if len(names) > most {
		return fmt.Sprintf("%s, and %d more", strings.Join(names[:most], "; "), len(names)-most)
	}
	return strings.Join(names, "; ")
}

// match reads what keys are compared with, and who could have written them.
func (o *Observer) match(e ad.Entry, a *plan.Account) {
	if o.cfg.Match == nil || a.Class != "user" {
		return
	}
	for _, name := range o.compared() {
		if e.Has(name) {
			o.values.Set(strings.ToLower(name), schema.Value{List: e.Texts(name)})
		}
	}
	a.SelfWritten, a.SelfUnknown = o.selfWritten(e, a)
	switch inside := e.DN.Within(o.base); {
	case !inside:
		a.Unmatched = o.unmatched(e.DN)
	case !o.anchoredHere(e):
		o.doubtKeys(e)
	}
}

// unmatched tells why the account of this name may not be taken over by match.
func (o *Observer) unmatched(dn ad.DN) string {
	why := dn.String() + " is not within match.within"
	for _, ou := range o.matching.within {
		switch {
		case !dn.Within(ou.dn):
		case ou.unfit == "":
			return ""
		default:
			why = ou.unfit
		}
	}
	return why
}

// selfWritten are the keys that the user of an account may write, as the access list
// of the account says (MS-ADTS 5.1.3.3), or may as its owner, who may change that list unless
// it says what owners may. Groups of users' own are not looked at.
// Accounts of one place have mostly one list, which is judged once; not so one that
// names the account itself.
func (o *Observer) selfWritten(e ad.Entry, a *plan.Account) (keys []string, unknown bool) {
	if !e.Has(access.Descriptor) {
		return nil, true
	}
	descriptor := e.Values(access.Descriptor)[0]
	if bytes.Contains(descriptor, a.SID.Bytes()) {
		return o.writtenBy(e, a.SID)
	}
	sum := sha256.Sum256(descriptor)
	known, judged := o.matching.judged[sum]
	if !judged {
		known.keys, known.unknown = o.writtenBy(e, a.SID)
		if o.matching.judged == nil {
			o.matching.judged = map[[sha256.Size]byte]selfWritten{}
		}
		o.matching.judged[sum] = known
	}
	return known.keys, known.unknown
}

// selfWritten is what a list says of users in general.
type selfWritten struct {
	keys    []string
	unknown bool
}

// writtenBy are the keys that a user may write, by the access list of an account.
func (o *Observer) writtenBy(e ad.Entry, sid adrules.SID) (keys []string, unknown bool) {
	list := access.List(e)
	if list == nil {
		return nil, true
	}
	user := []adrules.SID{adrules.SIDSelf, adrules.SIDEveryone, adrules.SIDAuthenticated, adrules.SIDUsers, adrules.SIDPreWindows2000, sid, adrules.SID(fmt.Sprintf("%s-%d", sid.Domain(), adrules.DomainUsersRID))}
	owns := slices.Contains(user, list.Owner)
	if owns {
		user = append(user, acl.OwnerRights)
	}
	all := list.Allows(user, acl.WriteDACL) || list.Allows(user, acl.WriteOwner) || owns && !list.Names(acl.OwnerRights)
	for _, key := range o.cfg.Match.Keys {
		d := o.matching.defined[strings.ToLower(key)]
		if all || list.Allows(user, acl.WriteProperty, d.ID, d.PropertySet) {
			keys = append(keys, key)
		}
	}
	return keys, false
}

// keyFilters has one term for each object that has one of these values and is not known
// yet. No directory has an index of employeeID, so that each search for some of them
// takes as long as one for all.
func (o *Observer) keyFilters(ctx context.Context, obs *plan.Observation, keys []plan.Key) (filters []ad.Filter, err error) {
	known := knownIn(obs)
	for _, key := range keys {
		held, err := o.readKeys(ctx, key.Attribute)
		if err != nil {
			return nil, fmt.Errorf("look for who has an %s: %w", key.Attribute, err)
		}
		for _, at := range held[key.Value] {
			switch {
			case known[at.guid]:
			case at.guid.IsZero():
				filters = append(filters, ad.Equal("distinguishedName", at.dn.String()))
			default:
				filters = append(filters, ad.Equal("objectGUID", string(at.guid[:])))
			}
		}
	}
	return filters, nil
}

// readKeys finds everything in the domain that has an attribute, in one search.
func (o *Observer) readKeys(ctx context.Context, attribute string) (map[string][]keyHolder, error) {
	if held, read := o.matching.held[attribute]; read {
		return held, nil
	}
	held := map[string][]keyHolder{}
	search := ad.Search{Base: o.domain.Base, Scope: ad.ScopeSubtree, Filter: ad.Present(attribute), Attributes: []string{"objectGUID", attribute}}
	_, err := o.dir.Search(ctx, search, func(e ad.Entry) error {
		for _, text := range e.Texts(attribute) {
			form := plan.KeyForm(text)
			held[form] = append(held[form], keyHolder{e.DN, e.GUID()})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if o.matching.held == nil {
		o.matching.held = map[string]map[string][]keyHolder{}
	}
	o.matching.held[attribute] = held
	return held, nil
}
