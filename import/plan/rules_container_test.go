package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

func TestAnotherContainer(t *testing.T) {
	known := func(name string, enabled bool) plan.Remembered {
		return plan.Remembered{Anchor: anchor(name), How: plan.HowCreated, Enabled: enabled,
			Seen: plan.Sight{DN: "CN=" + name + ",OU=Old,DC=plant,DC=example", CN: name, AccountName: name}}
	}
	t.Run("rule 07 accounts of another container are not left behind unsaid", func(t *testing.T) {
		w := newWorld()
		w.user("Max", "max")
		w.memory.Finished = false
		w.memory.Others = []plan.OtherContainer{{GUID: guid("old"), Accounts: map[adrules.GUID]plan.Remembered{
			{1}: known("max", true), {2}: known("jane", true), {3}: known("carl", false)}}}
		w.others = []plan.Container{{GUID: guid("old"), DN: "OU=New name,DC=plant,DC=example"}}
		p := w.expect(t, "create Max: new", "enable? Max: new", "limit another container")
		assert.True(t, p.Stopped(""))
		assert.False(t, p.Stopped(p.Digest), "a person may confirm it")
		assert.Contains(t, p.Trips[0].Reason, "2 enabled accounts in another container, which is OU=New name,DC=plant,DC=example now")
		assert.Contains(t, p.Trips[0].Reason, "set managed_user_path to it")
		assert.Contains(t, strings.Join(p.Notices, "\n"), "have left, and their accounts in another container are not disabled by this import: CN=jane,OU=Old,DC=plant,DC=example (account name jane")
		assert.Len(t, p.Trips[0].Accounts, 2)
		w.others = nil
		assert.Contains(t, w.plan().Trips[0].Reason, "which cannot be found any more (objectGUID "+guid("old").String()+")")
	})
	t.Run("rule 07 nobody works there, or they were moved here", func(t *testing.T) {
		w := newWorld()
		_, a := w.both("Max", "max")
		w.memory.Others = []plan.OtherContainer{{GUID: guid("old"), Accounts: map[adrules.GUID]plan.Remembered{{3}: known("carl", false), a.GUID: known("max", true)}}}
		w.expect(t, "unchanged Max")
	})
}
