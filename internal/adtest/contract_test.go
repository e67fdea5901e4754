package adtest_test

import (
	"crypto/tls"
	"testing"

	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/internal/adtest/ldapserver"
	"ad-user-sync/internal/memad"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	d := memad.New("plant.example")
	adtest.Contract(t, adtest.Target{Directory: d, OU: d.AddOU("OU=Contract")})
}

// The listener that the faults are tried on, through the client of the program.
func TestListenerKeepsTheContract(t *testing.T) {
	d, options := listener(t)
	client, err := ad.Connect(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	adtest.Contract(t, adtest.Target{Directory: client, OU: d.AddOU("OU=Contract")})
}

// listener is a domain in memory behind a wire.
func listener(t *testing.T) (*memad.Directory, ad.Options) {
	d := memad.New("plant.example")
	d.AddUser(memad.User{AccountName: "op", Password: "By-Hand-4711!", Groups: []string{"CN=Domain Admins,CN=Users"}})
	caFile, certificate := adtest.Certificate(t, "127.0.0.1")
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go (&ldapserver.Server{Directory: d, MaxValues: 40}).Serve(listener)
	return d, ad.Options{Servers: []string{"ldaps://" + listener.Addr().String()}, CAFile: caFile, Security: ad.SecurityLDAPS,
		Username: `PLANT\op`, Password: "By-Hand-4711!", PageSize: adtest.SambaPageSize}
}

func TestSambaKeepsTheContract(t *testing.T) {
	lab, options := samba(t)
	ou, err := ad.ParseDN(lab.Target.Admin(t).OU())
	require.NoError(t, err)
	client, err := ad.Connect(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	adtest.Contract(t, adtest.Target{Directory: client, OU: ou, Samba: true})
}

func samba(t *testing.T) (*adtest.TwoDomains, ad.Options) {
	lab := adtest.Lab(t)
	return lab, ad.Options{
		Servers: []string{lab.Target.URL()}, CAFile: lab.CAFile, Security: ad.SecurityLDAPS, Auth: ad.AuthSimple,
		Username: lab.Target.Account("Administrator"), Password: ad.Password(lab.Target.Password(t, "Administrator")), PageSize: adtest.SambaPageSize,
	}
}
