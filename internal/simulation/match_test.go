package simulation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// number is what the house calls a person by; namesakes may share it.
func (w *world) number(cn, account string) string {
	return fmt.Sprint(100_000 + hash(fmt.Sprint(cn, account, w.day))%900_000)
}

func matchingUntil(day time.Time) string { return day.AddDate(0, 0, 80).Format(time.DateOnly) }

func (s settings) match() *schema.Match {
	if s.Until == "" {
		return nil
	}
	return &schema.Match{Until: s.Until}
}

func (s settings) matching() string {
	if s.Until == "" {
		return ""
	}
	return fmt.Sprintf(`"match": {"keys": ["employeeID"], "within": [%q], "until": %q},`, elsewhere.String(), s.Until)
}

func (w *world) matchAnew(*rand.Rand) string {
	w.settings.Until = matchingUntil(w.now)
	w.configure()
	return w.settings.Until
}

// hasAccount: an administrator of the target made an account for a person of the
// source, who may have one already.
func (w *world) hasAccount(r *rand.Rand) string {
	e, ok := anyOf(r, users(w.source, w.people(), "employeeID", "givenName", "sn"))
	if !ok {
		return ""
	}
	cn := e.Text("cn")
	if chance(r, 30) {
		_, surname := someName(r)
		cn = e.Text("givenName") + " " + surname
	}
	at := oneOf(r, elsewhere, elsewhere, w.managed).Child("CN", cn)
	account := loginName(r, e.Text("givenName"), e.Text("sn"))
	if w.target.Add(ctx, at, []ad.Attribute{{Name: "objectClass", Values: ad.Values("user")}, {Name: "sAMAccountName", Values: ad.Values(account)},
		{Name: "givenName", Values: ad.Values(e.Text("givenName"))}, {Name: "sn", Values: ad.Values(e.Text("sn"))}, {Name: "employeeID", Values: ad.Values(e.Text("employeeID"))},
		{Name: "userAccountControl", Values: ad.Values("512")}, {Name: "unicodePwd", Values: [][]byte{ad.PasswordValue("By-Hand-4711!")}}}) != nil {
		return ""
	}
	into := ""
	if chance(r, 40) {
		into = oneOf(r, targetGroups...)
		setMember(w.target, targetGroup(into), at, true)
	}
	if chance(r, 10) {
		w.target.Overwrite(at, map[string]string{"adminCount": "1"})
	}
	return fmt.Sprintf("%s as %s (%s), in %q", name(e), at, account, into)
}

// unmatched: no account is made for whom someone's account carries the number, until a
// person has said that it is another one.
func (j *judge) unmatched(x *run, a *account, anchor string) {
	u := find(x.file(), anchor)
	if x.stale || !x.settings.match().Open(x.after.now, x.Config.TimeZone) || x.said("create", anchor, "", "") || j.denied[anchor] {
		return
	}
	number := numberOf(u)
	if x.numberShared(u) {
		return
	}
	for _, guid := range x.before.order {
		o := x.before.accounts[guid]
		if number != "" && o.number == number && o.stamp == "" && j.own[guid] == "" && j.hidden[guid] == "" {
			j.breach("one account", "%s was created for %s, and %s carries their number", a.dn, anchor, o.dn)
		}
	}
}

// numberShared reports whether the file has someone's number twice.
func (x *run) numberShared(u *schema.User) bool {
	return slices.ContainsFunc(x.file().Users, func(o schema.User) bool { return o.ObjectGUID != u.ObjectGUID && numberOf(&o) == numberOf(u) })
}

func numberOf(u *schema.User) string { return strings.Join(u.Attributes.List("employeeID"), "") }
