package files

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEverybodyMayOnWindows(t *testing.T) {
	const (
		me, users, everyone, authenticated = "S-1-5-21-1-2-3-1104", "S-1-5-32-545", "S-1-1-0", "S-1-5-11"
		full, modify, readExecute          = 0x1F01FF, 0x1301BF, 0x1200A9
	)
	for _, c := range []struct {
		name    string
		entries []entry
		change  uint32
		want    access
	}{
		{"owner only", []entry{{me, full, false}, {"S-1-5-18", full, false}, {"S-1-5-32-544", full, false}}, changeFile, access{}},
		{"users read", []entry{{users, readExecute, false}}, changeFile, access{read: true}},
		{"everyone full", []entry{{everyone, full, false}}, changeFile, access{write: true, read: true}},
		{"everyone generic all", []entry{{everyone, genericAll, false}}, changeFile, access{write: true, read: true}},
		{"authenticated users modify", []entry{{authenticated, modify, false}}, changeFile, access{write: true, read: true}},
		{"inherit only", []entry{{authenticated, modify, true}}, changeFile, access{}},
		{"append alone", []entry{{everyone, appendData, false}}, changeFile, access{write: true}},
		{"folder: users add files, as in ProgramData", []entry{{users, readExecute | writeData | appendData, false}}, changeFolder, access{read: true}},
		{"folder: users delete children", []entry{{users, deleteChild, false}}, changeFolder, access{write: true}},
		{"folder: modify is the right to exchange the folder", []entry{{authenticated, modify, false}}, changeFolder, access{write: true, read: true}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, everybodyMay(c.entries, c.change)) })
	}
}

func TestWhoElseMayChangeOnWindows(t *testing.T) {
	const (
		me, task, system, admins = "S-1-5-21-1-2-3-1104", "S-1-5-21-1-2-3-1105", "S-1-5-18", "S-1-5-32-544"
		domainAdmins, users      = "S-1-5-21-1-2-3-512", "S-1-5-32-545"
		full, modify, read       = 0x1F01FF, 0x1301BF, 0x1200A9
	)
	ours := []entry{{me, full, false}, {system, full, false}, {admins, full, false}, {domainAdmins, full, false}}
	for _, c := range []struct {
		name    string
		owner   string
		entries []entry
		change  uint32
		want    []string
	}{
		{"administrators and me", admins, ours, changeFile, nil},
		{"others read", me, append([]entry{{users, read, false}}, ours...), changeFile, nil},
		{"the task's account may modify", admins, append([]entry{{task, modify, false}}, ours...), changeFile, []string{task}},
		{"the folder of the task's account", admins, append([]entry{{task, modify, false}}, ours...), changeFolder, []string{task}},
		{"the task's account owns it", task, ours, changeFile, []string{task}},
		{"owner and entry are one", task, []entry{{task, full, false}}, changeFile, []string{task}},
		{"files may be added to the folder", admins, []entry{{users, read | writeData | appendData, false}}, changeFolder, nil},
		{"inherit only", admins, []entry{{task, full, true}}, changeFile, nil},
		{"a local account whose number ends like an administrator's group", admins, []entry{{"S-1-5-80-1-512", full, false}}, changeFile, []string{"S-1-5-80-1-512"}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, othersMay(c.owner, c.entries, me, c.change)) })
	}
}
