package adrules

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of names, in UTF-16 code units (MS-ADA1 cn, MS-ADA3 sAMAccountName).
const (
	MaxCommonName  = 64
	MaxAccountName = 20
	MaxUPN         = 1024 // MS-ADA3 userPrincipalName, rangeUpper
)

// UTF16Len is the length of s as a directory counts it.
// It is never more than the number of bytes.
func UTF16Len(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// TruncateCommonName cuts head so that head and tail together fit into a
// common name; tail, which tells namesakes apart, is kept complete.
func TruncateCommonName(head, tail string) string {
	room := MaxCommonName - UTF16Len(tail)
	for i, r := range head {
		if room -= max(1, utf16.RuneLen(r)); room < 0 {
			head = head[:i]
			break
		}
	}
	return strings.TrimRight(head, " ") + tail
}

// CheckCommonName tells why a common name cannot be written as it is.
func CheckCommonName(cn string) error {
	switch {
	case cn == "":
		return errors.New("the common name is empty")
	case !utf8.ValidString(cn):
		return errors.New("the common name is not valid UTF-8")
	case UTF16Len(cn) > MaxCommonName:
		return fmt.Errorf("the common name has %d characters, at most %d are allowed", UTF16Len(cn), MaxCommonName)
	case strings.TrimSpace(cn) != cn:
		return errors.New("the common name begins or ends with white space")
	}
	for _, r := range cn {
		if !printable(r) {
			return fmt.Errorf("the common name contains U+%04X, which cannot be seen", r)
		}
	}
	return nil
}

// printable excludes control, format, private, surrogate and unassigned code
// points, and the line and paragraph separators.
func printable(r rune) bool {
	if r == utf8.RuneError || unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) {
		return false
	}
	return r == ' ' || unicode.IsGraphic(r)
}

// forbiddenInAccountName are refused by every controller (MS-SAMR 3.1.1.6).
const forbiddenInAccountName = `"/\[]:;|=,+*?<>@`

// reservedAccountNames are the names of built-in accounts and of well-known
// principals (MS-DTYP 2.4.2.4), lower case: entries of access lists could mean
// these.
var reservedAccountNames = map[string]bool{
	"root": true, "system": true, "administrator": true, "guest": true, "krbtgt": true,
	"everyone": true, "self": true, "anonymous logon": true, "authenticated users": true,
	"local service": true, "network service": true, "defaultaccount": true, "wdagutilityaccount": true,
	"anonymous": true, "batch": true, "builtin": true, "creator owner": true, "creator group": true, "dialup": true,
	"interactive": true, "iusr": true, "local": true, "localsystem": true, "network": true, "null": true, "owner rights": true,
	"proxy": true, "restricted": true, "service": true, "this organization": true, "world": true,
}

// ReservedAccountName reports whether no account may be called so.
func ReservedAccountName(name string) bool { return reservedAccountNames[strings.ToLower(name)] }

// CheckAccountName tells why a sAMAccountName cannot be written: too long,
// ill-formed or reserved.
func CheckAccountName(name string) error {
	switch {
	case name == "":
		return errors.New("the account name is empty")
	case !utf8.ValidString(name):
		return errors.New("the account name is not valid UTF-8")
	case UTF16Len(name) > MaxAccountName:
		return fmt.Errorf("the account name has %d characters, at most %d are allowed", UTF16Len(name), MaxAccountName)
	case strings.ContainsAny(name, forbiddenInAccountName):
		return fmt.Errorf("the account name contains one of %s", forbiddenInAccountName)
	case strings.HasSuffix(name, "."):
		return errors.New("the account name ends with a full stop")
	case strings.TrimSpace(name) != name:
		return errors.New("the account name begins or ends with white space")
	case ReservedAccountName(name):
		return errors.New("the account name is reserved")
	}
	for _, r := range name {
		if !printable(r) {
			return fmt.Errorf("the account name contains U+%04X, which cannot be seen", r)
		}
	}
	return nil
}
