package importer

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
)

// strayed runs an import that fails for these people alone, and writes nothing.
func (s *scene) strayed(in *Input, reasons ...string) {
	s.t.Helper()
	before := writes(s.dir.Operations())
	r, err := s.start(in).Run(s.t.Context())
	require.NoError(s.t, err)
	require.Len(s.t, r.Report.Failed, len(reasons), "%v", r.Report.Failed)
	for i, reason := range reasons {
		assert.Contains(s.t, r.Report.Failed[i].Reason, reason)
	}
	assert.Equal(s.t, before, writes(s.dir.Operations()))
}

func testLeaverMovedOutIsNamed(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		jane, max := s.person("Jane Doe"), s.person("Max Muster")
		s.staffed(jane, max)
		elsewhere := s.ou.Child("CN", "Jane Doe")
		require.NoError(t, s.admin.Rename(t.Context(), s.account("Jane Doe"), elsewhere))
		for range 2 {
			s.strayed(s.file(max), "moved out of the managed container: missing in file, while the account is now "+elsewhere.String()+" and still enabled")
		}
		jane.Disabled = true
		s.strayed(s.file(jane, max), "moved out of the managed container: disabled in source")
		s.set(elsewhere, "userAccountControl", "514")
		s.run(s.file(max))
		s.set(elsewhere, "userAccountControl", "512")
		require.NoError(t, s.admin.Rename(t.Context(), elsewhere, s.account("Jane Doe")))
		s.run(s.file(max))
		assert.True(t, s.control("Jane Doe").Disabled(), "moved back")

		require.NoError(t, s.admin.Rename(t.Context(), s.account("Jane Doe"), elsewhere))
		s.set(elsewhere, "userAccountControl", "512")
		s.set(elsewhere, "adminDescription", "") // let go, for good
		r := s.run(s.file(max))
		assert.Contains(t, strings.Join(r.Report.Notices, "\n"), "no longer this program's, and forgotten")
		assert.Contains(t, strings.Join(r.Report.Notices, "\n"), elsewhere.String())
		assert.NotContains(t, strings.Join(s.run(s.file(max)).Report.Notices, "\n"), "no longer this program's")
		require.NoError(t, s.admin.Rename(t.Context(), elsewhere, s.account("Jane Doe")))
		r = s.run(s.file(max))
		assert.Equal(t, []schema.Outcome{{User: "Jane Doe", Reason: "unmanaged: left alone"}}, said(r.Report.Unmanaged))
	})
}

func testAnchorThatIsGoneIsNamed(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		jane, max := s.person("Jane Doe"), s.person("Max Muster")
		s.staffed(jane, max)
		stamp := s.get(s.account("Jane Doe"), "adminDescription").Text("adminDescription")
		s.set(s.account("Jane Doe"), "adminDescription", "")
		for range 2 {
			s.strayed(s.file(max), "anchor gone or changed: the anchor in adminDescription of this account, which this program created, is gone")
		}
		s.set(s.account("Jane Doe"), "adminDescription", "ad-user-sync:"+s.anchor("Max Muster")+"@corp.example")
		s.strayed(s.file(max), "was changed; it names "+s.anchor("Max Muster"))
		s.set(s.account("Jane Doe"), "adminDescription", stamp) // as the report says
		s.run(s.file(max))
		assert.True(t, s.control("Jane Doe").Disabled())
	})
}

func testAnotherAnchorAttributeIsNamed(t *testing.T) {
	s := newScene(t)
	s.staffed(s.person("Jane Doe"), s.person("Max Muster"))
	s.with(`"anchor_attribute": "adminDisplayName"`)
	for range 2 {
		s.strayed(s.file(s.person("Max Muster")), "Most likely because anchor_attribute was adminDescription before: set it to that again")
	}
	s.with("")
	s.run(s.file(s.person("Max Muster")))
	assert.True(t, s.control("Jane Doe").Disabled())
}

// adminDescriptionGUID is the schemaIDGUID of adminDescription (MS-ADA1).
const adminDescriptionGUID = "bf967919-0de6-11d0-a285-00aa003049e2"

// closeAnchor takes the right to read the anchor of an object from the import.
func (s *scene) closeAnchor(dn ad.DN) {
	if s.mem == nil {
		adtest.Lab(s.t).Target.Admin(s.t).DenyRead(dn.String(), adminDescriptionGUID, "svc-import")
		return
	}
	s.dir = &blind{s.dir, func(of ad.DN, attribute string) bool {
		return of.Equal(dn) && (attribute == "admindescription" || attribute == "ntsecuritydescriptor")
	}}
}

func testAnchorThatCanNotBeReadIsNoClearedOne(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		jane, max := s.person("Jane Doe"), s.person("Max Muster")
		s.staffed(jane, max)
		elsewhere := s.ou.Child("CN", "Jane Doe")
		require.NoError(t, s.admin.Rename(t.Context(), s.account("Jane Doe"), elsewhere))
		s.closeAnchor(elsewhere)
		for range 2 {
			s.strayed(s.file(max), "moved out of the managed container: missing in file")
			s.strayed(s.file(jane, max), "may not read its adminDescription")
		}
	})
}
