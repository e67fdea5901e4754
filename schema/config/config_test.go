package config

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOldConfigurationsLoadUnchanged(t *testing.T) {
	folder, err := filepath.Abs("../testdata/old")
	require.NoError(t, err)

	e, warnings, err := LoadExport("../testdata/old/export_config.json")
	require.NoError(t, err)
	assert.Equal(t, []string{`"attributes" lists "cn", which is exported in any case`}, warnings)
	assert.Equal(t, []string{"CN=t-Viewers", "CN=t-Editors"}, e.SearchGroups)
	assert.Equal(t, []string{"givenName", "sn", "displayName", "mail"}, e.Attributes)
	assert.Equal(t, "d8b1619ae68eec643255a74014233f6d", e.HMAC.Reveal())
	assert.Equal(t, filepath.Join(folder, "export.log"), e.LogFile)
	assert.True(t, e.SourceAnchor)
	assert.Nil(t, e.Directory)

	i, warnings, err := LoadImport("../testdata/old/import_config.json")
	require.NoError(t, err)
	assert.Empty(t, warnings)
	assert.Equal(t, map[string]schema.OneOrMore{
		"CN=t-Viewers": {"CN=p-Viewers"}, "CN=t-Admins": {"CN=p-Administrators", "CN=p-Viewers"}, "*": {"CN=p-Everybody"},
	}, i.GroupMap)
	assert.Equal(t, "P3KI ", i.PrefixCommonNames)
	assert.Equal(t, []schema.Secret{"d8b1 619a e68e ec64 3255 a740 1423 3f6d"}, i.HMAC)
	assert.Equal(t, filepath.Join(folder, "users.json"), i.InputFile)
	assert.Empty(t, i.LogFile)
	assert.Zero(t, i.Port)
}

func TestImportDefaults(t *testing.T) {
	c, warnings, err := DecodeImport([]byte(`{"managed_user_path": "OU=P,DC=plant,DC=example"}`), "/etc/sync")
	require.NoError(t, err)
	assert.Empty(t, warnings)
	month := &schema.Period{Months: 1, Days: 1}
	attributes := map[string]schema.AttributeRule{}
	for _, name := range schema.SafeAttributes() {
		attributes[name] = schema.AttributeRule{}
	}
	assert.Len(t, attributes, 24)
	assert.Equal(t, &schema.ImportConfig{
		ManagedUserPath: "OU=P,DC=plant,DC=example", ExpirationTime: month, TimeZone: "UTC", MaxAge: month, ExpirationRefresh: schema.Period{Days: 1},
		SourceExpiry: "cap", ResolutionsFile: filepath.Join("/etc/sync", "resolutions.json"), Attributes: attributes,
		AnchorAttribute: "adminDescription", Limits: defaultLimits(), AccountNamePattern: `^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$`,
		ReportDays: 15, Session: schema.Session{HeartbeatInterval: 2, TerminateOnBrowserClose: true, PasswordWordCount: 3},
		Log: schema.Log{LogLevel: "INFO", LogMaxBytes: 1048576, LogBackupCount: 10},
	}, c)
}

func TestExportDefaults(t *testing.T) {
	c, warnings, err := DecodeExport([]byte(`queries: [{base: "OU=P,DC=corp"}]`), "/etc/sync")
	require.NoError(t, err)
	assert.Empty(t, warnings)
	assert.Equal(t, &schema.ExportConfig{
		Queries: []schema.Query{{Base: "OU=P,DC=corp", Scope: "subtree"}}, SourceAnchor: true,
		Log: schema.Log{LogLevel: "INFO", LogMaxBytes: 1048576, LogBackupCount: 10},
	}, c)
}

func TestNullIsNotGiven(t *testing.T) {
	c, _, err := DecodeImport([]byte(`{"managed_user_path": "OU=P,DC=plant", "group_path": null, "group_map": null, "restricted_groups": null,
		"expiration_time": null, "anchor_attribute": null, "resolutions_file": null, "attributes": null, "hmac": null, "limits": null,
		"directory": null, "terminate_on_browser_close": null, "log_level": null, "upn": null, "password_wordlist": null}`), "/x")
	require.NoError(t, err)
	assert.Nil(t, c.ExpirationTime)
	assert.Nil(t, c.MaxAge)
	assert.Empty(t, c.AnchorAttribute)
	assert.Equal(t, filepath.Join("/x", "resolutions.json"), c.ResolutionsFile)
	assert.Len(t, c.Attributes, 24)
	assert.Nil(t, c.HMAC)
	assert.Equal(t, map[string]schema.Limit{
		"disable": {Count: new(5), Percent: new(10), Max: new(50)},
		"leave":   {Count: new(5), Percent: new(10), Max: new(100)},
		"rename":  {Count: new(5), Percent: new(10)},
		"update":  {Count: new(10), Percent: new(50)},
		"create":  {Count: new(10), Percent: new(50)},
		"join":    {Count: new(10), Percent: new(50)},
	}, c.Limits)
	c, _, err = DecodeImport([]byte(`{"managed_user_path": "OU=P,DC=plant", "limits": {"create": null, "disable": {"max": null}}}`), "/x")
	require.NoError(t, err)
	assert.Equal(t, defaultLimits()["create"], c.Limits["create"], "a limit is never let go by accident")
	assert.Equal(t, schema.Limit{Count: new(5), Percent: new(10)}, c.Limits["disable"])
	assert.Nil(t, c.Directory)
	assert.True(t, c.TerminateOnBrowserClose)
	assert.Equal(t, "INFO", c.LogLevel)
}

func TestYAMLIsTheSameAsJSON(t *testing.T) {
	fromYAML, _, err := DecodeImport([]byte("\ufeff"+`# partner accounts
managed_user_path: OU=P,DC=plant,DC=example
group_path: OU=G,DC=plant,DC=example
group_map:
  CN=t-Viewers: CN=p-Viewers
  "*": [CN=p-1, CN=p-2]
prefix_common_names: 0123
hmac: 00112233445566778899001122334455
password_suffix: 2026-11-22
port: 0x1F90
expiration_time: P14D
approve: {disable: true}
limits:
  disable: {count: 1, max: ~}
mail_domains: [1e3]
directory: &d
  domain: plant.example
  username: on
  page_size: 5e2
approval_directory: *d
`), "/x")
	require.NoError(t, err)
	fromJSON, _, err := DecodeImport([]byte("\r\n "+`{"$schema": "x", "managed_user_path": "OU=P,DC=plant,DC=example", "group_path": "OU=G,DC=plant,DC=example",
		"group_map": {"CN=t-Viewers": "CN=p-Viewers", "*": ["CN=p-1", "CN=p-2"]}, "prefix_common_names": "0123",
		"hmac": ["00112233445566778899001122334455"], "password_suffix": "2026-11-22", "port": 8080, "expiration_time": "P14D",
		"approve": {"disable": true}, "limits": {"disable": {"count": 1, "max": null}}, "mail_domains": ["1e3"],
		"directory": {"domain": "plant.example", "username": "on", "page_size": 500.0},
		"approval_directory": {"domain": "plant.example", "username": "on", "page_size": 500}}`), "/x")
	require.NoError(t, err)
	assert.Equal(t, fromJSON, fromYAML)
	assert.Equal(t, "0123", fromYAML.PrefixCommonNames)
	assert.Equal(t, &schema.Directory{Domain: "plant.example", Username: "on", PageSize: 500, Timeout: schema.Period{Duration: 30 * time.Second}}, fromYAML.Directory)
	assert.Equal(t, schema.Limit{Count: new(1), Percent: new(10)}, fromYAML.Limits["disable"])
	assert.Equal(t, schema.Period{Days: 14}, *fromYAML.MaxAge)
}

func TestWindows1252Configuration(t *testing.T) {
	c, warnings, err := DecodeExport([]byte("{\"user_path\": \"OU=M\xfcller,DC=corp\"}"), "/x")
	require.NoError(t, err)
	assert.Equal(t, "OU=Müller,DC=corp", c.UserPath)
	assert.Equal(t, []string{"the configuration is not UTF-8; it was read as Windows-1252"}, warnings)
}

func testPathsAreRelativeToTheConfiguration(t *testing.T) {
	absolute, err := filepath.Abs("/abs/file")
	require.NoError(t, err)
	c, _, err := DecodeImport([]byte(`{"managed_user_path": "OU=P", "input_file": "in/users.json", "resolutions_file": "../r.json", "hmac_file": "key",
		"report_dir": "reports", "log_file": "l.log", "password_wordlist": "words.txt",
		"directory": {"ca_file": "ca.pem", "username": "u", "password_file": "p", "krb5_conf": `+quoteJSON(absolute)+`},
		"approval_directory": {"username": "u", "keytab": "k", "ccache": "c"}}`), "/etc/sync")
	require.NoError(t, err)
	in := func(p string) string { return filepath.Join("/etc/sync", p) }
	assert.Equal(t, in("in/users.json"), c.InputFile)
	assert.Equal(t, filepath.Join("/etc", "r.json"), c.ResolutionsFile)
	assert.Equal(t, in("key"), c.HMACFile)
	assert.Equal(t, in("reports"), c.ReportDir)
	assert.Equal(t, in("l.log"), c.LogFile)
	assert.Equal(t, in("words.txt"), c.PasswordWordlist)
	assert.Equal(t, in("ca.pem"), c.Directory.CAFile)
	assert.Equal(t, in("p"), c.Directory.PasswordFile)
	assert.Equal(t, absolute, c.Directory.KRB5Conf)
	assert.Equal(t, in("k"), c.ApprovalDirectory.Keytab)
	assert.Equal(t, in("c"), c.ApprovalDirectory.CCache)
	for _, list := range []string{"", "eff", "de"} {
		c, _, err := DecodeImport([]byte(`{"managed_user_path": "OU=P", "input_file": "-", "password_wordlist": "`+list+`"}`), "/x")
		require.NoError(t, err)
		assert.Equal(t, list, c.PasswordWordlist)
		assert.Equal(t, "-", c.InputFile)
	}
}

func quoteJSON(s string) string { return (&format.Node{Kind: format.TextNode, Text: s}).JSON() }

func TestNoAttributesNoRules(t *testing.T) {
	c, _, err := DecodeImport([]byte(`{"managed_user_path": "OU=P", "attributes": {}}`), "/x")
	require.NoError(t, err)
	assert.Empty(t, c.Attributes)
}

func TestSecretsOfConfigurationsPrintAsStars(t *testing.T) {
	c, _, err := DecodeExport([]byte(`{"user_path": "OU=P", "hmac": "d8b1619ae68eec643255a74014233f6d"}`), "/x")
	require.NoError(t, err)
	assert.Equal(t, schema.Stars, c.HMAC.String())
}

func FuzzDecodeImportConfig(f *testing.F) {
	for _, file := range []string{"../testdata/old/import_config.json", "../testdata/old/export_config.json"} {
		body, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(body)
	}
	f.Add([]byte("managed_user_path: OU=P\ndirectory: &d {servers: [ldaps://x]}\napproval_directory: *d\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		c, _, err := DecodeImport(body, "/x")
		if (c == nil) != (err != nil) {
			t.Fatal(c, err)
		}
		_, _, _ = DecodeExport(body, "/x")
	})
}

// A domain controller is named as people name it, and a ticket cache as kinit
// does.
func TestServersAndTicketCachesAsPeopleWriteThem(t *testing.T) {
	for given, want := range map[string]string{"FILE:/tmp/krb5cc": "/tmp/krb5cc", "file:krb5cc": "/x/krb5cc", "krb5cc": "/x/krb5cc"} {
		c, _, err := DecodeExport([]byte(`{"user_path": "OU=P,DC=x", "directory": {"auth": "kerberos", "ccache": "`+given+`",
			"servers": ["dc1.corp.example", "dc2.corp.example:636", "LDAPS://dc3", "10.0.0.1"]}}`), "/x")
		require.NoError(t, err)
		assert.Equal(t, filepath.FromSlash(want), c.Directory.CCache)
		assert.Len(t, c.Directory.Servers, 4)
	}
}
