package plan_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// What must never make anybody leave a group.
func TestGroupsNotRead(t *testing.T) {
	w := newWorld()
	u, a := w.both("Jane", "jane")
	a.MemberOf[sid("p-View")] = true
	w.keep(plan.Leave, u, func(r *schema.Resolution) { r.GroupSID = string(sid("p-View")) })
	w.groups[0].Missing, w.groups[0].SID = "gone", ""
	p := w.expect(t, "unchanged Jane")
	assert.Len(t, p.Kept, 1, "the answer outlives a failed reading")
	u.MemberOf = []string{"t-View"}
	w.expect(t, "failed Jane: group missing")
	w.groups = w.groups[1:] // not even observed
	w.expect(t, "failed Jane: group missing")
	w.users = nil
	w.both("Max", "max")
	w.expect(t, "disable Jane: missing in file [userAccountControl 512>514]", "unchanged Max")
}

// A group that was renamed has its members still; of them some should leave.
func TestGroupsThatAreElsewhere(t *testing.T) {
	w := newWorld()
	w.groups[0].Missing = "it was renamed, and is CN=p-Viewers now"
	jane, a := w.both("Jane", "jane")
	jane.MemberOf, a.MemberOf[sid("p-View")] = []string{"t-View"}, true
	max, _ := w.both("Max", "max")
	max.MemberOf = []string{"t-View"}
	_, bert := w.both("Bert", "bert")
	bert.MemberOf[sid("p-View")] = true
	gone := w.known(w.account("Gone", "gone"), anchor("gone"))
	gone.MemberOf[sid("p-View")] = true
	off, _ := w.both("Off", "off")
	off.Disabled, off.MemberOf = true, []string{"t-View"}
	p := w.expect(t, "disable Off: disabled in source [userAccountControl 512>514]", "disable Gone: missing in file [userAccountControl 512>514]",
		"failed Max: group missing", "failed Bert: group missing", "failed Gone: group missing", "unchanged Jane")
	assert.Contains(t, p.Notices, "no one can be put into p-View or out of it: it was renamed, and is CN=p-Viewers now")
}

func TestSourceGroupsThatNobodyIsIn(t *testing.T) {
	w := newWorld()
	u, _ := w.both("Jane", "jane")
	u.MemberOf = []string{"cn=T-view"}
	w.cfg.GroupMap["*"] = schema.OneOrMore{}
	assert.Equal(t, []string{"no user of the file is in these source groups of group_map: t-Admin, t-Edit"}, w.plan().Notices)
	u.MemberOf = append(u.MemberOf, "t-Admin", "t-Edit")
	assert.Empty(t, w.plan().Notices)
}

func TestAttributesThatNobodyInTheFileHas(t *testing.T) {
	w := newWorld()
	u, _ := w.both("Jane", "jane")
	u.MemberOf = []string{"t-View", "t-Edit", "t-Admin"}
	constant := "x"
	w.cfg.Attributes = map[string]schema.AttributeRule{
		"department": {From: "deprtment"}, "title": {From: "sAMAccountName"}, "description": {From: "CN"}, "company": {OnCreate: &constant}, "mail": {}, "l": {From: "info"},
	}
	const notice = "no user in the file has these attributes, which rules of attributes take values from: deprtment (for department), info (for l)"
	assert.Contains(t, w.plan().Notices, notice)
	u.Attributes = schema.AttributesOf(map[string]schema.Value{"Deprtment": {}, "INFO": {List: []string{"y"}}})
	assert.NotContains(t, strings.Join(w.plan().Notices, "\n"), "take values from")
}

func TestGroupInTwoSpellings(t *testing.T) {
	w := newWorld()
	twice := *w.groups[0]
	twice.Name = "cn=P-VIEW"
	w.groups = append(w.groups, &twice)
	other := *w.groups[0]
	other.Name = "CN=p-View,OU=Sub"
	w.groups = append(w.groups, &other)
	w.cfg.GroupMap["t-Edit"] = schema.OneOrMore{"CN=p-View,OU=Sub", "cn=p-view"}
	u, _ := w.both("Jane", "jane")
	u.MemberOf = []string{"t-View", "t-Edit"}
	p := w.plan()
	assert.Len(t, p.Actions, 1)
}

// Two lists of groups are two, whatever their names hold.
func TestListsOfGroupsAreToldApart(t *testing.T) {
	w := newWorld()
	one, _ := w.both("Jane", "jane")
	two, _ := w.both("Max", "max")
	one.MemberOf, two.MemberOf = []string{"x\x00t-View"}, []string{"x", "t-View"}
	w.expect(t, "join Max p-View: group_map", "unchanged Jane")
}
