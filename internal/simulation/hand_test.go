package simulation

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/memad"
)

// Administrators work by hand: what a domain refuses them is not done.

var (
	givenNames = []string{"Anna", "Bert", "Carla", "Dora", "Emil", "José", "Jose"}
	surnames   = []string{"Ash", "Birk", "Czerny", "Dorn", "Öz", "O'Neil, jr."}
)

// someName is one of few, so that namesakes are met.
func someName(r *rand.Rand) (given, surname string) {
	return oneOf(r, givenNames...), oneOf(r, surnames...)
}

var plain = strings.NewReplacer("é", "e", "ö", "o", "'", "", ",", "", ".", "", " ", "")

func loginName(r *rand.Rand, given, surname string) string {
	name := plain.Replace(strings.ToLower(given[:1] + surname))
	if chance(r, 60) {
		name += strconv.Itoa(r.IntN(90))
	}
	return name
}

// users below a place of a domain.
func users(d *memad.Directory, below ad.DN, more ...string) []ad.Entry {
	var found []ad.Entry
	_, err := d.Search(ctx, ad.Search{Base: below, Scope: ad.ScopeSubtree, Filter: ad.People,
		Attributes: append(more, "objectGUID", "cn", "sAMAccountName", "userAccountControl", "memberOf", "adminDescription", "accountExpires", "employeeID", "givenName", "sn")},
		func(e ad.Entry) error { found = append(found, e); return nil })
	must(err)
	return found
}

func guidOf(e ad.Entry) string { return e.GUID().String() }

func name(e ad.Entry) string { return e.Text("cn") + " (" + e.Text("sAMAccountName") + ")" }

func (w *world) staff() []ad.Entry { return users(w.source, w.people()) }

func anyOf(r *rand.Rand, list []ad.Entry) (ad.Entry, bool) { return somebody(r, list, guidOf) }

func set(d *memad.Directory, e ad.Entry, attribute, value string) bool {
	c := ad.Change{Kind: ad.Replace, Attribute: attribute}
	if value != "" {
		c.Values = ad.Values(value)
	}
	return d.Modify(ctx, ad.ByGUID(e.GUID()), []ad.Change{c}) == nil
}

func setMember(d *memad.Directory, group, member ad.DN, in bool) bool {
	c := ad.Change{Kind: ad.DeleteValues, Attribute: "member", Values: ad.Values(member.String())}
	if in {
		c.Kind = ad.AddValues
	}
	return d.Modify(ctx, group, []ad.Change{c}) == nil
}

func setEnabled(d *memad.Directory, e ad.Entry, enabled bool) bool {
	n, _ := e.Int("userAccountControl")
	control := adrules.UserAccountControl(n)
	if control.Disabled() != enabled {
		return false
	}
	if control = control.Disable(); enabled {
		control = control.Enable()
	}
	return set(d, e, "userAccountControl", strconv.Itoa(int(control)))
}

func fileTime(t time.Time) string { return strconv.FormatInt(adrules.FileTime(t), 10) }

// rename returns an account another common name where it is.
func rename(d *memad.Directory, e ad.Entry, cn string) bool {
	return d.Rename(ctx, e.DN, e.DN.Parent().Child("CN", cn)) == nil
}

func move(d *memad.Directory, e ad.Entry, to ad.DN) bool {
	return !e.DN.Parent().Equal(to) && d.Rename(ctx, e.DN, to.Child("CN", e.Text("cn"))) == nil
}

// person adds someone to the source; false where a name is taken.
func (w *world) person(unit ad.DN, cn, account string, groups []string) bool {
	return w.numbered(unit, cn, account, w.number(cn, account), groups)
}

func (w *world) numbered(unit ad.DN, cn, account, number string, groups []string) bool {
	at := unit.Child("CN", cn)
	list := []ad.Attribute{{Name: "objectClass", Values: ad.Values("user")},
		{Name: "sAMAccountName", Values: ad.Values(account)}, {Name: "displayName", Values: ad.Values(cn)},
		{Name: "userAccountControl", Values: ad.Values("512")}, {Name: "unicodePwd", Values: [][]byte{ad.PasswordValue("By-Hand-4711!")}}}
	given, surname, _ := strings.Cut(cn, " ")
	for _, more := range [][2]string{{"employeeID", number}, {"givenName", given}, {"sn", surname}} {
		if more[1] != "" {
			list = append(list, ad.Attribute{Name: more[0], Values: ad.Values(more[1])})
		}
	}
	if err := w.source.Add(ctx, at, list); err != nil {
		return false
	}
	for _, g := range groups {
		setMember(w.source, w.sourceGroup(g), at, true)
	}
	return true
}

func (w *world) sourceGroup(name string) ad.DN {
	return dn("CN=" + name + ",OU=Groups," + root(w.domain))
}

func targetGroup(name string) ad.DN { return dn("CN=" + name + "," + groupsOU) }

func (w *world) unit(r *rand.Rand) ad.DN {
	return dn(oneOf(r, "OU=Office,", "OU=Works,") + w.people().String())
}

func someGroups(r *rand.Rand) []string {
	groups := []string{oneOf(r, sourceGroups[:2]...)}
	if chance(r, 25) {
		groups = append(groups, "t-Admins")
	}
	return groups
}

func (w *world) hire(r *rand.Rand) string {
	given, surname := someName(r)
	cn, account := given+" "+surname, loginName(r, given, surname)
	groups := someGroups(r)
	if !w.person(w.unit(r), cn, account, groups) {
		return ""
	}
	return fmt.Sprintf("%s (%s), in %v", cn, account, groups)
}
