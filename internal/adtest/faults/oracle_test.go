package faults_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	importer "ad-user-sync/import"
	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// oracle knows what the directory showed before the disturbed run, and what it
// shows after an undisturbed one. It shares nothing with the plan.
type oracle struct {
	before, after sight
	waits         []string // what waits for a person then
	would         string   // what a run that only looks tells it would do
}

// between judges what is seen after any one write: everything is as it was
// before, or as it is to be.
func (o oracle) between(seen sight) []string {
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	for _, who := range seen.twice {
		say("%s has two accounts", who)
	}
	for who := range o.before.accounts {
		if _, there := seen.accounts[who]; !there {
			say("the account of %s is gone", who)
		}
	}
	for who, now := range seen.accounts {
		before, old := o.before.accounts[who]
		after, wanted := o.after.accounts[who]
		switch {
		case !old && !wanted:
			say("nobody asked for %s", now)
			continue
		case !old:
			before = account{cn: after.cn, sam: after.sam, guid: now.guid}
		}
		if now.guid != before.guid {
			say("%s has another account than before", who)
		}
		if now.enabled != before.enabled && now.enabled != after.enabled {
			say("%s is enabled: %v", who, now.enabled)
		}
		passing := before.cn != after.cn && strings.HasPrefix(now.cn, "ad-user-sync ")
		if now.cn != before.cn && now.cn != after.cn && !passing {
			say("%s is called %s", who, now.cn)
		}
		if now.sam != before.sam && now.sam != after.sam {
			say("%s logs on as %s", who, now.sam)
		}
		for _, group := range mapped {
			is, was, will := member(now, group), member(before, group), member(after, group)
			if is != was && is != will {
				say("%s is in %s: %v", who, group, is)
			}
		}
	}
	for _, group := range mapped {
		if !slices.Equal(seen.others[group], o.before.others[group]) {
			say("others in %s are %v", group, seen.others[group])
		}
	}
	return wrong
}

func member(a account, group string) bool { return slices.Contains(a.groups, group) }

// truth holds what was told against what the directory shows.
func (o oracle) truth(w *world, said told, now sight) []string {
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if said.report == nil {
		if now.String() != o.before.String() {
			say("nothing was told, and this was done:\n%s\n-- before:\n%s", now, o.before)
		}
		if said.code == 0 {
			say("exit code 0 and no report")
		}
		return wrong
	}
	if said.report.Observed != nil {
		return o.looked(said, now)
	}
	r, named := said.report, o.named(w, said, now)
	if asked := o.asked(w, said, now); said.err == nil && said.code == 0 && o.differ(now, asked) {
		say("exit code 0, and not everything was done:\n%s\n-- wanted:\n%s", now, o.after)
	}
	list := func(what string, names []string, holds func(before, now account) bool) {
		for _, cn := range names {
			fits := func(who string) bool { return holds(o.before.accounts[who], now.accounts[who]) }
			if who := o.whos(w, now, cn); !slices.ContainsFunc(who, fits) {
				say("%s is told as %s: %s", cn, what, now.accounts[who[0]])
			}
		}
		for who, a := range now.accounts {
			told := slices.ContainsFunc(names, func(cn string) bool { return slices.Contains(o.whos(w, now, cn), who) })
			if before := o.before.accounts[who]; !told && !named[who] && holds(before, a) && !holds(before, before) {
				say("%s is not told as %s: %s", who, what, a)
			}
		}
	}
	list("created", r.Created, func(before, now account) bool { return before.cn == "" && now.cn != "" })
	list("enabled", r.Enabled, func(before, now account) bool { return !before.enabled && now.enabled })
	list("disabled", r.Disabled, func(before, now account) bool { return before.enabled && !now.enabled })
	list("renamed", r.Renamed, func(before, now account) bool {
		return before.cn != "" && (before.cn != now.cn || before.sam != now.sam) && !strings.HasPrefix(now.cn, "ad-user-sync ")
	})
	list("given a new password", r.PasswordReset, func(before, now account) bool { return before.enabled && before.set != now.set })
	list("unlocked", r.Unlocked, func(before, now account) bool { return before.locked && !now.locked })
	if w.leases {
		later := 0
		for who, a := range now.accounts {
			if a.end > o.before.accounts[who].end {
				later++
			}
		}
		if r.Extended != later && len(r.Failed) == 0 {
			say("%d are told as extended, and %d are", r.Extended, later)
		}
	}
	if w.days > 0 {
		list("given more time", r.Prolonged, func(before, now account) bool { return now.end == before.end+int64(w.days)*24*3600*1e7 })
	}
	for _, group := range mapped {
		var joined, left []string
		for _, m := range r.Joined {
			if m.Group == group {
				joined = append(joined, m.User)
			}
		}
		for _, m := range r.Left {
			if m.Group == group {
				left = append(left, m.User)
			}
		}
		list("joined to "+group, joined, func(before, now account) bool { return !member(before, group) && member(now, group) })
		list("having left "+group, left, func(before, now account) bool { return member(before, group) && !member(now, group) })
	}
	wrong = append(wrong, o.changes(w, said, now)...)
	for who, wanted := range o.after.accounts {
		is := now.accounts[who]
		for boss := range named { // who is not there yet can be no one's manager
			if wanted.values["manager"] == "CN="+o.after.accounts[boss].cn+",OU=Managed" {
				is.values, wanted.values = without(is.values, "manager"), without(wanted.values, "manager")
			}
		}
		if is.String() != wanted.String() && !named[who] {
			say("%s is not named, and is %s\n-- wanted: %s", who, is, wanted)
		}
	}
	return append(wrong, o.desk(w, said, now)...)
}

// looked holds a run that only looks to its word: nothing is done, and what it would do is
// what it tells where nothing is in its way.
func (o oracle) looked(said told, now sight) []string {
	var wrong []string
	if now.String() != o.before.String() {
		wrong = append(wrong, fmt.Sprintf("it only looked, and this was done:\n%s\n-- before:\n%s", now, o.before))
	}
	if would := would(said.report); said.code == 0 && len(said.report.Failed) == 0 && would != o.would {
		wrong = append(wrong, fmt.Sprintf("exit code 0, and it would do %s\n-- undisturbed: %s", would, o.would))
	}
	return wrong
}

func would(r *schema.Report) string {
	if r == nil {
		return ""
	}
	return fmt.Sprint(r.Created, r.Disabled, r.Enabled, r.Renamed, r.Joined, r.Left)
}

// changes holds the last that was told of each attribute against what it is.
func (o oracle) changes(w *world, said told, now sight) []string {
	last := map[string]map[string]string{} // by the name in the report
	for c := range said.report.Changes.All() {
		if last[c.User] == nil {
			last[c.User] = map[string]string{}
		}
		if len(c.After) == 1 {
			last[c.User][c.Attribute] = w.plain(c.After[0])
		}
	}
	var wrong []string
	for cn, told := range last {
		fits := func(who string) bool {
			a := now.accounts[who]
			for attribute, is := range map[string]string{"cn": a.cn, "sAMAccountName": a.sam, "displayName": a.values["displayName"], "title": a.values["title"]} {
				if was, said := told[attribute]; said && was != is {
					return false
				}
			}
			return true
		}
		if !slices.ContainsFunc(o.whos(w, now, cn), fits) {
			wrong = append(wrong, fmt.Sprintf("changes of %s were told as %v", cn, told))
		}
	}
	return wrong
}

// differ reports whether anybody but these is not as wanted.
func (o oracle) differ(now sight, but map[string]bool) bool {
	for who := range o.after.accounts {
		if !but[who] && now.accounts[who].String() != o.after.accounts[who].String() {
			return true
		}
	}
	return len(now.accounts) > len(o.after.accounts)
}

// asked is about whom a question waits that would not: that is not a failure.
func (o oracle) asked(w *world, said told, now sight) map[string]bool {
	asked := map[string]bool{}
	for _, i := range said.report.RequiredInteractions {
		if !slices.Contains(o.waits, interaction(i)) {
			o.add(asked, w, now, i.User)
		}
	}
	return asked
}

func (o oracle) add(names map[string]bool, w *world, now sight, cn string) {
	for _, who := range o.whos(w, now, cn) {
		names[who] = true
	}
}

// named is who the run says is not done with: about whom it asks, and what failed.
func (o oracle) named(w *world, said told, now sight) map[string]bool {
	named := o.asked(w, said, now)
	for _, f := range said.report.Failed {
		o.add(named, w, now, f.User)
	}
	for _, a := range said.answers {
		if a.result.Outcome == plan.NotDone {
			o.add(named, w, now, a.question.Person.CN)
		}
	}
	return named
}

// whos are those whom the report may call by this CN: who has it in the file, has
// it now, or had it before. Of two who swap names there are two.
func (o oracle) whos(w *world, now sight, cn string) []string {
	var all []string
	for _, who := range everybody {
		if w.users[cn] == w.anchor(who) || now.accounts[who].cn == cn || o.before.accounts[who].cn == cn || o.after.accounts[who].cn == cn {
			all = append(all, who)
		}
	}
	return append(all, cn)
}

// desk judges what a person was told about each answer.
func (o oracle) desk(w *world, said told, now sight) []string {
	var wrong []string
	for _, a := range said.answers {
		is := now.accounts[o.whos(w, now, a.question.Person.CN)[0]]
		done := is.enabled
		switch a.question.Kind {
		case plan.Join:
			done = member(is, a.question.Group.CN)
		case plan.Disable:
			done = !is.enabled
		case plan.NewPassword:
			done = is.set != o.before.accounts[is.who].set
		case plan.Unlock:
			done = !is.locked
		case plan.Adopt:
			if o.before.accounts[is.who].anchor == a.question.Person.Anchor {
				continue // what becomes known to the ledger shows in the clean runs
			}
			done = strings.EqualFold(is.anchor, a.question.Person.Anchor) && !is.outside
		}
		switch {
		case a.result.Outcome == plan.Done && !done, a.result.Outcome == plan.NotDone && done && !a.result.Unsure, a.result.Outcome == plan.Kept && done:
			wrong = append(wrong, fmt.Sprintf("%s of %s was told as %q (%s): %s", a.question.Kind, a.question.Person.CN, a.result.Outcome, a.result.Problem, is))
		}
		if a.result.Outcome == plan.Kept && !w.rejected(a.question) {
			wrong = append(wrong, fmt.Sprintf("the rejection of %s of %s was told as kept, and is not", a.question.Kind, a.question.Person.CN))
		}
		if a.result.Outcome == plan.NotDone && said.code == 0 {
			wrong = append(wrong, fmt.Sprintf("exit code 0, and %s of %s failed: %s", a.question.Kind, a.question.Person.CN, a.result.Problem))
		}
	}
	return wrong
}

// rejected reports whether the resolutions file keeps a rejection.
func (w *world) rejected(q plan.Question) bool {
	kept, err := importer.LoadResolutions(w.configuration().ResolutionsFile)
	require.NoError(w.t, err)
	return slices.ContainsFunc(kept, func(r schema.Resolution) bool {
		return !r.Accept && r.Type == string(q.Kind) && r.Anchor == q.Person.Anchor
	})
}

func without(values map[string]string, name string) map[string]string {
	rest := maps.Clone(values)
	delete(rest, name)
	return rest
}
