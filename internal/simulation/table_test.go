package simulation

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	importer "ad-user-sync/import"
	"ad-user-sync/import/matchtable"
	"ad-user-sync/import/plan"
)

// The table of match is written, edited by a person or a spreadsheet, and read again,
// perhaps on another day, by another file, or after administrators worked.

var tableKinds = []kind{{"adopts by a table", 700, (*world).adoptByTable}}

func (w *world) adoptByTable(r *rand.Rand) string {
	table, told := w.tableOf(r)
	if table == nil {
		return told
	}
	if w.table != nil && chance(r, 30) {
		table, told = w.table, "a table of another day"
	}
	w.table = table
	if chance(r, 30) {
		told += "; meanwhile: " + oneOf(r, (*world).disableHere, (*world).renameHere, (*world).hasAccount, (*world).protect, (*world).moveHere, (*world).copyAnchor)(w, r)
	}
	x, _ := w.start(fault{}, importer.Options{Table: table})
	x.to.Directory = w.target
	if err := x.CheckTable(); err != nil {
		w.counts["(a table was refused)"]++
		return told + ": " + firstLine(err.Error())
	}
	x.table = table
	told += ": " + w.finish(x)
	if x.result == nil || x.err != nil {
		return told
	}
	p := &page{run: x, who: "Ann", opened: w.day}
	if p.desk = x.NewDesk(x.to, p.who); !w.lookAgain(p) || p.view.Tabled == nil {
		return told
	}
	w.judge.tabled(p)
	var answers []plan.Answer
	for _, id := range p.view.Tabled.Stand {
		if q, ok := asked(p.view.Questions, plan.Answer{ID: id}); ok {
			answers = append(answers, plan.Answer{ID: id, Accept: true, Keeps: &plan.Keeps{Password: true, Expiry: true, Memberships: chance(r, 50)}})
			told += " " + q.Person.CN
		}
	}
	if len(answers) > 0 && len(p.view.Trips) == 0 {
		w.counts["(rows of a table were carried out)"] += len(answers)
		told += w.decideOn(r, p, answers)
	}
	if chance(r, 50) && !p.killed {
		w.pages = append(w.pages, p)
	}
	return told
}

// tableOf is what match says now, as someone has edited it.
func (w *world) tableOf(r *rand.Rand) (*matchtable.Table, string) {
	x, why := w.start(fault{}, importer.Options{})
	if x == nil || w.looks.waits || w.settings.match() == nil {
		return nil, why
	}
	usn := w.target.HighestUSN()
	made, err := importer.Matches(ctx, x.Options)
	if w.target.HighestUSN() != usn {
		w.breach("match", "it only reads, and something was written")
	}
	if err != nil {
		return nil, firstLine(strings.ReplaceAll(err.Error(), w.folder, "folder"))
	}
	var out bytes.Buffer
	must(matchtable.WriteCSV(&out, made, oneOf(r, ',', ';', '\t')))
	table, err := matchtable.Read(out.Bytes())
	must(err)
	told := fmt.Sprintf("%d rows", len(table.Rows))
	for i := range table.Rows {
		row, other := &table.Rows[i], &table.Rows[r.IntN(len(table.Rows))]
		switch r.IntN(16) {
		case 0, 1:
			row.Take = !row.Take
		case 2:
			row.GUID, other.GUID = other.GUID, row.GUID
		case 3:
			row.Anchor, other.Anchor = other.Anchor, row.Anchor
		case 4:
			row.Digest = other.Digest
		case 5: // an administrator of the target is pasted in
			chief, _ := entryOf(w.target, dn("CN=Chief,OU=Elsewhere,DC=plant,DC=example"))
			row.GUID, row.Take = guidOf(chief), true
		case 6:
			row.HasName = "another"
		default:
			continue
		}
		told += fmt.Sprintf(", %s is edited", row.User)
	}
	if n := len(table.Rows); n > 0 && chance(r, 20) {
		table.Rows = append(table.Rows, table.Rows[r.IntN(n)])
	}
	return table, told
}

// tabled holds what may be answered together to what a person could have seen in the table:
// one row says yes for this person and account, none says no, they have the same number,
// and the account is nobody's, or of somebody whom the file no longer has, and gives no
// rights; or it was theirs. That another person is not to have the account, as they are
// asked about today, is no word against this one.
func (j *judge) tabled(p *page) {
	for _, id := range p.view.Tabled.Stand {
		q, ok := asked(p.view.Questions, plan.Answer{ID: id})
		if !ok || q.Holder == nil || q.Single {
			j.breach("table", "%s may be answered together with others, and is not asked so", id)
		}
		c := consentTo(q)
		yes, no := 0, 0
		for _, row := range p.table.Rows {
			person, account := strings.EqualFold(row.Anchor, c.anchor), strings.EqualFold(row.GUID, c.guid)
			switch {
			case !row.Take && (person || account && !p.askedOf(row)):
				no++
			case row.Take && person && account:
				yes++
			}
		}
		a, u := j.look().accounts[c.guid], find(p.file(), c.anchor)
		was := a != nil && (j.ofFormer(a) && p.were(j.own[a.guid], c.anchor) || j.anchorOf(a.stamp) == c.anchor) // migrated
		anew := a != nil && a.stamp != "" && j.anchorOf(a.stamp) == j.own[a.guid] && find(p.file(), j.own[a.guid]) == nil
		switch {
		case yes != 1 || no > 0:
			j.breach("table", "%s of %s may be answered together with others, and %d rows say yes, %d no", c.guid, c.anchor, yes, no)
		case a == nil || u == nil || a.protected || a.stamp != "" && !was && !anew:
			j.breach("table", "%v of %s may be answered together with others", a, c.anchor)
		case !was && (a.number == "" || a.number != numberOf(u) || p.numberShared(u)):
			j.breach("table", "%s may be answered together with others, and %s has another number", a.dn, u.CN)
		case slices.ContainsFunc(targetGroups, func(group string) bool { return a.groups[group] && p.guarded(group) }):
			j.breach("table", "%s may be answered together with others, and is in a guarded group", a.dn)
		}
	}
}

// askedOf reports whether a row is one of the questions of today, as it is asked.
func (p *page) askedOf(row matchtable.Row) bool {
	q, ok := asked(p.view.Questions, plan.Answer{ID: row.Digest})
	if !ok {
		return false
	}
	c := consentTo(q)
	return strings.EqualFold(row.Anchor, c.anchor) && strings.EqualFold(row.GUID, c.guid)
}

// refusedRows: whoever a table says no to is not given an account by the run that reads it.
func (j *judge) refusedRows(x *run) {
	if x.table == nil {
		return
	}
	for _, guid := range x.after.order {
		b, a := x.before.accounts[guid], x.after.accounts[guid]
		if b == nil || b.stamp == a.stamp || x.taken(guid) {
			continue
		}
		anchor := j.anchorOf(a.stamp)
		for _, row := range x.table.Rows {
			if !row.Take && (strings.EqualFold(row.Anchor, anchor) || strings.EqualFold(row.GUID, guid)) {
				j.breach("table", "%s was given to %s, whom the table refuses, and nobody agreed", a.dn, anchor)
			}
		}
	}
}
