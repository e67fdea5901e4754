package importer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adtest"
	"ad-user-sync/schema"
	"ad-user-sync/schema/config"
)

// delegated is a part of the lab's OU=Managed, with what the two accounts that
// were given rights there see of it.
type delegated struct {
	*testing.T
	*adtest.Admin
	domain  adtest.Domain
	cfg     *schema.ImportConfig
	connect func(account string) *ad.Client
}

func newDelegated(t *testing.T, more string) delegated {
	lab := adtest.Lab(t)
	d := delegated{T: t, Admin: lab.Target.Admin(t), domain: lab.Target}
	ou := "OU=check-" + strings.ToLower(rand5()) + ",OU=Managed," + lab.Target.Base
	d.Add(ou, map[string][]string{"objectClass": {"organizationalUnit"}})
	t.Cleanup(func() { d.Delete(ou) })
	lab.Target.Delegate(t, adtest.Rights{Container: ou})
	cfg, _, err := config.DecodeImport([]byte(fmt.Sprintf(`{"input_file": "users.json", "managed_user_path": %q, "group_path": %q,
		"group_map": {"t-Viewers": "CN=p-Viewers", "t-Administrators": "CN=p-Administrators"}%s}`, ou, "OU=Groups,"+lab.Target.Base, more)), t.TempDir())
	require.NoError(t, err)
	d.cfg = cfg
	d.connect = func(account string) *ad.Client {
		client, err := ad.Connect(t.Context(), ad.Options{Servers: []string{lab.Target.URL()}, CAFile: lab.CAFile, Security: ad.SecurityLDAPS,
			Auth: ad.AuthSimple, Username: lab.Target.Account(account), Password: ad.Password(lab.Target.Password(t, account)), NeedWritable: true})
		require.NoError(t, err)
		t.Cleanup(func() { _ = client.Close() })
		return client
	}
	return d
}

func rand5() string { return fmt.Sprintf("%05x", time.Now().UnixNano()&0xfffff) }

// check returns the marks as "part: state step text".
func (d delegated) check(o CheckOptions) []string {
	var lines []string
	o.Config = d.cfg
	Check(d.Context(), o, func(s schema.CheckStep) {
		lines = append(lines, fmt.Sprintf("%s: %s %s: %s", s.Part, s.State, s.Step, s.Text))
	})
	return lines
}

func (d delegated) says(lines []string, part string) {
	d.Helper()
	require.True(d, slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, part) }), "%s\nis not in\n%s", part, strings.Join(lines, "\n"))
}

const withApprover = `, "approval_directory": {"username": "approver"}`

func (d delegated) person() {
	client := d.connect("svc-import")
	dn, err := ad.ParseDN("CN=Somebody New," + d.cfg.ManagedUserPath)
	require.NoError(d, err)
	require.NoError(d, client.Add(d.Context(), dn, []ad.Attribute{{Name: "objectClass", Values: ad.Values("user")},
		{Name: "sAMAccountName", Values: ad.Values("check-" + rand5())}, {Name: "userAccountControl", Values: ad.Values("514")}}))
}

func TestCheckOfDelegatedRights(t *testing.T) {
	for name, staffed := range map[string]bool{"empty container": false, "with an account": true} {
		t.Run(name, func(t *testing.T) {
			d := newDelegated(t, withApprover)
			if staffed {
				d.person()
			}
			lines := d.check(CheckOptions{Directory: d.connect("svc-import"), Approver: d.connect("svc-approver")})
			for _, line := range lines {
				require.NotContains(t, line, string(schema.CheckFailed)+" ", line)
			}
			d.says(lines, "Target domain: warning group: p-Administrators is guarded, though not listed")
			d.says(lines, "Rights of the import: ok create")
			d.says(lines, "Rights of the import: ok write: may write all")
			d.says(lines, "Rights of the import: ok members: may change the members of p-Viewers")
			d.says(lines, "Rights of the import: ok too much")
			d.says(lines, "Rights of the import: warning owner")
			d.says(lines, "Rights of whoever decides: ok passwords")
			d.says(lines, "Rights of whoever decides: ok unlock")
			d.says(lines, "Rights of whoever decides: ok members: may put people into p-Administrators")
		})
	}
}

// The two accounts in each other's place: one has too little, the other too
// much.
func TestCheckOfRightsTheWrongWayRound(t *testing.T) {
	d := newDelegated(t, withApprover+`, "users_can_not_change_password": true`)
	d.person()
	lines := d.check(CheckOptions{Directory: d.connect("svc-approver"), Approver: d.connect("svc-import")})
	d.says(lines, "Rights of the import: warning too much: it may also set passwords, unlock accounts")
	d.says(lines, "Rights of whoever decides: failed passwords: may not set passwords")
	d.says(lines, "Rights of whoever decides: warning unlock: may not write lockoutTime")
}

func TestCheckWritesNothing(t *testing.T) {
	d := newDelegated(t, "")
	d.person()
	before := d.Find("OU=Managed,"+d.domain.Base, "(objectClass=*)", "uSNChanged")
	client := d.connect("svc-import")
	d.check(CheckOptions{Directory: client})
	require.Zero(t, client.Operations().Adds+client.Operations().Modifies+client.Operations().Renames)
	for dn, usn := range d.Find(d.cfg.ManagedUserPath, "(objectClass=*)", "uSNChanged") {
		require.Equal(t, before[dn], usn, dn)
	}
}

func TestCheckSaysWhoDecidesWithoutAnApprover(t *testing.T) {
	d := newDelegated(t, "")
	lines := d.check(CheckOptions{Directory: d.connect("svc-import")})
	d.says(lines, "Rights of whoever decides: warning identity: there is no approval_directory")
	d.says(lines, "Rights of whoever decides: warning passwords: may not set passwords")
}

func TestCheckOfAMisspeltFrom(t *testing.T) {
	d := newDelegated(t, `, "attributes": {"department": {"from": "deprtment"}, "title": {}}`)
	file := &schema.UserFile{Timestamp: time.Now(), Users: []schema.User{{CN: "a", SAMAccountName: "a", Attributes: schema.AttributesOf(map[string]schema.Value{"department": {}})}}}
	lines := d.check(CheckOptions{Directory: d.connect("svc-import"), Input: &Input{Name: "users.json", File: file}})
	d.says(lines, "Target domain: warning attributes: no user in the file has deprtment (for department)")
}

func TestCheckShowsNamesByTemplate(t *testing.T) {
	d := newDelegated(t, `, "names": {"account_name": "{givenName|ascii|lower}{n}", "common_name": "{sn}, {givenName}"}`)
	person := func(given string) schema.User {
		u := schema.User{CN: given, SAMAccountName: given}
		u.Attributes.Set("GivenName", schema.NewValue([]string{given}, false))
		u.Attributes.Set("sn", schema.NewValue([]string{"Doe"}, false))
		return u
	}
	file := &schema.UserFile{Timestamp: time.Now(), Users: []schema.User{person("Jürgen"), person(""), person("Юрий")}}
	lines := d.check(CheckOptions{Directory: d.connect("svc-import"), Input: &Input{Name: "users.json", File: file}})
	d.says(lines, `Target domain: ok names: new accounts by template, for instance: Jürgen: account name juergen, common name "Doe, Jürgen"; Юрий: account name iurii, common name "Doe, Юрий"`)
	d.says(lines, "Target domain: warning names: 1 of 3 people have nothing for a part of a template of their names, and are asked about. The first is ")
}

func TestCheckOfClocksApart(t *testing.T) {
	d := newDelegated(t, "")
	ahead := func(by time.Duration) func() time.Time { return func() time.Time { return time.Now().Add(by) } }
	d.says(d.check(CheckOptions{Directory: d.connect("svc-import"), Clock: ahead(2 * time.Minute)}), "Target domain: warning clock")
	lines := d.check(CheckOptions{Directory: d.connect("svc-import"), Clock: ahead(time.Hour)})
	require.Len(t, lines, 1)
	d.says(lines, "Target domain: failed clock")
}
