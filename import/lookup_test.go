package importer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

// A controller ends the connection over a request that is too long, and names
// no one.
func TestLongValuesDoNotCostTheConnection(t *testing.T) {
	s := labScene(t)
	s.with(`"attributes": {"mail": {}}`)
	file := s.file(s.person("Jane Doe", has("mail", strings.Repeat("x", 300_000)+"@corp.example")), s.person("Max Muster"))
	file.File.Users[1].SAMAccountName = strings.Repeat("y", userfile.MaxName)
	r, err := s.start(file).Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Created)
	require.Len(t, r.Report.LeftOut, 1)
	assert.Contains(t, r.Report.LeftOut[0].Reason, "mail: it takes at most 256 characters")
	assert.Contains(t, questions(r.Plan.Questions), "name Max Muster (name invalid)")

	s.with(`"upn": {"from_file": true}`)
	users := make([]schema.User, 2*ad.MaxBatch)
	for i := range users {
		users[i] = s.person(fmt.Sprintf("p%04d Person", i), has("userPrincipalName", fmt.Sprintf("%s%04d@plant.example", strings.Repeat("世", 900), i)))
	}
	r, err = s.start(s.file(users...), func(o *Options) { o.DryRun = true }).Run(t.Context())
	require.NoError(t, err)
	assert.Len(t, r.Report.Created, len(users))
}

func TestSearchesForNamesAreLimited(t *testing.T) {
	for _, length := range []int{10, 1000, 2 * ad.MaxBatchBytes} {
		filters := make([]ad.Filter, 450)
		for i := range filters {
			filters[i] = ad.Filter(strings.Repeat("f", length))
		}
		asked := 0
		for rest := filters; len(rest) > 0; {
			var batch []ad.Filter
			batch, rest = ad.NextBatch(rest)
			asked += len(batch)
			require.NotEmpty(t, batch)
			assert.LessOrEqual(t, len(batch), ad.MaxBatch)
			assert.True(t, len(batch) == 1 || len(batch)*length <= ad.MaxBatchBytes)
		}
		assert.Equal(t, len(filters), asked)
	}
}
