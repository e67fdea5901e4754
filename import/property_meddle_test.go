package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

func (w *world) pick(list []string) string { return rapid.SampledFrom(list).Draw(w.r, "one of") }

// sam is an account name of this scene, or one that is not acceptable.
func (w *world) sam() string {
	name := w.pick(someSAMs)
	if strings.ContainsAny(name, "/y") || name == "root" {
		return name
	}
	return w.name(name)
}

// object was there before: inside or outside, anchored or not, protected or not.
func (w *world) object(i int) {
	parent := rapid.SampledFrom([]ad.DN{w.managed(), w.ou}).Draw(w.r, "where")
	attributes := map[string]string{"userPrincipalName": w.name(fmt.Sprint("old", i)) + "@plant.example"}
	if rapid.Bool().Draw(w.r, "anchored") {
		attributes["adminDescription"] = w.pick([]string{"ad-user-sync:" + w.anchor("0") + "@corp.example",
			"ad-user-sync:" + w.anchor("1") + "@other.example", "ad-user-sync:" + w.anchor("1"), "somebody else's"})
	}
	cn := w.cfg.PrefixCommonNames + rapid.SampledFrom(someNames[:5]).Draw(w.r, "cn")
	sam := w.name(rapid.SampledFrom([]string{"anna", "bert", "carl", "other"}).Draw(w.r, "sam"))
	if w.get(parent.Child("CN", cn), "cn") != nil || len(w.find(parse2(w.t, "DC=plant,DC=example"), ad.ScopeSubtree, ad.Equal("sAMAccountName", sam), "cn")) > 0 {
		return
	}
	for key, value := range map[string]string{"sAMAccountName": sam, "userAccountControl": "512", "unicodePwd": string(ad.PasswordValue("By-Hand-4711!"))} {
		attributes[key] = value
	}
	list := []ad.Attribute{{Name: "objectClass", Values: ad.Values("user")}}
	for name, value := range attributes {
		list = append(list, ad.Attribute{Name: name, Values: ad.Values(value)})
	}
	if w.admin.Add(w.t.Context(), parent.Child("CN", cn), list) != nil {
		return // its name collides
	}
	if rapid.IntRange(0, 3).Draw(w.r, "protected") == 0 {
		w.protect(parent.Child("CN", cn))
	}
}

func (w *world) protect(dn ad.DN) {
	if w.mem == nil {
		w.set(dn, "adminCount", "1")
	} else {
		w.mem.Overwrite(dn, map[string]string{"adminCount": "1"})
	}
}

func parse2(t testing.TB, text string) ad.DN {
	dn, err := ad.ParseDN(text)
	require.NoError(t, err)
	return dn
}

// change is what happens to a person in the source.
func (w *world) change(u *schema.User) {
	switch rapid.IntRange(0, 6).Draw(w.r, "change") {
	case 0:
		u.CN = w.pick(someNames)
	case 1:
		u.SAMAccountName = w.sam()
	case 2:
		u.Disabled = !u.Disabled
	case 3:
		u.MemberOf = nil
		for _, g := range []string{"CN=t-Viewers", "CN=t-Editors", "CN=t-Admins"} {
			if rapid.Bool().Draw(w.r, "member") {
				u.MemberOf = append(u.MemberOf, g)
			}
		}
	case 4:
		u.Attributes.Set("department", schema.Value{List: []string{w.pick([]string{"Sales", "Research", strings.Repeat("x", 65)})}})
	case 5:
		u.Attributes.Set("manager", schema.Value{List: []string{w.anchor(fmt.Sprint(rapid.IntRange(0, 6).Draw(w.r, "boss")))}})
	case 6:
		at := w.now.Add(time.Duration(rapid.IntRange(-20, 60).Draw(w.r, "days"))*24*time.Hour - time.Hour) // none comes while this runs
		u.AccountExpires = &at
	}
}

// meddle is what others do in the target domain.
func (w *world) meddle() {
	inside := w.find(w.managed(), ad.ScopeOneLevel, ad.Anything, "cn")
	if len(inside) == 0 || rapid.Bool().Draw(w.r, "nobody meddles") {
		return
	}
	dn := rapid.SampledFrom(inside).Draw(w.r, "meddled with").DN
	change := func(attribute, value string) {
		_ = w.admin.Modify(w.t.Context(), dn, []ad.Change{{Attribute: attribute, Values: ad.Values(value)}})
	}
	switch rapid.IntRange(0, 5).Draw(w.r, "how") {
	case 0:
		change("userAccountControl", "514")
	case 1:
		change("accountExpires", "134400000000000000")
	case 2:
		change("department", "changed here")
	case 3:
		_ = w.admin.Rename(w.t.Context(), dn, w.managed().Child("CN", "renamed here"))
	case 4:
		_ = w.admin.Modify(w.t.Context(), w.group("p-Editors"), []ad.Change{{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(dn.String())}})
	case 5:
		_ = w.admin.Rename(w.t.Context(), dn, w.ou.Child("CN", "moved out"))
	}
}

// shuffle lets days pass and makes the next file: changed, in another order,
// and without some.
func (w *world) shuffle() {
	if days := rapid.IntRange(0, 20).Draw(w.r, "days pass"); w.mem != nil { // a real clock is not ours to set
		w.later(time.Duration(days) * 24 * time.Hour)
	}
	var users []schema.User
	names := map[string]bool{}
	for i := range w.people {
		w.change(&w.people[i])
		name := strings.ToLower(w.people[i].SAMAccountName)
		if !names[name] && rapid.IntRange(0, 4).Draw(w.r, "missing") > 0 { // a file with one name twice is refused before
			names[name] = true
			users = append(users, w.people[i])
		}
	}
	if len(users) == 0 {
		users = append(users, w.people[0])
	}
	w.last = w.file(rapid.Permutation(users).Draw(w.r, "order")...)
}
