package memad

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

//go:embed attributes.tsv
var attributeTable string

//go:embed classes.tsv
var classTable string

// flagConstructed is one of systemFlags (MS-ADTS 2.2.10).
const flagConstructed = 0x4

// attribute is an attributeSchema object (MS-ADTS 3.1.1.2.3).
type attribute struct {
	name, cn, oid string
	key           string // the name in lower case
	syntax        string // attributeSyntax OID
	omSyntax      string
	single        bool
	lower, upper  int // range, -1 where there is none
	systemOnly    bool
	systemFlags   int
	searchFlags   string
	linkID        int // 0: not linked; even: forward; odd: back
	schemaGUID    adrules.GUID
	securityGUID  adrules.GUID // of the property set, zero where there is none
}

func (a *attribute) constructed() bool { return a.systemFlags&flagConstructed != 0 }
func (a *attribute) forwardLink() bool { return a.linkID != 0 && a.linkID%2 == 0 }

// reference reports whether an object keeps whom a value names, and not the name:
// a read shows what that object is called by then, with or without a link.
func (a *attribute) reference() bool {
	return a.forwardLink() || a.syntax == syntaxDN && a.linkID == 0 && a.key != "objectcategory"
}

func (a *attribute) backLink() bool { return a.linkID%2 == 1 }

// class is a classSchema object (MS-ADTS 3.1.1.2.4).
type class struct {
	name, cn   string
	schemaGUID adrules.GUID
	super      *class // nil for top
	category   string // objectClassCategory: 0 or 1 structural, 2 abstract, 3 auxiliary
	rdn        string // rDNAttID
	superiors  map[string]bool
	must, may  map[string]bool // own and of auxiliary classes, lower case
}

// chain is the class and its superclasses, top last.
func (c *class) chain() []*class {
	var all []*class
	for ; c != nil; c = c.super {
		all = append(all, c)
	}
	return all
}

func (c *class) is(name string) bool {
	return slices.ContainsFunc(c.chain(), func(k *class) bool { return strings.EqualFold(k.name, name) })
}

func (c *class) allows(attribute string) bool {
	return slices.ContainsFunc(c.chain(), func(k *class) bool { return k.must[attribute] || k.may[attribute] })
}

func (c *class) mayBeBelow(parent *class) bool {
	return slices.ContainsFunc(c.chain(), func(k *class) bool { return k.superiors[strings.ToLower(parent.name)] })
}

// schema is read-only once it is loaded.
type schema struct {
	attributes     map[string]*attribute // by lower-case lDAPDisplayName
	attributeNames []string              // in the table's order
	classes        map[string]*class     // by lower-case lDAPDisplayName
	classNames     []string
	forwardOf      map[int]*attribute // by linkID
	references     []*attribute
}

var loadSchema = sync.OnceValue(func() *schema {
	s := &schema{attributes: map[string]*attribute{}, classes: map[string]*class{}, forwardOf: map[int]*attribute{}}
	for _, f := range rows(attributeTable) {
		a := readAttribute(f)
		s.attributes[a.key] = a
		s.attributeNames = append(s.attributeNames, a.name)
		if a.reference() {
			s.references = append(s.references, a)
		}
		if a.forwardLink() {
			s.forwardOf[a.linkID] = a
		}
	}
	for _, f := range rows(classTable) { // superclasses come first
		c := &class{name: f[0], cn: f[1], schemaGUID: mustGUID(f[2]), category: f[4], rdn: f[5],
			superiors: set(f[6]), must: set(f[7]), may: set(f[8])}
		if f[3] != f[0] {
			c.super = s.classes[strings.ToLower(f[3])]
		}
		s.classes[strings.ToLower(c.name)] = c
		s.classNames = append(s.classNames, c.name)
	}
	return s
})

func (s *schema) attribute(name string) *attribute { return s.attributes[strings.ToLower(name)] }
func (s *schema) class(name string) *class         { return s.classes[strings.ToLower(name)] }

// classOf finds the most specific structural class that was asked for.
func (s *schema) classOf(attributes []ad.Attribute) (*class, *refusal) {
	var found *class
	for _, a := range attributes {
		if !strings.EqualFold(a.Name, "objectClass") {
			continue
		}
		for _, value := range a.Values {
			c := s.class(string(value))
			if c == nil {
				return nil, refuse(codeNoSuchAttribute, errInvalidParameter, "class %q is not in the schema", value)
			}
			if found == nil || c.is(found.name) {
				found = c
			}
		}
	}
	if found == nil || found.category == "2" {
		return nil, refuse(codeObjectClass, errObjectClassRequired, "no structural objectClass")
	}
	return found, nil
}

// checkRDN holds the name against MS-ADTS 3.1.1.5.1.2 and the range of its
// attribute.
func (s *schema) checkRDN(c *class, name rdn) *refusal {
	if name.value == "" || strings.Contains(name.value, "\n") {
		return refuse(codeNaming, errNamingViolation, "the name is empty, or contains a line feed")
	}
	if strings.Contains(name.value, "\x00") {
		return refuse(codeInvalidDN, errInvalidDNSyntax, "the name contains a NUL")
	}
	return s.attribute(c.rdn).check([]byte(name.value))
}

// allowed are the attributes that objects of the class may have, or of these
// the ones that an administrator may write; see Fail for other accounts.
func (s *schema) allowed(c *class, written bool) [][]byte {
	var names []string
	for _, a := range s.attributes {
		if c.allows(a.key) && (!written || !a.systemOnly && !a.constructed() && !a.backLink() && a.key != "name") {
			names = append(names, a.name)
		}
	}
	slices.Sort(names)
	return ad.Values(names...)
}

// children are the classes whose objects may be below one of the class.
func (s *schema) children(c *class) [][]byte {
	var names []string
	for _, name := range s.classNames {
		if child := s.class(name); child.category <= "1" && child.mayBeBelow(c) {
			names = append(names, name)
		}
	}
	return ad.Values(names...)
}

func readAttribute(f []string) *attribute {
	a := &attribute{name: f[0], key: strings.ToLower(f[0]), cn: f[1], oid: f[2], syntax: f[3], omSyntax: f[4], single: f[5] == "TRUE",
		lower: number(f[6]), upper: number(f[7]), systemOnly: f[8] == "TRUE", systemFlags: max(0, number(f[9])),
		searchFlags: f[10], linkID: max(0, number(f[11])), schemaGUID: mustGUID(f[12])}
	if f[13] != "" {
		a.securityGUID = mustGUID(f[13])
	}
	return a
}

// rows are the table's lines but the heading.
func rows(table string) [][]string {
	var all [][]string
	for line := range strings.Lines(table) {
		all = append(all, strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
	}
	return all[1:]
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

func set(words string) map[string]bool {
	s := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		s[strings.ToLower(word)] = true
	}
	return s
}

func mustGUID(s string) adrules.GUID {
	g, err := adrules.ParseGUID(s)
	if err != nil {
		panic(err) // the tables are part of the program
	}
	return g
}
