package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// security is who owns an object, and its access list.
type security struct {
	owner   string
	open    bool // there is no list at all: everybody may do everything (MS-DTYP 2.5.3.2)
	entries []entry
	sddl    string // of the list alone
}

func securityOf(path string) (security, error) {
	const which = windows.DACL_SECURITY_INFORMATION | windows.OWNER_SECURITY_INFORMATION
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, which)
	if err != nil {
		return security{}, &os.PathError{Op: "read the access list of", Path: path, Err: err}
	}
	owner, _, err := descriptor.Owner()
	if err != nil {
		return security{}, &os.PathError{Op: "read the owner of", Path: path, Err: err}
	}
	s := security{owner: owner.String()}
	if _, list, found := strings.Cut(descriptor.String(), "D:"); found {
		s.sddl = "D:" + list
	}
	dacl, _, err := descriptor.DACL()
	if dacl == nil || errors.Is(err, windows.ERROR_OBJECT_NOT_FOUND) {
		s.open = true
		return s, nil
	}
	if err == nil {
		s.entries, err = allowEntries(dacl)
	}
	if err != nil {
		return security{}, &os.PathError{Op: "read the access list of", Path: path, Err: err}
	}
	return s, nil
}

func allowEntries(dacl *windows.ACL) ([]entry, error) {
	var entries []entry
	for i := range uint32(dacl.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(dacl, i, &ace); err != nil {
			return nil, err
		}
		if ace.Header.AceType != windows.ACCESS_ALLOWED_ACE_TYPE {
			continue
		}
		sid := (*windows.SID)(unsafe.Pointer(&ace.SidStart))
		entries = append(entries, entry{sid: sid.String(), mask: uint32(ace.Mask), flags: ace.Header.AceFlags})
	}
	return entries, nil
}

func accessOf(file string) (access, error)         { return everybodyOn(file, changeFile) }
func folderAccessOf(folder string) (access, error) { return everybodyOn(folder, changeFolder) }

func everybodyOn(path string, change uint32) (access, error) {
	s, err := securityOf(path)
	if err == nil && s.open {
		everyone := []string{"S-1-1-0"}
		return access{write: everyone, read: everyone}, nil
	}
	return everybodyMay(s.entries, change), err
}

// whoElse lists who may change an object, besides administrators and, where mine, the running
// user, as DOMAIN\name or SID.
func whoElse(path string, file, mine bool) ([]string, error) {
	s, err := securityOf(path)
	if err != nil {
		return nil, err
	}
	if s.open {
		return []string{"everybody"}, nil
	}
	me, err := userSID()
	if err != nil {
		return nil, err
	}
	if !mine {
		me = ""
	}
	change := uint32(changeFolder)
	if file {
		change = changeFile
	}
	return names(othersMay(s.owner, s.entries, me, change)), nil
}

// stranger names the owner of an object who is neither an administrator nor the
// running user; "": no such one.
func stranger(path string) (string, error) {
	s, err := securityOf(path)
	if err != nil {
		return "", err
	}
	me, err := userSID()
	if err != nil || s.owner == me || administers(s.owner) {
		return "", err
	}
	return accountName(s.owner), nil
}

func userSID() (string, error) {
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return "", err
	}
	return me.User.Sid.String(), nil
}

// isMine reports whether the running user, or a group that counts for it, has a SID.
func isMine(text string) bool {
	sid, err := windows.StringToSid(text)
	if err != nil {
		return false
	}
	mine, err := windows.Token(0).IsMember(sid)
	return err == nil && mine
}

// Administrator reports whether the running user administers this computer.
func Administrator() bool { return windows.GetCurrentProcessToken().IsElevated() }

// ownerOf returns who owns what is there; "" where that cannot be read.
func ownerOf(path string) (owner, rights string) {
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return "", ""
	}
	sid, _, err := descriptor.Owner()
	if err != nil {
		return "", ""
	}
	return accountName(sid.String()), ""
}

func names(sids []string) []string {
	var all []string
	for _, sid := range sids {
		all = append(all, accountName(sid))
	}
	return all
}

func accountName(text string) string {
	sid, err := windows.StringToSid(text)
	if err != nil {
		return text
	}
	name, domain, _, err := sid.LookupAccount("")
	switch {
	case err != nil:
		return text
	case domain == "": // Everyone
		return name
	}
	return domain + `\` + name
}

func (a access) writers() string { return strings.Join(names(a.write), ", ") }
func (a access) readers() string { return strings.Join(names(a.read), ", ") }

func adviceWrite(path string, who []string) string { return closing(whole(path), who) }
func adviceRead(path string, who []string) string  { return closing(whole(path), who) }
func adviceOwner(path string) string {
	return `icacls "` + whole(path) + `" /setowner *S-1-5-32-544`
}

// whole is a path that means the same in another folder.
func whole(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// linkOwner: whose a link is, its folder says.
func linkOwner(fs.FileInfo) string { return "" }
