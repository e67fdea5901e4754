package export_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
)

// Two real controllers: the second one is away while someone is made through the
// first, and comes back when the first is gone.
func TestARealControllerThatLagsGivesNoFile(t *testing.T) {
	twins := adtest.TwoControllers(t)
	first := twins.First.Admin(t)
	ou := "OU=Test export," + twins.First.Base
	first.Add(ou, map[string][]string{"objectClass": {"organizationalUnit"}})
	user := func(name string) {
		first.Add("CN="+name+","+ou, map[string][]string{"objectClass": {"user"}, "sAMAccountName": {name}})
	}
	user("early")
	twins.AwaitReplication(t, "CN=early,"+ou, "sAMAccountName")
	cfg := &schema.ExportConfig{UserPath: ou, ExportFile: filepath.Join(t.TempDir(), "users.json")}
	through := func(controllers ...adtest.Domain) (export.Result, error) {
		var servers []string
		for _, c := range controllers {
			servers = append(servers, c.URL())
		}
		client, err := ad.Connect(t.Context(), ad.Options{Servers: servers, CAFile: twins.CAFile, Security: ad.SecurityLDAPS, Auth: ad.AuthSimple, Timeout: 5 * time.Second,
			Username: twins.First.Account("Administrator"), Password: ad.Password(twins.First.Password(t, "Administrator"))})
		require.NoError(t, err)
		t.Cleanup(func() { _ = client.Close() })
		return export.Run(t.Context(), client, cfg, options)
	}
	require.NoError(t, twins.Second.Kill())
	user("late")
	result, err := through(twins.First)
	require.NoError(t, err)
	require.Equal(t, 2, result.Users)
	require.NoError(t, twins.First.Kill())
	twins.Second.Start(t)
	_, err = through(twins.Second)
	require.ErrorContains(t, err, "dc2.twin.example has not heard yet of all that dc1.twin.example knew")

	twins.First.Start(t)
	result, err = through(twins.Second, twins.First)
	require.NoError(t, err, "the first is asked instead, if the second has not heard yet")
	assert.Equal(t, 2, result.Users)
	twins.AwaitReplication(t, "CN=late,"+ou, "sAMAccountName")
	require.Eventually(t, func() bool {
		result, err = through(twins.Second)
		return err == nil
	}, time.Minute, 200*time.Millisecond)
	assert.Equal(t, 2, result.Users)
	assert.Equal(t, "dc2.twin.example", result.Controller)
}
