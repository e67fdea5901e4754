package ad

import (
	"strings"

	"ad-user-sync/internal/adrules"
)

// Definition of an attribute, from its attributeSchema object (MS-ADTS
// 3.1.1.2.3).
type Definition struct {
	Name                                          string // lDAPDisplayName
	Syntax                                        string // attributeSyntax, an OID
	Single, SystemOnly, Constructed, Confidential bool
	LinkID                                        int64        // 0: not linked
	ID                                            adrules.GUID // schemaIDGUID, by which access lists name it
	PropertySet                                   adrules.GUID // attributeSecurityGUID; zero: in none
	RangeLower, RangeUpper                        int          // 0: none
}

// DefinitionAttributes are what NewDefinition reads.
var DefinitionAttributes = []string{"lDAPDisplayName", "attributeSyntax", "isSingleValued", "systemOnly", "systemFlags",
	"searchFlags", "linkID", "schemaIDGUID", "attributeSecurityGUID", "rangeLower", "rangeUpper"}

// Bits of attributeSchema objects (MS-ADTS 2.2.9 and 2.2.10).
const (
	flagConstructed  = 0x4  // systemFlags: FLAG_ATTR_IS_CONSTRUCTED
	flagConfidential = 0x80 // searchFlags: fCONFIDENTIAL
)

// Syntaxes whose values are not plain text (MS-ADTS 3.1.1.2.2.2).
const (
	SyntaxDN          = "2.5.5.1"
	SyntaxDNBinary    = "2.5.5.7"
	SyntaxBoolean     = "2.5.5.8"
	SyntaxInteger     = "2.5.5.9" // and enumeration
	SyntaxOctetString = "2.5.5.10"
	SyntaxDNString    = "2.5.5.14"
	SyntaxDescriptor  = "2.5.5.15"
	SyntaxLarge       = "2.5.5.16"
	SyntaxSID         = "2.5.5.17"
)

// NewDefinition takes an attributeSchema object.
func NewDefinition(e Entry) Definition {
	system, _ := e.Int("systemFlags")
	search, _ := e.Int("searchFlags")
	link, _ := e.Int("linkID")
	lower, _ := e.Int("rangeLower")
	upper, _ := e.Int("rangeUpper")
	return Definition{
		Name: e.Text("lDAPDisplayName"), Syntax: e.Text("attributeSyntax"),
		Single: saysTrue(e, "isSingleValued"), SystemOnly: saysTrue(e, "systemOnly"),
		Constructed: system&flagConstructed != 0, Confidential: search&flagConfidential != 0,
		LinkID: link, RangeLower: int(lower), RangeUpper: int(upper),
		ID: e.guid("schemaIDGUID"), PropertySet: e.guid("attributeSecurityGUID"),
	}
}

// Binary reports whether values are bytes and no text.
func (d Definition) Binary() bool {
	return d.Syntax == SyntaxOctetString || d.Syntax == SyntaxDescriptor || d.Syntax == SyntaxSID
}

// Bits is the size of the integers that are the values; 0 where they are none.
func (d Definition) Bits() int {
	switch d.Syntax {
	case SyntaxInteger:
		return 32
	case SyntaxLarge:
		return 64
	}
	return 0
}

// Reference reports whether values are DNs.
func (d Definition) Reference() bool { return d.Syntax == SyntaxDN }

// Property sets whose members decide about logons and rights (MS-ADTS
// 3.1.1.2.3.3), by rights GUID.
var barredSets = map[string]string{
	"4c164200-20c0-11d0-a768-00aa006e0529": "Account-Restrictions",
	"5f202010-79a5-11d0-9020-00c04fc2d4cf": "Logon-Information",
	"bc0ac240-79a9-11d0-9020-00c04fc2d4cf": "Membership",
	"037088f8-0ae1-11d2-b422-00a0c968f939": "Remote-Access",
}

// Barred tells why no user file may write the attribute, whatever a
// configuration says; "" where one may. Values that are translated from domain to
// domain may be names, and linked.
func (d Definition) Barred(translated bool) string {
	switch set := barredSets[d.PropertySet.String()]; {
	case d.SystemOnly:
		return "the schema marks it system-only"
	case d.Constructed:
		return "it is constructed"
	case d.Confidential:
		return "it is confidential"
	case d.LinkID != 0 && !translated:
		return "it is linked"
	case d.Reference() && !translated, d.Syntax == SyntaxDNBinary, d.Syntax == SyntaxDNString:
		return "its values are names of objects in one domain"
	case set != "":
		return "it belongs to the property set " + set
	}
	return ""
}

func saysTrue(e Entry, attribute string) bool { return strings.EqualFold(e.Text(attribute), "TRUE") }
