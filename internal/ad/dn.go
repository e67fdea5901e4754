package ad

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"

	"ad-user-sync/internal/adrules"
)

// DN is a distinguished name (RFC 4514). The zero DN is the empty name, that
// of the rootDSE.
type DN struct {
	text   string // as read or built; for display and for the wire
	parsed *parsedDN
}

// parsedDN has one key for each RDN. They cannot be taken apart from the joined
// key, as values may hold commas.
type parsedDN struct {
	rdns []rdn
	keys []string
	key  string
}

// rdn is the first attribute of one, not escaped.
type rdn struct{ attribute, value string }

// ParseDN reads a distinguished name as a person or a directory wrote it.
func ParseDN(s string) (DN, error) {
	if strings.TrimSpace(s) == "" {
		return DN{}, nil
	}
	if plain := parsePlain(s); plain != nil {
		return DN{text: s, parsed: plain}, nil
	}
	parsed, err := parseAny(s)
	if err != nil {
		return DN{}, err
	}
	return DN{text: s, parsed: parsed}, nil
}

// parsePlain reads a name that is spelled as its parts are, as nearly all names of a
// directory are, in a tenth of the time; nil where it is not.
func parsePlain(s string) *parsedDN {
	if strings.ContainsAny(s, special) || !utf8.ValidString(s) {
		return nil
	}
	n := strings.Count(s, ",") + 1
	p := &parsedDN{make([]rdn, 0, n), make([]string, 0, n), strings.ToLower(s)}
	for part := range strings.SplitSeq(s, ",") {
		attribute, value, _ := strings.Cut(part, "=")
		if value == "" || value[0] == ' ' || value[len(value)-1] == ' ' || strings.Contains(value, "=") || !plainType(attribute) {
			return nil
		}
		p.rdns = append(p.rdns, rdn{attribute, value})
	}
	for key := range strings.SplitSeq(p.key, ",") {
		p.keys = append(p.keys, key)
	}
	return p
}

// special are characters that mean more than themselves, or that a key escapes.
const special = "\\\"#+;<>\x00\n\r"

func plainType(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return s != ""
}

func parseAny(s string) (*parsedDN, error) {
	parsed, err := ldap.ParseDN(s)
	if err != nil {
		return nil, fmt.Errorf("%q is not a distinguished name: %w", s, err)
	}
	p := &parsedDN{keys: rdnKeys(parsed)}
	for _, part := range parsed.RDNs {
		for _, a := range part.Attributes {
			if !attributeType.MatchString(a.Type) { // such as "B:32:...:CN", a DN with binary
				return nil, fmt.Errorf("%q is not a distinguished name: %q is not an attribute", s, a.Type)
			}
		}
		p.rdns = append(p.rdns, rdn{part.Attributes[0].Type, part.Attributes[0].Value})
	}
	p.key = strings.Join(p.keys, ",")
	return p, nil
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
	return DN{text: text, parsed: &parsedDN{slices.Concat(child.parsed.rdns, d.parsed.rdns), slices.Concat(child.parsed.keys, d.parsed.keys), child.parsed.key + "," + d.parsed.key}}
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
	if d.parsed == nil || len(d.parsed.rdns) == 0 {
		return "", ""
	}
	first := d.parsed.rdns[0]
	return first.attribute, first.value
}

// Parent is the name without its first RDN.
func (d DN) Parent() DN {
	if d.parsed == nil || len(d.parsed.rdns) < 2 {
		return DN{}
	}
	return DN{text: afterFirstRDN(d.text), parsed: &parsedDN{d.parsed.rdns[1:], d.parsed.keys[1:], d.parsed.key[len(d.parsed.keys[0])+1:]}}
}

// Key is equal for names that differ in spelling only: case, escapes, blanks.
func (d DN) Key() string {
	if d.parsed == nil {
		return strings.ToLower(d.text)
	}
	return d.parsed.key
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
	for _, part := range d.parsed.rdns {
		if strings.EqualFold(part.attribute, "DC") {
			labels = append(labels, part.value)
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
