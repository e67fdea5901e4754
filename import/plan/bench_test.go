package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// common is a configuration as people have it: eleven attributes and four groups.
func common() *world {
	w := newWorld()
	for _, name := range commonAttributes {
		w.cfg.Attributes[name] = schema.AttributeRule{}
		w.schema = append(w.schema, plan.Attribute{Name: name, Single: true, RangeUpper: 64})
	}
	w.group("p-Read")
	w.cfg.GroupMap["t-Read"] = schema.OneOrMore{"p-Read"}
	return w
}

var commonAttributes = []string{"givenName", "sn", "company", "title", "telephoneNumber", "physicalDeliveryOfficeName", "employeeID"}

// many is n people with accounts, of whom every step-th is changed. As in what is read of a
// file or a directory, those who have the same attributes share their names, and those
// who are in the same groups share these.
func many(n, step int) *world {
	w := common()
	groups := []string{"View", "Edit", "Read", "Admin"}
	var memberOf [4]map[adrules.SID]bool
	for i := range memberOf {
		memberOf[i] = map[adrules.SID]bool{}
		for _, g := range groups[:1+i] {
			memberOf[i][sid("p-"+g)] = true
		}
	}
	var file, target schema.Packer
	for i := range n {
		name := fmt.Sprintf("u%06d", i)
		u, a := w.both("Person "+name, name)
		a.MemberOf = memberOf[i%4]
		for _, g := range groups[:1+i%4] {
			u.MemberOf = append(u.MemberOf, "t-"+g)
		}
		a.Mail = name + "@corp.example"
		values := map[string]string{"mail": a.Mail, "displayName": u.CN, "department": "IT"}
		for _, key := range commonAttributes {
			values[key] = key + " of " + name
		}
		for key, v := range values {
			file.Set(key, value(v))
			target.Set(strings.ToLower(key), value(v))
		}
		if i > 0 {
			file.Set("manager", value(anchor("u000000")))
			target.Set("manager", value(w.accounts[0].DN))
		}
		if i%step == 0 {
			file.Set("department", value("HR"))
		}
		u.Attributes, a.Values = file.Take(), target.Take()
	}
	return w
}

// conflicts is n new people whose names are taken outside, and a chain of n
// renames that is blocked at its end.
func conflicts(n int) *world {
	w := newWorld()
	for i := range n {
		w.user(fmt.Sprint("New ", i), fmt.Sprintf("taken%d", i))
		w.outside(fmt.Sprint("Holder ", i), fmt.Sprintf("taken%d", i))
		u, _ := w.both(fmt.Sprint("Chain ", i), fmt.Sprintf("chain%d", i))
		u.SAMAccountName = fmt.Sprintf("chain%d", i+1)
	}
	w.outside("End", fmt.Sprintf("chain%d", n))
	return w
}

// goneOver is n accounts that another source's import has taken over at once, and one
// that it made.
func goneOver(n int) *world {
	w := newWorld()
	w.user("Stays", "stays")
	for i := range n + 1 {
		name := fmt.Sprintf("u%06d", i)
		a := w.account("Person "+name, name)
		a.Control = adrules.NormalAccount | adrules.AccountDisable
		a.Anchor = plan.Anchor{ObjectGUID: anchor("there " + name), Domain: "works.example"}
		if i < n {
			w.memory.Accounts[a.GUID] = plan.Remembered{Anchor: anchor(name), How: plan.HowCreated, DisabledFor: plan.MissingInFile}
		}
	}
	return w
}

func namesakes(n int) *world {
	w := newWorld()
	for i := range n {
		w.user("Same Name", fmt.Sprintf("u%06d", i)).MemberOf = []string{"t-View", "t-Admin"}
	}
	return w
}

// newcomers is the first run of n people.
func newcomers(n int) *world {
	w := many(n, n)
	w.accounts, w.memory.Accounts, w.memory.Finished = nil, nil, false
	return w
}

// What a user costs in allocations, which no other load on the machine changes:
// whatever is done once more for everybody shows here.
func TestAllocationsOfAUser(t *testing.T) {
	const n = 2_000
	for name, c := range map[string]struct {
		world *world
		most  float64
	}{
		"unchanged": {many(n, n), 5},
		"new":       {newcomers(n), 15},
	} {
		t.Run(name, func(t *testing.T) {
			in := c.world.input()
			each := testing.AllocsPerRun(1, func() {
				sketch := plan.Begin(in)
				sketch.Unknown()
				sketch.Make()
			}) / n
			t.Logf("%.1f allocations a user", each)
			require.LessOrEqual(t, each, c.most)
		})
	}
}

// Work grows with the number of people, not with its square: ten times the
// conflicts may allocate twenty times as much, a hundred would be the square.
func TestConflictsAreNotQuadratic(t *testing.T) {
	work := func(n int) float64 {
		in := conflicts(n).input()
		require.Len(t, plan.Make(in).Questions, 2*n)
		return testing.AllocsPerRun(1, func() { plan.Make(in) })
	}
	require.Less(t, work(3_000), 20*work(300))
}

func TestWhatWentOverIsForgotten(t *testing.T) {
	require.Len(t, plan.Make(goneOver(300).input()).Forget, 300)
}

// On a run without changes nothing has to be looked up.
func TestNothingToLookUp(t *testing.T) {
	w := many(50, 1000)
	w.user("Gone", "gone").Disabled = true
	require.True(t, plan.Begin(w.input()).Unknown().Empty())
	w.users[0].SAMAccountName = "other"
	w.users[1].Attributes.Set("mail", value("New@corp.example"))
	w.user("New", "new")
	w.answers = []plan.Answer{{ID: "?", NewName: "given"}}
	require.Equal(t, plan.Lookup{
		AccountNames: []string{"given", "new", "other"},
		UPNs:         []string{"given@plant.example", "new@plant.example", "other@plant.example"},
		Mails:        []string{"new@corp.example"},
		Anchors:      []string{anchor("new")},
	}, plan.Begin(w.input()).Unknown())
	l := plan.Begin(w.input()).Unknown()
	require.True(t, l.Minus(l).Empty())
	require.Equal(t, []string{"IT"}, w.users[1].Attributes.List("department"))
}
