package observe

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// Attributes of containers that say which group policies hold below (MS-GPOL 2.2.2).
const (
	policyLinks   = "gPLink"
	policyOptions = "gPOptions" // 1: those from further up do not, unless they are enforced
)

// Options of one link (MS-GPOL 2.2.2).
const (
	linkDisabled = 1
	linkEnforced = 2
)

var policyLink = regexp.MustCompile(`(?i)\[LDAP://([^;\]]+);(\d+)\]`)

// places reads what holds where accounts are that match may offer, and in the managed
// container. What cannot be read is said, and no fault.
type places struct {
	types   map[string][]adrules.GUID // what access lists call the attributes
	above   map[string]*container     // by DN key
	names   map[string]string         // of policies, by DN key
	trustee map[adrules.SID]string
}

type container struct {
	links   []link
	blocked bool
	unread  string
	list    *acl.List
}

type link struct {
	dn       ad.DN
	enforced bool
}

// readPlaces adds the places of accounts from outside, each once.
func (o *Observer) readPlaces(ctx context.Context, obs *plan.Observation) error {
	if o.cfg.Match == nil {
		return nil
	}
	wanted := map[string]ad.DN{}
	for i := range obs.Elsewhere {
		if a := &obs.Elsewhere[i]; a.Class == "user" && !a.InContainer && a.Unmatched == "" && a.Protected == "" {
			if dn, err := ad.ParseDN(a.Parent); err == nil {
				wanted[a.Parent] = dn
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	if obs.Places == nil {
		wanted[obs.Container.DN] = o.base
	}
	all := maps.Clone(obs.Places)
	if all == nil {
		all = map[string]plan.Place{}
	}
	for name, dn := range wanted {
		if _, known := all[name]; known {
			continue
		}
		place, err := o.place(ctx, dn)
		if err != nil {
			return fmt.Errorf("read what holds in %s: %w", dn, err)
		}
		all[name] = place
	}
	obs.Places = all
	return nil
}

func (o *Observer) place(ctx context.Context, dn ad.DN) (p plan.Place, err error) {
	if o.places.types == nil {
		o.places = places{above: map[string]*container{}, names: map[string]string{}, trustee: map[adrules.SID]string{}}
		if o.places.types, err = access.Types(ctx, o.dir, []string{policyLinks, policyOptions}); err != nil {
			return p, err
		}
	}
	blocked := false
	for at := dn; at.Within(o.domain.Base); at = at.Parent() {
		c, err := o.container(ctx, at)
		if err != nil {
			return p, err
		}
		if c.unread != "" {
			p.Unread = append(p.Unread, c.unread)
		}
		for _, l := range c.links {
			if blocked && !l.enforced {
				continue
			}
			name, err := o.policyName(ctx, l.dn)
			if err != nil {
				return p, err
			}
			p.Policies = append(p.Policies, plan.InPlace{Key: l.dn.Key(), Name: name})
		}
		if c.blocked {
			blocked = true
			p.Blocked = append(p.Blocked, at.String())
		}
	}
	c, err := o.container(ctx, dn)
	if err != nil {
		return p, err
	}
	if c.list == nil {
		p.Unread = append(p.Unread, "the access list of "+dn.String()+" cannot be read")
		return p, nil
	}
	grants := c.list.ForChildren(acl.UserClass).Grants()
	if err := o.nameTrustees(ctx, grants); err != nil {
		return p, err
	}
	for _, g := range grants {
		name := o.places.trustee[g.SID]
		if g.Denies {
			name += " (denied)"
		}
		p.Delegated = append(p.Delegated, plan.InPlace{Key: g.Key, Name: name})
	}
	return p, nil
}

func (o *Observer) container(ctx context.Context, dn ad.DN) (*container, error) {
	if c := o.places.above[dn.Key()]; c != nil {
		return c, nil
	}
	e, found, err := o.one(ctx, dn, "objectClass", policyLinks, policyOptions, access.Descriptor)
	if err != nil {
		return nil, err
	}
	c := &container{}
	o.places.above[dn.Key()] = c
	if !found {
		c.unread = dn.String() + " cannot be read: it is not known which group policies are linked there"
		return c, nil
	}
	c.list, c.blocked = access.List(e), e.Text(policyOptions) == "1"
	for _, part := range policyLink.FindAllStringSubmatch(e.Text(policyLinks), -1) {
		options, _ := strconv.Atoi(part[2])
		if of, err := ad.ParseDN(part[1]); err == nil && options&linkDisabled == 0 {
			c.links = append(c.links, link{of, options&linkEnforced != 0})
		}
	}
	if !e.Has(policyLinks) && !o.mayRead(c.list, policyLinks) {
		c.unread = "which group policies are linked at " + dn.String() + " cannot be read"
	}
	return c, nil
}

func (o *Observer) mayRead(list *acl.List, attribute string) bool {
	return list != nil && list.Allows(append(access.Token(o.domain), adrules.SIDAuthenticated), acl.ReadProperty, o.places.types[strings.ToLower(attribute)]...)
}

// policyName is what people call a group policy, or else the name of its object.
func (o *Observer) policyName(ctx context.Context, dn ad.DN) (string, error) {
	if name := o.places.names[dn.Key()]; name != "" {
		return name, nil
	}
	_, name := dn.Name()
	e, found, err := o.one(ctx, dn, "displayName")
	if err != nil {
		return "", err
	}
	if found && e.Has("displayName") {
		name = e.Text("displayName")
	}
	o.places.names[dn.Key()] = name
	return name, nil
}

// wellKnown is what Windows calls SIDs that are no one's account (MS-DTYP 2.4.2.4).
var wellKnown = map[adrules.SID]string{
	acl.OwnerRights: "OWNER RIGHTS", acl.CreatorOwner: "CREATOR OWNER", adrules.SIDSelf: "SELF", adrules.SIDEveryone: "Everyone",
	adrules.SIDAuthenticated: "Authenticated Users", "S-1-5-9": "ENTERPRISE DOMAIN CONTROLLERS", "S-1-5-18": "SYSTEM",
}

// nameTrustees looks up who is named for the first time; who is not found is called by
// the SID.
func (o *Observer) nameTrustees(ctx context.Context, grants []acl.Grant) error {
	var unknown []adrules.SID
	for _, g := range grants {
		if o.places.trustee[g.SID] == "" {
			o.places.trustee[g.SID] = cmp.Or(wellKnown[g.SID], string(g.SID))
			unknown = append(unknown, g.SID)
		}
	}
	for sids := range slices.Chunk(unknown, ad.MaxBatch) {
		var filters []ad.Filter
		for _, sid := range sids {
			filters = append(filters, ad.Equal("objectSid", string(sid.Bytes())))
		}
		search := ad.Search{Base: o.domain.Base, Scope: ad.ScopeSubtree, Filter: ad.Or(filters...), Attributes: []string{"objectSid", "sAMAccountName"}}
		if _, err := o.dir.Search(ctx, search, func(e ad.Entry) error {
			if name := e.Text("sAMAccountName"); name != "" {
				o.places.trustee[e.SID()] = name
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
