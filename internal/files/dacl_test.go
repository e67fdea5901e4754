package files

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

const (
	me, task, approvers         = "S-1-5-21-1-2-3-1104", "S-1-5-21-1-2-3-1105", "S-1-5-21-1-2-3-1106"
	system, admins, domainUsers = "S-1-5-18", "S-1-5-32-544", "S-1-5-21-1-2-3-513"
	users, everyone, creator    = "S-1-5-32-545", "S-1-1-0", "S-1-3-0"

	full, modify, readExecute = 0x1F01FF, 0x1301BF, 0x1200A9
	both                      = toFiles | toFolders
)

func TestEverybodyMayOnWindows(t *testing.T) {
	readers := func(sids ...string) access { return access{read: sids} }
	writers := func(sids ...string) access { return access{write: sids, read: sids} }
	for _, c := range []struct {
		name    string
		entries []entry
		change  uint32
		want    access
	}{
		{"owner only", []entry{{me, full, 0}, {system, full, 0}, {admins, full, 0}}, changeFile, access{}},
		{"users read", []entry{{users, readExecute, 0}}, changeFile, readers(users)},
		{"everyone full", []entry{{everyone, full, 0}}, changeFile, writers(everyone)},
		{"everyone generic all", []entry{{everyone, genericAll, 0}}, changeFile, writers(everyone)},
		{"authenticated users modify", []entry{{"S-1-5-11", modify, 0}}, changeFile, writers("S-1-5-11")},
		{"domain users modify", []entry{{domainUsers, modify, 0}}, changeFile, writers(domainUsers)},
		{"domain guests read", []entry{{"S-1-5-21-1-2-3-514", readExecute, 0}}, changeFile, readers("S-1-5-21-1-2-3-514")},
		{"domain computers read", []entry{{"S-1-5-21-1-2-3-515", readExecute, 0}}, changeFile, readers("S-1-5-21-1-2-3-515")},
		{"who logs on by remote desktop", []entry{{"S-1-5-14", readExecute, 0}}, changeFile, readers("S-1-5-14")},
		{"this organization", []entry{{"S-1-5-15", readExecute, 0}}, changeFile, readers("S-1-5-15")},
		{"local accounts", []entry{{"S-1-5-113", readExecute, 0}}, changeFile, readers("S-1-5-113")},
		{"a service whose number ends like Domain Users", []entry{{"S-1-5-80-1-513", full, 0}}, changeFile, access{}},
		{"several, each once", []entry{{users, readExecute, 0}, {users, readData, 0}, {domainUsers, modify, 0}}, changeFile, access{write: []string{domainUsers}, read: []string{users, domainUsers}}},
		{"inherit only", []entry{{"S-1-5-11", modify, inheritOnly}}, changeFile, access{}},
		{"append alone", []entry{{everyone, appendData, 0}}, changeFile, access{write: []string{everyone}}},
		{"folder: users add files, as in ProgramData", []entry{{users, readExecute | writeData | appendData, 0}}, changeFolder, readers(users)},
		{"folder: users delete children", []entry{{users, deleteChild, 0}}, changeFolder, access{write: []string{users}}},
		{"folder: modify is the right to exchange the folder", []entry{{"S-1-5-11", modify, 0}}, changeFolder, writers("S-1-5-11")},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, everybodyMay(c.entries, c.change)) })
	}
}

func TestWhoElseMayChangeOnWindows(t *testing.T) {
	const domainAdmins = "S-1-5-21-1-2-3-512"
	ours := []entry{{me, full, 0}, {system, full, 0}, {admins, full, 0}, {domainAdmins, full, 0}}
	for _, c := range []struct {
		name    string
		owner   string
		entries []entry
		change  uint32
		want    []string
	}{
		{"administrators and me", admins, ours, changeFile, nil},
		{"others read", me, append([]entry{{users, readExecute, 0}}, ours...), changeFile, nil},
		{"the task's account may modify", admins, append([]entry{{task, modify, 0}}, ours...), changeFile, []string{task}},
		{"the folder of the task's account", admins, append([]entry{{task, modify, 0}}, ours...), changeFolder, []string{task}},
		{"the task's account owns it", task, ours, changeFile, []string{task}},
		{"owner and entry are one", task, []entry{{task, full, 0}}, changeFile, []string{task}},
		{"files may be added to the folder", admins, []entry{{users, readExecute | writeData | appendData, 0}}, changeFolder, nil},
		{"and that of a program, which takes libraries from it", admins, []entry{{users, readExecute | writeData | appendData, 0}}, changeFile, []string{users}},
		{"inherit only", admins, []entry{{task, full, inheritOnly}}, changeFile, nil},
		{"a local account whose number ends like an administrator's group", admins, []entry{{"S-1-5-80-1-512", full, 0}}, changeFile, []string{"S-1-5-80-1-512"}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, othersMay(c.owner, c.entries, me, c.change)) })
	}
}

// What is made in a closed folder takes the folder's list, so that the task's
// account, the courier or the approvers, whom the folder names, can open it.
func TestWhereFilesTakeTheListOfTheirFolderOnWindows(t *testing.T) {
	closed := []entry{{system, full, both}, {admins, full, both}, {task, modify, both}, {approvers, modify, both}}
	asTask := func(sid string) bool { return sid == task }
	asAdministrator := func(sid string) bool { return sid == admins || sid == users || sid == domainUsers }
	for _, c := range []struct {
		name   string
		folder []entry
		kind   uint8
		maker  func(string) bool
		want   bool
	}{
		{"the task in its folder", closed, toFiles, asTask, true},
		{"a folder in it", closed, both, asTask, true},
		{"an administrator in it", closed, toFiles, asAdministrator, true},
		{"somebody whom it does not name", closed, toFiles, func(string) bool { return false }, false},
		{"somebody who may only read there", []entry{{admins, full, both}, {task, readExecute, both}}, toFiles, asTask, false},
		{"nothing is handed down", []entry{{admins, full, 0}, {task, modify, 0}}, toFiles, asTask, false},
		{"to folders alone", []entry{{task, modify, toFolders}}, toFiles, asTask, false},
		{"files alone, for a folder", []entry{{task, modify, toFiles}}, both, asTask, false},
		{"users read, as in ProgramData", append([]entry{{users, readExecute, both}, {creator, genericAll, both | inheritOnly}}, closed...), toFiles, asTask, false},
		{"users may list the folder itself", append([]entry{{users, readExecute, 0}}, closed...), toFiles, asTask, true},
		{"domain users write", append([]entry{{domainUsers, modify, both | inheritOnly}}, closed...), toFiles, asTask, false},
		{"who makes it owns it", []entry{{admins, full, both}, {creator, full, both | inheritOnly}}, toFiles, asTask, true},
		{"no list", nil, toFiles, asTask, false},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, keepsOut(c.folder, c.kind, c.maker)) })
	}
}

func TestAccessListsThatAreTheSame(t *testing.T) {
	const inherited = "D:AI(A;ID;FA;;;SY)(A;ID;0x1301bf;;;S-1-5-21-1-2-3-1105)"
	for _, c := range []struct {
		name, one, other string
		want             bool
	}{
		{"both inherited, at other times", inherited, "D:(A;OICIID;FA;;;BA)", true},
		{"one that nothing is handed down to", "D:PAI(A;;FA;;;SY)", inherited, false},
		{"protected and equal", "D:P(A;;FA;;;SY)", "D:PAI(A;;FA;;;SY)", true},
		{"the courier's own entry", "D:AI(A;;FR;;;S-1-5-21-1-2-3-1107)(A;ID;FA;;;SY)", inherited, false},
		{"denied", "D:AI(D;;FR;;;BG)(A;ID;FA;;;SY)", inherited, false},
		{"no list at all", "D:NO_ACCESS_CONTROL", inherited, true},
		{"empty, and closed", "D:P", inherited, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, sameList(c.one, c.other))
			assert.Equal(t, c.want, sameList(c.other, c.one))
		})
	}
	assert.False(t, protected(inherited))
	assert.True(t, protected("D:PARAI(A;;FA;;;SY)"))
	assert.False(t, protected("D:NO_ACCESS_CONTROL"))
}

// The advice names no account, since whose console it is pasted into is unknown,
// and takes no one's access but of those who stand for everybody.
func TestAdviceOnWindows(t *testing.T) {
	advice := closing(`C:\ProgramData\ad-user-sync`, []string{users, domainUsers})
	assert.Equal(t, `icacls "C:\ProgramData\ad-user-sync" /inheritance:d and then icacls "C:\ProgramData\ad-user-sync" /remove:g *S-1-5-32-545 *`+domainUsers, advice)
}
