package export

import (
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

// Former is the user file of the domain that the users were migrated from.
type Former struct {
	Path   string
	sha256 string
	domain string
	people []*formerUser
}

// formerUser is a user of that file: what tells who it is here.
type formerUser struct {
	anchor, cn, name string
	sid              adrules.SID // "" where the file has no objectSid
	number           string      // employeeID, as it is compared; "" for none
}

// numberOf is equal for numbers that count as the same: case alone does not matter.
func numberOf(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// ReadFormer reads the user file of a former domain; with keys one of them has to prove it.
func ReadFormer(path string, keys []hmacfile.Key) (*Former, error) {
	const doing = "--migrated-from: read the user file of the former domain %s: %w"
	if info, err := os.Stat(path); err == nil && files.Special(info) != nil { // to open a pipe may never end
		return nil, fmt.Errorf(doing, path, files.Special(info))
	}
	from, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf(doing, path, err)
	}
	defer func() { _ = from.Close() }()
	opened, err := hmacfile.OpenFile(from, keys)
	if err != nil {
		return nil, fmt.Errorf(doing, path, err)
	}
	file, err := userfile.Read(opened.Body())
	if err != nil {
		return nil, fmt.Errorf(doing, path, err)
	}
	if file.Source == nil || !file.Anchored() {
		return nil, fmt.Errorf("--migrated-from: %s names neither its source domain nor the objectGUIDs of its users, so that it tells nothing about them: it was exported without source_anchor", path)
	}
	f := &Former{Path: path, sha256: hex.EncodeToString(opened.SHA256[:]), domain: strings.ToLower(file.Source.Domain)}
	for i := range file.Users {
		f.people = append(f.people, formerOf(&file.Users[i]))
	}
	return f, nil
}

func formerOf(u *schema.User) *formerUser {
	f := &formerUser{anchor: u.ObjectGUID, cn: u.CN, name: u.SAMAccountName, number: numberOf(first(u.Attributes.List("employeeID")))}
	if sid, err := adrules.SIDFromBytes([]byte(first(u.Attributes.List("objectSid")))); err == nil {
		f.sid = sid
	}
	return f
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
