package plan_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ad-user-sync/import/plan"
)

var update = flag.Bool("update", false, "write testdata/plans.txt anew")

// Everything that a plan says, of thousands of drawn worlds and of every world of
// the tests of rows and rules: what is only arranged in another way leaves it all
// as it was, to the byte.
func TestWholePlans(t *testing.T) {
	if rapidSeed() != "1" {
		t.Log("the worlds are those of another -rapid.seed: nothing is known of them")
		return
	}
	found := []string{drawnPlans(10_000)}
	for _, d := range directed {
		found = append(found, directedPlans(t, d.name, d.test))
	}
	text := strings.Join(found, "\n") + "\n"
	if *update {
		require.NoError(t, os.WriteFile("testdata/plans.txt", []byte(text), 0o644))
	}
	known, err := os.ReadFile("testdata/plans.txt")
	require.NoError(t, err)
	require.Equal(t, string(known), text,
		"these plans are not what they were. If that is meant: go test ./import/plan -run TestWholePlans -args -update")
}

func rapidSeed() string { return flag.Lookup("rapid.seed").Value.String() }

// directed are the tests whose worlds count. A world that a test adds or changes
// changes the line of that test alone.
var directed = []struct {
	name string
	test func(*testing.T)
}{
	{"Burns", TestBurns}, {"GroupsNotRead", TestGroupsNotRead}, {"GroupsThatAreElsewhere", TestGroupsThatAreElsewhere},
	{"GroupInTwoSpellings", TestGroupInTwoSpellings}, {"RowsAdministrator", TestRowsAdministrator}, {"RowsAnew", TestRowsAnew},
	{"RowsGone", TestRowsGone}, {"RowsGroups", TestRowsGroups}, {"Keeps", TestKeeps}, {"TakenOverAgain", TestTakenOverAgain}, {"KeptAndProtected", TestKeptAndProtected}, {"RowsLife", TestRowsLife},
	{"RowsSameMail", TestRowsSameMail}, {"RowsMatch", TestRowsMatch}, {"MatchSafely", TestMatchSafely}, {"RowsMatchKey", TestRowsMatchKey}, {"RowsName", TestRowsName},
	{"NamesTogether", TestNamesTogether}, {"PrimaryGroups", TestPrimaryGroups}, {"RowsProtected", TestRowsProtected},
	{"TakingOverOfWhatBecameProtected", TestTakingOverOfWhatBecameProtected}, {"RowsStray", TestRowsStray}, {"RowsUPN", TestRowsUPN},
	{"RulesAttributes", TestRulesAttributes}, {"RulesBehind", TestRulesBehind}, {"RuleOffers", TestRuleOffers}, {"RulesLimits", TestRulesLimits},
	{"AnotherContainer", TestAnotherContainer}, {"RulesDigests", TestRulesDigests},
	{"AcceptedEntriesOlderThanTheAccount", TestAcceptedEntriesOlderThanTheAccount}, {"RulesNames", TestRulesNames},
	{"RulesRun", TestRulesRun}, {"RulesSpread", TestRulesSpread}, {"SinceWhenSomethingIsNeeded", TestSinceWhenSomethingIsNeeded},
	{"RulesValues", TestRulesValues}, {"NoCountry", TestNoCountry}, {"RowsTemplates", TestRowsTemplates}, {"RowsFirstEnd", TestRowsFirstEnd}, {"RowsPlaces", TestRowsPlaces},
}

// observer is told of every plan that a world is asked for.
var observer func(plan.Input, plan.Plan)

func directedPlans(t *testing.T, name string, test func(*testing.T)) string {
	var sums []string // sorted: some tests have their worlds in a map
	observer = func(in plan.Input, p plan.Plan) {
		sum := sha256.Sum256(append(dump(p), dump(plan.Begin(in).Unknown())...))
		sums = append(sums, string(sum[:]))
	}
	defer func() { observer = nil }()
	t.Run(name, test)
	sortStrings(sums)
	sum := sha256.Sum256([]byte(strings.Join(sums, "")))
	return line(name, len(sums), sum[:])
}

// drawnPlans asks in each world twice, the second time with consents, and in some
// again once that is done. Worlds are many, so every processor takes a share.
func drawnPlans(n int) string {
	const shares = 8
	sums := make([][]byte, shares)
	var all sync.WaitGroup
	for share := range shares {
		all.Go(func() { sums[share] = drawnShare(share*n/shares, (share+1)*n/shares) })
	}
	all.Wait()
	sum := sha256.Sum256(bytes.Join(sums, nil))
	return line("Drawn", n, sum[:])
}

func drawnShare(from, to int) []byte {
	sum, worlds := sha256.New(), rapid.Custom(drawWorld)
	add := func(in plan.Input) plan.Plan {
		sketch := plan.Begin(in)
		sketch.Unknown() // changes nothing
		p := sketch.Make()
		sum.Write(dump(p))
		return p
	}
	for i := from; i < to; i++ {
		in := worlds.Example(i).input()
		if i%4 == 0 {
			sum.Write(dump(plan.Begin(in).Unknown()))
		}
		in.Answers = consents(i, add(in).Questions)
		if p := add(in); i%4 == 1 {
			add(simulate(in).run(p, len(p.Actions)))
		}
	}
	return sum.Sum(nil)
}

// consents agree to most of what is asked, each time in another way.
func consents(i int, questions []plan.Question) (answers []plan.Answer) {
	for j, q := range questions {
		if i += j; i%5 == 0 {
			continue
		}
		a := plan.Answer{ID: q.ID, Accept: true, Keep: q.MayKeep && i%2 == 0, Password: "x", TakeOver: i%3 != 0, NewName: q.Proposal, By: "somebody"}
		if i%4 == 1 {
			a.Keeps = &plan.Keeps{Password: i%8 == 1, Expiry: i%16 < 8, Memberships: i%32 < 16}
		}
		answers = append(answers, a)
	}
	return answers
}

func line(name string, n int, sum []byte) string {
	return fmt.Sprintf("%s %d %s", name, n, hex.EncodeToString(sum[:16]))
}
