package importer

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

// closed hides one attribute of one object.
func (s *scene) closed(closed ad.DN, attribute string) {
	s.dir = &blind{s.dir, func(dn ad.DN, name string) bool { return dn.Equal(closed) && name == attribute }}
	s.desks = s.dir
}

// A controller leaves an object whose objectClass may not be read out of a
// reading of the whole container, and gives it by its objectGUID.
func TestKnownAccountWhoseClassCanNotBeReadEndsTheRun(t *testing.T) {
	s := newScene(t)
	max := s.person("Max Muster")
	s.staffed(s.person("Jane Doe", in("CN=t-Viewers")), max)
	s.leftOut("Jane Doe")
	s.closed(s.account("Jane Doe"), "objectclass")
	before := s.usn()
	_, err := s.start(s.file(max)).Run(t.Context())
	require.ErrorContains(t, err, "may not read objectClass of "+s.account("Jane Doe").String())
	assert.Equal(t, before, s.usn())
}

// Outside the container it is taken for the user that it was: its person gets no
// second account, and is named after they left.
func TestKnownAccountOutsideWhoseClassCanNotBeRead(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	out := s.ou.Child("CN", "Jane Doe")
	require.NoError(t, s.admin.Rename(t.Context(), s.account("Jane Doe"), out))
	s.closed(out, "objectclass")
	for _, file := range []*Input{s.file(jane, max), s.file(max)} {
		r, err := s.start(file).Run(t.Context())
		require.NoError(t, err)
		assert.Empty(t, r.Report.Created)
		require.Len(t, r.Report.Failed, 1)
		assert.Equal(t, "Jane Doe", r.Report.Failed[0].User)
		assert.Contains(t, r.Report.Failed[0].Reason, out.String())
	}
}
