package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// noFollow is nothing here: to make a link takes a right of its own.
const noFollow = 0

// createPrivate sets the access list at the moment of creation: there is no
// time at which another user could open the file.
func createPrivate(path string) (*os.File, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, &os.PathError{Op: "create", Path: path, Err: err}
	}
	attributes, err := ownerOnly("")
	if err != nil {
		return nil, &os.PathError{Op: "create", Path: path, Err: err}
	}
	handle, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE, attributes, windows.CREATE_NEW, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, &os.PathError{Op: "create", Path: path, Err: err}
	}
	return os.NewFile(uintptr(handle), path), nil
}

// MkdirPrivate makes a folder, and those above it that are missing, for the
// owner alone. One that exists stays as it is.
func MkdirPrivate(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	if parent := filepath.Dir(path); parent != path {
		if err := MkdirPrivate(parent); err != nil {
			return err
		}
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return &os.PathError{Op: "mkdir", Path: path, Err: err}
	}
	attributes, err := ownerOnly("OICI") // inherited by what is made in it
	if err == nil {
		err = windows.CreateDirectory(name, attributes)
	}
	if err != nil {
		return &os.PathError{Op: "mkdir", Path: path, Err: err}
	}
	return nil
}

// ownerOnly is a protected access list for the running user, SYSTEM and
// Administrators.
func ownerOnly(inheritance string) (*windows.SecurityAttributes, error) {
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	sddl := "D:P"
	for _, trustee := range []string{me.User.Sid.String(), "SY", "BA"} {
		sddl += "(A;" + inheritance + ";FA;;;" + trustee + ")"
	}
	descriptor, err := windows.SecurityDescriptorFromString(sddl)
	if err != nil {
		return nil, err
	}
	attributes := &windows.SecurityAttributes{SecurityDescriptor: descriptor}
	attributes.Length = uint32(unsafe.Sizeof(*attributes))
	return attributes, nil
}

// takeAccess sets on temp the access list of the file that it replaces. The
// mode means nothing here.
func takeAccess(temp, target string, _ fs.FileMode, before fs.FileInfo) error {
	if before == nil {
		return nil
	}
	descriptor, dacl, err := daclOf(target)
	if err != nil {
		return err
	}
	control, _, err := descriptor.Control()
	if err != nil {
		return err
	}
	var which windows.SECURITY_INFORMATION = windows.DACL_SECURITY_INFORMATION | windows.UNPROTECTED_DACL_SECURITY_INFORMATION
	if control&windows.SE_DACL_PROTECTED != 0 {
		which = windows.DACL_SECURITY_INFORMATION | windows.PROTECTED_DACL_SECURITY_INFORMATION
	}
	return windows.SetNamedSecurityInfo(temp, windows.SE_FILE_OBJECT, which, nil, nil, dacl, nil)
}

// open outlasts the moment in which the file is being replaced.
func open(path string) (f *os.File, err error) {
	err = patiently(func() error { f, err = os.Open(path); return err })
	return f, err
}

func rename(from, to string) error {
	return patiently(func() error { return os.Rename(from, to) })
}

// patiently tries for about two seconds: virus scanners, indexers and readers
// that did not share deletion hold files for moments.
func patiently(do func() error) error {
	const tries = 11
	for try := 1; ; try++ {
		err := do()
		if err == nil || try == tries || !busy(err) {
			return err
		}
		time.Sleep(time.Duration(try) * 35 * time.Millisecond)
	}
}

func busy(err error) bool {
	return errors.Is(err, windows.ERROR_ACCESS_DENIED) || errors.Is(err, windows.ERROR_SHARING_VIOLATION) ||
		errors.Is(err, windows.ERROR_LOCK_VIOLATION)
}

// markInUse has nothing to do: a file that is open cannot be removed here.
func markInUse(*os.File) {}

func inUse(temp string) bool {
	f, err := os.OpenFile(temp, os.O_RDWR, 0)
	if err != nil {
		return true
	}
	_ = f.Close()
	return false
}

// syncFolder has nothing to do: a folder cannot be flushed here.
func syncFolder(string) error { return nil }

func accessOf(file string) (access, error)         { return everybodyOn(file, changeFile) }
func folderAccessOf(folder string) (access, error) { return everybodyOn(folder, changeFolder) }

func everybodyOn(path string, change uint32) (access, error) {
	_, dacl, err := daclOf(path)
	if err != nil {
		return access{}, &os.PathError{Op: "read the access list of", Path: path, Err: err}
	}
	if dacl == nil { // no list at all: everybody may do everything (MS-DTYP 2.5.3.2)
		return access{write: true, read: true}, nil
	}
	entries, err := allowEntries(dacl)
	return everybodyMay(entries, change), err
}

// daclOf reads the access list; it lives as long as the descriptor.
func daclOf(path string) (*windows.SECURITY_DESCRIPTOR, *windows.ACL, error) {
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return nil, nil, err
	}
	dacl, _, err := descriptor.DACL()
	if errors.Is(err, windows.ERROR_OBJECT_NOT_FOUND) {
		return descriptor, nil, nil
	}
	return descriptor, dacl, err
}

// whoElse lists who may change an object, besides administrators and the running
// user, as DOMAIN\name or SID.
func whoElse(path string, file bool) ([]string, error) {
	const which = windows.DACL_SECURITY_INFORMATION | windows.OWNER_SECURITY_INFORMATION
	descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, which)
	if err != nil {
		return nil, &os.PathError{Op: "read the access list of", Path: path, Err: err}
	}
	owner, _, err := descriptor.Owner()
	if err != nil {
		return nil, &os.PathError{Op: "read the owner of", Path: path, Err: err}
	}
	dacl, _, err := descriptor.DACL()
	if dacl == nil || errors.Is(err, windows.ERROR_OBJECT_NOT_FOUND) {
		return []string{"everybody"}, nil
	}
	entries, err := allowEntries(dacl)
	if err != nil {
		return nil, err
	}
	me, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	change := uint32(changeFolder)
	if file {
		change = changeFile
	}
	var names []string
	for _, sid := range othersMay(owner.String(), entries, me.User.Sid.String(), change) {
		names = append(names, accountName(sid))
	}
	return names, nil
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

// exchangeable: to replace a file takes the right to delete it.
func exchangeable(target string, _ fs.FileInfo) error {
	name, err := windows.UTF16PtrFromString(target)
	if err != nil {
		return err
	}
	const all = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	handle, err := windows.CreateFile(name, windows.DELETE, all, nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) { // for a moment
		return nil
	}
	if err != nil {
		return err
	}
	return windows.CloseHandle(handle)
}

func accountName(text string) string {
	sid, err := windows.StringToSid(text)
	if err != nil {
		return text
	}
	name, domain, _, err := sid.LookupAccount("")
	if err != nil {
		return text
	}
	return domain + `\` + name
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
		entries = append(entries, entry{
			sid:         sid.String(),
			mask:        uint32(ace.Mask),
			inheritOnly: ace.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0,
		})
	}
	return entries, nil
}

func adviceWrite(path string) string {
	return `icacls "` + path + `" /inheritance:r /grant:r "%USERNAME%:F" *S-1-5-18:F *S-1-5-32-544:F`
}
func adviceRead(path string) string { return adviceWrite(path) }
