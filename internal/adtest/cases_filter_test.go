package adtest

import (
	"fmt"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/internal/ad"
)

// filterCase is a filter and what it finds among three people and a group:
// anna (Clerk, disabled), berta (Head, "x" phone), René (nothing) and g, with
// anna in inner and inner in outer.
type filterCase struct {
	name, want string
	filter     func(*Scene) ad.Filter
	stricter   string
}

func filters() []filterCase {
	fixed := func(name string, f ad.Filter, want string) filterCase {
		return filterCase{name: name, want: want, filter: func(*Scene) ad.Filter { return f }}
	}
	written := func(text, want string) filterCase { return fixed(text, ad.Filter(text), want) }
	return []filterCase{
		fixed("people", ad.People, "René anna berta"),
		written("(objectClass=group)", "inner outer"),
		written("(objectCategory=group)", "inner outer"),
		written("(title=clerk)", "anna"),
		written("(TITLE=Cl*)", "anna"),
		written("(title=*ER*)", "anna"),
		written("(title=*k)", "anna"),
		written("(title=c*e*k)", "anna"),
		written("(title=*)", "anna berta"),
		written("(|(title=clerk)(title=head))", "anna berta"),
		written("(&(objectClass=user)(!(title=*)))", "René"),
		written("(&(objectClass=user)(!(title=clerk)))", "René berta"),
		written("(department=R&D \\28x\\29 \\2a \\5c)", "berta"),
		written("(countryCode>=200)", "berta"),
		written("(&(objectClass=user)(countryCode<=200))", "René anna"),
		written("(adminCount=1)", ""),
		fixed("bits set", ad.And(ad.People, bitsSet("userAccountControl", "2")), "René anna berta"),
		fixed("bits not set", bitsSet("userAccountControl", "65536"), "berta"),
		{name: "unknown attribute", want: "", stricter: "MS-ADTS 3.1.1.3.1.3.1: a clause on an unknown attribute is undefined, and so is its negation",
			filter: func(*Scene) ad.Filter { return "(!(shoeSize=44))" }},
		{name: "an accent more", want: "René", stricter: collationSource, filter: func(*Scene) ad.Filter { return ad.Equal("cn", "rene") }},
		{name: "objectGUID", want: "anna", filter: func(s *Scene) ad.Filter {
			guid := s.read(s.cn("anna")).GUID()
			return ad.Equal("objectGUID", string(guid[:]))
		}},
		{name: "objectSid in bytes", want: "anna", filter: func(s *Scene) ad.Filter {
			return ad.Equal("objectSid", string(s.read(s.cn("anna"), "objectSid").SID().Bytes()))
		}},
		{name: "objectSid in text", want: "anna", filter: func(s *Scene) ad.Filter {
			return ad.Equal("objectSid", string(s.read(s.cn("anna"), "objectSid").SID()))
		}},
		{name: "distinguishedName", want: "anna", filter: func(s *Scene) ad.Filter { return ad.Equal("distinguishedName", s.cn("ANNA").String()) }},
		{name: "memberOf", want: "anna", filter: func(s *Scene) ad.Filter { return ad.Equal("memberOf", s.cn("inner").String()) }},
		{name: "memberOf in chain", want: "anna inner", filter: func(s *Scene) ad.Filter { return ad.InChain("memberOf", s.cn("outer")) }},
		{name: "member in chain", want: "inner outer", filter: func(s *Scene) ad.Filter { return ad.InChain("member", s.cn("anna")) }},
		{name: "uSNChanged", want: "anna", filter: func(s *Scene) ad.Filter {
			s.must(s.modify(s.cn("anna"), replace("title", "Clerk!")))
			return ad.And(ad.People, ad.Filter("(uSNChanged>="+s.usn(s.cn("anna"))+")"))
		}},
		{name: "many clauses", want: "anna berta", filter: func(*Scene) ad.Filter {
			var clauses []ad.Filter
			for i := range 300 {
				clauses = append(clauses, ad.Equal("cn", fmt.Sprintf("no one %d", i)))
			}
			return ad.Or(append(clauses, ad.Equal("cn", "anna"), ad.Equal("cn", "berta"))...)
		}},
	}
}

func searchFor(s *Scene, f filterCase) error {
	anna := s.user("anna", attribute("title", "Clerk"))
	s.user("berta", attribute("title", "Head"), attribute("department", `R&D (x) * \`), attribute("countryCode", "276"), attribute("userAccountControl", "66050"))
	s.user("René")
	s.group("outer", s.group("inner", anna))
	got := s.matching(f.filter(s))
	if s.Samba && f.stricter != "" {
		return fmt.Errorf("found %q", got)
	}
	assert.Equal(s, f.want, got)
	return nil
}

// bitsSet matches objects with all bits of the mask set (MS-ADTS 3.1.1.3.4.4.1).
func bitsSet(attribute, mask string) ad.Filter {
	return ad.Equal(attribute+":1.2.840.113556.1.4.803:", mask)
}
