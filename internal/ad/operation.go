package ad

import "ad-user-sync/internal/adrules"

// Scope of a search (RFC 4511, 4.5.1.2).
type Scope int

// The scopes.
const (
	ScopeSubtree Scope = iota
	ScopeOneLevel
	ScopeBase
)

// Search asks for objects. Attributes must be named; operational and
// constructed ones, too. A multi-valued attribute is always delivered completely:
// ranges (MS-ADTS 3.1.1.3.1.3.3) are fetched one after the other.
type Search struct {
	Base       DN
	Scope      Scope
	Filter     Filter
	Attributes []string
	PageSize   int  // objects asked for at once; 0: as the client was told
	AtOnce     bool // in one answer without pages, which is less work for a controller; of a few hundred objects at most
}

// Summary of a search that ended with success.
type Summary struct {
	Entries   int
	Referrals int // counted, never followed
}

// Attribute of an object to be added.
type Attribute struct {
	Name   string
	Values [][]byte
}

// Values turns texts into attribute values.
func Values(texts ...string) [][]byte {
	values := make([][]byte, 0, len(texts))
	for _, t := range texts {
		values = append(values, []byte(t))
	}
	return values
}

// ChangeKind is the operation of a Change (RFC 4511, 4.6).
type ChangeKind int

// Replace with no values clears; it succeeds where there was nothing.
const (
	Replace ChangeKind = iota
	AddValues
	DeleteValues
)

// Change to one attribute of an object. nTSecurityDescriptor is read and
// written with its DACL alone (LDAP_SERVER_SD_FLAGS_OID, value 4).
type Change struct {
	Kind      ChangeKind
	Attribute string
	Values    [][]byte
}

// Domain is what a controller says of itself (its rootDSE) and of the bound
// identity.
type Domain struct {
	Name          string // DNS name, lower case
	Controller    string // dnsHostName
	Base          DN     // defaultNamingContext
	Configuration DN
	Schema        DN
	Samba         bool          // not Windows (vendorName)
	Security      Security      // how the connection is protected
	Encrypted     bool          // passwords may be set over this connection
	Identity      string        // who is bound, as configured or found out
	SID           adrules.SID   // of the bound account
	Groups        []adrules.SID // that the bound account is in, directly or not
}

// Operations counts LDAP requests that were sent.
type Operations struct {
	Searches, Adds, Modifies, Renames int
}
