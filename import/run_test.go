package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stages are the domains that a scenario runs against.
func stages(t *testing.T, scenario func(t *testing.T, s *scene)) {
	t.Run("memory", func(t *testing.T) { scenario(t, newScene(t)) })
	t.Run("samba", func(t *testing.T) { scenario(t, labScene(t)) })
}

func TestLifeOfAnAccount(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		jane, max := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster", in("CN=t-Viewers", "CN=t-Editors"))
		file := s.file(jane, max)
		r := s.run(file)
		assert.ElementsMatch(t, []string{"Jane Doe", "Max Muster"}, r.Report.Created)
		assert.True(t, s.control("Jane Doe").Disabled())
		assert.Equal(t, []string{"Jane Doe", "Max Muster"}, s.members("p-Viewers"))
		assert.Equal(t, "ad-user-sync:"+s.anchor("Jane Doe")+"@corp.example", s.get(s.account("Jane Doe"), "adminDescription").Text("adminDescription"))

		d := s.desk(file)
		s.enable(d, "Jane Doe")
		assert.False(t, s.control("Jane Doe").Disabled())

		before := s.usn()
		again := s.run(file)
		assert.Empty(t, again.Report.Changes)
		assert.Equal(t, before, s.usn())

		jane.CN = "Jane Roe"
		r = s.run(s.file(jane))
		assert.Equal(t, []string{"Jane Roe"}, r.Report.Renamed)
		assert.Equal(t, []string{"Jane Roe"}, s.members("p-Viewers"))
		require.NotNil(t, s.get(s.account("Jane Roe"), "cn"))
		assert.Empty(t, s.members("p-Editors"))
	})
}
