package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

// createPrivate makes a file that is closed to everybody: by what its folder hands
// down, or by a list of its own that is there from the first moment. What is to
// stand for another file, like, has the folder's list only where that one has.
func createPrivate(path, like string) (*os.File, error) {
	var attributes *windows.SecurityAttributes
	var err error
	if like != "" && !inherits(like) { // it may be closed to whom its folder lets in
		attributes, err = ownerOnly(toFiles)
	} else {
		attributes, err = attributesFor(path, toFiles, like != "")
	}
	if err != nil {
		return nil, &os.PathError{Op: "create", Path: path, Err: err}
	}
	name, err := windows.UTF16PtrFromString(path)
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

// inherits reports whether a file takes what its folder hands down.
func inherits(path string) bool {
	if path == "" {
		return false
	}
	s, err := securityOf(path)
	return err == nil && !protected(s.sddl)
}

// MkdirPrivate makes a folder, and those above it that are missing, for the running
// user and administrators alone. One that exists stays as it is.
func MkdirPrivate(path string) error {
	return mkdir(path, func(string) (*windows.SecurityAttributes, error) { return ownerOnly(toFiles | toFolders) })
}

// Mkdir does so, and takes the list of the folder above where that keeps everybody
// out, as a file does.
func Mkdir(path string) error {
	return mkdir(path, func(path string) (*windows.SecurityAttributes, error) {
		return attributesFor(path, toFiles|toFolders, false)
	})
}

func mkdir(path string, attributes func(string) (*windows.SecurityAttributes, error)) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	if parent := filepath.Dir(path); parent != path {
		if err := mkdir(parent, attributes); err != nil {
			return err
		}
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return &os.PathError{Op: "mkdir", Path: path, Err: err}
	}
	list, err := attributes(path)
	if err == nil {
		err = windows.CreateDirectory(name, list)
	}
	if err != nil {
		return &os.PathError{Op: "mkdir", Path: path, Err: err}
	}
	return nil
}

// attributesFor is nil, by which the folder's list is inherited, or a list of its
// own for what is made in a folder that lets everybody in.
func attributesFor(path string, kind uint8, inherit bool) (*windows.SecurityAttributes, error) {
	if inherit {
		return nil, nil
	}
	folder, err := securityOf(filepath.Dir(path))
	if err == nil && !folder.open && keepsOut(folder.entries, kind, isMine) {
		return nil, nil
	}
	return ownerOnly(kind)
}

// ownerOnly is a protected access list for the running user, SYSTEM and
// Administrators; that of a folder is for what is made in it, too.
func ownerOnly(kind uint8) (*windows.SecurityAttributes, error) {
	me, err := userSID()
	if err != nil {
		return nil, err
	}
	inheritance := ""
	if kind&toFolders != 0 {
		inheritance = "OICI"
	}
	sddl := "D:P"
	for _, trustee := range []string{me, "SY", "BA"} {
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

// takeAccess sets on temp the access list of the file that it replaces, where it has
// another one. The mode means nothing here. Over a share that lets no one change
// access lists, what the folder hands down has to do, if that was part of the list.
func takeAccess(temp *os.File, target string, _ fs.FileMode, before fs.FileInfo) error {
	if before == nil {
		return nil
	}
	was, err := securityOf(target)
	if err != nil {
		return err
	}
	is, err := securityOf(temp.Name())
	if err != nil || was.open || sameList(is.sddl, was.sddl) {
		return err
	}
	descriptor, err := windows.SecurityDescriptorFromString(was.sddl)
	if err != nil {
		return err
	}
	dacl, _, err := descriptor.DACL()
	if err != nil {
		return err
	}
	var which windows.SECURITY_INFORMATION = windows.DACL_SECURITY_INFORMATION | windows.UNPROTECTED_DACL_SECURITY_INFORMATION
	if protected(was.sddl) {
		which = windows.DACL_SECURITY_INFORMATION | windows.PROTECTED_DACL_SECURITY_INFORMATION
	}
	err = windows.SetNamedSecurityInfo(temp.Name(), windows.SE_FILE_OBJECT, which, nil, nil, dacl, nil)
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) && !protected(was.sddl) && !protected(is.sddl) {
		return nil
	}
	return err
}
