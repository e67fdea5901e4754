package plan_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// many is n people with accounts; every step-th is changed, new or missing.
func many(n, step int) *world {
	w := newWorld()
	for i := range n {
		name := fmt.Sprintf("u%06d", i)
		u, a := w.both("Person "+name, name)
		u.MemberOf = []string{"t-View"}
		a.MemberOf[sid("p-View")] = true
		a.Mail = name + "@corp.example"
		for key, v := range map[string]string{"mail": a.Mail, "displayname": u.CN, "department": "IT"} {
			u.Attributes[key] = value(v)
			a.Values[key] = []string{v}
		}
		if i > 0 {
			u.Attributes["manager"] = value(anchor("u000000"))
			a.Values["manager"] = []string{w.accounts[0].DN}
		}
		if i%step == 0 {
			u.Attributes["department"] = value("HR")
		}
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

func benchmark(b *testing.B, in plan.Input) {
	b.ReportAllocs()
	for b.Loop() {
		plan.Make(in)
	}
}

func BenchmarkMake100000Unchanged(b *testing.B) { benchmark(b, many(100_000, 1_000_000).input()) }

func BenchmarkMake100000Changed(b *testing.B) { benchmark(b, many(100_000, 2).input()) }

func BenchmarkMake10000Conflicts(b *testing.B) { benchmark(b, conflicts(10_000).input()) }

func BenchmarkMake10000New(b *testing.B) {
	w := newWorld()
	for i := range 10_000 {
		w.user("Same Name", fmt.Sprintf("u%06d", i)).MemberOf = []string{"t-View", "t-Admin"}
	}
	benchmark(b, w.input())
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

// On a run without changes nothing has to be looked up.
func TestNothingToLookUp(t *testing.T) {
	w := many(50, 1000)
	w.user("Gone", "gone").Disabled = true
	require.True(t, plan.Unknown(w.input()).Empty())
	w.users[0].SAMAccountName = "other"
	w.users[1].Attributes["mail"] = value("New@corp.example")
	w.user("New", "new")
	w.answers = []plan.Answer{{ID: "?", NewName: "given"}}
	require.Equal(t, plan.Lookup{
		AccountNames: []string{"given", "new", "other"},
		UPNs:         []string{"given@plant.example", "new@plant.example", "other@plant.example"},
		Mails:        []string{"new@corp.example"},
		Anchors:      []string{anchor("new")},
	}, plan.Unknown(w.input()))
	l := plan.Unknown(w.input())
	require.True(t, l.Minus(l).Empty())
	require.Equal(t, schema.Value{List: []string{"IT"}}, w.users[1].Attributes["department"])
}
