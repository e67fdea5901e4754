package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ad-user-sync/schema"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAllFaultsAtOnceWithLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "with-secrets.json")
	require.NoError(t, os.WriteFile(path, []byte(`{
    "input_file": "users.json",
    "manged_user_path": "OU=P",
    "group_map": {"CN=a": 1,
        "CN=b": "x"},
    "port": "8080",
    "port": 1,
    "expiration_time": "1 month",
    "directory": {
        "securty": "ldaps",
        "auth": "ntlm",
        "password": "hunter2-secret"
    },
    "hmac": "hunter2-secret",
    "attributes": {"mail": {},
        "userPassword": {},
        "mail;binary": {},
        "1.2.3": {}
    }
}`), 0o600))
	_, _, err := LoadImport(path)
	var faults *Error
	require.ErrorAs(t, err, &faults)
	lines := strings.Split(strings.ReplaceAll(err.Error(), path, "import_config.json"), "\n")
	assert.Equal(t, []string{
		`import_config.json:1: the key "managed_user_path" is missing: DN of the managed container, which holds the accounts of this program. It must exist.`,
		`import_config.json:3: the key "manged_user_path" is not known; did you mean "managed_user_path"?`,
		`import_config.json:4: "group_map" needs "group_path", to which the target groups are relative`,
		`import_config.json:4: "group_map.CN=a" must be text or a list, not a number`,
		`import_config.json:6: "port" must be a whole number, not text`,
		`import_config.json:7: the key "port" appears twice, first on line 6`,
		`import_config.json:8: "expiration_time" is wrong: "1 month" is not an ISO 8601 duration of whole units, such as P1M1D, P2W or PT12H`,
		`import_config.json:10: the key "directory.securty" is not known; did you mean "security"?`,
		`import_config.json:11: "directory.auth" must be one of "simple", "kerberos", "integrated"; NTLM is not supported because it can neither be sealed nor bound to the TLS channel: use kerberos, or simple over ldaps`,
		`import_config.json:12: the key "directory.password" is not known; did you mean "password_file"?`,
		`import_config.json:14: the key in "hmac" is not hexadecimal; ad-user-sync keygen makes one`,
		`import_config.json:16: the attribute "userPassword" decides what the account may do; no rule may write it`,
		`import_config.json:17: "attributes.mail;binary" is not the name of an attribute as the directory's schema has it`,
		`import_config.json:18: "attributes.1.2.3" is not the name of an attribute as the directory's schema has it`,
	}, lines)
	assert.NotContains(t, err.Error(), "hunter2")
}

func TestConfigurationRefuses(t *testing.T) {
	export := func(s string) string { return "E{" + s + "}" }
	in := func(s string) string { return `I{"managed_user_path": "OU=P,DC=x", ` + s + "}" }
	for body, want := range map[string]string{
		"E":                                 "the file is empty",
		"E\xef\xbb\xbf \n":                  "the file is empty",
		"E# only a comment\n":               "the file is empty",
		"E[]":                               "line 1: a configuration must be an object of keys and values, not a list",
		"Ehello":                            "must be an object of keys and values, not text",
		"E{":                                "line 1: the document ends in the middle",
		"E{}x":                              "something follows",
		"Ea: b\n---\nc: d":                  "a second YAML document follows",
		"Ea: [":                             "not valid YAML",
		"E\ta: b":                           "not valid YAML",
		"Euser_path: !!str OU=P":            "tags such as !!str are not supported",
		"E? [a]\n: b":                       "line 1: a key must be text",
		"Euser_path: OU=P\nuser_path: OU=Q": "line 2: the key \"user_path\" appears twice, first on line 1",
		"Euser_path: OU=P\n<<: {a: b}":      `the key "<<" is not known`,
		"Ea: &a [*a, *a]\nuser_path: *a":    "", // any fault, but an end
		export(``):                          `the key "user_path" is missing`,
		export(`"user_path": ""`):           `"user_path" is malformed: it must be a distinguished name`,
		export(`"user_path": "Staff"`):      "it must be a distinguished name",
		export(`"user_path": "OU=P", "queries": [{"base": "OU=Q"}]`):                                        `give either "user_path" or "queries"`,
		export(`"queries": [{}]`):                                                                           `the key "queries[1].base" is missing`,
		export(`"queries": [{"base": "OU=P", "scope": "deep"}]`):                                            `"queries[1].scope" must be one of "subtree", "onelevel", "base"`,
		export(`"queries": [{"base": "OU=P", "fliter": "x"}]`):                                              `the key "queries[1].fliter" is not known; did you mean "filter"?`,
		export(`"user_path": "OU=P", "search_groups": ["CN=x"]`):                                            `"search_groups" needs "group_path"`,
		export(`"user_path": "OU=P", "search_groups": "CN=x"`):                                              `"search_groups" must be a list, not text`,
		export(`"user_path": "OU=P", "search_groups": [null]`):                                              `"search_groups[1]" must be text, not null`,
		export(`"user_path": "OU=P", "hmac": ""`):                                                           `the key in "hmac" is empty`,
		export(`"user_path": "OU=P", "hmac": " "`):                                                          `the key in "hmac" is empty`,
		export(`"user_path": "OU=P", "hmac": "abc"`):                                                        `the key in "hmac" is not hexadecimal`,
		export(`"user_path": "OU=P", "hmac": 12`):                                                           `"hmac" must be text, not a number`,
		export(`"user_path": "OU=P", "hmac": ["00"]`):                                                       `"hmac" must be text, not a list`,
		export(`"user_path": "OU=P", "hmac": "00", "hmac_file": "k"`):                                       `give either "hmac" or "hmac_file"`,
		export(`"user_path": "OU=P", "attributes": ["mail;binary"]`):                                        `"attributes[1]" is malformed: it must be the name of an attribute`,
		export(`"user_path": "OU=P", "exclude": {"mail": "x"}`):                                             `"exclude.mail" must be a list, not text`,
		export(`"user_path": "OU=P", "export-file": "x"`):                                                   `did you mean "export_file"?`,
		export(`"user_path": "OU=P", "zzzzzzzzzzzz": "x"`):                                                  `the key "zzzzzzzzzzzz" is not known`,
		export(`"user_path": "OU=P", "log_level": "debug"`):                                                 `"log_level" must be one of "DEBUG", "INFO"`,
		export(`"user_path": "OU=P", "log_max_bytes": 1e300`):                                               `"log_max_bytes" must be at most`,
		export(`"user_path": "OU=P", "log_max_bytes": -1`):                                                  `"log_max_bytes" must be at least 0`,
		export(`"user_path": "OU=P", "log_max_bytes": 1.5`):                                                 `"log_max_bytes" must be a whole number`,
		export(`"user_path": "OU=P", "log_windows": "yes"`):                                                 `"log_windows" must be true or false, not text`,
		"Euser_path: OU=P\nlog_windows: yes":                                                                `line 2: "log_windows" must be true or false, not text`,
		"Euser_path: OU=P\nlog_max_bytes: .inf":                                                             `must be a whole number`,
		export(`"user_path": "OU=P", "directory": {"auth": "simple"}`):                                      `"directory.auth" simple needs "username"`,
		export(`"user_path": "OU=P", "directory": {"password_file": "p"}`):                                  `needs "username"`,
		export(`"user_path": "OU=P", "directory": {"keytab": "p"}`):                                         `needs "username"`,
		export(`"user_path": "OU=P", "directory": {"auth": "integrated", "username": "u"}`):                 `takes the running user's own logon`,
		export(`"user_path": "OU=P", "directory": {"auth": "simple", "username": "u", "keytab": "k"}`):      `keytab and ccache are for kerberos`,
		export(`"user_path": "OU=P", "directory": {"auth": "simple", "username": "u", "security": "seal"}`): `seal is a way of Kerberos`,
		export(`"user_path": "OU=P", "directory": {"servers": ["http://dc1"]}`):                             `"directory.servers[1]" is malformed: it must be the name of a domain controller`,
		export(`"user_path": "OU=P", "directory": {"servers": ["dc1 dc2"]}`):                                `"directory.servers[1]" is malformed`,
		export(`"user_path": "OU=P", "directory": {"servers": ["dc1:ldap"]}`):                               `"directory.servers" has "dc1:ldap", which is no address`,
		export(`"user_path": "OU=P", "directory": {"servers": ["dc2", "dc1:99999"]}`):                       `has "dc1:99999", which is no address`,
		export(`"user_path": "OU=P", "directory": {"servers": ["ldaps://dc1:0/"]}`):                         `has "ldaps://dc1:0/", which is no address`,
		in(`"approval_directory": {"servers": ["me@dc1"]}`):                                                 `"approval_directory.servers" has "me@dc1", which is no address`,
		in(`"notify": {"from": "a@b.c", "to": ["a@b.c"], "server": "smtp://mail"}`):                         `"notify.server" is "smtp://mail", which is no address`,
		in(`"notify": {"from": "a@b.c", "to": ["a@b.c"], "server": "mail:smtp"}`):                           `"notify.server" is "mail:smtp", which is no address`,
		export(`"user_path": "OU=P", "directory": {"ccache": "KEYRING:persistent:0"}`):                      `"directory.ccache" is "KEYRING:persistent:0", and only files can be read`,
		export(`"user_path": "OU=P", "directory": {"servers": ["ldaps://dc1:636", "ldaps://gc.x:3269"]}`):   `has "ldaps://gc.x:3269", which is a global catalog`,
		export(`"user_path": "OU=P", "directory": {"security": "seal", "servers": ["ldap://gc.x:3268/"]}`):  `accountExpires, for one, is missing`,
		in(`"directory": {"servers": ["ldaps://[::1]:3269"]}`):                                              `as ldaps://[::1], without these ports`,
		in(`"directory": {"servers": ["gc.x:03268"]}`):                                                      `which is a global catalog`,
		in(`"approval_directory": {"servers": ["ldaps://dc1:3269"]}`):                                       `"approval_directory.servers" has "ldaps://dc1:3269", which is a global catalog`,
		export(`"user_path": "OU=P", "directory": {"timeout": "PT0S"}`):                                     `"directory.timeout" must be a time of hours`,
		export(`"user_path": "OU=P", "directory": {"timeout": "P1D"}`):                                      `"directory.timeout" must be a time of hours`,
		export(`"user_path": "OU=P", "directory": {"page_size": 0}`):                                        `"directory.page_size" must be at least 1`,
		export(`"user_path": "OU=P", "directory": "corp.example"`):                                          `"directory" must be an object, not text`,
		`I{"managed_user_path": null}`:                                                                      `the key "managed_user_path" is missing`,
		in(`"hmac": []`):                                                                                    `"hmac" is an empty list`,
		in(`"hmac": ["00112233445566778899001122334455", "xy"]`):                                            `key 2 in "hmac" is not hexadecimal`,
		in(`"group_map": {"": "x"}`):                                                                        ``,
		in(`"restricted_groups": ["p-Admins"]`):                                                             `"restricted_groups" needs "group_path"`,
		in(`"group_path": "OU=G", "group_map": {"a": ""}`):                                                  `must not be empty`,
		in(`"users_can_not_change_password": true, "users_must_change_password": true`):                     `exclude each other`,
		in(`"expiration_time": "P0D"`):                                                                      `"expiration_time" must be longer than nothing`,
		in(`"expiration_time": "PT0S", "max_age": "P0D"`):                                                   `"max_age" must be longer than nothing`,
		in(`"notify": {"server": "m", "from": "a@b.example", "to": ["Jane <j@b.example>"]}`):                `"notify" has "Jane <j@b.example>", which is no plain address of mail`,
		in(`"notify": {"server": "m", "from": "a@b.example", "to": ["a@b.example"], "username": "x"}`):      `"notify" needs "username" and "password_file" together`,
		in(`"notify": {"server": "m", "from": "a@b.example", "to": ["a@b.example"], "security": "none"}`):   `"notify.security" must be`,
		in(`"notify": {"server": "m", "from": "a@b.example", "to": []}`):                                    `"notify.to"`,
		in(`"on_finish": ["tell"]`):                                                                         `"on_finish" must begin with the full path of a program, and "tell" is none`,
		in(`"on_finish": ["/x/tell.CMD"]`):                                                                  `"on_finish" names the batch file "/x/tell.CMD"`,
		in(`"on_finish": []`):                                                                               `"on_finish"`,
		in(`"time_zone": "Europe/Springfield"`):                                                             `"time_zone" "Europe/Springfield" is no name`,
		in(`"time_zone": "Local"`):                                                                          `"time_zone" "Local" is no name`,
		in(`"expect": {"migrated_from": "old.example"}`):                                                    `"expect.migrated_from" is the domain of before`,
		in(`"expect": {"domain": "old.example", "migrated_from": "OLD.example"}`):                           `"expect.migrated_from" is the domain of before`,
		in(`"expect_every": "P0D"`):                                                                         `"expect_every" must be longer than nothing`,
		in(`"expiration_time": "P1D", "expiration_refresh": "PT24H"`):                                       `"expiration_refresh" must be shorter`,
		in(`"expiration_time": "P14D", "expiration_refresh": "P13D"`):                                       `"expiration_refresh" must be shorter than "expiration_time" with what is taken off`,
		in(`"expiration_time": "P14D", "expiration_refresh": "P8D", "expect_every": "P7D"`):                 `it takes 2 files until an account is extended, and it expires before the last of them comes`,
		in(`"expiration_refresh": null, "expiration_time": 5`):                                              `"expiration_time" must be text, not a number`,
		in(`"account_name_pattern": "("`):                                                                   `is not a regular expression`,
		in(`"upn": {"suffix": "x", "from_file": true}`):                                                     `"upn" takes either`,
		in(`"upn": {"suffix": "@x"}`):                                                                       `without @`,
		in(`"anchor_attribute": "msDS-cloudExtensionAttribute7"`):                                           `may be written by the users themselves`,
		in(`"anchor_attribute": "info"`):                                                                    `may be written by the users themselves`,
		in(`"anchor_attribute": "sAMAccountName"`):                                                          `is set by the program itself`,
		in(`"anchor_attribute": "MAIL"`):                                                                    `has a meaning of its own`,
		in(`"anchor_attribute": ""`):                                                                        `"anchor_attribute" is malformed`,
		in(`"attributes": {"AdminDescription": {}}`):                                                        `keeps the source anchor`,
		in(`"attributes": {"mail": {}, "Mail": {}}`):                                                        `differ in case only`,
		in(`"attributes": {"msDS-KeyCredentialLink": {}}`):                                                  `msds-*`,
		in(`"attributes": {"MSEXCHmailboxGuid": {}}`):                                                       `msexch*`,
		in(`"attributes": {"mail": {"on_create": "x", "keep": true}}`):                                      `"on_create", which is a constant`,
		in(`"attributes": {"mail": {"on_create": "x", "from": "y"}}`):                                       `"on_create", which is a constant`,
		in(`"attributes": {"Manager": {"prefix": "EXT "}}`):                                                 `a manager is a user of the user file`,
		in(`"attributes": {"manager": {"on_create": "CN=Boss"}}`):                                           `a manager is a user of the user file`,
		in(`"attributes": {"secretary": {"map": {"a": "b"}}}`):                                              `a secretary is a user of the user file`,
		in(`"attributes": {"title": {"value": "x", "from": "y"}}`):                                          `has "value", which is a constant; only "keep"`,
		in(`"attributes": {"title": {"value": "x", "on_create": "y"}}`):                                     `has "on_create", which is a constant`,
		in(`"attributes": {"title": {"template": "{sn", "keep": true}}`):                                    `line 1: "attributes.title.template" is the template "{sn": there is no } after {sn`,
		in(`"attributes": {"title": {"template": "{sn}{n}"}}`):                                              `{n} is for account names`,
		in(`"attributes": {"title": {"template": "{sn}", "from": "x"}}`):                                    `has "template", which names its attributes itself`,
		in(`"names": {"account_name": "{sn|lowr}"}`):                                                        `"lowr" is not known`,
		in(`"names": {"common_name": "{sn}{n}"}`):                                                           `{n} is for account names`,
		in(`"names": {"account_name": "{l}{n}"}`):                                                           `"names.account_name" takes "l", which users may write themselves`,
		in(`"names": {"upn": "{sn}{msDS-cloudExtensionAttribute3}"}`):                                       `takes "msDS-cloudExtensionAttribute3", which users may write`,
		in(`"names": {"upn": "{sn}"}, "upn": {"from_file": true}`):                                          `"names.upn" is a template, and`,
		in(`"names": {"account_name": "{sn}"}, "anchor_attribute": null`):                                   `needs an "anchor_attribute"`,
		in(`"names": {"acount_name": "{sn}"}`):                                                              `did you mean "account_name"?`,
		in(`"attributes": {"title": {"value": ""}}`):                                                        `"attributes.title.value"`,
		in(`"attributes": {"title": {"map": {"x": 1}}}`):                                                    `"attributes.title.map.x" must be text`,
		in(`"attributes": {"title": {"map": {"Boss": "a", "boss": "b"}}}`):                                  `maps "Boss" and "boss", which differ in case only`,
		in(`"attributes": {"title": {"map": {"ΝΙΚΟΣ": "a", "νικος": "b"}}}`):                                `maps "ΝΙΚΟΣ" and "νικος", which differ in case only`,
		in(`"attributes": {"co": {"country": true}}`):                                                       `has "country", which only the one of "c" may have`,
		in(`"attributes": {"c": {"country": true}, "countrycode": {}}`):                                     `has a rule of "countrycode" beside the one of "c"`,
		in(`"attributes": {"c": {"country": true, "prefix": "x"}}`):                                         `has "country" and "prefix"`,
		in(`"attributes": {"publicDelegates": {}}`):                                                         `opens a mailbox to others; no rule may write it`,
		in(`"attributes": {"mail": {"on_create": "x", "prefix": "y"}}`):                                     `"on_create", which is a constant`,
		in(`"attributes": {"mail": "x"}`):                                                                   `"attributes.mail" must be an object, not text`,
		in(`"attributes": {"mail": {"form": "x"}}`):                                                         `did you mean "from"?`,
		in(`"limits": {"delete": {}}`):                                                                      `the key "limits.delete" is not known`,
		in(`"limits": {"disable": {"cuont": 1}}`):                                                           `did you mean "count"?`,
		in(`"limits": {"disable": {"percent": 101}}`):                                                       `must be at most 100`,
		in(`"source_expiry": "never"`):                                                                      `"source_expiry" must be one of "cap", "ignore"`,
		in(`"report_days": 0`):                                                                              `must be at least 1`,
		in(`"password_word_count": 0`):                                                                      `must be at least 1`,
		in(`"port": 65536`):                                                                                 `must be at most 65535`,
		in(`"approve": {"disable": "yes"}`):                                                                 `"approve.disable" must be true or false, not text`,
		in(`"x": ` + strings.Repeat(`[`, 99)):                                                               "nested more than 16 levels",
	} {
		t.Run(body, func(t *testing.T) {
			var err error
			if body[0] == 'E' {
				_, _, err = DecodeExport([]byte(body[1:]), "/x")
			} else {
				_, _, err = DecodeImport([]byte(body[1:]), "/x")
			}
			var faults *Error
			require.True(t, errors.As(err, &faults), "%v", err)
			var all strings.Builder
			for _, f := range faults.Faults {
				all.WriteString(f.String() + "\n")
			}
			assert.Contains(t, all.String(), want)
		})
	}
}

// Windows paths and logons in double quotes, with a backslash that begins an
// escape.
func TestCharactersThatNobodySeesInNamesAndPaths(t *testing.T) {
	const way = `: in double quotes a backslash begins an escape: write \\ for one backslash, or / in a path`
	for body, want := range map[string]string{
		`{"user_path": "OU=P", "export_file": "C:\temp\new.json"}`:                  `line 1: "export_file" holds a tab, which is not seen` + way,
		`{"user_path": "OU=P", "export_file": "C:\new\temp.json"}`:                  `line 1: "export_file" holds a line break, which is not seen` + way,
		`{"user_path": "OU=P", "directory": {"username": "CORP\tina"}}`:             `"directory.username" holds a tab`,
		`{"user_path": "OU=P", "directory": {"username": "CORP\bob"}}`:              `"directory.username" holds the control character U+0008`,
		"user_path: OU=P\ndirectory: {username: \"CORP\\Nina\"}":                    `line 2: "directory.username" holds a line break`,
		"user_path: OU=P\ndirectory: {username: \"CORP\\Lars\"}":                    `line 2: "directory.username" holds a line break`,
		"user_path: OU=P\nlog_file: \"C:\\emma.log\"":                               `line 2: "log_file" holds the control character U+001B`,
		`{"queries": [{"base": "OU=P,DC=x"}, {"base": "OU=P\tQ,DC=x"}]}`:            `"queries[2].base" holds a tab`,
		`{"user_path": "OU=P", "search_groups": ["CN=a\tb"], "group_path": "OU=G"}`: `"search_groups[1]" holds a tab`,
		`{"user_path": "OU=P", "export_file": "C:\Users\x.json"}`:                   "invalid escape sequence `\\U` in string; in double quotes a backslash begins an escape",
		"user_path: OU=P\nexport_file: \"C:\\Users\\x.json\"":                       "; in double quotes a backslash begins an escape",
		"user_path: OU=P\nexport_file: \"C:\\data\\x.json\"":                        "; in double quotes a backslash begins an escape",
	} {
		_, _, err := DecodeExport([]byte(body), "/x")
		var faults *Error
		require.ErrorAs(t, err, &faults, body)
		var all strings.Builder
		for _, f := range faults.Faults {
			all.WriteString(f.String() + "\n")
		}
		assert.Contains(t, all.String(), want, body)
	}
	_, _, err := DecodeImport([]byte(`{"managed_user_path": "OU=P", "group_path": "OU=G", "group_map": {"CN=a\tb": "CN=c"}}`), "/x")
	require.ErrorContains(t, err, `holds a tab`)

	c, _, err := DecodeExport([]byte("user_path: >\n  OU=P,\n  DC=x\nexport_file: |\n  users.json\nqueries: null\nexclude: {cn: [\"*\\nCNF:*\"]}\ndirectory: {username: 'CORP\\tina'}\n"), "/x")
	require.NoError(t, err, "blocks of YAML end with a line break that nobody means")
	assert.Equal(t, "/x/users.json", c.ExportFile)
	assert.Equal(t, "OU=P, DC=x", c.UserPath)
	assert.Equal(t, `CORP\tina`, c.Directory.Username)
}

func TestConfigurationWarns(t *testing.T) {
	_, warnings, err := DecodeExport([]byte(`{"user_path": "OU=P", "hmac": "00 11", "attributes": ["mail", "Mail", "CN"],
		"directory": {"security": "insecure-plaintext"}}`), "/x")
	require.NoError(t, err)
	require.Len(t, warnings, 4)
	assert.Contains(t, warnings[0], "has 2 bytes only")
	assert.Contains(t, warnings[1], `"Mail" twice`)
	assert.Contains(t, warnings[2], `"CN", which is exported in any case`)
	assert.Contains(t, warnings[3], "insecure-plaintext")

	_, warnings, err = DecodeImport([]byte(`{"managed_user_path": "OU=P", "group_path": "OU=G", "group_map": {"a": "CN=p-Admins"},
		"restricted_groups": ["p-admins", "CN=p-Amdins"]}`), "/x")
	require.NoError(t, err)
	require.Len(t, warnings, 1)
	assert.Contains(t, warnings[0], `"CN=p-Amdins", which no entry of "group_map" leads to`)
}

// The older tool took the last of them.
func TestGroupThatIsMappedTwice(t *testing.T) {
	for _, text := range []string{
		"{\"managed_user_path\": \"OU=P,DC=plant\", \"group_path\": \"OU=G,DC=plant\",\n\"group_map\": {\"CN=a\": \"CN=x\",\n\"CN=b\": \"CN=y\",\n\"CN=a\": [\"CN=z\", \"CN=x\"]}}",
		"managed_user_path: OU=P,DC=plant\ngroup_path: OU=G,DC=plant\ngroup_map: {CN=a: CN=x,\n  CN=b: CN=y,\n  CN=a: [CN=z, CN=x]}",
	} {
		c, warnings, err := DecodeImport([]byte(text), "/x")
		require.NoError(t, err)
		assert.Equal(t, map[string]schema.OneOrMore{"CN=a": {"CN=z", "CN=x"}, "CN=b": {"CN=y"}}, c.GroupMap)
		assert.Contains(t, strings.Join(warnings, "\n"), `"group_map": the key "CN=a" appears twice, first on line`)
		assert.Contains(t, strings.Join(warnings, "\n"), "counts, as with the older tool")
	}
}

func TestMissingConfiguration(t *testing.T) {
	_, _, err := LoadExport(filepath.Join(t.TempDir(), "export_config.json"))
	require.ErrorIs(t, err, os.ErrNotExist)
	assert.ErrorContains(t, err, "export_config.json")
}
