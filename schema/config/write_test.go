package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestWriteConfig(t *testing.T) {
	text, err := Write("Written by a test.\nSecond line.", []Item{
		{Key: "managed_user_path", Value: "OU=Managed,DC=plant,DC=example", Comment: "Where the accounts are. Nothing outside of it is changed, but members of mapped groups, as far as that goes."},
		{Key: "prefix_common_names", Value: "EXT "},
		{Key: "group_path", Value: "OU=Groups,DC=plant,DC=example"},
		{Key: "group_map", Value: map[string]any{"*": "CN=p-All", "CN=t-Viewers": []string{"CN=p-Viewers", "CN=yes"}}, Comment: "Source: target\nand so on"},
		{Key: "directory.username", Value: `PLANT\svc`, Comment: "Who logs on."},
		{Key: "directory.password_file", Value: "no"},
		{Key: "users_must_change_password", Value: true},
		{Key: "limits.disable.max", Value: 3},
		{Key: "directory.page_size", Value: 500},
	})
	require.NoError(t, err)
	assert.Equal(t, `# Written by a test.
# Second line.

# Where the accounts are. Nothing outside of it is changed, but members of mapped groups,
# as far as that goes.
managed_user_path: OU=Managed,DC=plant,DC=example

prefix_common_names: 'EXT '

group_path: OU=Groups,DC=plant,DC=example

# Source: target
# and so on
group_map:
    '*': CN=p-All
    CN=t-Viewers:
        - CN=p-Viewers
        - CN=yes

directory:
    # Who logs on.
    username: PLANT\svc
    password_file: "no"
    page_size: 500

users_must_change_password: true

limits:
    disable:
        max: 3
`, string(text))
	cfg, _, err := DecodeImport(text, t.TempDir())
	require.NoError(t, err)
	assert.Equal(t, "EXT ", cfg.PrefixCommonNames)
	assert.Equal(t, `PLANT\svc`, cfg.Directory.Username)
}

// Whatever a person answers is read back as it was meant.
func TestWrittenTextIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		answer := rapid.StringMatching(`[ -~äß李]{1,40}`).Draw(t, "answer")
		suffix := rapid.StringMatching(`[ -~äß李\t]{1,40}`).Draw(t, "suffix")
		text, err := Write("x", []Item{
			{Key: "managed_user_path", Value: "OU=Managed,DC=plant,DC=example", Comment: rapid.String().Draw(t, "comment")},
			{Key: "password_suffix", Value: suffix},
			{Key: "directory.username", Value: answer},
		})
		require.NoError(t, err)
		cfg, _, err := DecodeImport(text, "/")
		require.NoError(t, err, "%s", text)
		assert.Equal(t, []string{suffix, answer}, []string{cfg.PasswordSuffix, cfg.Directory.Username})
	})
}

func TestParseValue(t *testing.T) {
	for _, c := range []struct {
		document, key, text string
		want                any
	}{
		{"import_config", "prefix_common_names", "EXT ", "EXT "},
		{"import_config", "expiration_time", "P14D", "P14D"},
		{"import_config", "expiration_time", "null", nil},
		{"import_config", "password_suffix", "007", "007"},
		{"import_config", "users_must_change_password", "false", false},
		{"import_config", "password_word_count", "5", 5},
		{"import_config", "restricted_groups", "CN=a, b; CN=c", []string{"CN=a, b", "CN=c"}},
		{"import_config", "restricted_groups", "[CN=a, CN=c]", []any{"CN=a", "CN=c"}},
		{"import_config", "group_map", "CN=a: CN=b; *: CN=c", map[string]string{"CN=a": "CN=b", "*": "CN=c"}},
		{"import_config", "group_map", "{CN=a: [CN=b, CN=c]}", map[string]any{"CN=a": []any{"CN=b", "CN=c"}}},
		{"import_config", "limits.disable.max", "3", 3},
		{"export_config", "directory.servers", "ldaps://a; ldaps://b", []string{"ldaps://a", "ldaps://b"}},
		{"export_config", "directory.security", "seal", "seal"},
		{"import_config", "approval_directory.servers", "ldaps://a; ldaps://b", []string{"ldaps://a", "ldaps://b"}},
		{"import_config", "approval_directory.username", "007", "007"},
		{"import_config", "group_map.CN=a", "CN=b", "CN=b"},
		{"import_config", "attributes.mail.keep", "true", true},
	} {
		got, err := ParseValue(c.document, c.key, c.text)
		require.NoError(t, err, c.text)
		assert.Equal(t, c.want, got, c.key+" "+c.text)
	}
	for _, c := range []struct{ key, text, want string }{
		{"no_such_key", "x", `the key "no_such_key" is not known`},
		{"nosuch.key", "1", `the key "nosuch" is not known`},
		{"directory.domian", "x", `the key "directory.domian" is not known; did you mean "domain"?`},
		{"approval_directory.user", "x", `the key "approval_directory.user" is not known`},
		{"limits.disabel.max", "3", `the key "limits.disabel" is not known; did you mean "disable"?`},
		{"managed_user_path.x", "y", `the key "managed_user_path.x" is not known`},
		{"managed_user_path.", "y", `the key "managed_user_path." is empty`},
		{"group_map", "CN=a", `"CN=a" has no ":" between name and value; an object is written as "a: b; c: d"`},
		{"restricted_groups", "[a", `"[a" is not a list`},
	} {
		_, err := ParseValue("import_config", c.key, c.text)
		require.EqualError(t, err, c.want, c.key)
	}
}
