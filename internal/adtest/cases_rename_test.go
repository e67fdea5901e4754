package adtest

import (
	"strings"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/internal/ad"
)

func renameCases() []Case {
	return []Case{
		{Name: "another name", Do: renameFollowsThrough},
		{Name: "onto one that exists", Want: ad.ErrExists, Code: []int{68}, Do: func(s *Scene) error { return s.rename(s.user("a"), s.user("b")) }},
		{Name: "onto one in other case", Want: ad.ErrExists, Code: []int{68}, Do: func(s *Scene) error {
			s.user("b")
			return s.rename(s.user("a"), s.cn("B"))
		}},
		{Name: "onto one but for an accent", Want: ad.ErrExists, Stricter: collationSource, Do: func(s *Scene) error {
			s.user("Rene")
			return s.rename(s.user("a"), s.cn("René"))
		}},
		{Name: "case alone", Do: func(s *Scene) error {
			s.must(s.rename(s.user("anna"), s.cn("Anna")))
			assert.Equal(s, "Anna", s.text(s.cn("anna"), "cn"))
			return nil
		}},
		{Name: "an accent alone", Do: func(s *Scene) error {
			s.must(s.rename(s.user("Rene"), s.cn("René")))
			assert.Equal(s, "René", s.text(s.cn("René"), "cn"))
			return nil
		}},
		{Name: "to the same name", Do: func(s *Scene) error { return s.rename(s.user("a"), s.cn("a")) }},
		{Name: "two swap through a third name", Do: swap},
		{Name: "into another unit", Do: moveAndRename},
		{Name: "into another unit where the name is taken", Want: ad.ErrExists, Code: []int{68}, Do: func(s *Scene) error {
			sub := s.unit("sub")
			s.must(s.add(sub.Child("CN", "a"), "user"))
			return s.rename(s.user("a"), sub.Child("CN", "a"))
		}},
		{Name: "into a missing unit", Want: ad.ErrNotFound, Do: func(s *Scene) error {
			return s.rename(s.user("a"), s.OU.Child("OU", "missing").Child("CN", "a"))
		}},
		{Name: "the object is missing", Want: ad.ErrNotFound, Code: []int{32}, Do: func(s *Scene) error { return s.rename(s.cn("missing"), s.cn("b")) }},
		{Name: "by objectGUID", Want: errRefused, Do: func(s *Scene) error { return s.rename(ad.ByGUID(s.read(s.user("a")).GUID()), s.cn("b")) }},
		{Name: "by another attribute", Want: errRefused, Do: func(s *Scene) error { return s.rename(s.user("a"), s.OU.Child("OU", "a")) }},
		{Name: "to 65 characters", Want: ad.ErrBadValue, Stricter: nameLength, Do: func(s *Scene) error { return s.rename(s.user("a"), s.cn(strings.Repeat("x", 65))) }},
		{Name: "a unit into itself", Want: errRefused, Do: func(s *Scene) error {
			sub := s.unit("sub")
			return s.rename(sub, sub.Child("OU", "subsub"))
		}},
		{Name: "a unit with people", Do: renameUnit},
	}
}

func (s *Scene) unit(name string) ad.DN {
	s.Helper()
	dn := s.OU.Child("OU", name)
	s.must(s.add(dn, "organizationalUnit"))
	return dn
}

func renameFollowsThrough(s *Scene) error {
	old, other := s.user("a", attribute("displayName", "A")), s.user("other")
	g := s.group("g", old)
	s.must(s.modify(other, replace("manager", old.String())))
	before := s.read(old, "uSNChanged")
	s.must(s.rename(old, s.cn("Doe, Jane")))

	e := s.read(s.cn("Doe, Jane"), "cn", "name", "displayName", "memberOf", "directReports", "uSNChanged", "sAMAccountName")
	assert.Equal(s, before.GUID(), e.GUID())
	assert.NotEqual(s, before.Text("uSNChanged"), e.Text("uSNChanged"))
	assert.Equal(s, []string{"Doe, Jane", "Doe, Jane", "A", s.account("a")},
		[]string{e.Text("cn"), e.Text("name"), e.Text("displayName"), e.Text("sAMAccountName")})
	assert.Len(s, e.Texts("memberOf"), 1)
	assert.Len(s, e.Texts("directReports"), 1)
	assert.Equal(s, e.DN.String(), s.text(g, "member"))
	assert.Equal(s, e.DN.String(), s.text(other, "manager"))
	assert.False(s, s.exists(old))
	s.user2("a")
	return nil
}

// user2 makes a user of a name that was free again, with another account name.
func (s *Scene) user2(name string) {
	s.Helper()
	s.must(s.addUser(name, attribute("sAMAccountName", s.account(name+"2"))))
}

func swap(s *Scene) error {
	a, b := s.user("a"), s.user("b")
	guids := []any{s.read(a).GUID(), s.read(b).GUID()}
	s.must(s.rename(a, s.cn("between")))
	s.must(s.rename(b, a))
	s.must(s.rename(s.cn("between"), b))
	assert.Equal(s, guids, []any{s.read(b).GUID(), s.read(a).GUID()})
	return nil
}

func moveAndRename(s *Scene) error {
	a, sub := s.user("a"), s.unit("sub, unit")
	guid := s.read(a).GUID()
	s.must(s.rename(a, sub.Child("CN", "b")))
	assert.Equal(s, guid, s.read(sub.Child("CN", "b")).GUID())
	assert.Empty(s, s.find(ad.Search{Base: s.OU, Scope: ad.ScopeOneLevel, Filter: ad.People}))
	s.must(s.rename(sub.Child("CN", "b"), a))
	assert.Equal(s, guid, s.read(a).GUID())
	return nil
}

func renameUnit(s *Scene) error {
	sub := s.unit("sub")
	s.must(s.add(sub.Child("CN", "a"), "user"))
	g := s.group("g", sub.Child("CN", "a"))
	s.must(s.rename(sub, s.OU.Child("OU", "new")))
	moved := s.OU.Child("OU", "new").Child("CN", "a")
	assert.True(s, s.exists(moved))
	assert.Equal(s, moved.String(), s.text(g, "member"))
	return nil
}
