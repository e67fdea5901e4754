package memad

import (
	"cmp"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// User is a person to be added. Parent is relative to the domain, as
// "OU=Staff"; "" stands for CN=Users.
type User struct {
	Parent      string
	CN          string // AccountName where empty
	AccountName string
	Password    string // "": none, and the account is disabled
	Disabled    bool
	Groups      []string          // relative to the domain
	Attributes  map[string]string // further ones
}

// The Add... methods fill a directory before it is used. They take names
// relative to the domain, are held to the directory's rules, count as no
// operation, and panic where they are refused: what they are given is part of
// the program.

// AddOU makes an organizational unit, and those above it that are missing.
func (d *Directory) AddOU(relative string) ad.DN {
	d.mu.Lock()
	defer d.mu.Unlock()
	dn := d.domain.relative(relative)
	if d.store.find(dn) == nil {
		d.mustAdd(d.missing(dn), "organizationalUnit", nil)
	}
	return dn
}

// missing makes the units above dn.
func (d *Directory) missing(dn ad.DN) ad.DN {
	if above := dn.Parent(); d.store.find(above) == nil {
		d.mustAdd(d.missing(above), "organizationalUnit", nil)
	}
	return dn
}

// AddGroup makes a global security group; its account name is its CN. Members
// are relative to the domain.
func (d *Directory) AddGroup(relative string, members ...string) ad.DN {
	d.mu.Lock()
	defer d.mu.Unlock()
	dn := d.missing(d.domain.relative(relative))
	_, name := dn.Name()
	group := d.mustAdd(dn, "group", map[string]string{"sAMAccountName": name})
	for _, member := range members {
		d.join(group, d.domain.relative(member))
	}
	return dn
}

// AddUser makes an account, enabled where it has a password and is not
// Disabled.
func (d *Directory) AddUser(u User) ad.DN {
	d.mu.Lock()
	defer d.mu.Unlock()
	attributes := map[string]string{"sAMAccountName": u.AccountName}
	control := adrules.NormalAccount
	if u.Disabled || u.Password == "" {
		control = control.Disable()
	}
	attributes["userAccountControl"] = strconv.Itoa(int(control))
	if u.Password != "" {
		attributes["unicodePwd"] = string(ad.PasswordValue(u.Password))
	}
	maps.Copy(attributes, u.Attributes)
	dn := d.domain.relative(cmp.Or(u.Parent, "CN=Users")).Child("CN", cmp.Or(u.CN, u.AccountName))
	user := d.mustAdd(d.missing(dn), "user", attributes)
	for _, group := range u.Groups {
		d.join(d.store.find(d.domain.relative(group)), d.store.nameOf(user))
	}
	return dn
}

// Set changes attributes of an object by hand; "" clears.
func (d *Directory) Set(dn ad.DN, attributes map[string]string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var changes []ad.Change
	for name, value := range attributes {
		c := ad.Change{Kind: ad.Replace, Attribute: name}
		if value != "" {
			c.Values = ad.Values(value)
		}
		changes = append(changes, c)
	}
	if r := d.modify(dn, changes); r != nil {
		panic(failure("change", dn, r))
	}
}

// Overwrite sets stored attributes without asking any rule, for states that the
// system alone brings about, such as a locked account.
func (d *Directory) Overwrite(dn ad.DN, attributes map[string]string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.store.find(dn)
	changed := o.copy()
	for name, value := range attributes {
		changed.values[strings.ToLower(name)] = ad.Values(value)
	}
	changed.usn = d.store.nextUSN()
	d.store.reindex(o, changed)
	d.store.objects[o.guid] = changed
}

func (d *Directory) mustAdd(dn ad.DN, class string, attributes map[string]string) *object {
	list := []ad.Attribute{{Name: "objectClass", Values: ad.Values(class)}}
	for name, value := range attributes {
		list = append(list, ad.Attribute{Name: name, Values: ad.Values(value)})
	}
	o, r := d.add(dn, list)
	if r != nil {
		panic(failure("create", dn, r))
	}
	return o
}

func (d *Directory) join(group *object, member ad.DN) {
	o := d.store.find(member)
	if group == nil || o == nil {
		panic(fmt.Sprintf("no group, or no member %s", member))
	}
	d.store.link(d.store.objects[group.guid], "member", o.guid)
}
