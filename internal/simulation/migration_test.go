package simulation

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"ad-user-sync/export"
	"ad-user-sync/hmacfile"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// A source domain is migrated as a whole: its people have other objectGUIDs in a new one,
// and most of them their numbers. The configuration of the import names both domains some
// days later, until everyone is decided about.

var migrationKinds = []kind{
	{"migrates", 40, (*world).migrate},
	{"names both domains", 4000, (*world).nameBoth},
	{"names the new domain alone", 2000, (*world).nameNew},
}

// migration is how far it has come.
type migration struct {
	from  string            // the former domain; "": none
	named bool              // the configuration of the import names both
	are   map[string]string // who carries the SID of a former account in sIDHistory: former objectGUID by that of now
	over  bool              // a report said that everyone is decided about
	held  bool              // someone agreed, so that the new domain holds
}

var blankNew = map[string]*memad.Directory{}

func (w *world) migrate(r *rand.Rand) string {
	if len(w.formers) > 0 || len(w.staff()) < 3 || !w.judge.finished {
		return ""
	}
	last, err := os.ReadFile(w.export.ExportFile)
	if err != nil {
		return "" // no file yet to go by
	}
	must(os.WriteFile(w.path("former.json"), last, 0o600))
	old, staff := w.domain, users(w.source, w.people(), "mail", "objectSid")
	w.formers, w.domain, w.migration = append(w.formers, old), "new."+old, migration{from: old, are: map[string]string{}}
	if blankNew[w.domain] == nil {
		blankNew[w.domain] = blankOf(w.domain)
	}
	w.source, w.sourceSecond, w.backup, w.exported = blankNew[w.domain].Clone(), nil, nil, 0
	memad.Clock(func() time.Time { return w.now })(w.source)
	stay := 0
	for _, e := range staff {
		if d := w.dice(w.day, "migrates "+guidOf(e)); chance(d, 92) {
			w.moveOver(d, e)
		} else {
			stay++
		}
	}
	w.configure()
	return fmt.Sprintf("to %s, without %d of %d", w.domain, stay, len(staff))
}

// moveOver makes someone of the former domain in the new one.
func (w *world) moveOver(r *rand.Rand, e ad.Entry) {
	cn, account, number := e.Text("cn"), e.Text("sAMAccountName"), e.Text("employeeID")
	switch r.IntN(12) {
	case 0:
		number = ""
	case 1:
		account = loginName(r, e.Text("givenName"), e.Text("sn")) + "m"
	case 2:
		_, surname := someName(r)
		cn = e.Text("givenName") + " " + surname
	}
	var groups []string
	for _, group := range sourceGroups {
		if slices.ContainsFunc(e.Texts("memberOf"), func(at string) bool { return groupName(dn(at)) == group }) {
			groups = append(groups, group)
		}
	}
	if !w.numbered(w.unit(r), cn, account, number, groups) {
		return
	}
	for _, there := range w.staff() {
		if there.Text("sAMAccountName") != account {
			continue
		}
		if control, _ := e.Int("userAccountControl"); control&2 != 0 {
			setEnabled(w.source, there, false)
		}
		set(w.source, there, "accountExpires", e.Text("accountExpires"))
		set(w.source, there, "mail", e.Text("mail"))
		if chance(r, 50) {
			w.source.Overwrite(there.DN, map[string]string{"sIDHistory": string(e.Values("objectSid")[0])})
			w.migration.are[guidOf(there)] = guidOf(e)
		}
	}
}

func (w *world) nameBoth(*rand.Rand) string {
	if w.migration.from == "" || w.migration.named {
		return ""
	}
	w.migration.named = true
	w.configure()
	return w.expects()
}

func (w *world) nameNew(*rand.Rand) string {
	if !w.migration.over {
		return ""
	}
	w.migration = migration{}
	w.configure()
	return w.expects()
}

// expects names the source, which has to be where there are two, or where it is migrated.
func (w *world) expects() string {
	m := w.migration
	switch {
	case m.named:
		return fmt.Sprintf(`"expect": {"domain": %q, "migrated_from": %q},`, w.domain, m.from)
	case m.from != "":
		return fmt.Sprintf(`"expect": {"domain": %q},`, m.from)
	case len(w.sides) > 1 || len(w.formers) > 0:
		return fmt.Sprintf(`"expect": {"domain": %q},`, w.domain)
	}
	return ""
}

// formerFile is what the export goes by while the domain is migrated.
func (w *world) formerFile() *export.Former {
	if w.migration.from == "" {
		return nil
	}
	f, err := export.ReadFormer(w.path("former.json"), []hmacfile.Key{w.key})
	must(err)
	return f
}

// drawFirst is a fault of a session: the first answers of a migration are killed often.
func (w *world) drawFirst(r *rand.Rand, p *page) fault {
	f := drawFault(r)
	first := slices.ContainsFunc(p.view.Questions, func(q plan.Question) bool { return q.Reason == plan.Migrated })
	if first && !w.migration.held && chance(r, 40) {
		return fault{name: "killed", write: true, at: 1 + r.IntN(4), done: chance(r, 50)}
	}
	return f
}

// ofFormer reports whether an account of ours carries an anchor of the domain that is left.
func (j *judge) ofFormer(a *account) bool {
	_, domain := namedBy(a.stamp)
	return j.migration.from != "" && strings.EqualFold(domain, j.migration.from) && j.own[a.guid] != "" && j.own[a.guid] == j.anchorOf(a.stamp)
}

// stillWorks reports whether one of these is to be decided about before anything is done.
func (j *judge) stillWorks(a *account) bool {
	return j.ofFormer(a) && a.inside && a.enabled() && j.hidden[a.guid] == ""
}

// fromNew reports whether the file of a run is of the new domain.
func (j *judge) fromNew(x *run) bool {
	return j.migration.from != "" && strings.EqualFold(x.file().Source.Domain, j.domain)
}

// migrates holds a run to the order of a migration: before a person agreed nothing is done
// by a file of the new domain, and after that nothing by one of the former.
func (j *judge) migrates(x *run) {
	if j.migration.from == "" || x.stale {
		return
	}
	works, moved := false, ""
	for _, guid := range x.before.order {
		b := x.before.accounts[guid]
		_, domain := namedBy(b.stamp)
		works = works || j.stillWorks(b)
		if j.own[guid] != "" && strings.EqualFold(domain, j.domain) && j.hidden[guid] == "" && b.inside {
			moved = b.dn.String()
		}
	}
	written := j.target.HighestUSN() != x.usn
	switch {
	case !written:
	case j.fromNew(x) && !j.migration.held && works && len(x.agreed) == 0 && !x.confirmed:
		j.breach("migrated", "a file of %s was imported, and nobody agreed to any of it", j.domain)
	case !j.fromNew(x) && moved != "" && j.migration.held:
		j.breach("migrated", "a file of %s was imported, and %s is of %s", j.migration.from, moved, j.domain)
	}
	for _, guid := range x.before.order {
		b, a := x.before.accounts[guid], x.after.accounts[guid]
		if a == nil || !j.fromNew(x) || !j.ofFormer(b) || x.taken(guid) || b.usn == a.usn || x.said("disable", j.own[guid], guid, "") {
			continue
		}
		j.breach("migrated", "%s of %s was changed, and nobody said whose it is", b.dn, j.migration.from)
	}
}

// held: someone agreed, and an account shows it.
func (j *judge) holds(x *run) {
	for guid, a := range x.after.accounts {
		b := x.before.accounts[guid]
		if _, domain := namedBy(a.stamp); b != nil && b.stamp != a.stamp && strings.EqualFold(domain, j.domain) && j.own[guid] != "" && j.migration.from != "" {
			if !j.migration.held {
				j.counts["(a migration holds)"]++
			}
			j.counts["(migrated accounts)"]++
			j.migration.held = true
		}
	}
	if j.fromNew(x) && (len(x.done) > 0 || x.killed && len(x.agreed) > 0) {
		j.migration.held = true // also whoever is to be disabled makes the change
	}
	if x.result != nil {
		works := slices.ContainsFunc(x.before.order, func(guid string) bool { return j.stillWorks(x.before.accounts[guid]) })
		if j.fromNew(x) && !works && (x.code == 0 || x.code == 5) {
			j.migration.held = true // nothing was to be agreed to
		}
		over := slices.ContainsFunc(x.result.Report.Notices, func(n string) bool { return strings.Contains(n, "is decided about: take expect.migrated_from out") })
		j.migration.over = j.migration.from != "" && (j.migration.over || over)
	}
}

// inherits: what was said of someone is said of who they are in the new domain.
func (j *judge) inherits(former, anchor string) {
	for _, key := range slices.Sorted(maps.Keys(j.perhaps)) {
		if group, ok := strings.CutPrefix(key, former+" "); ok {
			j.perhaps[anchor+" "+group] = true
		}
	}
	j.logins[anchor] = append(j.logins[anchor], j.logins[former]...)
}

// oneOfFormer: no account is made for whom one of the former domain carries the number,
// until a person has said that it is another's.
func (j *judge) oneOfFormer(x *run, a *account, anchor string) {
	u := find(x.file(), anchor)
	if !j.fromNew(x) || x.stale || u == nil || j.denied[anchor] {
		return
	}
	numbered := numberOf(u) != "" && !x.numberShared(u)
	for _, guid := range x.before.order {
		o := x.before.accounts[guid]
		same := numbered && o.number == numberOf(u) || x.were(j.own[guid], anchor)
		if same && j.ofFormer(o) && o.inside && !j.refused("disable", j.own[guid], "") && j.hidden[guid] == "" && o.enabled() {
			j.breach("one account", "%s was created for %s, and %s of %s carries their number, or was theirs", a.dn, anchor, o.dn, j.migration.from)
		}
	}
}

// ofFormer reports whether a run names an account of the former domain: it asks whose it
// is, or whether it is to be disabled, or fails it, or someone rejected that.
func (t told) ofFormer(a *account, names []string) bool {
	if t.is(names, t.failed, t.barred) || t.asks(names, "", "adopt", "name", "disable") {
		return true
	}
	return slices.ContainsFunc(slices.Concat(t.whose, t.why), func(reason string) bool { return strings.Contains(reason, a.dn.String()) })
}

// were reports whether the file says that a person was this one in the former domain.
func (x *run) were(former, anchor string) bool {
	m := x.file().Migrated
	return m != nil && slices.ContainsFunc(m.Users, func(u schema.MigratedUser) bool {
		return strings.EqualFold(u.Former, former) && strings.EqualFold(u.ObjectGUID, anchor)
	})
}

// mapped holds what a file says of who its people were, by their SIDs, to who was moved over.
func (j *judge) mapped(file *schema.UserFile) {
	if file.Migrated == nil {
		return
	}
	for _, u := range file.Migrated.Users {
		if u.By != schema.BySIDHistory {
			continue
		}
		j.counts["(told by sIDHistory)"]++
		if j.migration.are[u.ObjectGUID] != u.Former {
			j.breach("export", "%s is said to have been %s by sIDHistory, and was %q", u.ObjectGUID, u.Former, j.migration.are[u.ObjectGUID])
		}
	}
}
