package importer

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/text"
)

// guarded makes an account of ours what someone may make of it later.
func (s *scene) guarded(cn, attribute, value string) {
	if s.mem == nil {
		s.set(s.account(cn), attribute, value)
	} else {
		s.mem.Overwrite(s.account(cn), map[string]string{attribute: value})
	}
}

// An account that an import made and that became protected later is disabled and
// leaves its groups when its person leaves. Until then more is held back.
func TestOwnAccountThatBecameProtected(t *testing.T) {
	for attribute, value := range map[string]string{"adminCount": "1", "servicePrincipalName": "http/x.plant.example"} {
		t.Run(attribute, func(t *testing.T) {
			stages(t, func(t *testing.T, s *scene) {
				jane, max := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster")
				s.staffed(jane, max)
				s.guarded("Jane Doe", attribute, value)

				r := s.run(s.file(jane, max))
				assert.Empty(t, r.Report.HeldBack)
				assert.Contains(t, strings.Join(r.Report.Notices, "\n"), "Jane Doe: "+s.protection(attribute))
				jane.MemberOf = []string{"CN=t-Editors"}
				jane.Attributes = schema.AttributesOf(map[string]schema.Value{"displayName": {List: []string{"Jane X"}}})
				r = s.run(s.file(jane, max))
				require.Len(t, r.Report.HeldBack, 1)
				assert.Contains(t, r.Report.HeldBack[0].Reason, "held back: displayName, joining p-Editors")
				assert.Empty(t, s.members("p-Viewers"), "less is done")
				assert.Empty(t, s.members("p-Editors"))

				r = s.run(s.file(max))
				assert.Equal(t, []string{"Jane Doe"}, r.Report.Disabled)
				assert.True(t, s.control("Jane Doe").Disabled())
			})
		})
	}
}

// denied lets no one write to an account.
func (s *scene) denied(cn string) {
	account := ad.ByGUID(s.get(s.account(cn), "objectGUID").GUID())
	s.mem.Fail(func(op memOperation) error {
		if op.Write > 0 && op.DN.Equal(account) {
			return ad.ErrDenied
		}
		return nil
	})
}

func (s *scene) protection(attribute string) string {
	if attribute == "adminCount" {
		return "it is protected by AdminSDHolder"
	}
	return "services run as it"
}

// A controller that refuses it is told of by name: exit code 5, and what to do.
func TestOwnProtectedAccountThatTheDirectoryKeeps(t *testing.T) {
	s := newScene(t)
	jane, max := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster")
	s.staffed(jane, max)
	s.guarded("Jane Doe", "adminCount", "1")
	s.denied("Jane Doe")
	r, err := s.start(s.file(max)).Run(t.Context())
	require.NoError(t, err)
	require.Len(t, r.Report.Failed, 1)
	assert.Contains(t, r.Report.Failed[0].Reason, "disable: ")
	assert.Contains(t, r.Report.Failed[0].Reason, "it is protected by AdminSDHolder (adminCount is 1): do it by hand")
	assert.Empty(t, s.members("p-Viewers"), "the rest is done")
}

// Putting off the end of a protected account may be refused for as long as half of
// its lease is left; then it is a failure.
func TestRefusedLeaseOfAProtectedAccount(t *testing.T) {
	s := newScene(t)
	s.with(`"expiration_time": "P30D"`)
	jane, max := s.person("Jane Doe"), s.person("Max Muster")
	s.staffed(jane, max)
	s.guarded("Jane Doe", "adminCount", "1")
	for _, held := range []bool{true, false} {
		s.later(10 * 24 * time.Hour)
		s.denied("Jane Doe")
		r, err := s.start(s.file(jane, max)).Run(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 1, r.Report.Extended, "Max")
		if held {
			require.Len(t, r.Report.HeldBack, 1)
			assert.Contains(t, r.Report.HeldBack[0].Reason, "extend: ")
			assert.Empty(t, r.Report.Failed)
		} else {
			require.Len(t, r.Report.Failed, 1)
		}
	}
}

// What the ledger of an older version calls adopted may have been found by its
// prefix: no protected account is disabled for that.
func TestProtectedAccountOfAnOlderLedger(t *testing.T) {
	for how, reached := range map[string]bool{plan.HowCreated: true, plan.HowAdopted: false, plan.HowFound: false} {
		s := newScene(t)
		max := s.person("Max Muster")
		s.staffed(s.person("Jane Doe"), max)
		s.guarded("Jane Doe", "adminCount", "1")
		path := ledger.Path(s.cfg.ResolutionsFile)
		ledger, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, []byte(strings.ReplaceAll(string(ledger), `"how": "created"`, `"how": "`+how+`"`)), 0o600))
		r := s.run(s.file(max))
		assert.Equal(t, reached, s.control("Jane Doe").Disabled(), how)
		if !reached {
			require.Len(t, r.Report.Skipped, 1)
			assert.Contains(t, r.Report.Skipped[0].Reason, "missing in file, and still enabled: disable it by hand")
			var out strings.Builder
			require.NoError(t, text.Report(&out, r.Report))
			assert.NotContains(t, out.String(), "nothing to do")
		}
	}
}

// An account that an action took over is ours from then on.
func TestAdoptionIsRecorded(t *testing.T) {
	s := newScene(t)
	s.user(s.account("Jane Doe"), "janedoe", nil)
	jane := s.person("Jane Doe")
	s.set(s.account("Jane Doe"), "sAMAccountName", jane.SAMAccountName)
	s.run(s.file(jane)) // row 7
	var kept struct {
		Containers map[string]struct {
			Accounts map[string]ledger.Account `json:"accounts"`
		} `json:"containers"`
	}
	text, err := os.ReadFile(ledger.Path(s.cfg.ResolutionsFile))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &kept))
	for _, c := range kept.Containers {
		for _, a := range c.Accounts {
			assert.Equal(t, s.now, a.Adopted)
		}
	}
	s.guarded("Jane Doe", "adminCount", "1")
	s.run(s.file(jane))
	s.run(s.file(s.person("Max Muster")), func(o *Options) { o.Confirm = s.digest(s.file(s.person("Max Muster"))) })
	assert.True(t, s.control("Jane Doe").Disabled())
}

// digest is that of the plan for a file.
func (s *scene) digest(in *Input) string {
	r, err := s.start(in, func(o *Options) { o.DryRun = true }).Run(s.t.Context())
	require.NoError(s.t, err)
	return r.Plan.Digest
}

// A ledger that starts anew from the anchors does not forget protected accounts.
func TestLostLedgerKeepsProtectedAccountsInMind(t *testing.T) {
	s := newScene(t)
	max := s.person("Max Muster")
	s.staffed(s.person("Jane Doe"), max)
	s.guarded("Jane Doe", "adminCount", "1")
	require.NoError(t, os.Remove(ledger.Path(s.cfg.ResolutionsFile)))
	in := s.file(max)
	r, err := s.start(in, func(o *Options) { o.Accept = in.SHA256 }).Run(t.Context())
	require.NoError(t, err)
	require.Len(t, r.Report.Failed, 1)
	assert.Contains(t, r.Report.Failed[0].Reason, "is enabled, and carries the anchor of a person who has left the user file")
	assert.Empty(t, r.Report.Unmanaged)
}
