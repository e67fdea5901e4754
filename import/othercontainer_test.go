package importer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// Somebody renames the container and makes a new one of its name: whoever leaves
// would be forgotten, and everybody's account would run out.
func testContainerThatIsNotTheOneOfBefore(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	partners := s.ou.Child("OU", "Partners")
	require.NoError(t, s.admin.Rename(t.Context(), s.managed(), partners))
	s.add(s.managed(), "organizationalUnit", nil)
	before := s.usn()
	in := s.file(max)
	var r *Result
	for range 2 {
		var err error
		r, err = s.start(in).Run(t.Context())
		require.NoError(t, err)
		require.NotNil(t, r.Report.Guard)
		assert.Equal(t, "another container", r.Report.Guard.Name)
		assert.Contains(t, r.Report.Guard.Reason, "2 enabled accounts in another container, which is "+partners.String()+" now")
		assert.Contains(t, strings.Join(r.Report.Notices, "\n"), "not disabled by this import: CN=Jane Doe,")
	}
	assert.Equal(t, before, s.usn())

	var warned []string
	Check(t.Context(), CheckOptions{Config: s.cfg, Directory: s.dir, Input: in, Clock: s.start(in).Clock}, func(step schema.CheckStep) {
		if step.State == schema.CheckWarning {
			warned = append(warned, step.Text)
		}
	})
	assert.Contains(t, strings.Join(warned, "\n"), "the ledger knows 2 enabled accounts in another container")
	assert.Contains(t, strings.Join(warned, "\n"), "the next import stops with exit code 4")

	released := r.Report.Plan
	r, err := s.start(in, func(o *Options) { o.Confirm = released }).Run(t.Context())
	require.NoError(t, err)
	assert.Nil(t, r.Report.Guard)
	assert.Contains(t, strings.Join(r.Report.Notices, "\n"), "not disabled by this import: CN=Jane Doe,")
	r, err = s.start(s.file(max)).Run(t.Context())
	require.NoError(t, err)
	assert.Nil(t, r.Report.Guard, "once it was confirmed, this container is known")
}

// A container that was renamed is the same one, wherever it is now.
func testContainerThatWasRenamedGoesOn(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	partners := s.ou.Child("OU", "Partners")
	require.NoError(t, s.admin.Rename(t.Context(), s.managed(), partners))
	s.cfg.ManagedUserPath = partners.String()
	r := s.run(s.file(max))
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Disabled)
	e := s.get(partners.Child("CN", "Jane Doe"), "userAccountControl")
	control, _ := e.Int("userAccountControl")
	assert.Equal(t, int64(514), control)
	assert.Len(t, s.find(partners, ad.ScopeOneLevel, ad.Anything, "cn"), 2)
}
