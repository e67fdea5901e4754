package demo

import (
	"context"
	"strconv"
	"strings"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// hand changes a domain as its administrators do. What it is told is part of
// the program, so a refusal is a panic.
type hand struct{ *memad.Directory }

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// entry reads the account or group of this account name.
func (h *hand) entry(account string) ad.Entry {
	var found []ad.Entry
	_, err := h.Search(context.Background(), ad.Search{Base: h.Domain().Base, Filter: ad.Equal("sAMAccountName", account)},
		func(e ad.Entry) error { found = append(found, e); return nil })
	must(err)
	if len(found) != 1 {
		panic("no account " + account)
	}
	return found[0]
}

func (h *hand) find(account string) ad.DN { return h.entry(account).DN }

// anchor is the objectGUID by which a source user is known in the target.
func (h *hand) anchor(account string) string { return h.entry(account).GUID().String() }

// hire adds a person to the source domain.
func (h *hand) hire(p person, password schema.Secret) {
	unit := "OU=Office,OU=People"
	if p.works {
		unit = "OU=Works,OU=People"
	}
	user := memad.User{Parent: unit, CN: p.name(), AccountName: p.account, Password: password.Reveal(), Disabled: p.disabled,
		Attributes: map[string]string{"givenName": p.given, "sn": p.surname, "displayName": p.name(),
			"department": p.department, "title": p.title, "mail": p.mail()}}
	for _, group := range strings.Fields(p.groups) {
		user.Groups = append(user.Groups, "CN="+group+",OU=Groups")
	}
	h.AddUser(user)
	if p.manager != "" {
		h.set(p.account, "manager", h.find(p.manager).String())
	}
}

func (h *hand) set(account, attribute, value string) {
	h.modify(h.find(account), ad.Change{Kind: ad.Replace, Attribute: attribute, Values: ad.Values(value)})
}

func (h *hand) modify(dn ad.DN, changes ...ad.Change) {
	must(h.Modify(context.Background(), dn, changes))
}

func (h *hand) join(account, group string) {
	h.modify(h.find(group), ad.Change{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(h.find(account).String())})
}

func (h *hand) leave(account, group string) {
	h.modify(h.find(group), ad.Change{Kind: ad.DeleteValues, Attribute: "member", Values: ad.Values(h.find(account).String())})
}

func (h *hand) rename(account, cn string) {
	dn := h.find(account)
	must(h.Rename(context.Background(), dn, dn.Parent().Child("CN", cn)))
}

// move puts an account into an organizational unit of the domain.
func (h *hand) move(account, unit string) {
	dn := h.find(account)
	_, cn := dn.Name()
	must(h.Rename(context.Background(), dn, h.Domain().Base.Child("OU", unit).Child("CN", cn)))
}

func (h *hand) disable(account string) { h.control(account, adrules.UserAccountControl.Disable) }

func (h *hand) enable(account string) { h.control(account, adrules.UserAccountControl.Enable) }

func (h *hand) control(account string, change func(adrules.UserAccountControl) adrules.UserAccountControl) {
	now, _ := h.entry(account).Int("userAccountControl")
	h.set(account, "userAccountControl", strconv.Itoa(int(change(adrules.UserAccountControl(now)))))
}

func (h *hand) expire(account string, at time.Time) {
	h.set(account, "accountExpires", strconv.FormatInt(adrules.FileTime(at), 10))
}

// use notes a logon, which the directory alone may write.
func (h *hand) use(account string, at time.Time) {
	h.Overwrite(h.find(account), map[string]string{"lastLogonTimestamp": strconv.FormatInt(adrules.FileTime(at), 10)})
}
