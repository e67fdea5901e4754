package adtest

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

func groupCases() []Case {
	member := func(kind ad.ChangeKind, value func(s *Scene, in, out ad.DN) string) func(*Scene) error {
		return func(s *Scene) error {
			in, out := s.user("in"), s.user("out")
			g := s.group("g", in)
			return s.modify(g, ad.Change{Kind: kind, Attribute: "member", Values: ad.Values(value(s, in, out))})
		}
	}
	return []Case{
		{Name: "join and leave", Do: joinAndLeave},
		{Name: "join twice", Want: ad.ErrExists, Code: []int{68}, Do: member(ad.AddValues, func(_ *Scene, in, _ ad.DN) string { return in.String() })},
		{Name: "join twice, in other case", Want: ad.ErrExists, Code: []int{68}, Do: member(ad.AddValues, func(_ *Scene, in, _ ad.DN) string { return strings.ToUpper(in.String()) })},
		{Name: "leave without being a member", Want: ad.ErrNotFound, Code: []int{53}, Do: member(ad.DeleteValues, func(_ *Scene, _, out ad.DN) string { return out.String() })},
		{Name: "leave twice", Want: ad.ErrNotFound, Code: []int{53}, Do: func(s *Scene) error {
			in := s.user("in")
			g := s.group("g", in)
			s.must(s.modify(g, deleteValues("member", in.String())))
			return s.modify(g, deleteValues("member", in.String()))
		}},
		{Name: "a missing user joins", Want: ad.ErrNotFound, Do: member(ad.AddValues, func(s *Scene, _, _ ad.DN) string { return s.cn("missing").String() })},
		{Name: "a missing user leaves", Want: ad.ErrNotFound, Do: member(ad.DeleteValues, func(s *Scene, _, _ ad.DN) string { return s.cn("missing").String() })},
		{Name: "no DN", Want: ad.ErrBadValue, Code: []int{34}, Do: member(ad.AddValues, func(*Scene, ad.DN, ad.DN) string { return "no one" })},
		{Name: "by objectGUID", Do: joinByGUID},
		{Name: "all or nothing", Do: joinAllOrNothing},
		{Name: "leave and join at once", Do: func(s *Scene) error {
			in, out := s.user("in"), s.user("out")
			g := s.group("g", in)
			s.must(s.modify(g, deleteValues("member", in.String()), addValues("member", out.String())))
			assert.Equal(s, []string{out.String()}, s.read(g, "member").Texts("member"))
			return nil
		}},
		{Name: "the person is not changed", Do: func(s *Scene) error {
			a := s.user("a")
			before := s.usn(a)
			s.must(s.modify(s.group("g"), addValues("member", a.String())))
			assert.Equal(s, before, s.usn(a))
			assert.Len(s, s.read(a, "memberOf").Texts("memberOf"), 1)
			return nil
		}},
		{Name: "nested in a circle", Do: func(s *Scene) error {
			inner := s.group("inner")
			outer := s.group("outer", inner)
			s.must(s.modify(inner, addValues("member", outer.String())))
			assert.Equal(s, "inner outer", s.matching(ad.InChain("memberOf", outer)))
			return nil
		}},
		{Name: "the primary group is not in memberOf", Do: func(s *Scene) error {
			assert.Empty(s, s.read(s.user("a"), "memberOf").Texts("memberOf"))
			return nil
		}},
		{Name: "join the primary group", Want: ad.ErrExists, Do: func(s *Scene) error {
			users, err := s.Domain().Base.Join("CN=Domain Users,CN=Users")
			s.must(err)
			return s.modify(users, addValues("member", s.user("a").String()))
		}},
		{Name: "another primary group", Do: anotherPrimaryGroup},
		{Name: "a primary group without membership", Want: errRefused, Do: func(s *Scene) error {
			return s.modify(s.user("a"), replace("primaryGroupID", fmt.Sprint(s.read(s.group("g"), "objectSid").SID().RID())))
		}},
		{Name: "tokenGroups", Do: tokenGroups},
	}
}

func joinAndLeave(s *Scene) error {
	a, b := s.user("a"), s.cn("Doe, B")
	s.must(s.addUser("Doe, B"))
	g := s.group("g")
	s.must(s.modify(g, addValues("member", a.String(), b.String())))
	assert.Len(s, s.read(g, "member").Texts("member"), 2)
	assert.Equal(s, []string{s.read(g).DN.String()}, s.read(b, "memberOf").Texts("memberOf"))
	s.must(s.modify(g, deleteValues("member", b.String())))
	assert.False(s, s.read(b, "memberOf").Has("memberOf"))
	s.must(s.modify(g, deleteValues("member", a.String())))
	assert.False(s, s.read(g, "member").Has("member"))
	s.must(s.modify(g, addValues("member", a.String())))
	return nil
}

func joinByGUID(s *Scene) error {
	a, g := s.user("a"), s.group("g")
	byGUID := ad.ByGUID(s.read(a).GUID())
	group := ad.ByGUID(s.read(g).GUID())
	s.must(s.modify(group, addValues("member", byGUID.String())))
	assert.Equal(s, a.String(), s.text(g, "member"))
	s.must(s.modify(group, deleteValues("member", byGUID.String())))
	assert.False(s, s.read(g, "member").Has("member"))
	return nil
}

func joinAllOrNothing(s *Scene) error {
	in, out := s.user("in"), s.user("out")
	g := s.group("g", in)
	before := s.usn(g)
	assert.ErrorIs(s, s.modify(g, addValues("member", out.String(), in.String())), ad.ErrExists)
	assert.Error(s, s.modify(g, addValues("member", out.String(), s.cn("missing").String())))
	assert.Equal(s, []string{in.String()}, s.read(g, "member").Texts("member"))
	assert.Equal(s, before, s.usn(g))
	return nil
}

func anotherPrimaryGroup(s *Scene) error {
	a := s.user("a")
	g := s.group("g", a)
	rid := fmt.Sprint(s.read(g, "objectSid").SID().RID())
	s.must(s.modify(a, replace("primaryGroupID", rid)))
	assert.Empty(s, s.read(g, "member").Texts("member"))
	e := s.read(a, "memberOf", "primaryGroupID")
	assert.Equal(s, rid, e.Text("primaryGroupID"))
	require.Len(s, e.Texts("memberOf"), 1)
	assert.True(s, strings.HasPrefix(e.Text("memberOf"), "CN=Domain Users,"))
	assert.Equal(s, "a", s.matching(ad.And(ad.People, ad.Equal("primaryGroupID", rid))))
	return s.modify(a, replace("primaryGroupID", "513")) // a group cannot be deleted while it is a user's primary one
}

func tokenGroups(s *Scene) error {
	a := s.user("a")
	outer := s.group("outer", s.group("inner", a))
	got := s.read(a, "tokenGroups").Texts("tokenGroups")
	assert.Contains(s, got, string(s.read(outer, "objectSid").SID().Bytes()))
	assert.Contains(s, got, string((s.Domain().SID.Domain() + "-513").Bytes()))
	return nil
}
