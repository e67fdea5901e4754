package importer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/import/access"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// rights are what one identity may do to managed accounts, as the directory
// itself tells (MS-ADTS 3.1.1.4.5.20 to 26): of an account where there is one,
// else of what a new account inherits from the container.
type rights struct {
	create   bool            // users in the container
	write    map[string]bool // attributes, lower case; nil: not known
	list     *acl.List       // of accounts; nil where it may not be read
	ofOU     *acl.List       // of the container itself
	token    []adrules.SID
	from     string // what was looked at, for a person
	owner    bool   // it may change access lists only since it owns what it created
	memberOf string // an administrative group that it is in; "": none
}

// daclWritable is DACL_SECURITY_INFORMATION in sDRightsEffective.
const daclWritable = 4

// readRights asks as the identity that dir is bound as.
func (c *checker) readRights(ctx context.Context, dir Directory) (rights, error) {
	o := newObserver(dir, c.Config, nil)
	d := dir.Domain()
	r := rights{token: access.Token(o.domain)}
	for _, sid := range d.Groups {
		if sid.Administrative() {
			r.memberOf = o.groupName(ctx, sid)
		}
	}
	container, _, err := o.one(ctx, c.observer.base, access.Classes, access.Descriptor)
	if err != nil {
		return r, err
	}
	r.create = slices.ContainsFunc(container.Texts(access.Classes), func(s string) bool { return strings.EqualFold(s, "user") })
	r.ofOU = access.List(container)
	if guid, dn, found := c.sample(); found {
		return r, r.ofAccount(ctx, o, guid, dn)
	}
	return r, r.ofNewOnes(ctx, o, append(c.needed(), "pwdLastSet"))
}

// sample is an account that the import is meant to change.
func (c *checker) sample() (guid adrules.GUID, dn string, found bool) {
	for i := range c.obs.Accounts {
		if a := &c.obs.Accounts[i]; a.Class == "user" && a.Protected == "" {
			if !found || a.Stamp.Anchor != "" {
				guid, dn, found = a.GUID, a.DN, true
			}
			if a.Stamp.Anchor != "" {
				break
			}
		}
	}
	return guid, dn, found
}

func (r *rights) ofAccount(ctx context.Context, o *observer, guid adrules.GUID, dn string) error {
	e, _, err := o.one(ctx, ad.ByGUID(guid), access.Attributes, access.Control, access.Descriptor)
	if err != nil {
		return err
	}
	r.from = "an account in the container (" + dn + ")"
	r.write = access.Lower(e.Texts(access.Attributes))
	r.list = access.List(e)
	control, _ := e.Int(access.Control)
	r.owner = control&daclWritable != 0 && r.list != nil && !r.list.Allows(r.token, acl.WriteDACL)
	return nil
}

// ofNewOnes judges by what an account inherits that is yet to be made.
func (r *rights) ofNewOnes(ctx context.Context, o *observer, attributes []string) error {
	r.from = "what a new account inherits from the container"
	if r.ofOU == nil {
		return nil
	}
	child := r.ofOU.ForChildren(acl.UserClass)
	r.list = &child
	r.token = append(r.token, acl.CreatorOwner)
	r.owner = r.create && (o.domain.Samba || !child.Names(acl.OwnerRights)) // MS-DTYP 2.5.3.2; Samba 4.17 does not heed it
	types, err := access.Types(ctx, o.dir, attributes)
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

func (o *observer) groupName(ctx context.Context, sid adrules.SID) string {
	name := string(sid)
	_, _ = o.dir.Search(ctx, ad.Search{Base: o.domain.Base, Filter: ad.Equal("objectSid", string(sid.Bytes())), Attributes: []string{"cn"}}, func(e ad.Entry) error {
		name = e.Text("cn")
		return nil
	})
	return name
}

// needed are the attributes that an import may have to write.
func (c *checker) needed() []string {
	names := map[string]string{}
	for _, name := range []string{"cn", "sAMAccountName", "userPrincipalName", "userAccountControl"} {
		names[strings.ToLower(name)] = name
	}
	if c.Config.ExpirationTime != nil {
		names["accountexpires"] = "accountExpires"
	}
	if c.Config.AnchorAttribute != "" {
		names[strings.ToLower(c.Config.AnchorAttribute)] = c.Config.AnchorAttribute
	}
	for _, a := range c.obs.Attributes {
		if c.mapped(a.Name) && !a.Missing && !a.NotOfUsers && a.Barred == "" {
			names[strings.ToLower(a.Name)] = a.Name
		}
	}
	return slices.Sorted(maps.Values(names))
}

// lacking are those of the attributes that may not be written.
func (r rights) lacking(attributes []string) []string {
	var lacking []string
	for _, name := range attributes {
		if !r.write[strings.ToLower(name)] {
			lacking = append(lacking, name)
		}
	}
	return lacking
}

// rights tells what the import lacks, and what it has beyond its need.
func (c *checker) rights(ctx context.Context) {
	r, err := c.readRights(ctx, c.Directory)
	if err != nil {
		c.fail("rights", fmt.Errorf("read what %s may do: %w", c.observer.domain.Identity, err))
		return
	}
	c.mayCreate(r)
	c.mayWrite(r, c.needed())
	c.mayJoin(ctx, c.Directory)
	c.excess(r)
}

func (c *checker) mayCreate(r rights) {
	if !r.create {
		c.say("create", schema.CheckFailed, fmt.Sprintf("%s may not create users in %s", c.Directory.Domain().Identity, c.observer.base), access.Hint)
		return
	}
	c.fine("create", "may create users in the container")
}

func (c *checker) mayWrite(r rights, attributes []string) {
	lacking := r.lacking(attributes)
	switch {
	case r.write == nil:
		c.say("write", schema.CheckLeftOut, "what it may write could not be found out: the container is empty, and its access list may not be read", "")
	case len(lacking) > 0:
		c.say("write", schema.CheckFailed, "may not write "+strings.Join(lacking, ", ")+", judging by "+r.from, access.Hint)
	default:
		c.fine("write", "may write all %d attributes that an import writes, judging by %s", len(attributes), r.from)
	}
}
