package faults_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/internal/adtest/ldapserver"
	"ad-user-sync/internal/memad"
)

var today = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// memory is a domain behind the listener.
type memory struct {
	caFile      string
	certificate tls.Certificate

	mu        sync.Mutex
	templates map[string]*world // as each scene finds it
}

func newMemory(t *testing.T) *memory {
	caFile, certificate := adtest.Certificate(t, "127.0.0.1")
	return &memory{caFile: caFile, certificate: certificate, templates: map[string]*world{}}
}

// world is a copy of what the days before have left.
func (m *memory) world(t *testing.T, s *scene) *world {
	m.mu.Lock()
	defer m.mu.Unlock()
	template := m.templates[s.name]
	if template == nil {
		template = m.build(t, s)
		m.templates[s.name] = template
	}
	w := *template
	w.t, w.mem, w.folder = t, template.mem.Clone(), t.TempDir()
	w.admin = w.mem
	require.NoError(t, os.CopyFS(w.folder, os.DirFS(template.folder)))
	w.dial = pipe(&ldapserver.Server{Directory: w.mem, MaxValues: maxValues})
	w.second = pipe(&ldapserver.Server{Directory: w.mem, MaxValues: maxValues, Host: "dc2.plant.example"})
	return &w
}

func pipe(server *ldapserver.Server) func() (net.Conn, error) {
	return func() (net.Conn, error) {
		here, there := net.Pipe()
		go server.ServeConn(there)
		return here, nil
	}
}

func (m *memory) build(t *testing.T, s *scene) *world {
	mem := memad.New("plant.example", memad.At(today))
	mem.AddUser(memad.User{AccountName: "svc-import", Password: "By-Hand-4711!", Groups: []string{"CN=Domain Admins,CN=Users"}})
	w := &world{t: t, admin: mem, mem: mem, ou: mem.AddOU("OU=Test"), now: today, stamp: today.Add(-time.Hour), folder: t.TempDir(), source: corp,
		certificate: m.certificate, address: "127.0.0.1",
		options: ad.Options{CAFile: m.caFile, Security: ad.SecurityLDAPS, Username: `PLANT\svc-import`, Password: "By-Hand-4711!", PageSize: pageSize}}
	w.furnish()
	s.before(w)
	return w
}

// samba is an organizational unit in the lab's target domain.
func samba(t *testing.T, s *scene) *world {
	lab := adtest.Lab(t)
	ou, err := ad.ParseDN(lab.Target.Admin(t).OU())
	require.NoError(t, err)
	options := ad.Options{CAFile: lab.CAFile, Security: ad.SecurityLDAPS, Username: lab.Target.Account("Administrator"),
		Password: ad.Password(lab.Target.Password(t, "Administrator")), PageSize: pageSize}
	direct := options
	direct.Servers = []string{lab.Target.URL()}
	admin, err := ad.Connect(t.Context(), direct)
	require.NoError(t, err)
	t.Cleanup(func() { _ = admin.Close() })
	_, name := ou.Name()
	w := &world{t: t, admin: admin, ou: ou, suffix: "-" + name[len(name)-5:], stamp: time.Now().Add(-time.Hour), folder: t.TempDir(), source: corp,
		certificate: lab.Target.Certificate(t), address: lab.Target.Address, options: options}
	roots := x509.NewCertPool()
	pem, err := os.ReadFile(lab.CAFile)
	require.NoError(t, err)
	require.True(t, roots.AppendCertsFromPEM(pem))
	w.dial = func() (net.Conn, error) {
		return tls.Dial("tcp", net.JoinHostPort(lab.Target.Address, "636"), &tls.Config{RootCAs: roots})
	}
	w.second = w.dial
	w.furnish()
	s.before(w)
	return w
}
