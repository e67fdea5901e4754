package faults_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// scene is one run of the program under which a fault is given, and what makes
// it: the days before.
type scene struct {
	name   string
	before func(*world)
	run    func(context.Context, *world, connect) told
	again  func(*world) told // a clean run
	most   int               // clean runs until nothing is written; 0: three
	after  string            // what the directory shows in the end, written by hand
	try    func(*stage, *world, scenario) (given bool)

	fails    bool // someone is failed in every run
	inMemory bool // it needs a clock of its own, or what a real controller writes by itself alone
}

// connect logs on through the proxy.
type connect func() (*ad.Client, error)

func newScenes() []scene {
	return append([]scene{
		{name: "export", before: (*world).sourcePeople, run: exportOnce, try: (*stage).tryExport},
		{name: "export_unit", before: (*world).byUnit, run: exportOnce, try: (*stage).tryExport},
		{
			name:   "first_import",
			before: func(w *world) { w.write(w.firstDay()...) },
			run:    importOnce, again: cleanImport, try: (*stage).tryImport,
			after: `CN=Local Louis,OU=Managed: Local Louis (louis) enabled, in [p-Viewers]
anna: Anna A (anna) disabled, ends, in [p-Editors p-Viewers], displayName "Anna A", userPrincipalName "anna@plant.example"
bert: Bert B (bert) disabled, ends, in [p-Viewers], displayName "Bert B", manager "CN=Anna A,OU=Managed", userPrincipalName "bert@plant.example"
carl: Carl C (carl) disabled, ends, in [], displayName "Carl C", title "Chief", userPrincipalName "carl@plant.example"
emil: Emil E (emil) disabled, ends, in [p-Editors p-Viewers], displayName "Emil E", manager "CN=Bert B,OU=Managed", userPrincipalName "emil@plant.example"
p-Viewers also has [CN=Outside Olga]`,
		},
		{
			name:   "no_changes",
			before: func(w *world) { w.staffed(w.people()) },
			run:    importOnce, again: cleanImport, try: (*stage).tryImport,
			after: staff,
		},
		{
			name: "a_day",
			before: func(w *world) {
				w.staffed(w.people())
				w.write(w.nextDay()...)
			},
			run: importOnce, again: cleanImport, try: (*stage).tryImport,
			after: nextStaff,
		},
		{
			name: "approval",
			before: func(w *world) {
				w.write(w.firstDay()...)
				w.must(cleanImport(w))
			},
			run: session, again: cleanSession, try: (*stage).tryImport,
			after: `CN=Local Louis,OU=Managed: Local Louis (louis) enabled, in [p-Viewers]
anna: Anna A (anna) enabled, ends, in [p-Editors p-Viewers], displayName "Anna A", userPrincipalName "anna@plant.example"
bert: Bert B (bert) disabled, ends, in [p-Viewers], displayName "Bert B", manager "CN=Anna A,OU=Managed", userPrincipalName "bert@plant.example"
carl: Carl C (carl) enabled, ends, in [p-Admins], displayName "Carl C", title "Chief", userPrincipalName "carl@plant.example"
emil: Emil E (emil) enabled, ends, in [p-Editors p-Viewers], displayName "Emil E", manager "CN=Bert B,OU=Managed", userPrincipalName "emil@plant.example"
p-Viewers also has [CN=Outside Olga]`,
		},
		{
			name:   "taking_over",
			before: (*world).hired,
			run:    session, again: cleanSession, try: (*stage).tryImport,
			after: takenOver,
		},
	}, append(dayOne(), given()...)...)
}

const takenOver = `CN=Local Louis,OU=Managed: Local Louis (louis) enabled, in [p-Viewers]
anna: Old Anna (oldanna) enabled, in [p-Editors p-Viewers], displayName "Anna A"
bert: Bert B (bert) disabled, ends, in [p-Viewers], displayName "Bert B", manager "CN=Old Anna,OU=Managed", userPrincipalName "bert@plant.example"
carl: Carl C (carl) enabled, ends, in [p-Admins], displayName "Carl C", title "Chief", userPrincipalName "carl@plant.example"
emil: Old Emil (oldemil) enabled, in [p-Editors p-Viewers], displayName "Emil E", manager "CN=Bert B,OU=Managed"
p-Viewers also has [CN=Outside Olga]`

// hired: Anna and Emil have accounts already, under other names, one in the container and
// one elsewhere.
func (w *world) hired() {
	w.keys = fmt.Sprintf(`, "match": {"keys": ["employeeID"], "within": [%q], "until": %q}`, w.staff().String(), w.stamp.AddDate(0, 0, 60).Format(time.DateOnly))
	w.add(w.staff(), "organizationalUnit")
	users := w.firstDay()
	for i, u := range users {
		who := strings.ToLower(u.Attributes.List("displayName")[0][:4])
		given, surname, _ := strings.Cut(u.CN, " ")
		for name, value := range map[string]string{"givenName": given, "sn": surname, "employeeID": "E-" + who + w.suffix} {
			users[i].Attributes.Set(name, schema.Value{List: []string{value}})
		}
		at := map[string]ad.DN{"anna": w.managed(), "emil": w.staff()}[who]
		if at.IsZero() {
			continue
		}
		dn := w.local(at, "Old "+given, "old"+who)
		for _, name := range []string{"givenName", "sn", "employeeID"} {
			w.change(dn, ad.Replace, name, users[i].Attributes.List(name)...)
		}
		w.change(w.group("p-Viewers"), ad.AddValues, "member", dn.String())
	}
	w.write(users...)
	w.must(cleanImport(w))
}

func (w *world) firstDay() []schema.User {
	return []schema.User{
		w.person("anna", "Anna A", in("t-Viewers", "t-Editors")),
		w.person("bert", "Bert B", in("t-Viewers"), has("manager", w.anchor("anna"))),
		w.person("carl", "Carl C", in("t-Admins"), has("title", "Chief")),
		w.person("dora", "Dora D", disabled),
		w.person("emil", "Emil E", in("t-Viewers", "t-Editors"), has("manager", w.anchor("bert"))),
	}
}

// people of a day on which nothing changes.
func (w *world) people() []schema.User {
	return []schema.User{
		w.person("anna", "Anna A", in("t-Viewers", "t-Editors")),
		w.person("bert", "Bert B", in("t-Viewers"), has("manager", w.anchor("anna"))),
		w.person("carl", "Carl C", in("t-Viewers", "t-Editors"), has("title", "Chief")),
		w.person("dora", "Dora D", in("t-Viewers")),
		w.person("emil", "Emil E", in("t-Editors"), has("manager", w.anchor("carl"))),
		w.person("fred", "Fred F", in("t-Viewers")),
		w.person("ida", "Ida I"),
		w.person("jack", "Jack J"),
	}
}

const staff = `CN=Local Louis,OU=Managed: Local Louis (louis) enabled, in [p-Viewers]
anna: Anna A (anna) enabled, ends, in [p-Editors p-Viewers], displayName "Anna A", userPrincipalName "anna@plant.example"
bert: Bert B (bert) enabled, ends, in [p-Viewers], displayName "Bert B", manager "CN=Anna A,OU=Managed", userPrincipalName "bert@plant.example"
carl: Carl C (carl) enabled, ends, in [p-Editors p-Viewers], displayName "Carl C", title "Chief", userPrincipalName "carl@plant.example"
dora: Dora D (dora) enabled, ends, in [p-Viewers], displayName "Dora D", userPrincipalName "dora@plant.example"
emil: Emil E (emil) enabled, ends, in [p-Editors], displayName "Emil E", manager "CN=Carl C,OU=Managed", userPrincipalName "emil@plant.example"
fred: Fred F (fred) enabled, ends, in [p-Viewers], displayName "Fred F", userPrincipalName "fred@plant.example"
ida: Ida I (ida) enabled, ends, in [], displayName "Ida I", userPrincipalName "ida@plant.example"
jack: Jack J (jack) enabled, ends, in [], displayName "Jack J", userPrincipalName "jack@plant.example"
p-Viewers also has [CN=Outside Olga]`

// nextDay: Bert is gone, Carl is disabled in the source, Dora has married, Emil
// changes groups and manager, Fred joins the guarded group, Gina and Hugo are
// new, Ida and Jack swap names; Anna stays as she is.
func (w *world) nextDay() []schema.User {
	return []schema.User{
		w.person("anna", "Anna A", in("t-Viewers", "t-Editors")),
		w.person("carl", "Carl C", in("t-Viewers"), has("title", "Chief"), disabled),
		w.person("dora", "Dora X", in("t-Viewers"), has("title", "Doctor")),
		w.person("emil", "Emil E", in("t-Viewers"), has("manager", w.anchor("gina"))),
		w.person("fred", "Fred F", in("t-Viewers", "t-Admins")),
		w.person("gina", "Gina G", in("t-Viewers", "t-Editors")),
		w.person("hugo", "Hugo H", has("manager", w.anchor("anna"))),
		w.person("ida", "Jack J", sam("ida", w)),
		w.person("jack", "Ida I", sam("jack", w)),
	}
}

func sam(name string, w *world) func(*schema.User) {
	return func(u *schema.User) { u.SAMAccountName = name + w.suffix }
}

const nextStaff = `CN=Local Louis,OU=Managed: Local Louis (louis) enabled, in [p-Viewers]
anna: Anna A (anna) enabled, ends, in [p-Editors p-Viewers], displayName "Anna A", userPrincipalName "anna@plant.example"
bert: Bert B (bert) disabled, ends, in [], displayName "Bert B", manager "CN=Anna A,OU=Managed", userPrincipalName "bert@plant.example"
carl: Carl C (carl) disabled, ends, in [p-Viewers], displayName "Carl C", title "Chief", userPrincipalName "carl@plant.example"
dora: Dora X (dora) enabled, ends, in [p-Viewers], displayName "Dora X", title "Doctor", userPrincipalName "dora@plant.example"
emil: Emil E (emil) enabled, ends, in [p-Viewers], displayName "Emil E", manager "CN=Gina G,OU=Managed", userPrincipalName "emil@plant.example"
fred: Fred F (fred) enabled, ends, in [p-Viewers], displayName "Fred F", userPrincipalName "fred@plant.example"
gina: Gina G (gina) disabled, ends, in [p-Editors p-Viewers], displayName "Gina G", userPrincipalName "gina@plant.example"
hugo: Hugo H (hugo) disabled, ends, in [], displayName "Hugo H", manager "CN=Anna A,OU=Managed", userPrincipalName "hugo@plant.example"
ida: Jack J (ida) enabled, ends, in [], displayName "Jack J", userPrincipalName "ida@plant.example"
jack: Ida I (jack) enabled, ends, in [], displayName "Ida I", userPrincipalName "jack@plant.example"
p-Viewers also has [CN=Outside Olga]`

// staffed imports people and enables them all.
func (w *world) staffed(users []schema.User) {
	w.t.Helper()
	w.write(users...)
	w.must(decideOn(w.t.Context(), w, w.admin, func(q plan.Question) *plan.Answer {
		return &plan.Answer{ID: q.ID, Accept: true, Password: password}
	}))
	w.must(cleanImport(w))
}
