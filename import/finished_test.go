package importer

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
)

// Deciding, and deciding again with other people, adds nothing to an observation, but
// goes on with another one.
func TestObservationIsFinishedWhenItIsReturned(t *testing.T) {
	s := newScene(t)
	jane, max, dora := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster"), s.person("Dora New")
	s.staffed(jane, max)
	legal := s.ou.Child("OU", "Legal")
	s.add(legal, "organizationalUnit", nil)
	require.NoError(t, s.admin.Rename(t.Context(), s.account("Max Muster"), legal.Child("CN", "Max Muster")))
	require.NoError(t, s.admin.Rename(t.Context(), s.group("p-Viewers"), legal.Child("CN", "p-Viewers")))
	s.user(legal.Child("CN", "Another"), dora.SAMAccountName, nil)
	domainAdmins := parse(t, "CN=Domain Admins,CN=Users,DC=plant,DC=example")
	for _, member := range []ad.DN{s.account("Jane Doe"), legal.Child("CN", "Another")} {
		require.NoError(t, s.admin.Modify(t.Context(), domainAdmins, []ad.Change{{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(member.String())}}))
	}

	im := s.start(s.file(jane, max))
	situation, err := im.read(t.Context(), s.dir, nil, "")
	require.NoError(t, err)
	before, read := situation.obs, fmt.Sprintf("%+v", *situation.obs)
	require.Len(t, before.Elsewhere, 1)
	assert.Contains(t, before.Groups[2].Missing, "it was renamed or moved")
	assert.True(t, before.Accounts[0].MemberOf[before.Groups[2].SID])
	assert.Equal(t, "Administrators, Domain Admins", before.Accounts[0].Administers)
	assert.Empty(t, before.Accounts[0].Protected)

	im.Input = s.file(jane, max, dora)
	require.NoError(t, im.decide(t.Context(), s.dir, situation, nil))
	assert.Len(t, situation.obs.Elsewhere, 2, "who holds the new name")
	assert.Equal(t, read, fmt.Sprintf("%+v", *before))
}
