package memad

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// Attribute syntaxes (MS-ADTS 3.1.1.2.2.2).
const (
	syntaxDN            = "2.5.5.1"
	syntaxOID           = "2.5.5.2"
	syntaxTeletex       = "2.5.5.4"
	syntaxIA5           = "2.5.5.5" // and printable
	syntaxNumeric       = "2.5.5.6"
	syntaxBoolean       = "2.5.5.8"
	syntaxInteger       = "2.5.5.9"
	syntaxTime          = "2.5.5.11"
	syntaxUnicode       = "2.5.5.12"
	syntaxLargeInteger  = "2.5.5.16"
	syntaxSID           = "2.5.5.17"
	printableOMSyntax   = "19"
	printableCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?"
)

// text reports whether values are compared without regard to case.
func (a *attribute) text() bool {
	return slices.Contains([]string{syntaxOID, syntaxTeletex, syntaxIA5, syntaxNumeric, syntaxUnicode}, a.syntax)
}

func (a *attribute) number() bool {
	return a.syntax == syntaxInteger || a.syntax == syntaxLargeInteger
}

// check tells why a controller does not take a value.
func (a *attribute) check(value []byte) *refusal {
	if len(value) == 0 {
		return refuse(codeInvalidSyntax, errInvalidParameter, "%s: a value is empty", a.name)
	}
	if !a.wellFormed(value) {
		return refuse(codeInvalidSyntax, errInvalidParameter, "%s: a value does not have the attribute's syntax", a.name)
	}
	if size := a.size(value); a.upper >= 0 && size > a.upper || a.lower >= 0 && size < a.lower {
		return refuse(codeConstraint, errRange, "problem 1005 (CONSTRAINT_ATT_TYPE), Att %s: value of size %d outside %d to %d",
			a.name, size, a.lower, a.upper)
	}
	return nil
}

func (a *attribute) wellFormed(value []byte) bool {
	s := string(value)
	switch a.syntax {
	case syntaxDN:
		_, err := ad.ParseDN(s)
		return err == nil
	case syntaxTeletex, syntaxIA5:
		return ascii(s) && (a.omSyntax != printableOMSyntax || strings.Trim(s, printableCharacters) == "")
	case syntaxNumeric:
		return strings.Trim(s, "0123456789 ") == ""
	case syntaxBoolean:
		return s == "TRUE" || s == "FALSE"
	case syntaxInteger:
		_, err := strconv.ParseInt(s, 10, 32)
		return err == nil
	case syntaxLargeInteger:
		_, err := strconv.ParseInt(s, 10, 64)
		return err == nil
	case syntaxTime:
		_, err := time.Parse("20060102150405Z", strings.Replace(s, ".0Z", "Z", 1))
		return err == nil
	case syntaxUnicode:
		return utf8.Valid(value)
	case syntaxSID:
		_, err := adrules.SIDFromBytes(value)
		return err == nil
	}
	return true
}

// size is what the range of a schema limits: the value of a number, the length
// in UTF-16 units of a text, the bytes of anything else.
func (a *attribute) size(value []byte) int {
	switch {
	case a.number():
		n, _ := strconv.Atoi(string(value))
		return n
	case a.syntax == syntaxUnicode:
		return adrules.UTF16Len(string(value))
	}
	return len(value)
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}
