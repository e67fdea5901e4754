package ad

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"ad-user-sync/internal/adrules"
)

// DN is a distinguished name (RFC 4514). The zero DN is the empty name, that
// of the rootDSE.
type DN struct {
	text   string // as read or built; for display and for the wire
	parsed *parsedDN
}

// parsedDN has one key for each RDN. They cannot be taken apart from a joined
// Key, as values may hold commas.
type parsedDN struct {
	*ldap.DN
	keys []string
}

// ParseDN reads a distinguished name as a person or a directory wrote it.
func ParseDN(s string) (DN, error) {
	if strings.TrimSpace(s) == "" {
		return DN{}, nil
	}
	parsed, err := ldap.ParseDN(s)
	if err != nil {
		return DN{}, fmt.Errorf("%q is not a distinguished name: %w", s, err)
	}
	for _, rdn := range parsed.RDNs {
		for _, a := range rdn.Attributes {
			if !attributeType.MatchString(a.Type) { // such as "B:32:...:CN", a DN with binary
				return DN{}, fmt.Errorf("%q is not a distinguished name: %q is not an attribute", s, a.Type)
			}
		}
	}
	return DN{text: s, parsed: &parsedDN{parsed, rdnKeys(parsed)}}, nil
}

// attributeType is a name or an OID (RFC 4512, 1.4).
var attributeType = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$|^[0-9]+(\.[0-9]+)*$`)

// ByGUID names an object by its objectGUID (MS-ADTS 3.1.1.3.1.2.4). Good as a
// search base and for Modify; not for Rename.
func ByGUID(g adrules.GUID) DN { return DN{text: "<GUID=" + g.String() + ">"} }

// Child is the name of an object directly below d; value is not escaped yet.
func (d DN) Child(attribute, value string) DN {
	child, err := ParseDN(attribute + "=" + escapeRDN(value))
	if d.text == "" {
		return child
	}
	text := attribute + "=" + escapeRDN(value) + "," + d.text
	if err != nil || d.parsed == nil {
		return DN{text: text}
	}
	return DN{text: text, parsed: &parsedDN{&ldap.DN{RDNs: slices.Concat(child.parsed.RDNs, d.parsed.RDNs)}, slices.Concat(child.parsed.keys, d.parsed.keys)}}
}

// Join puts a relative name, as "CN=t-Viewers", before d.
func (d DN) Join(relative string) (DN, error) {
	if strings.TrimSpace(relative) == "" {
		return DN{}, fmt.Errorf("the relative name is empty")
	}
	if d.text == "" {
		return ParseDN(relative)
	}
	return ParseDN(relative + "," + d.text)
}

// String is the name as it was read or built.
func (d DN) String() string { return d.text }

// IsZero reports whether this is the empty name.
func (d DN) IsZero() bool { return d.text == "" }

// Name is the attribute type and the value of the first RDN, not escaped.
func (d DN) Name() (attribute, value string) {
	if d.parsed == nil || len(d.parsed.RDNs) == 0 {
		return "", ""
	}
	first := d.parsed.RDNs[0].Attributes[0]
	return first.Type, first.Value
}

// Parent is the name without its first RDN.
func (d DN) Parent() DN {
	if d.parsed == nil || len(d.parsed.RDNs) < 2 {
		return DN{}
	}
	return DN{text: afterFirstRDN(d.text), parsed: &parsedDN{&ldap.DN{RDNs: d.parsed.RDNs[1:]}, d.parsed.keys[1:]}}
}

// Key is equal for names that differ in spelling only: case, escapes, blanks.
func (d DN) Key() string {
	if d.parsed == nil {
		return strings.ToLower(d.text)
	}
	return strings.Join(d.parsed.keys, ",")
}

// Equal compares by Key.
func (d DN) Equal(o DN) bool { return d.Key() == o.Key() }

// Within reports whether d is container itself or somewhere below it.
func (d DN) Within(container DN) bool {
	if container.parsed == nil || d.parsed == nil {
		return false
	}
	inner, outer := d.parsed.keys, container.parsed.keys
	return len(inner) >= len(outer) && slices.Equal(inner[len(inner)-len(outer):], outer)
}

func rdnKeys(d *ldap.DN) []string {
	keys := make([]string, 0, len(d.RDNs))
	for _, rdn := range d.RDNs {
		var parts []string
		for _, a := range rdn.Attributes {
			parts = append(parts, strings.ToLower(a.Type)+"="+escapeRDN(strings.ToLower(a.Value)))
		}
		slices.Sort(parts)
		keys = append(keys, strings.Join(parts, "+"))
	}
	return keys
}

// DomainName is the DNS name that the DC components spell: "corp.example".
func (d DN) DomainName() string {
	if d.parsed == nil {
		return ""
	}
	var labels []string
	for _, rdn := range d.parsed.RDNs {
		if strings.EqualFold(rdn.Attributes[0].Type, "DC") {
			labels = append(labels, rdn.Attributes[0].Value)
		}
	}
	return strings.ToLower(strings.Join(labels, "."))
}

// escapeRDN escapes an attribute value (RFC 4514, 2.4). Beyond go-ldap's set it
// escapes "=", which Samba refuses bare, and line ends.
func escapeRDN(value string) string { return beyondEscapeDN.Replace(ldap.EscapeDN(value)) }

var beyondEscapeDN = strings.NewReplacer("=", `\3D`, "\n", `\0A`, "\r", `\0D`)

// afterFirstRDN cuts at the first comma or semicolon that is not escaped.
func afterFirstRDN(text string) string {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case ',', ';':
			return text[i+1:]
		}
	}
	return ""
}
