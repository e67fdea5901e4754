package schema

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// UserFile is the document that travels from the source to the target domain.
type UserFile struct {
	Timestamp time.Time // zero where the file has none
	Zoned     bool      // false: the timestamp had no zone and was read as UTC
	Source    *Source   // nil in files of the older tool
	Users     []User
	Migrated  *Migrated // nil where no one comes from another domain
	Complete  *Complete // nil in files of the older tool
}

// Migrated says which users of the file are users of a former source domain. It is the
// source's word, and evidence for a person: see rows 72 to 75 in import/plan.
type Migrated struct {
	From  string         `json:"from"` // DNS name of the former source domain
	File  string         `json:"file"` // SHA-256 of its user file, hexadecimal
	Users []MigratedUser `json:"users"`
}

// MigratedUser is one of them.
type MigratedUser struct {
	ObjectGUID string `json:"objectGUID"` // as in the list of users
	Former     string `json:"former"`     // objectGUID in the former domain, dashed, lower case
	By         string `json:"by"`         // attribute by which they were recognised
}

// Attributes by which a user of a former domain is recognised.
const (
	BySIDHistory = "sIDHistory"
	ByEmployeeID = "employeeID"
)

// Anchored reports whether the users carry their objectGUID; all do or none.
func (f *UserFile) Anchored() bool { return len(f.Users) > 0 && f.Users[0].ObjectGUID != "" }

// Source says where a user file comes from.
type Source struct {
	Domain string `json:"domain"` // DNS name of the source domain
	Scope  string `json:"scope"`  // digest of the export's selection, hexadecimal
	Tool   string `json:"tool"`   // "ad-user-sync 1.0.0"

	Controller string `json:"-"` // domain controller that was read; in the file it follows the tool, for older importers refuse other keys
}

// Complete states that every search of the export ended with success.
type Complete struct {
	Users    int            `json:"users"`
	Searches []SearchResult `json:"searches"`
}

// SearchResult is one search of an export.
type SearchResult struct {
	Base      string `json:"base"`
	Filter    string `json:"filter"`
	Entries   int    `json:"entries"`
	Referrals int    `json:"referrals"`
}

// User is one person of the user file.
type User struct {
	CN             string
	SAMAccountName string
	Disabled       bool
	AccountExpires *time.Time // nil: never
	MemberOf       []string   // search groups relative to group_path, as "CN=t-Viewers"
	ObjectGUID     string     // source anchor, dashed, lower case; "" in files without anchors
	Attributes     Attributes
}

// Value of an attribute. A nil List is null: the source has no value.
type Value struct {
	List   []string // texts, or raw bytes where Binary
	Multi  bool     // written as a list
	Binary bool     // written as {"base64": "..."}
}

// The keys of a user that are not attributes.
const (
	KeyCN             = "cn"
	KeySAMAccountName = "sAMAccountName"
	KeyDisabled       = "disabled"
	KeyAccountExpires = "accountExpires"
	KeyMemberOf       = "memberOf"
	KeyObjectGUID     = "objectGUID"
)

var UserKeys = map[string]string{ // by lower case
	"cn": KeyCN, "samaccountname": KeySAMAccountName, "disabled": KeyDisabled,
	"accountexpires": KeyAccountExpires, "memberof": KeyMemberOf, "objectguid": KeyObjectGUID,
}

// IsUserKey reports whether a key of a user, in any case, has a field of its own
// in User and is not an attribute.
func IsUserKey(name string) bool { return UserKeys[strings.ToLower(name)] != "" }

var DashedGUID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// IsText reports whether a value can be written as text: UTF-8 without NUL.
func IsText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// NewValue is the value of an attribute as a directory returns it: raw values,
// and whether the attribute may have several. None at all is null.
func NewValue(values []string, multi bool) Value {
	if len(values) == 0 {
		if multi {
			return Value{List: []string{}, Multi: true}
		}
		return Value{}
	}
	return Value{List: values, Multi: multi || len(values) > 1, Binary: !AllText(values)}
}

func AllText(list []string) bool {
	return !slices.ContainsFunc(list, func(s string) bool { return !IsText(s) })
}
