package adtest

import (
	"fmt"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/internal/ad"
)

func managerCases() []Case {
	return []Case{
		{Name: "set, follow, clear", Do: manager},
		{Name: "the same again is not a change", Stricter: "MS-ADTS 3.1.1.1.9: an update that changes nothing has no number", Do: func(s *Scene) error {
			boss := s.user("boss")
			a := s.user("a", attribute("manager", boss.String()))
			before := s.usn(a)
			s.must(s.modify(a, replace("manager", boss.String())))
			if after := s.usn(a); after != before {
				return fmt.Errorf("uSNChanged went from %s to %s", before, after)
			}
			return nil
		}},
		{Name: "in the Add", Do: func(s *Scene) error {
			boss := s.user("boss")
			assert.Equal(s, boss.String(), s.text(s.user("a", attribute("manager", boss.String())), "manager"))
			return nil
		}},
		{Name: "a missing user", Want: ad.ErrBadValue, Code: []int{19}, Do: func(s *Scene) error {
			return s.modify(s.user("a"), replace("manager", s.cn("missing").String()))
		}},
		{Name: "no DN", Want: ad.ErrBadValue, Do: func(s *Scene) error { return s.modify(s.user("a"), replace("manager", "boss")) }},
		{Name: "two", Want: ad.ErrBadValue, Do: func(s *Scene) error {
			return s.modify(s.user("a"), replace("manager", s.user("b").String(), s.user("c").String()))
		}},
		{Name: "without a link, follow", Do: func(s *Scene) error {
			a, helper := s.user("a"), s.user("helper")
			s.must(s.modify(a, replace("assistant", helper.String())))
			s.must(s.rename(helper, s.cn("Helper, The")))
			assert.Equal(s, s.read(s.cn("Helper, The")).DN.String(), s.text(a, "assistant"))
			s.must(s.modify(a, replace("assistant")))
			return nil
		}},
		{Name: "oneself", Do: func(s *Scene) error {
			a := s.user("a")
			return s.modify(a, replace("manager", a.String()))
		}},
		{Name: "by objectGUID", Do: func(s *Scene) error {
			a, boss := s.user("a"), s.user("boss")
			s.must(s.modify(a, replace("manager", ad.ByGUID(s.read(boss).GUID()).String())))
			assert.Equal(s, boss.String(), s.text(a, "manager"))
			return nil
		}},
	}
}

func manager(s *Scene) error {
	a, boss := s.user("a"), s.user("boss")
	before, usn := s.usn(boss), s.usn(a)
	s.must(s.modify(a, replace("manager", boss.String())))
	assert.Equal(s, before, s.usn(boss), "the manager is not changed")
	assert.NotEqual(s, usn, s.usn(a))
	assert.Equal(s, []string{a.String()}, s.read(boss, "directReports").Texts("directReports"))
	s.must(s.rename(boss, s.cn("Boss, The")))
	assert.Equal(s, s.read(s.cn("Boss, The")).DN.String(), s.text(a, "manager"))
	s.must(s.modify(a, replace("manager")))
	s.must(s.modify(a, replace("manager")))
	assert.False(s, s.read(s.cn("Boss, The"), "directReports").Has("directReports"))
	return nil
}
