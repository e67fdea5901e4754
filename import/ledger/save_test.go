package ledger

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// Every field that is written, and text that JSON writes in more than one way.
func fullLedger() *Ledger {
	at := time.Date(2026, 11, 27, 8, 15, 30, 120_000_000, time.UTC)
	guid := func(n byte) adrules.GUID { return adrules.GUID{n, 2: 0xff, 15: n} }
	odd := "<Jörg & \u2028 \"Co\"> \x01"
	account := Account{Anchor: "a", MeantAnchor: "b", MeantKeeps: &plan.Keeps{Expiry: true}, How: plan.HowCreated, Adopted: at, Expires: 1 << 60,
		MeantExpires: -1, FormerExpires: []int64{1, 2}, KeepsExpiry: true, DisabledFor: plan.MissingInFile, MeantDisable: plan.TakenOver, DisabledAt: at,
		WasEnabled: true, Enabled: true, Made: at, Through: odd, Seen: plan.Sight{DN: odd, CN: odd, AccountName: odd, UPN: odd, At: at}, Gone: at, DeniesChange: true,
		Joined: plan.Joins{}.With("S-1-5-9", plan.Joined{Before: true}).With("S-1-5-10", plan.Joined{At: at, By: odd, Guard: "listed", Reaches: []adrules.SID{"S-1", "S-2"}})}
	l := New()
	l.Containers[guid(1)] = Record{
		File: AcceptedFile{SHA256: "00", Newest: at, Searches: []string{odd}}, Run: RunMark{ID: "x", Started: at},
		Controllers: []Controller{{Name: odd, Wrote: at}}, Accounts: map[adrules.GUID]Account{guid(9): account, guid(3): {}, guid(4): {Joined: plan.Joins{}}},
		Intended: map[string]time.Time{"b": at, "a": at}, Groups: map[string]string{odd: "S-1"}, Deleted: map[adrules.GUID]time.Time{guid(7): at},
		Names: map[string]plan.FormerName{"jdoe": {Anchor: "a", Until: at}},
		Made:  map[string]int{"cn": 2}, Unmapped: map[adrules.SID]time.Time{"S-1": at}, Recent: []Recent{{At: at, People: map[plan.Kind][]string{plan.Disable: {"x"}}}},
		Owed: &Owed{At: at, Creates: map[string]bool{"x": true}}, Used: []string{"x"}, LeftOut: map[string]time.Time{odd: at}, Waiting: []Waiting{{Kind: plan.Join, Who: "x", User: odd, Since: at}},
	}
	l.Containers[guid(2)] = Record{}
	return l
}

// The bytes are those of encoding/json, in which all earlier versions wrote.
func TestSavedAsEverBefore(t *testing.T) {
	for name, l := range map[string]*Ledger{"full": fullLedger(), "new": New()} {
		path := filepath.Join(t.TempDir(), "r.state.json")
		require.NoError(t, l.Save(path), name)
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		var want bytes.Buffer
		encoder := json.NewEncoder(&want)
		encoder.SetIndent("", " ")
		require.NoError(t, encoder.Encode(l))
		assert.Equal(t, want.String(), string(got), name)

		again, err := Load(path)
		require.NoError(t, err)
		require.NoError(t, again.Save(path))
		same, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, string(got), string(same), "%s, read and written", name)
	}
}

func TestJoinsAreAnObjectByGroup(t *testing.T) {
	text := `{"S-1-5-10":{"by":"anna"},"S-1-5-9":{"before":true}}`
	var joins plan.Joins
	require.NoError(t, json.Unmarshal([]byte(text), &joins))
	how, ok := joins.Of("S-1-5-9")
	assert.True(t, ok)
	assert.Equal(t, plan.Joined{Before: true}, how)
	again, err := json.Marshal(joins)
	require.NoError(t, err)
	assert.Equal(t, text, string(again))
	assert.Equal(t, plan.Joins{}.With("S-1-5-10", plan.Joined{By: "anna"}), joins.Without("S-1-5-9"))
	assert.Len(t, joins.With("S-1-5-9", plan.Joined{}), 2)
	assert.Len(t, joins, 2, "each is a copy")
}

// Work grows with the number of people who are made, and not with its square: four times
// the people may allocate six times as much, sixteen would be the square.
func TestLearningIsNotQuadratic(t *testing.T) {
	work := func(n int) float64 {
		x := &apply.Result{}
		for i := range n {
			x.Done = append(x.Done, &plan.Action{Kind: plan.Create, Person: &plan.Person{CN: strconv.Itoa(i)}})
		}
		return testing.AllocsPerRun(1, func() {
			r := Record{Made: map[string]int{}}
			r.learnMade(x)
		})
	}
	require.Less(t, work(8_000), 6*work(2_000))
}

// Who waited before, waits since then, whatever else was asked meanwhile.
func TestWaitingSinceTheFirstTime(t *testing.T) {
	q := func(who string) plan.Question {
		return plan.Question{Kind: plan.Enable, Person: &plan.Person{Anchor: who, CN: who}}
	}
	r, day := Record{}, func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	r.Wait([]plan.Question{q("a"), q("b")}, day(1))
	r.Wait([]plan.Question{q("b"), q("c")}, day(2))
	assert.Equal(t, []time.Time{day(1), day(2)}, []time.Time{r.Waiting[0].Since, r.Waiting[1].Since})
}
