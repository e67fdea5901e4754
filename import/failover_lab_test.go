package importer

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
)

// twinScene works in a domain with two controllers, of which it knows both.
func twinScene(t *testing.T, twins *adtest.Twins, tag string, timeout time.Duration) *scene {
	connect := func(servers ...string) *ad.Client {
		client, err := ad.Connect(t.Context(), ad.Options{Servers: servers, CAFile: twins.CAFile, Security: ad.SecurityLDAPS, Auth: ad.AuthSimple, Timeout: timeout,
			Username: twins.First.Account("Administrator"), Password: ad.Password(twins.First.Password(t, "Administrator")), NeedWritable: true})
		require.NoError(t, err)
		t.Cleanup(func() { _ = client.Close() })
		return client
	}
	base, err := ad.ParseDN(twins.First.Base)
	require.NoError(t, err)
	ou := base.Child("OU", "Test "+tag)
	s := &scene{t: t, dir: connect(twins.First.URL(), twins.Second.URL()), admin: connect(twins.First.URL()), ou: ou, now: time.Now().UTC()}
	s.desks, s.suffix = s.dir, "-"+tag
	s.add(ou, "organizationalUnit", nil)
	s.furnish()
	last := s.group("p-Admins").String()
	twins.AwaitReplication(t, last, "cn")
	return s
}

// at does something before the n-th operation of a kind.
type at struct {
	*ad.Client
	searches, writes int // before which; 0: never
	do               func()
}

func (a *at) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if a.searches--; a.searches == 0 {
		a.do()
	}
	return a.Client.Search(ctx, s, each)
}

func (a *at) write() {
	if a.writes--; a.writes == 0 {
		a.do()
	}
}

func (a *at) Add(ctx context.Context, dn ad.DN, attributes []ad.Attribute) error {
	a.write()
	return a.Client.Add(ctx, dn, attributes)
}

func (a *at) Modify(ctx context.Context, dn ad.DN, changes []ad.Change) error {
	a.write()
	return a.Client.Modify(ctx, dn, changes)
}

// Two real controllers that replicate; the first one is killed, or falls silent
// as behind a firewall, before the run, while it reads, and while it writes.
func TestTheSecondControllerTakesOver(t *testing.T) {
	twins := adtest.TwoControllers(t)
	const notice = "domain controller dc1.twin.example was lost; everything was read and planned again through dc2.twin.example"
	kill := func() { require.NoError(t, twins.First.Kill()) }
	halt := func() { require.NoError(t, twins.First.Halt()) }
	back := func(t *testing.T) {
		require.NoError(t, twins.First.Kill())
		twins.First.Start(t)
	}
	took := func(t *testing.T, r *Result) {
		assert.Equal(t, "dc2.twin.example", r.Report.Controller)
		require.NotEmpty(t, r.Report.Notices)
		assert.Contains(t, r.Report.Notices[0], notice)
		assert.Empty(t, twice(r))
	}
	tag := 0
	for name, lose := range map[string]func(s *scene){
		"killed before":        func(*scene) { kill() },
		"silent before":        func(*scene) { halt() },
		"killed while reading": func(s *scene) { s.dir = &at{Client: s.dir.(*ad.Client), searches: 6, do: kill} },
		"silent while reading": func(s *scene) { s.dir = &at{Client: s.dir.(*ad.Client), searches: 9, do: halt} },
	} {
		t.Run(name, func(t *testing.T) {
			tag++
			s := twinScene(t, twins, fmt.Sprint(tag), 2*time.Second)
			lose(s)
			r := s.run(s.file(s.person("Anna A", in("CN=t-Viewers")), s.person("Bert B")))
			took(t, r)
			assert.ElementsMatch(t, []string{"Anna A", "Bert B"}, r.Report.Created, "nothing was written before")
			back(t)
			twins.AwaitReplication(t, s.group("p-Viewers").String(), "member")
		})
	}
	for name, lose := range map[string]func(){"killed while writing": kill, "silent while writing": halt} {
		t.Run(name, func(t *testing.T) {
			tag++
			s := twinScene(t, twins, fmt.Sprint(tag), 2*time.Second)
			old := s.staffed(s.person("Anna A", in("CN=t-Viewers")), s.person("Bert B"), s.person("Carl C"), s.person("Dora D"))
			require.NotNil(t, old)
			twins.AwaitReplication(t, s.account("Dora D").String(), "userAccountControl")
			twins.AwaitReplication(t, s.group("p-Viewers").String(), "member")
			carl, dora := s.person("Carl C", in("CN=t-Editors")), s.person("Dora D")
			carl.Disabled = true
			file := s.file(carl, dora, s.person("Emil E", in("CN=t-Viewers")), s.person("Fred F")) // Anna and Bert are missing
			s.dir = &at{Client: s.dir.(*ad.Client), writes: 6, do: lose}
			r, err := s.start(file).Run(t.Context())
			require.NoError(t, err)
			took(t, r)
			assert.ElementsMatch(t, []string{"Anna A", "Bert B", "Carl C"}, r.Report.Disabled)
			t.Log(r.Report.Notices[0], r.Report.Created, r.Report.Failed)
			back(t)
			twins.AwaitReplication(t, s.group("p-Editors").String(), "member")
			twins.AwaitReplication(t, s.account("Anna A").String(), "userAccountControl")
			s.admin, s.dir = again(t, twins), again(t, twins)
			require.Empty(t, s.run(file).Report.Failed)
			names := []string{}
			for _, e := range s.find(s.managed(), ad.ScopeOneLevel, ad.Anything, "cn") {
				names = append(names, e.Text("cn"))
			}
			slices.Sort(names)
			assert.Equal(t, []string{"Anna A", "Bert B", "Carl C", "Dora D", "Emil E", "Fred F"}, names, "nobody is there twice")
			assert.Empty(t, s.run(file).Plan.Actions)
		})
	}
}

func again(t *testing.T, twins *adtest.Twins) *ad.Client {
	client, err := ad.Connect(t.Context(), ad.Options{Servers: []string{twins.First.URL()}, CAFile: twins.CAFile, Username: twins.First.Account("Administrator"),
		Password: ad.Password(twins.First.Password(t, "Administrator"))})
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	return client
}
