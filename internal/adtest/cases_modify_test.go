package adtest

import (
	"strings"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

func modifyCases() []Case {
	on := func(changes ...ad.Change) func(*Scene) error {
		return func(s *Scene) error {
			return s.modify(s.user("a", attribute("title", "Clerk"), attribute("otherTelephone", "1", "2")), changes...)
		}
	}
	return []Case{
		{Name: "set, replace and clear", Do: setReplaceClear},
		{Name: "by objectGUID", Do: modifyByGUID},
		{Name: "the same value again is not a change", Do: sameValueIsNoChange},
		{Name: "a change in case alone is one", Do: func(s *Scene) error {
			dn := s.user("a", attribute("title", "Clerk"))
			s.must(s.modify(dn, replace("title", "CLERK")))
			assert.Equal(s, "CLERK", s.text(dn, "title"))
			return nil
		}},
		{Name: "all or nothing", Do: allOrNothing},
		{Name: "compare and set", Do: func(s *Scene) error {
			dn := s.user("a", attribute("title", "Clerk"))
			s.must(s.modify(dn, deleteValues("title", "Clerk"), addValues("title", "Head")))
			assert.Equal(s, "Head", s.text(dn, "title"))
			return nil
		}},
		{Name: "compare and set on another value", Want: ad.ErrNotFound, Code: []int{16}, Do: on(deleteValues("title", "Head"), addValues("title", "x"))},
		{Name: "add and delete values", Do: func(s *Scene) error {
			dn := s.user("a", attribute("otherTelephone", "1", "2"))
			s.must(s.modify(dn, deleteValues("otherTelephone", "1"), addValues("otherTelephone", "3")))
			assert.ElementsMatch(s, []string{"2", "3"}, s.read(dn, "otherTelephone").Texts("otherTelephone"))
			return nil
		}},
		{Name: "clear what is empty", Do: on(replace("company"))},
		{Name: "delete what is empty", Want: ad.ErrNotFound, Code: []int{16}, Do: on(deleteValues("company"))},
		{Name: "add a second single value", Want: ad.ErrBadValue, Code: []int{19, 20}, Do: on(addValues("title", "x"))},
		{Name: "add a value that is there", Want: ad.ErrBadValue, Code: []int{20}, Do: on(addValues("otherTelephone", "2"))},
		{Name: "nothing to change", Want: errRefused, Do: on()},
		{Name: "the object is missing", Want: ad.ErrNotFound, Code: []int{32}, Do: func(s *Scene) error {
			return s.modify(s.cn("missing"), replace("title", "x"))
		}},
		{Name: "the objectGUID is missing", Want: ad.ErrNotFound, Do: func(s *Scene) error {
			return s.modify(ad.ByGUID(adrules.GUID{1, 2, 3}), replace("title", "x"))
		}},
		{Name: "cn", Want: ad.ErrBadValue, Code: []int{67}, Do: on(replace("cn", "b"))},
		{Name: "cn, the same", Want: ad.ErrBadValue, Code: []int{67}, Do: on(replace("cn", "a"))},
		{Name: "name", Want: ad.ErrBadValue, Code: []int{67}, Do: on(replace("name", "b"))},
		{Name: "distinguishedName", Want: ad.ErrBadValue, Do: on(replace("distinguishedName", "CN=b,DC=example"))},
		{Name: "unknown attribute", Want: ad.ErrBadValue, Code: []int{16}, Do: on(replace("shoeSize", "44"))},
		{Name: "attribute of another class", Want: ad.ErrBadValue, Code: []int{65}, Do: on(replace("operatingSystem", "x"))},
		{Name: "objectGUID", Want: errRefused, Do: on(replace("objectGUID", "0123456789abcdef"))},
		{Name: "whenCreated", Want: errRefused, Do: on(replace("whenCreated", "20200101000000.0Z"))},
		{Name: "canonicalName", Want: errRefused, Do: on(replace("canonicalName", "x"))},
		{Name: "tokenGroups", Want: errRefused, Do: on(replace("tokenGroups", string(adrules.SIDEveryone.Bytes())))},
		{Name: "objectSid", Want: errRefused, Do: on(replace("objectSid", string(adrules.SIDEveryone.Bytes())))},
		{Name: "sAMAccountType", Want: errRefused, Do: on(replace("sAMAccountType", "805306369"))},
		{Name: "memberOf", Want: errRefused, Do: func(s *Scene) error {
			return s.modify(s.user("a"), addValues("memberOf", s.group("g").String()))
		}},
		{Name: "lastLogon", Want: errRefused, Do: on(replace("lastLogon", "1")), Stricter: keptBySystem},
		{Name: "badPwdCount", Want: errRefused, Do: on(replace("badPwdCount", "1")), Stricter: keptBySystem},
	}
}

func setReplaceClear(s *Scene) error {
	dn := s.user("a")
	s.must(s.modify(dn, replace("title", "Clerk"), replace("description", "x"), replace("TelephoneNumber", "1")))
	e := s.read(dn, "title", "description", "telephoneNumber", "company", "noSuchAttribute")
	assert.Equal(s, []string{"description", "objectguid", "telephonenumber", "title"}, e.Names())
	s.must(s.modify(dn, replace("title", "Head"), replace("description")))
	e = s.read(dn, "title", "description")
	assert.Equal(s, "Head", e.Text("title"))
	assert.False(s, e.Has("description"))
	return nil
}

func modifyByGUID(s *Scene) error {
	dn := s.user("a")
	byGUID := ad.ByGUID(s.read(dn).GUID())
	s.must(s.rename(dn, s.cn("b")))
	s.must(s.modify(byGUID, replace("title", "Clerk")))
	assert.Equal(s, "Clerk", s.text(s.cn("b"), "title"))
	assert.Equal(s, "Clerk", s.text(byGUID, "title"))
	return nil
}

func sameValueIsNoChange(s *Scene) error {
	dn := s.user("a", attribute("title", "Clerk"), attribute("otherTelephone", "1", "2"), attribute("accountExpires", "134432316000000000"))
	before := s.usn(dn)
	s.must(s.modify(dn, replace("title", "Clerk"), replace("otherTelephone", "1", "2"), replace("accountExpires", "134432316000000000"), replace("company")))
	assert.Equal(s, before, s.usn(dn))
	s.must(s.modify(dn, replace("title", "Head")))
	assert.NotEqual(s, before, s.usn(dn))
	return nil
}

func allOrNothing(s *Scene) error {
	dn := s.user("a", attribute("title", "Clerk"))
	before := s.usn(dn)
	assert.Error(s, s.modify(dn, replace("title", "Head"), replace("department", strings.Repeat("x", 65))))
	assert.Error(s, s.modify(dn, replace("title", "Head"), deleteValues("company", "none")))
	assert.Equal(s, "Clerk", s.text(dn, "title"))
	assert.Equal(s, before, s.usn(dn))
	return nil
}
