package importer

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// The ledger is lost, and the bound account may not read the anchor of an account: then, or
// in a later run. Its person, whose names have changed, gets no second one.
func TestLostLedgerMakesNoSecondAccountWhereAnAnchorCanNotBeRead(t *testing.T) {
	for name, then := range map[string]bool{"then": true, "later": false} {
		t.Run(name, func(t *testing.T) {
			stages(t, func(t *testing.T, s *scene) { unreadAnchor(t, s, then) })
		})
	}
}

func unreadAnchor(t *testing.T, s *scene, then bool) {
	s.source = &schema.Source{Domain: "unread" + s.suffix + ".example", Scope: "5c09e"} // other accounts of the domain are not of it
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	jane.CN, jane.SAMAccountName = "Jane Roe", s.name("jroe")
	dn := s.account("Jane Doe")
	before := s.get(dn, "nTSecurityDescriptor").Values("nTSecurityDescriptor")[0]
	hide := func() {
		const deniesObject, readProperty = 6, 0x10
		s.putEntry(dn, deniesObject, 0, readProperty, adrules.SIDAuthenticated, "adminDescription")
		if s.mem != nil { // which has no rights to read
			s.dir = &blind{s.mem, func(at ad.DN, attribute string) bool { return at.Equal(dn) && attribute == "admindescription" }}
			s.desks = s.dir
		}
	}
	require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
	if then {
		hide()
	}
	file := s.file(jane, max)
	runs := []func(*Options){func(o *Options) { o.Accept = file.SHA256 }}
	_, err := s.start(file, runs...).Run(t.Context())
	require.NoError(t, err)
	hide()
	for range 2 {
		r, err := s.start(file).Run(t.Context())
		require.NoError(t, err)
		require.Len(t, r.Report.Failed, 1)
		assert.Contains(t, r.Report.Failed[0].Reason, "may not read adminDescription of "+dn.String())
		assert.Empty(t, r.Report.Created)
		assert.Equal(t, []string{"adopt Max Muster (unconfirmed anchor)"}, questions(r.Plan.Questions))
	}
	change := ad.Change{Kind: ad.Replace, Attribute: "nTSecurityDescriptor", Values: [][]byte{before}}
	require.NoError(t, s.admin.Modify(t.Context(), dn, []ad.Change{change}))
	if s.mem != nil {
		s.dir, s.desks = s.mem, s.mem
	}
	r := s.run(file)
	assert.Empty(t, r.Report.Failed)
	assert.Equal(t, []string{"adopt Jane Roe (unconfirmed anchor)", "adopt Max Muster (unconfirmed anchor)"}, questions(r.Plan.Questions))
}
