package importer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
)

func boundTo(t *testing.T, twins *adtest.Twins, controller adtest.Domain, account, password string) *ad.Client {
	client, err := ad.Connect(t.Context(), ad.Options{Servers: []string{controller.URL()}, CAFile: twins.CAFile, Security: ad.SecurityLDAPS, Auth: ad.AuthSimple,
		Username: controller.Account(account), Password: ad.Password(password), NeedWritable: true})
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// Two real controllers: the second one is away while the first writes, and comes
// back when the first is gone.
func TestAControllerThatHasNotHeard(t *testing.T) {
	twins := adtest.TwoControllers(t)
	s := twinScene(t, twins, "lag", 5*time.Second)
	password := twins.First.Password(t, "Administrator")
	jane, max, anna := s.person("Jane Doe", in("CN=t-Viewers")), s.person("Max Muster"), s.person("Anna A")
	s.staffed(jane, max)
	s.user(s.ou.Child("CN", "reader"), "reader", nil)
	twins.AwaitReplication(t, s.account("Max Muster").String(), "userAccountControl")
	twins.AwaitReplication(t, s.group("p-Viewers").String(), "member")
	twins.AwaitReplication(t, s.ou.Child("CN", "reader").String(), "userAccountControl")

	require.NoError(t, twins.Second.Kill())
	s.run(s.file(jane, max, anna))
	s.enable(s.desk(s.file(jane, max, anna)), "Anna A")
	require.NoError(t, twins.First.Kill())
	twins.Second.Start(t)

	second := boundTo(t, twins, twins.Second, "Administrator", password)
	s.dir, s.desks, s.admin = second, second, second
	r := s.lagging(s.file(max, anna, s.person("Bert B")))
	assert.Equal(t, []string{"Jane Doe"}, r.Report.Disabled)
	assert.True(t, s.control("Jane Doe").Disabled())
	assert.Empty(t, r.Report.Created)
	assert.Empty(t, s.members("p-Viewers"))
	reader, err := ad.ReadReplica(t.Context(), boundTo(t, twins, twins.Second, s.name("reader"), "By-Hand-4711!"))
	require.NoError(t, err)
	assert.NotEmpty(t, reader.Heard, "everybody who logged on may read it")
	assert.False(t, reader.Database.IsZero())

	twins.First.Start(t)
	twins.AwaitReplication(t, s.account("Anna A").String(), "userAccountControl")
	twins.AwaitReplication(t, s.account("Jane Doe").String(), "userAccountControl")
	again := boundTo(t, twins, twins.Second, "Administrator", password)
	s.dir, s.desks, s.admin = again, again, again
	file := s.file(max, anna, s.person("Bert B"))
	require.Eventually(t, func() bool {
		r, err := s.start(file, func(o *Options) { o.DryRun = true }).Run(t.Context())
		return err == nil && r.Report.Behind == ""
	}, 30*time.Second, 100*time.Millisecond)
	r = s.run(file)
	assert.Equal(t, []string{"Bert B"}, r.Report.Created)
	assert.False(t, s.control("Anna A").Disabled())
	assert.True(t, s.control("Jane Doe").Disabled())
}
