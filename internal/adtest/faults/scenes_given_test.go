package faults_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	importer "ad-user-sync/import"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// given are scenes of what a person gives unasked, and of names that templates make.
func given() []scene {
	return []scene{
		{name: "templates", before: (*world).templated, run: importOnce, again: cleanImport, try: (*stage).tryImport, after: templatedStaff},
		{name: "names_asked", before: (*world).namesAsked, run: importOnce, again: cleanImport, try: (*stage).tryImport, after: namesAskedStaff},
		{name: "key_unread", before: (*world).keyUnread, run: importOnce, again: cleanImport, try: (*stage).tryImport, fails: true, after: keyUnreadStaff},
		{name: "extended", inMemory: true, before: (*world).tenDaysOn, run: importOnce, again: cleanImport, try: (*stage).tryImport, after: staff},
		{name: "offers", inMemory: true, before: (*world).lockedOut, run: helps, again: cleanImport, try: (*stage).tryImport, after: staff},
		{name: "more_time", inMemory: true, before: (*world).silent, run: givesTime, again: cleanImport, try: (*stage).tryImport, after: staff},
	}
}

// templated: names are made by templates. Anna and Bert have accounts already, and Bert is
// called otherwise by now; someone outside has Dora's account name, and Emil's given name is Bert.
func (w *world) templated() {
	w.keys = fmt.Sprintf(`, "names": {"account_name": "{givenName|ascii|lower}{n}%[1]s", "common_name": "{sn}, {givenName}"}`, w.suffix)
	w.local(w.ou, "Other Dora", "dora")
	call := func(u schema.User, given, surname string) schema.User {
		has("givenName", given)(&u)
		has("sn", surname)(&u)
		return u
	}
	anna := call(w.person("anna", "Anna A", in("t-Viewers", "t-Editors")), "Anna", "A")
	bert := w.person("bert", "Bert B", in("t-Viewers"), has("manager", w.anchor("anna")))
	w.staffed([]schema.User{anna, call(bert, "Bert", "B")})
	w.write(anna, call(bert, "Bert", "Bee"), call(w.person("carl", "Carl C"), "Carl", "C"),
		call(w.person("dora", "Dora D", in("t-Viewers")), "Dora", "D"),
		call(w.person("emil", "Emil E", in("t-Editors"), has("manager", w.anchor("dora"))), "Bert", "E"))
}

const templatedStaff = `CN=Local Louis,OU=Managed: Local Louis (louis) enabled, in [p-Viewers]
anna: A, Anna (anna) enabled, ends, in [p-Editors p-Viewers], displayName "Anna A", userPrincipalName "anna@plant.example"
bert: Bee, Bert (bert) enabled, ends, in [p-Viewers], displayName "Bert B", manager "CN=A\\, Anna,OU=Managed", userPrincipalName "bert@plant.example"
carl: C, Carl (carl) disabled, ends, in [], displayName "Carl C", userPrincipalName "carl@plant.example"
dora: D, Dora (dora2) disabled, ends, in [p-Viewers], displayName "Dora D", userPrincipalName "dora2@plant.example"
emil: E, Bert (bert2) disabled, ends, in [p-Editors], displayName "Emil E", manager "CN=D\\, Dora,OU=Managed", userPrincipalName "bert2@plant.example"
p-Viewers also has [CN=Outside Olga]`

// namesAsked: of the new ones Carl has no given name, Dora's account name is that of someone
// outside in a guarded group, and Gina's was Hugo's until now.
func (w *world) namesAsked() {
	guarded := w.local(w.ou, "Other Dora", "dora")
	w.change(w.group("p-Admins"), ad.AddValues, "member", guarded.String())
	hugo := w.person("hugo", "Hugo H", in("t-Viewers"))
	hugo.SAMAccountName = "gina" + w.suffix
	w.staffed([]schema.User{hugo})
	hugo.SAMAccountName = "hugo" + w.suffix
	w.write(hugo)
	w.must(cleanImport(w))
	w.keys = fmt.Sprintf(`, "names": {"account_name": "{givenName|ascii|lower}{n}%s"}`, w.suffix)
	users := []schema.User{hugo, w.person("carl", "Carl C"), w.person("dora", "Dora D", in("t-Viewers")), w.person("gina", "Gina G", in("t-Editors"))}
	has("givenName", "Dora")(&users[2])
	has("givenName", "Gina")(&users[3])
	w.write(users...)
}

// namesAskedStaff: Carl and Dora are asked about.
const namesAskedStaff = `CN=Local Louis,OU=Managed: Local Louis (louis) enabled, in [p-Viewers]
gina: Gina G (gina2) disabled, ends, in [p-Editors], displayName "Gina G", userPrincipalName "gina2@plant.example"
hugo: Hugo H (hugo) enabled, ends, in [p-Viewers], displayName "Hugo H", userPrincipalName "hugo@plant.example"
p-Admins also has [CN=Other Dora]
p-Viewers also has [CN=Outside Olga]`

// keyUnread: an account of the staff has no number that the bound account may read. Anna and
// Bert have numbers, so that it may be theirs; Carl has none.
func (w *world) keyUnread() {
	w.keys = fmt.Sprintf(`, "match": {"keys": ["employeeID"], "within": [%q], "until": %q}`, w.staff().String(), w.stamp.AddDate(0, 0, 60).Format(time.DateOnly))
	w.add(w.staff(), "organizationalUnit")
	w.hideNumber(w.local(w.staff(), "Old Anna", "oldanna"))
	w.write(w.person("anna", "Anna A", in("t-Viewers"), has("employeeID", w.number("anna"))), w.person("bert", "Bert B", has("employeeID", w.number("bert"))), w.person("carl", "Carl C", in("t-Viewers")))
}

// hideNumber denies everyone the reading of an account's employeeID (MS-DTYP 2.4.4.3).
func (w *world) hideNumber(dn ad.DN) {
	w.t.Helper()
	found := func(base ad.DN, scope ad.Scope, filter ad.Filter, attribute string) (value []byte) {
		_, err := w.admin.Search(w.t.Context(), ad.Search{Base: base, Scope: scope, Filter: filter, Attributes: []string{attribute}}, func(e ad.Entry) error {
			value = e.Values(attribute)[0]
			return nil
		})
		require.NoError(w.t, err)
		require.NotEmpty(w.t, value)
		return value
	}
	const deniesObject, readProperty, typeGiven = 6, 0x10, 1
	who := adrules.SIDAuthenticated.Bytes()
	id := found(w.admin.Domain().Schema, ad.ScopeOneLevel, ad.Equal("lDAPDisplayName", "employeeID"), "schemaIDGUID")
	entry := slices.Concat([]byte{deniesObject, 0, byte(28 + len(who)), 0, readProperty, 0, 0, 0, typeGiven, 0, 0, 0}, id, who)
	sd := found(dn, ad.ScopeBase, ad.Anything, "nTSecurityDescriptor")
	at := binary.LittleEndian.Uint32(sd[16:])
	list := slices.Concat(sd[at:at+8], entry, sd[at+8:at+uint32(binary.LittleEndian.Uint16(sd[at+2:]))])
	binary.LittleEndian.PutUint16(list[2:], uint16(len(list)))
	binary.LittleEndian.PutUint16(list[4:], binary.LittleEndian.Uint16(list[4:])+1)
	head := make([]byte, 20) // self-relative, with a DACL alone
	head[0], head[2], head[3], head[16] = 1, sd[2], sd[3], 20
	w.change(dn, ad.Replace, "nTSecurityDescriptor", string(append(head, list...)))
}

// keyUnreadStaff: Anna and Bert are failed.
const keyUnreadStaff = `CN=Local Louis,OU=Managed: Local Louis (louis) enabled, in [p-Viewers]
CN=Old Anna,OU=Staff: Old Anna (oldanna) enabled, outside, in []
carl: Carl C (carl) disabled, ends, in [p-Viewers], displayName "Carl C", userPrincipalName "carl@plant.example"
p-Viewers also has [CN=Outside Olga]`

// lockedOut: Anna has forgotten her password, and Bert has typed it wrongly too often.
func (w *world) lockedOut() {
	w.staffed(w.people())
	w.now = w.now.Add(time.Hour)
	w.mem.SetTime(w.now)
	w.mem.Overwrite(w.managed().Child("CN", "Bert B"), map[string]string{"lockoutTime": fmt.Sprint(adrules.FileTime(w.now))})
}

// helps is a person who looks for two accounts, and gives one a new password and unlocks
// the other.
func helps(ctx context.Context, w *world, connect connect) told {
	return atDesk(ctx, w, connect, func(desk *importer.Desk, said *told) error {
		for _, kind := range []plan.Kind{plan.NewPassword, plan.Unlock} {
			found, _, err := desk.Find(ctx, map[plan.Kind]string{plan.NewPassword: "anna", plan.Unlock: "bert"}[kind])
			if err != nil {
				return err
			}
			for _, f := range found {
				for _, q := range f.Offers {
					if q.Kind != kind {
						continue
					}
					a := plan.Answer{ID: q.ID, Accept: true, Reason: "asked by telephone"}
					if kind == plan.NewPassword {
						a.Password = newPassword
					}
					said.answers = append(said.answers, decideOne(ctx, desk, q, a))
				}
			}
		}
		return nil
	})
}

const newPassword = schema.Secret("Another-Horse-8!")

func decideOne(ctx context.Context, desk *importer.Desk, q plan.Question, a plan.Answer) answered {
	results, err := desk.Decide(ctx, []plan.Answer{a}, func(plan.Result) {})
	if len(results) == 1 {
		return answered{q, true, results[0]}
	}
	return answered{q, true, plan.Result{ID: q.ID, Outcome: plan.NotDone, Unsure: true, Problem: err.Error()}}
}

// tenDaysOn: a file comes ten days later, and every lease is due.
func (w *world) tenDaysOn() {
	w.staffed(w.people())
	w.now, w.stamp, w.leases = w.now.AddDate(0, 0, 10), w.stamp.AddDate(0, 0, 10), true
	w.mem.SetTime(w.now)
	w.write(w.people()...)
}

// silent: no newer file has come for four days.
func (w *world) silent() {
	w.keys, w.days = `, "expect_every": "P2D", "max_age": null`, 14
	w.staffed(w.people())
	w.now = w.now.Add(4 * 24 * time.Hour)
	w.mem.SetTime(w.now)
}

// givesTime is a person who gives all accounts two weeks more.
func givesTime(ctx context.Context, w *world, connect connect) told {
	return atDesk(ctx, w, connect, func(desk *importer.Desk, _ *told) error {
		view, err := desk.Look(ctx)
		if err != nil {
			return err
		}
		g := plan.Grant{IDs: map[string]bool{}, Days: w.days, Reason: "the courier is ill"}
		for _, p := range view.Offer.People {
			g.IDs[p.ID] = true
		}
		return desk.Prolong(ctx, g, nil)
	})
}

// atDesk is an import, and what a person does at the desk after it.
func atDesk(ctx context.Context, w *world, connect connect, do func(*importer.Desk, *told) error) told {
	dir, err := connect()
	if err != nil {
		return failed(err)
	}
	defer dir.Close()
	im := w.start(dir)
	result, err := im.Run(ctx)
	if result == nil || err != nil {
		return failed(err)
	}
	said := told{report: &result.Report}
	desk := im.NewDesk(dir, "op")
	said.err = do(desk, &said)
	report := desk.Report()
	said.report, said.open = &report, open(report)
	said.code = exitCode(&report, said.err)
	return said
}
