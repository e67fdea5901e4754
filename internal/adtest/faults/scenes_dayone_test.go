package faults_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	importer "ad-user-sync/import"
	"ad-user-sync/import/ledger"
	"ad-user-sync/import/matchtable"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

const (
	corp  = "corp.example"
	works = "works.example"
)

// dayOne are scenes in which there are accounts already, of people or of earlier imports.
func dayOne() []scene {
	return []scene{
		{
			name:   "looking",
			before: func(w *world) { w.observes(); w.write(w.firstDay()...) },
			run:    importOnce, again: begins, try: (*stage).tryImport,
			after: newStaff,
		},
		{
			name: "start",
			before: func(w *world) {
				w.observes()
				w.write(w.firstDay()...)
				said := cleanImport(w)
				w.must(said)
				w.begin = said.report.Plan
			},
			run: importOnce, again: begins, try: (*stage).tryImport,
			after: newStaff,
		},
		{name: "adopt_table", before: (*world).tabled, run: session, again: cleanSession, try: (*stage).tryImport, after: takenOver},
		{name: "lost_ledger", before: (*world).forgets, run: session, again: cleanSession, try: (*stage).tryImport, most: 5, after: regained},
		{name: "migrated", before: (*world).moves, run: session, again: cleanSession, try: (*stage).tryImport, most: 6, after: migratedStaff},
		{name: "anew", before: (*world).madeAnew, run: session, again: cleanSession, try: (*stage).tryImport, most: 5, after: staff},
		{name: "two_sources", before: (*world).secondSource, run: session, again: bothSources, try: (*stage).tryImport, most: 5, after: bothStaffs},
	}
}

// observes: the import only looks, until a person starts it.
func (w *world) observes() {
	w.keys = fmt.Sprintf(`, "observe": {"until": %q, "files": 9}`, w.stamp.AddDate(0, 0, 13).Format(time.DateOnly))
}

// begins is an import that a person starts, by the plan of now, if no one has.
func begins(w *world) told {
	w.begin = ""
	said := cleanImport(w)
	if said.report != nil && said.report.Observed != nil {
		w.begin = said.report.Plan
		said = cleanImport(w)
		w.begin = ""
	}
	return said
}

const newStaff = `CN=Local Louis,OU=Managed: Local Louis (louis) enabled, in [p-Viewers]
anna: Anna A (anna) disabled, ends, in [p-Editors p-Viewers], displayName "Anna A", userPrincipalName "anna@plant.example"
bert: Bert B (bert) disabled, ends, in [p-Viewers], displayName "Bert B", manager "CN=Anna A,OU=Managed", userPrincipalName "bert@plant.example"
carl: Carl C (carl) disabled, ends, in [], displayName "Carl C", title "Chief", userPrincipalName "carl@plant.example"
emil: Emil E (emil) disabled, ends, in [p-Editors p-Viewers], displayName "Emil E", manager "CN=Bert B,OU=Managed", userPrincipalName "emil@plant.example"
p-Viewers also has [CN=Outside Olga]`

// tabled: before the first import a person has read and edited the table of match.
func (w *world) tabled() {
	w.hired()
	made, err := importer.Matches(w.t.Context(), w.start(w.admin).Options)
	require.NoError(w.t, err)
	var out bytes.Buffer
	require.NoError(w.t, matchtable.WriteCSV(&out, made, ';'))
	w.table = out.Bytes()
}

// forgets: the ledger is lost, Fred has left, and a person has read that.
func (w *world) forgets() {
	w.source = "lost" + w.suffix + ".example" // the accounts of other scenes in the domain are not of it
	w.staffed(w.people())
	require.NoError(w.t, os.Remove(ledger.Path(w.configuration().ResolutionsFile)))
	var users []schema.User
	for _, u := range w.people() {
		if u.CN != "Fred F" {
			users = append(users, u)
		}
	}
	w.write(users...)
	w.accept = true
}

// moves: the source domain is migrated, the file says who everyone was but Fred and Gina,
// who is new, and Carl has left.
func (w *world) moves() {
	w.staffed(w.people())
	w.numbered("anna", "bert", "carl", "dora", "emil", "fred", "ida", "jack")
	w.source, w.former = "new.example", corp
	w.keys = fmt.Sprintf(`, "expect": {"domain": %q, "migrated_from": %q}`, w.source, w.former)
	var users []schema.User
	for _, u := range append(w.people(), w.person("gina", "Gina G", in("t-Viewers"))) {
		switch u.CN {
		case "Carl C":
			continue
		default:
			u = w.anew(u)
			fallthrough
		case "Gina G":
			users = append(users, u)
		}
	}
	w.write(users...)
}

// migrated is what a file of the new domain says: who everyone was but Fred, and Gina,
// who was no one.
func (w *world) migrated(users []schema.User) *schema.Migrated {
	m := &schema.Migrated{From: w.former}
	for _, u := range users {
		if who := whose(u); who != "fred" && who != "gina" {
			m.Users = append(m.Users, schema.MigratedUser{ObjectGUID: u.ObjectGUID, Former: w.anchor(who), By: schema.ByEmployeeID})
		}
	}
	return m
}

// anew is someone with another objectGUID.
func (w *world) anew(u schema.User) schema.User {
	u.ObjectGUID = w.anchor(whose(u) + " anew")
	return u
}

func whose(u schema.User) string {
	first, _, _ := strings.Cut(strings.ToLower(u.CN), " ")
	return first
}

// numbered: the accounts of these have the numbers of the house.
func (w *world) numbered(whom ...string) {
	for _, who := range whom {
		w.change(w.managed().Child("CN", w.look().accounts[who].cn), ad.Replace, "employeeID", w.number(who))
	}
}

func (w *world) number(who string) string { return "E-" + who + w.suffix }

// madeAnew: the source has Emil and Dora under other objectGUIDs, Dora without a number;
// their accounts are disabled until it is said whose they are.
func (w *world) madeAnew() {
	users := w.people()
	w.staffed(users)
	w.numbered("dora", "emil")
	for i, u := range users {
		switch u.CN {
		case "Emil E":
			has("employeeID", w.number("emil"))(&u)
			fallthrough
		case "Dora D":
			given, surname, _ := strings.Cut(u.CN, " ")
			has("givenName", given)(&u)
			has("sn", surname)(&u)
			users[i] = w.anew(u)
		}
	}
	w.write(users...)
	w.must(cleanImport(w))
}

// secondSource: the works have people in the same container, and get Dora from the first
// source, which has disabled her account.
func (w *world) secondSource() {
	w.keys = fmt.Sprintf(`, "expect": {"domain": %q}`, corp)
	users := w.people()
	w.staffed(users)
	w.numbered("dora")
	w.works(true)
	theirs := []schema.User{w.person("kate", "Kate K", in("t-Viewers")), w.person("lena", "Lena L", in("t-Editors"))}
	w.staffed(theirs)
	w.works(false)
	var rest []schema.User
	for _, u := range users {
		if u.CN != "Dora D" {
			rest = append(rest, u)
		}
	}
	w.write(rest...)
	w.must(cleanImport(w))
	w.works(true)
	dora := w.anew(w.person("dora", "Dora D", in("t-Viewers", "t-Editors"), has("employeeID", w.number("dora")), has("givenName", "Dora"), has("sn", "D")))
	w.write(append(theirs, dora, w.person("mona", "Mona M", in("t-Viewers")))...)
}

// works turns to the files of the second source, or back.
func (w *world) works(yes bool) {
	w.side, w.source = "", corp
	if yes {
		w.side, w.source = "works", works
	}
	w.keys = fmt.Sprintf(`, "expect": {"domain": %q}`, w.source)
}

// bothSources is a session of the second, and an import of the first.
func bothSources(w *world) told {
	w.works(false)
	w.must(cleanImport(w))
	w.works(true)
	return cleanSession(w)
}

// regained: Bert is not said to be who he is, Fred has left.
const regained = `CN=Local Louis,OU=Managed: Local Louis (louis) enabled, in [p-Viewers]
anna: Anna A (anna) enabled, ends, in [p-Editors p-Viewers], displayName "Anna A", userPrincipalName "anna@plant.example"
bert: Bert B (bert) enabled, ends, in [p-Viewers], displayName "Bert B", manager "CN=Anna A,OU=Managed", userPrincipalName "bert@plant.example"
carl: Carl C (carl) enabled, ends, in [p-Editors p-Viewers], displayName "Carl C", title "Chief", userPrincipalName "carl@plant.example"
dora: Dora D (dora) enabled, ends, in [p-Viewers], displayName "Dora D", userPrincipalName "dora@plant.example"
emil: Emil E (emil) enabled, ends, in [p-Editors], displayName "Emil E", manager "CN=Carl C,OU=Managed", userPrincipalName "emil@plant.example"
fred: Fred F (fred) disabled, ends, in [], displayName "Fred F", userPrincipalName "fred@plant.example"
ida: Ida I (ida) enabled, ends, in [], displayName "Ida I", userPrincipalName "ida@plant.example"
jack: Jack J (jack) enabled, ends, in [], displayName "Jack J", userPrincipalName "jack@plant.example"
p-Viewers also has [CN=Outside Olga]`

// migratedStaff: Carl was not migrated, and manages no one any more.
const migratedStaff = `CN=Local Louis,OU=Managed: Local Louis (louis) enabled, in [p-Viewers]
anna: Anna A (anna) enabled, ends, in [p-Editors p-Viewers], displayName "Anna A", userPrincipalName "anna@plant.example"
bert: Bert B (bert) enabled, ends, in [p-Viewers], displayName "Bert B", manager "CN=Anna A,OU=Managed", userPrincipalName "bert@plant.example"
carl: Carl C (carl) disabled, ends, in [], displayName "Carl C", title "Chief", userPrincipalName "carl@plant.example"
dora: Dora D (dora) enabled, ends, in [p-Viewers], displayName "Dora D", userPrincipalName "dora@plant.example"
emil: Emil E (emil) enabled, ends, in [p-Editors], displayName "Emil E", userPrincipalName "emil@plant.example"
fred: Fred F (fred) enabled, ends, in [p-Viewers], displayName "Fred F", userPrincipalName "fred@plant.example"
gina: Gina G (gina) enabled, ends, in [p-Viewers], displayName "Gina G", userPrincipalName "gina@plant.example"
ida: Ida I (ida) enabled, ends, in [], displayName "Ida I", userPrincipalName "ida@plant.example"
jack: Jack J (jack) enabled, ends, in [], displayName "Jack J", userPrincipalName "jack@plant.example"
p-Viewers also has [CN=Outside Olga]`

// bothStaffs: Dora is of the works, Kate, Lena and Mona always were.
const bothStaffs = `CN=Local Louis,OU=Managed: Local Louis (louis) enabled, in [p-Viewers]
anna: Anna A (anna) enabled, ends, in [p-Editors p-Viewers], displayName "Anna A", userPrincipalName "anna@plant.example"
bert: Bert B (bert) enabled, ends, in [p-Viewers], displayName "Bert B", manager "CN=Anna A,OU=Managed", userPrincipalName "bert@plant.example"
carl: Carl C (carl) enabled, ends, in [p-Editors p-Viewers], displayName "Carl C", title "Chief", userPrincipalName "carl@plant.example"
dora: Dora D (dora) enabled, ends, in [p-Editors p-Viewers], displayName "Dora D", userPrincipalName "dora@plant.example"
emil: Emil E (emil) enabled, ends, in [p-Editors], displayName "Emil E", manager "CN=Carl C,OU=Managed", userPrincipalName "emil@plant.example"
fred: Fred F (fred) enabled, ends, in [p-Viewers], displayName "Fred F", userPrincipalName "fred@plant.example"
ida: Ida I (ida) enabled, ends, in [], displayName "Ida I", userPrincipalName "ida@plant.example"
jack: Jack J (jack) enabled, ends, in [], displayName "Jack J", userPrincipalName "jack@plant.example"
kate: Kate K (kate) enabled, ends, in [p-Viewers], displayName "Kate K", userPrincipalName "kate@plant.example"
lena: Lena L (lena) enabled, ends, in [p-Editors], displayName "Lena L", userPrincipalName "lena@plant.example"
mona: Mona M (mona) enabled, ends, in [p-Viewers], displayName "Mona M", userPrincipalName "mona@plant.example"
p-Viewers also has [CN=Outside Olga]`
