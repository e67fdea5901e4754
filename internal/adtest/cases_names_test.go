package adtest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

// takenNames: what a second object may not be called.
func takenNames() []Case {
	second := func(first, second string) func(*Scene) error {
		return func(s *Scene) error {
			s.user(first)
			return s.addUser(second)
		}
	}
	account := func(first, second string) func(*Scene) error {
		return func(s *Scene) error {
			s.must(s.addUser("a", attribute("sAMAccountName", s.account(first))))
			return s.addUser("b", attribute("sAMAccountName", s.account(second)))
		}
	}
	return []Case{
		{Name: "CN taken", Want: ad.ErrExists, Code: []int{68}, Do: second("Anna", "Anna")},
		{Name: "CN taken in other case", Want: ad.ErrExists, Code: []int{68}, Do: second("Änna", "äNNA")},
		{Name: "CN taken but for an accent", Want: ad.ErrExists, Do: second("Rene", "René"), Stricter: collationSource},
		{Name: "CN taken but for width", Want: ad.ErrExists, Do: second("Full", "Ｆｕｌｌ"), Stricter: collationSource},
		{Name: "CN that only looks alike", Do: second("a-b", "a b")},
		{Name: "CN that a unit beside has", Want: ad.ErrExists, Do: func(s *Scene) error {
			s.unit("Anna")
			return s.addUser("anna")
		}, Stricter: "MS-ADTS 3.1.1.3.1.2.1: the value of the RDN is unique among siblings, whatever its attribute"},
		{Name: "CN elsewhere", Do: func(s *Scene) error {
			sub := s.unit("sub")
			s.must(s.addUser("Anna"))
			return s.add(sub.Child("CN", "Anna"), "user")
		}},
		{Name: "account name taken", Want: ad.ErrExists, Code: []int{68}, Do: account("x", "x")},
		{Name: "account name taken in other case", Want: ad.ErrExists, Code: []int{68}, Do: account("xy", "XY")},
		{Name: "account name taken but for an accent", Want: ad.ErrExists, Do: account("muller", "müller"), Stricter: collationSource},
		{Name: "account name of a group", Want: ad.ErrExists, Code: []int{68}, Do: func(s *Scene) error {
			s.group("g")
			return s.addUser("a", attribute("sAMAccountName", s.account("g")))
		}},
		{Name: "account name by change", Want: ad.ErrExists, Code: []int{68}, Do: func(s *Scene) error {
			s.user("a")
			return s.modify(s.user("b"), replace("sAMAccountName", s.account("A")))
		}},
		{Name: "one's own account name in other case", Do: func(s *Scene) error {
			dn := s.user("a")
			s.must(s.modify(dn, replace("sAMAccountName", s.account("A"))))
			assert.Equal(s, s.account("A"), s.text(dn, "sAMAccountName"))
			return nil
		}},
		{Name: "UPN taken", Want: ad.ErrExists, Do: func(s *Scene) error {
			s.user("a", attribute("userPrincipalName", s.upn("x")))
			return s.addUser("b", attribute("userPrincipalName", strings.ToUpper(s.upn("x"))))
		}},
		{Name: "UPN taken, by change", Want: ad.ErrExists, Do: func(s *Scene) error {
			s.user("a", attribute("userPrincipalName", s.upn("x")))
			return s.modify(s.user("b"), replace("userPrincipalName", s.upn("x")))
		}},
		{Name: "UPN implied by another account name", Want: ad.ErrExists, Do: func(s *Scene) error {
			s.user("a")
			return s.addUser("b", attribute("userPrincipalName", s.upn("a")))
		}},
		{Name: "UPN given up", Do: func(s *Scene) error {
			dn := s.user("a", attribute("userPrincipalName", s.upn("x")))
			s.must(s.modify(dn, deleteValues("userPrincipalName", s.upn("x"))))
			return s.addUser("b", attribute("userPrincipalName", s.upn("x")))
		}},
		{Name: "mail need not be unique", Do: func(s *Scene) error {
			s.user("a", attribute("mail", "x@y.example"))
			return s.addUser("b", attribute("mail", "x@y.example"))
		}},
	}
}

// accountNames: what no account may be called.
func accountNames() []Case {
	named := func(name string) func(*Scene) error {
		return func(s *Scene) error { return s.addUser("a", attribute("sAMAccountName", name)) }
	}
	cases := []Case{
		{Name: "account name of 20 characters", Do: func(s *Scene) error {
			return s.addUser("a", attribute("sAMAccountName", s.tag+strings.Repeat("ü", 20-len(s.tag))))
		}},
		{Name: "account name of 21 characters", Want: ad.ErrBadValue, Stricter: accountLength, Do: func(s *Scene) error {
			return s.addUser("a", attribute("sAMAccountName", s.tag+strings.Repeat("x", 21-len(s.tag))))
		}},
		{Name: "account name of a group with 60 characters", Do: func(s *Scene) error {
			return s.add(s.cn("g"), "group", attribute("sAMAccountName", s.tag+strings.Repeat("x", 52)))
		}},
		{Name: "account name ends with a full stop", Want: ad.ErrBadValue, Do: named("dot.")},
		{Name: "account name is taken away", Want: errRefused, Do: func(s *Scene) error {
			return s.modify(s.user("a"), replace("sAMAccountName"))
		}},
		{Name: "CN of 64 characters", Do: func(s *Scene) error { return s.addUser(strings.Repeat("ü", 64)) }},
		{Name: "CN of 32 characters that count twice", Do: func(s *Scene) error { return s.addUser(strings.Repeat("🙂", 32)) }},
		{Name: "CN with a line feed", Want: ad.ErrBadValue, Stricter: rdnCharacters, Do: func(s *Scene) error { return s.addUser("a\nb") }},
		{Name: "CN with a NUL", Want: ad.ErrBadValue, Stricter: rdnCharacters, Do: func(s *Scene) error {
			if s.Samba {
				return errors.New("not tried, as Samba takes it and cannot delete it")
			}
			return s.addUser("a\x00b")
		}},
		{Name: "empty CN", Want: errRefused, Do: func(s *Scene) error { return s.addUser("") }},
		{Name: "CN of 65 characters", Want: ad.ErrBadValue, Stricter: nameLength,
			Do: func(s *Scene) error { return s.addUser(strings.Repeat("x", 65)) }},
		{Name: "CN of 33 characters that count twice", Want: ad.ErrBadValue, Stricter: nameLength + ", in UTF-16 code units (MS-ADTS 3.1.1.2.2.2)",
			Do: func(s *Scene) error { return s.addUser(strings.Repeat("🙂", 33)) }},
	}
	for _, r := range `"/\[]:;|=,+*?<>` {
		cases = append(cases, Case{Name: fmt.Sprintf("account name with U+%04X", r), Want: ad.ErrBadValue, Do: named("a" + string(r) + "b")})
	}
	return cases
}

// specialNames are common names that need care in a DN, in a filter, or both.
var specialNames = []string{
	"Doe, Jane", "Jane + Co", `Jane "J" Doe`, `back\slash`, "a<b>c", "semi;colon", "a=b", "#1", "inner#1", "in (brackets) * and |&!",
	"slash/ed", "Ünïcödé Straße", "李伟", "🙂 emoji", "e\u0301 combining", "  ", "two  blanks", "O'Brien", "tab\there", "per%cent \\2C", "x\u00a0y",
}

func nameCases() []Case {
	var cases []Case
	for _, name := range specialNames {
		if strings.TrimSpace(name) == "" {
			continue
		}
		cases = append(cases, Case{Name: fmt.Sprintf("%+q", name), Do: func(s *Scene) error { return liveWithName(s, name) }})
	}
	return cases
}

// liveWithName makes, finds, groups, changes and renames an object of this name.
func liveWithName(s *Scene, name string) error {
	dn := s.user("first")
	s.must(s.rename(dn, s.cn(name)))
	s.must(s.rename(s.cn(name), dn))
	second := s.cn(name)
	s.must(s.addUser(name, attribute("displayName", name)))
	g := s.group("the group", second)

	e := s.read(second, "cn", "name", "distinguishedName", "displayName", "memberOf")
	assert.Equal(s, []string{name, name, name}, []string{e.Text("cn"), e.Text("name"), e.Text("displayName")})
	assert.Truef(s, e.DN.Equal(second), "%s is the same as %s", e.DN, second)
	_, value := e.DN.Name()
	assert.Equal(s, name, value)
	require.Len(s, e.Texts("memberOf"), 1)

	for _, f := range []ad.Filter{ad.Equal("cn", name), ad.Equal("displayName", name), ad.Equal("distinguishedName", e.DN.String())} {
		assert.Equal(s, name, s.matching(f), f)
	}
	member, err := ad.ParseDN(s.text(g, "member"))
	s.must(err)
	assert.True(s, member.Equal(second))
	s.must(s.modify(g, deleteValues("member", e.DN.String())))
	s.must(s.modify(member, replace("title", name)))
	s.must(s.rename(member, s.cn("plain")))
	s.must(s.rename(s.cn("plain"), second))
	assert.Equal(s, e.GUID(), s.read(second).GUID())
	assert.Equal(s, name, s.text(second, "title"))
	return nil
}
