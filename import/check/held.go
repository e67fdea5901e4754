package check

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// rights are what one identity may do to managed accounts, as the directory
// itself tells (MS-ADTS 3.1.1.4.5.20 to 26): of an account where there is one,
// else of what a new account inherits from the container.
type rights struct {
	dir      ad.Searcher     // bound as this identity
	create   bool            // users in the container
	write    map[string]bool // attributes, lower case; nil: not known
	list     *acl.List       // of accounts; nil where it may not be read
	ofOU     *acl.List       // of the container itself
	token    []adrules.SID
	from     string // what was looked at, for a person
	owner    bool   // it may change access lists only since it owns what it created
	ended    bool   // an entry for OWNER RIGHTS is there, for whom it counts
	memberOf string // an administrative group that it is in; "": none
}

// lockout is written to unlock an account: by approvers alone.
const lockout = "lockoutTime"

// daclWritable is DACL_SECURITY_INFORMATION in sDRightsEffective.
const daclWritable = 4

// rightsOf asks as the identity that dir is bound as.
func (t Target) rightsOf(ctx context.Context, dir ad.Searcher) (rights, error) {
	r := rights{dir: dir, token: access.Token(dir.Domain())}
	for _, sid := range dir.Domain().Groups {
		if sid.Administrative() {
			r.memberOf = groupName(ctx, dir, sid)
		}
	}
	container, _, err := ad.ReadObject(ctx, dir, t.base(), access.Classes, access.Descriptor)
	if err != nil {
		return r, err
	}
	r.create = slices.ContainsFunc(container.Texts(access.Classes), func(s string) bool { return strings.EqualFold(s, "user") })
	r.ofOU = access.List(container)
	if a := sample(t.Observed.Accounts); a != nil {
		return r, r.ofAccount(ctx, a)
	}
	return r, r.ofNewOnes(ctx, append(t.needed(), "pwdLastSet", lockout))
}

func (t Target) base() ad.DN {
	base, _ := ad.ParseDN(t.Config.ManagedUserPath) // was read
	return base
}

// needed are the attributes that an import may have to write.
func (t Target) needed() []string {
	names := map[string]string{}
	for _, name := range []string{"cn", "sAMAccountName", "userPrincipalName", "userAccountControl"} {
		names[strings.ToLower(name)] = name
	}
	if t.Config.ExpirationTime != nil {
		names["accountexpires"] = "accountExpires"
	}
	if t.Config.AnchorAttribute != "" {
		names[strings.ToLower(t.Config.AnchorAttribute)] = t.Config.AnchorAttribute
	}
	for _, a := range t.Observed.Attributes {
		if t.mapped(a.Name) && !a.Missing && !a.NotOfUsers && a.Barred == "" {
			names[strings.ToLower(a.Name)] = a.Name
		}
	}
	return slices.Sorted(maps.Values(names))
}

// sample is an account that the import is meant to change; nil where there is none.
func sample(accounts []plan.Account) (found *plan.Account) {
	for i := range accounts {
		if a := &accounts[i]; a.Class == "user" && a.Protected == "" {
			if a.Anchor.ObjectGUID != "" {
				return a
			}
			if found == nil {
				found = a
			}
		}
	}
	return found
}

func groupName(ctx context.Context, dir ad.Searcher, sid adrules.SID) string {
	name := string(sid)
	_, _ = dir.Search(ctx, ad.Search{Base: dir.Domain().Base, Filter: ad.Equal("objectSid", string(sid.Bytes())), Attributes: []string{"cn"}}, func(e ad.Entry) error {
		name = e.Text("cn")
		return nil
	})
	return name
}

func (r *rights) ofAccount(ctx context.Context, a *plan.Account) error {
	e, _, err := ad.ReadObject(ctx, r.dir, ad.ByGUID(a.GUID), access.Attributes, access.Control, access.Descriptor)
	if err != nil {
		return err
	}
	r.from = "an account in the container (" + a.DN + ")"
	r.write = access.Lower(e.Texts(access.Attributes))
	r.list = access.List(e)
	control, _ := e.Int(access.Control)
	r.owner = control&daclWritable != 0 && r.list != nil && !r.list.Allows(r.token, acl.WriteDACL)
	return nil
}

// ofNewOnes judges by what an account inherits that is yet to be made.
func (r *rights) ofNewOnes(ctx context.Context, attributes []string) error {
	r.from = "what a new account inherits from the container"
	if r.ofOU == nil {
		return nil
	}
	child := r.ofOU.ForChildren(acl.UserClass)
	r.list = &child
	r.token = append(r.token, acl.CreatorOwner)
	r.ended = child.Names(acl.OwnerRights)
	r.owner = r.create && (r.dir.Domain().Samba || !r.ended) // MS-DTYP 2.5.3.2; Samba 4.17 does not heed it
	types, err := access.Types(ctx, r.dir, attributes)
	if err != nil {
		return err
	}
	r.write = map[string]bool{}
	for name, about := range types {
		if child.Allows(r.token, acl.WriteProperty, about...) {
			r.write[name] = true
		}
	}
	return nil
}

// lacking are those of the attributes that may not be written.
func (r *rights) lacking(attributes []string) []string {
	var lacking []string
	for _, name := range attributes {
		if !r.write[strings.ToLower(name)] {
			lacking = append(lacking, name)
		}
	}
	return lacking
}

// askGroups tells of the mapped groups that are asked about, as far as they
// exist, whether their members may be changed.
func (r *rights) askGroups(ctx context.Context, say teller, groups []plan.Group, tell func(g *plan.Group, may bool)) {
	for i := range groups {
		g := &groups[i]
		if g.Missing != "" {
			continue
		}
		e, _, err := ad.ReadObject(ctx, r.dir, ad.ByGUID(g.GUID), access.Attributes)
		if err != nil {
			say.fail("members", fmt.Errorf("read what %s may do to %s: %w", r.dir.Domain().Identity, g.CN, err))
			continue
		}
		tell(g, access.Lower(e.Texts(access.Attributes))["member"])
	}
}
