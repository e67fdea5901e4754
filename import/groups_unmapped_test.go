package importer

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Who was put into a group stays there once the group is not mapped any more;
// that is said for two weeks, or until it is empty or mapped again.
func TestGroupTakenOutOfTheMapIsNamed(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		jane, max := s.person("Jane Doe", in("CN=t-Viewers", "CN=t-Editors")), s.person("Max Muster", in("CN=t-Editors"))
		s.run(s.file(jane, max))
		mapped := s.cfg.GroupMap
		s.unmapEditors()
		said := func(change ...func(*Options)) string {
			return strings.Join(s.run(s.file(jane, max), change...).Report.Notices, "\n")
		}
		notice := "group " + s.group("p-Editors").String() + " is not in group_map any more, and these accounts stay in it: Jane Doe, Max Muster. To take them out, map a source group without members to it"
		assert.Contains(t, said(func(o *Options) { o.DryRun = true }), notice)
		assert.Contains(t, said(), notice)
		s.cfg.GroupPath = "OU=Elsewhere," + s.ou.String()
		s.cfg.GroupMap, s.cfg.RestrictedGroups = nil, nil
		assert.Contains(t, said(), notice, "the other groups, too")
		assert.Contains(t, said(), "group "+s.group("p-Viewers").String()+" is not in group_map any more, and these accounts stay in it: Jane Doe.")

		s.with("")
		s.cfg.GroupMap = mapped
		assert.NotContains(t, said(), "group_map any more", "mapped again")
		s.unmapEditors()
		assert.Contains(t, said(), notice)
		s.leave("p-Editors", s.account("Jane Doe"))
		assert.Contains(t, said(), "stay in it: Max Muster.")
		s.leave("p-Editors", s.account("Max Muster"))
		assert.NotContains(t, said(), "group_map any more", "it is empty")
	})
}

func TestGroupTakenOutOfTheMapIsNotNamedForEver(t *testing.T) {
	s := newScene(t)
	jane := s.person("Jane Doe", in("CN=t-Editors"))
	s.run(s.file(jane))
	s.unmapEditors()
	named := func() bool {
		return strings.Contains(strings.Join(s.run(s.file(jane)).Report.Notices, "\n"), "is not in group_map any more")
	}
	require.True(t, named())
	s.later(14 * 24 * time.Hour)
	assert.True(t, named())
	s.later(time.Minute)
	assert.False(t, named())
	searches := s.mem.Operations().Searches
	s.run(s.file(jane))
	first := s.mem.Operations().Searches - searches
	s.run(s.file(jane))
	assert.Equal(t, first, s.mem.Operations().Searches-searches-first, "and not looked for")
}

func (s *scene) unmapEditors() {
	s.cfg.GroupMap = maps.Clone(s.cfg.GroupMap)
	for source := range s.cfg.GroupMap {
		if strings.Contains(source, "t-Editors") {
			delete(s.cfg.GroupMap, source)
		}
	}
}
