package adtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/internal/memad"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	d := memad.New("plant.example")
	adtest.Contract(t, adtest.Target{Directory: d, OU: d.AddOU("OU=Contract")})
}

func TestSambaKeepsTheContract(t *testing.T) {
	lab := adtest.Lab(t)
	ou, err := ad.ParseDN(lab.Target.Admin(t).OU())
	require.NoError(t, err)
	client, err := ad.Connect(t.Context(), ad.Options{
		Servers: []string{lab.Target.URL()}, CAFile: lab.CAFile, Security: ad.SecurityLDAPS, Auth: ad.AuthSimple,
		Username: lab.Target.Account("Administrator"), Password: ad.Password(lab.Target.Password(t, "Administrator")), PageSize: adtest.SambaPageSize,
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	adtest.Contract(t, adtest.Target{Directory: client, OU: ou, Samba: true})
}
