package files

import (
	"slices"
	"strings"
)

// entry is an allow entry of a Windows access list (MS-DTYP 2.4.4).
type entry struct {
	sid         string
	mask        uint32
	inheritOnly bool // not for the object itself
}

// everybodySIDs name more people than an administrator would list one by one
// (MS-DTYP 2.4.2.4).
var everybodySIDs = map[string]bool{
	"S-1-1-0":      true, // Everyone
	"S-1-5-2":      true, // NETWORK
	"S-1-5-4":      true, // INTERACTIVE
	"S-1-5-7":      true, // ANONYMOUS LOGON
	"S-1-5-11":     true, // Authenticated Users
	"S-1-5-32-545": true, // BUILTIN\Users
	"S-1-5-32-546": true, // BUILTIN\Guests
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
		if e.inheritOnly || !everybodySIDs[e.sid] {
			continue
		}
		a.write = a.write || e.mask&change != 0
		a.read = a.read || e.mask&readFile != 0
	}
	return a
}

// Who administers a computer, or stands for the owner, who is judged apart
// (MS-DTYP 2.4.2.4).
var administratorSIDs = map[string]bool{
	"S-1-5-18":     true, // SYSTEM
	"S-1-5-32-544": true, // BUILTIN\Administrators
	"S-1-3-0":      true, // CREATOR OWNER
	"S-1-3-4":      true, // OWNER RIGHTS
	"S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464": true, // NT SERVICE\TrustedInstaller
}

// administers reports whether a SID is an administrator's of the computer or its
// domain: Administrator, Domain Admins, Enterprise Admins.
func administers(sid string) bool {
	if administratorSIDs[sid] {
		return true
	}
	rid := sid[strings.LastIndexByte(sid, '-')+1:]
	return strings.HasPrefix(sid, "S-1-5-21-") && (rid == "500" || rid == "512" || rid == "519")
}

// othersMay lists the SIDs that allow entries let change an object, besides
// administrators and me. The owner of an object may always change its access
// list. Deny entries are not looked at, as in everybodyMay.
func othersMay(owner string, entries []entry, me string, change uint32) []string {
	var sids []string
	for _, e := range append([]entry{{sid: owner, mask: change}}, entries...) {
		if e.inheritOnly || e.mask&change == 0 || e.sid == me || administers(e.sid) || slices.Contains(sids, e.sid) {
			continue
		}
		sids = append(sids, e.sid)
	}
	return sids
}
