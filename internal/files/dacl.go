package files

import (
	"slices"
	"strings"
)

// entry is an allow entry of a Windows access list (MS-DTYP 2.4.4).
type entry struct {
	sid   string
	mask  uint32
	flags uint8
}

// Flags of an entry (MS-DTYP 2.4.4.1).
const (
	toFiles     = 0x1
	toFolders   = 0x2
	inheritOnly = 0x8 // not for the object itself
)

// everybodySIDs name more people than an administrator would list one by one
// (MS-DTYP 2.4.2.4).
var everybodySIDs = map[string]bool{
	"S-1-1-0":      true, // Everyone
	"S-1-5-2":      true, // NETWORK
	"S-1-5-4":      true, // INTERACTIVE
	"S-1-5-7":      true, // ANONYMOUS LOGON
	"S-1-5-11":     true, // Authenticated Users
	"S-1-5-14":     true, // REMOTE INTERACTIVE LOGON
	"S-1-5-15":     true, // This Organization
	"S-1-5-113":    true, // Local account
	"S-1-5-32-545": true, // BUILTIN\Users
	"S-1-5-32-546": true, // BUILTIN\Guests
}

// everybody reports whether a SID stands for everybody, as do Domain Users, Domain
// Guests and Domain Computers.
func everybody(sid string) bool {
	return everybodySIDs[sid] || ofDomain(sid, "513", "514", "515")
}

// ofDomain reports whether a SID is one of the given numbers in whatever domain.
func ofDomain(sid string, numbers ...string) bool {
	return strings.HasPrefix(sid, "S-1-5-21-") && slices.Contains(numbers, sid[strings.LastIndexByte(sid, '-')+1:])
}

// Rights of an access mask (MS-DTYP 2.4.3; FILE_* of MS-SMB2 2.2.13.1).
const (
	readData    = 0x1 // list, of a folder
	writeData   = 0x2 // add files, of a folder
	appendData  = 0x4
	deleteChild = 0x40
	deleteIt    = 0x10000
	writeDACL   = 0x40000
	writeOwner  = 0x80000
	genericAll  = 0x10000000
	genericRead = 0x80000000
	genericSome = 0x40000000 // GENERIC_WRITE

	changeFile   = writeData | appendData | deleteIt | writeDACL | writeOwner | genericAll | genericSome
	changeFolder = deleteChild | deleteIt | writeDACL | writeOwner | genericAll
	readFile     = readData | genericAll | genericRead
)

// everybodyMay judges allow entries. Deny entries are not looked at, so that
// the answer errs on the careful side. The right to add files to a folder
// alone lets no one exchange those of others, as in a sticky folder.
func everybodyMay(entries []entry, change uint32) access {
	var a access
	for _, e := range entries {
		if e.flags&inheritOnly != 0 || !everybody(e.sid) {
			continue
		}
		if e.mask&change != 0 && !slices.Contains(a.write, e.sid) {
			a.write = append(a.write, e.sid)
		}
		if e.mask&readFile != 0 && !slices.Contains(a.read, e.sid) {
			a.read = append(a.read, e.sid)
		}
	}
	return a
}

// keepsOut reports whether what is made in a folder, with no list of its own, is
// closed to everybody and open to who makes it: by entries for all of kind, toFiles
// or with toFolders. mine tells the SIDs by which the maker is known.
func keepsOut(folder []entry, kind uint8, mine func(sid string) bool) bool {
	usable := false
	for _, e := range folder {
		if e.flags&kind != 0 && everybody(e.sid) && e.mask&(changeFile|readFile) != 0 {
			return false
		}
		usable = usable || e.flags&kind == kind && e.mask&changeFile != 0 && e.mask&readFile != 0 && (makers[e.sid] || mine(e.sid))
	}
	return usable
}

// makers are CREATOR OWNER and OWNER RIGHTS.
var makers = map[string]bool{"S-1-3-0": true, "S-1-3-4": true}

// Who administers a computer, or stands for the owner, who is judged apart
// (MS-DTYP 2.4.2.4).
var administratorSIDs = map[string]bool{
	"S-1-5-18":     true, // SYSTEM
	"S-1-5-32-544": true, // BUILTIN\Administrators
	"S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464": true, // NT SERVICE\TrustedInstaller
}

// administers reports whether a SID is an administrator's of the computer or its
// domain: Administrator, Domain Admins, Enterprise Admins.
func administers(sid string) bool {
	return administratorSIDs[sid] || makers[sid] || ofDomain(sid, "500", "512", "519")
}

// othersMay lists the SIDs that allow entries let change an object, besides
// administrators and me. The owner of an object may always change its access
// list. Deny entries are not looked at, as in everybodyMay.
func othersMay(owner string, entries []entry, me string, change uint32) []string {
	var sids []string
	for _, e := range append([]entry{{sid: owner, mask: change}}, entries...) {
		if e.flags&inheritOnly != 0 || e.mask&change == 0 || e.sid == me || administers(e.sid) || slices.Contains(sids, e.sid) {
			continue
		}
		sids = append(sids, e.sid)
	}
	return sids
}

// closing are the commands that take an access list's entries of these SIDs away and
// leave the others, in cmd.exe and in PowerShell, of files and of folders. What is
// inherited is made the object's own first: it could not be removed.
func closing(path string, sids []string) string {
	return `icacls "` + path + `" /inheritance:d and then icacls "` + path + `" /remove:g *` + strings.Join(sids, " *")
}

// protected reports whether an access list, as SDDL, takes nothing from the folder.
func protected(sddl string) bool {
	flags, _, _ := strings.Cut(strings.TrimPrefix(sddl, "D:"), "(")
	return strings.Contains(strings.ReplaceAll(flags, "NO_ACCESS_CONTROL", ""), "P")
}

// sameList reports whether two files of one folder have the same access: what
// is inherited is the folder's, whatever was written down for it.
func sameList(one, other string) bool {
	return protected(one) == protected(other) && slices.Equal(ownEntries(one), ownEntries(other))
}

// ownEntries are the entries of SDDL that are not inherited.
func ownEntries(sddl string) []string {
	_, text, found := strings.Cut(sddl, "(")
	if !found {
		return nil
	}
	return slices.DeleteFunc(strings.Split(strings.TrimSuffix(text, ")"), ")("), func(ace string) bool {
		fields := strings.SplitN(ace, ";", 3)
		return len(fields) > 1 && strings.Contains(fields[1], "ID")
	})
}
