package importer

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/schema"
)

// What a run cannot do, and can know before, a dry run says in the same words;
// check does not put it down to rights.
func TestDryRunAndRunSayTheSame(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		s.with(`"attributes": {"displayName": {}, "location": {}}`)
		jane, max := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster")
		s.staffed(jane, max)
		t.Cleanup(func() { s.set(s.account("Jane Doe"), "primaryGroupID", "513") }) // a primary group cannot be deleted
		s.set(s.account("Jane Doe"), "primaryGroupID", strconv.Itoa(int(s.get(s.group("p-Viewers"), "objectSid").SID().RID())))
		file := s.file(s.person("Jane Doe"), s.person("Max Muster", has("location", "Room 1")))

		dry, err := s.start(file, func(o *Options) { o.DryRun = true }).Run(t.Context())
		require.NoError(t, err)
		run, err := s.start(file).Run(t.Context())
		require.NoError(t, err)
		assert.Equal(t, dry.Report.Failed, run.Report.Failed)
		require.Len(t, dry.Report.LeftOut, 1)
		dry.Report.LeftOut[0].Since = run.Report.LeftOut[0].Since // a real clock goes on
		assert.Equal(t, dry.Report.LeftOut, run.Report.LeftOut)
		require.Len(t, run.Report.Failed, 1)
		assert.Contains(t, run.Report.Failed[0].Reason, "primary group")
		require.Len(t, run.Report.LeftOut, 1)
		assert.Contains(t, run.Report.LeftOut[0].Reason, "location: a user cannot have this attribute")

		var said []string
		Check(t.Context(), CheckOptions{Config: s.cfg, Directory: s.dir, Clock: s.start(file).Clock}, func(step schema.CheckStep) { said = append(said, step.Text) })
		assert.NotContains(t, strings.Join(said, "\n"), "may not write location")
		assert.Contains(t, strings.Join(said, "\n"), "a user cannot have location, whatever its rights")
	})
}

// Domain Users as the target of everybody: new accounts are in it, and no one who
// leaves fails for it.
func TestDomainUsersForEverybody(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		s.cfg.GroupPath, s.cfg.RestrictedGroups = "CN=Users,DC=plant,DC=example", nil
		s.cfg.GroupMap = map[string]schema.OneOrMore{"*": {"CN=Domain Users"}}
		jane, max := s.person("Jane Doe"), s.person("Max Muster")
		r := s.run(s.file(jane, max))
		assert.Empty(t, r.Report.Joined)
		s.staffed(jane, max)
		for range 2 {
			s.run(s.file(max))
		}
		assert.True(t, s.control("Jane Doe").Disabled())
		var said []string
		Check(t.Context(), CheckOptions{Config: s.cfg, Directory: s.dir, Clock: s.start(s.file(max)).Clock}, func(step schema.CheckStep) { said = append(said, step.Text) })
		assert.Contains(t, strings.Join(said, "\n"), "Domain Users is the primary group of every new account already")
	})
}
