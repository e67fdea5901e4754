package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
)

// logOnAs makes someone of the domain the running user, as kinit does.
func logOnAs(t *testing.T, lab *adtest.TwoDomains, d adtest.Domain, account string) {
	t.Helper()
	cache := filepath.Join(t.TempDir(), "cache")
	kinit := exec.Command("kinit", "-c", "FILE:"+cache, account+"@"+d.Realm())
	kinit.Env = append(os.Environ(), "KRB5_CONFIG="+lab.Krb5)
	kinit.Stdin = strings.NewReader(d.Password(t, account) + "\n")
	out, err := kinit.CombinedOutput()
	require.NoError(t, err, string(out))
	t.Setenv("KRB5CCNAME", "FILE:"+cache)
}

// withoutLDAPS is a controller at another address, where nothing but LDAP on port
// 389 and Kerberos is offered.
func withoutLDAPS(t *testing.T, d adtest.Domain, address string) adtest.Domain {
	upstream := d.Address
	for _, port := range []string{":389", ":88"} {
		listener, err := net.Listen("tcp", address+port)
		require.NoError(t, err)
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			for {
				down, err := listener.Accept()
				if err != nil {
					return
				}
				up, err := net.Dial("tcp", upstream+port)
				if err != nil {
					_ = down.Close()
					continue
				}
				go func() { _, _ = io.Copy(up, down); _ = up.Close() }()
				go func() { _, _ = io.Copy(down, up); _ = down.Close() }()
			}
		}()
	}
	d.Address = address
	return d
}

// Without a directory section: the domain from the configured names, the
// controller from DNS, the running user's own tickets, and, as the controller
// does not speak LDAPS, a connection that Kerberos seals.
func TestLabWithoutADirectorySection(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the running user's logon is Windows' own there")
	}
	lab := adtest.Lab(t)
	ou := lab.Target.Admin(t).OU()
	lab.Target.Admin(t).Add("OU=Managed,"+ou, map[string][]string{"objectClass": {"organizationalUnit"}})
	t.Chdir(t.TempDir())
	t.Setenv("KRB5_CONFIG", "")
	write := func(name, text string) { require.NoError(t, os.WriteFile(name, []byte(text), 0o600)) }
	write("export_config.json", fmt.Sprintf(`{"user_path": "OU=People,%s", "export_file": "users.json"}`, lab.Source.Base))
	write("import_config.json", fmt.Sprintf(`{"managed_user_path": "OU=Managed,%s", "input_file": "users.json"}`, ou))

	withDNS(t, withoutLDAPS(t, lab.Source, "127.9.8.20"))
	logOnAs(t, lab, lab.Source, "svc-export")
	var out, said bytes.Buffer
	require.Zero(t, run(t.Context(), []string{"export"}, streams{nil, &out, &said}), said.String())
	assert.Contains(t, said.String(), "controller="+lab.Source.Host+" ")
	assert.Contains(t, said.String(), "security=seal")

	withDNS(t, withoutLDAPS(t, lab.Target, "127.9.8.30"))
	logOnAs(t, lab, lab.Target, "Administrator")
	out.Reset()
	require.Zero(t, run(t.Context(), []string{"import", "--dry-run", "--format", "json"}, streams{nil, &out, &said}), said.String())
	var report schema.Report
	require.NoError(t, json.Unmarshal(out.Bytes(), &report))
	assert.Equal(t, "seal", report.Security)
	assert.Equal(t, lab.Target.Host, report.Controller)
	assert.NotEmpty(t, report.Created)

	t.Setenv("KRB5CCNAME", "FILE:"+filepath.Join(t.TempDir(), "nobody"))
	said.Reset()
	require.Equal(t, exitFault, run(t.Context(), []string{"import", "--dry-run"}, streams{nil, &out, &said}))
	assert.Contains(t, said.String(), "read the Kerberos ticket cache")
	assert.Contains(t, said.String(), "hint: kinit makes one")
}
