package config

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tags lists the JSON names of a struct, embedded structs included.
func tags(t reflect.Type) map[string]reflect.Type {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	all := map[string]reflect.Type{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			maps.Copy(all, tags(f.Type))
		case name != "-" && name != "":
			all[name] = f.Type
		}
	}
	return all
}

// element is the struct behind pointers, lists and maps, or nil.
func element(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[schema.Period]() || t.PkgPath() == "time" {
		return nil
	}
	return t
}

type schemaFile struct {
	root *format.Node
	t    *testing.T
}

func openSchema(t *testing.T, name string) schemaFile {
	text, err := Schema(name)
	require.NoError(t, err)
	root, faults := readTree(text)
	require.Empty(t, faults)
	return schemaFile{root, t}
}

func (f schemaFile) resolve(s *format.Node) *format.Node {
	for {
		switch {
		case s.Get("$ref") != nil:
			s = f.root.Get("$defs").Get(strings.TrimPrefix(s.Get("$ref").Text, "#/$defs/"))
		case s.Get("properties") != nil:
			return s
		case s.Get("items") != nil:
			s = s.Get("items")
		case s.Get("patternProperties") != nil:
			s = s.Get("patternProperties").Members[0].Value
		default:
			return s
		}
	}
}

func (f schemaFile) compare(path string, s *format.Node, t reflect.Type) {
	s = f.resolve(s)
	require.NotNil(f.t, s.Get("properties"), path)
	fields, keys := tags(t), map[string]*format.Node{}
	for _, m := range s.Get("properties").Members {
		if m.Name != "$schema" {
			keys[m.Name] = m.Value
		}
	}
	assert.ElementsMatch(f.t, slices.Collect(maps.Keys(fields)), slices.Collect(maps.Keys(keys)), path)
	for name, typ := range fields {
		inner := element(typ)
		if inner == nil || keys[name] == nil {
			continue
		}
		if fixed := keys[name].Get("properties"); fixed != nil && typ.Kind() == reflect.Map {
			for _, m := range fixed.Members {
				f.compare(path+"."+name+"."+m.Name, m.Value, inner)
			}
		} else {
			f.compare(path+"."+name, keys[name], inner)
		}
	}
}

func TestSchemasHaveTheKeysOfTheStructs(t *testing.T) {
	for name, typ := range map[string]reflect.Type{
		"export_config": reflect.TypeFor[schema.ExportConfig](),
		"import_config": reflect.TypeFor[schema.ImportConfig](),
		"check":         reflect.TypeFor[schema.Check](),
		"status":        reflect.TypeFor[schema.Status](),
		"report":        reflect.TypeFor[schema.Report](),
	} {
		f := openSchema(t, name)
		f.compare(name, f.root, typ)
	}
}

// Every key of every schema is described, has a type and an example; those of
// the configurations have a default, too, unless they are required.
func TestSchemasExplainEveryKey(t *testing.T) {
	for _, name := range schemaNames() {
		f := openSchema(t, name)
		f.explained(name, f.root, strings.HasSuffix(name, "_config"))
	}
}

func (f schemaFile) explained(path string, s *format.Node, defaults bool) {
	if s.Kind == format.ListNode {
		for _, item := range s.Items {
			f.explained(path, item, defaults)
		}
	}
	if s.Kind != format.ObjectNode {
		return
	}
	required := map[string]bool{}
	if list := s.Get("required"); list != nil {
		for _, item := range list.Items {
			required[item.Text] = true
		}
	}
	for _, m := range s.Members {
		if m.Name != "properties" {
			if m.Name != "default" && m.Name != "examples" {
				f.explained(path+"/"+m.Name, m.Value, defaults)
			}
			continue
		}
		for _, key := range m.Value.Members {
			where := path + "." + key.Name
			assert.NotNil(f.t, key.Value.Get("description"), where)
			assert.NotNil(f.t, key.Value.Get("examples"), where)
			assert.True(f.t, key.Value.Get("type") != nil || key.Value.Get("const") != nil, where)
			if defaults {
				assert.Equal(f.t, required[key.Name], key.Value.Member("default") == nil, where)
			}
			f.explained(where, key.Value, defaults)
		}
	}
}

// Whoever reads what a key means need not guess its unit or its form.
func TestKeysTellTheirUnits(t *testing.T) {
	for _, name := range []string{"export_config", "import_config"} {
		for _, key := range Keys(name) {
			for _, value := range []string{key.Default, key.Example} {
				text, err := strconv.Unquote(value)
				if _, fault := schema.ParsePeriod(text); err == nil && fault == nil {
					assert.Contains(t, key.Description, "duration (P", "%s: what a duration such as %s is, in words", key.Name, text)
				}
			}
			for end, unit := range map[string]string{"_bytes": " in bytes", "_days": " days", "_interval": "Seconds ", ".percent": "Percent", ".username": `DOMAIN\name or name@domain`} {
				assert.True(t, !strings.HasSuffix(key.Name, end) || strings.Contains(key.Description, unit), "%s: %s", key.Name, key.Description)
			}
		}
	}
}

// What a schema says of defaults and examples is what the schema allows.
func TestSchemaExamplesAreValid(t *testing.T) {
	for _, name := range []string{"export_config", "import_config"} {
		for _, key := range Keys(name) {
			if strings.ContainsAny(key.Name, ".[") {
				continue
			}
			for _, text := range []string{key.Default, key.Example} {
				if text == "required" {
					continue
				}
				document := `{"managed_user_path": "OU=P", "` + key.Name + `": ` + text + `}`
				if key.Name == "managed_user_path" {
					document = `{"managed_user_path": ` + text + `}`
				}
				if name == "export_config" {
					document = `{"` + key.Name + `": ` + text + `}`
				}
				var v any
				require.NoError(t, json.Unmarshal([]byte(document), &v), document)
				assert.NoError(t, compiled(name).Validate(v), document)
			}
		}
	}
}

// The defaults that the schema tells are those the program has.
func TestSchemaDefaultsAreTheDefaults(t *testing.T) {
	for _, name := range []string{"export_config", "import_config"} {
		var all []string
		for _, key := range Keys(name) {
			if !strings.ContainsAny(key.Name, ".[") && key.Default != "required" && key.Default != "null" {
				all = append(all, `"`+key.Name+`": `+key.Default)
			}
		}
		document := "{" + strings.Join(all, ",\n")
		if name == "export_config" {
			given, _, err := DecodeExport([]byte(strings.Replace(document, `"queries": []`, `"user_path": "OU=P"`, 1)+"}"), "/x")
			require.NoError(t, err)
			left, _, err := DecodeExport([]byte(`{"user_path": "OU=P"}`), "/x")
			require.NoError(t, err)
			given.SearchGroups, given.Exclude = nil, nil // [] and {} mean the same
			assert.Equal(t, left, given)
			continue
		}
		given, _, err := DecodeImport([]byte(document+`, "managed_user_path": "OU=P"}`), "/x")
		require.NoError(t, err)
		left, _, err := DecodeImport([]byte(`{"managed_user_path": "OU=P"}`), "/x")
		require.NoError(t, err)
		given.GroupMap, given.RestrictedGroups, given.MailDomains = nil, nil, nil
		assert.Equal(t, left, given)
	}
}

func TestDirectoryIsTheSameInBothConfigurations(t *testing.T) {
	e, i := openSchema(t, "export_config"), openSchema(t, "import_config")
	assert.Equal(t, e.root.Get("$defs").Get("directory").Any(), i.root.Get("$defs").Get("directory").Any())
}

func TestConfigKeys(t *testing.T) {
	keys := Keys("import_config")
	require.NotEmpty(t, keys)
	assert.Equal(t, "input_file", keys[0].Name)
	byName := map[string]KeyDoc{}
	for _, key := range keys {
		assert.NotContains(t, byName, key.Name)
		byName[key.Name] = key
	}
	assert.Equal(t, KeyDoc{
		Name: "expiration_time", Type: "text or null", Default: `"P1M1D"`, Example: `"P14D"`,
		Description: "An import extends accountExpires to the time of the user file plus this ISO 8601 duration (P1M1D: one month and a day; P14D: 14 days). null: never touched.",
	}, byName["expiration_time"])
	assert.Equal(t, "required", byName["managed_user_path"].Default)
	assert.Equal(t, "cap, ignore", byName["source_expiry"].Type)
	assert.Contains(t, byName, "directory.servers")
	assert.NotContains(t, byName, "approval_directory.servers")
	assert.Contains(t, byName, "attributes.NAME.on_create")
	assert.Nil(t, Keys("nonsense"))
	var names []string
	for _, key := range Keys("export_config") {
		names = append(names, key.Name)
	}
	assert.Contains(t, names, "queries[].scope")
}

func TestSchemaNames(t *testing.T) {
	assert.Equal(t, []string{"check", "export_config", "import_config", "report", "resolutions", "status", "user_file"}, schemaNames())
	_, err := Schema("../go.mod")
	assert.ErrorContains(t, err, "there are check, export_config, import_config")
	for _, name := range schemaNames() {
		assert.NotNil(t, compiled(name))
	}
}

// Rule 18: what keeps the anchor must mean nothing to anybody else.
func testAttributesThatCanNotKeepTheAnchor(t *testing.T) {
	for _, name := range append(schema.SafeAttributes(), "sAMAccountName", "userPrincipalName", "cn", "displayname", "Mail", "manager",
		"thumbnailPhoto", "accountExpires", "userAccountControl", "objectSid", "proxyAddresses", "servicePrincipalName", "info",
		"msDS-cloudExtensionAttribute3", "employeeNumber", "mailNickname", "altSecurityIdentities") {
		assert.NotEmpty(t, schema.UnfitAnchor(name), name)
	}
	for _, name := range []string{"adminDescription", "extensionAttribute15", "mS-DS-ConsistencyGuid", "extensionName"} {
		assert.Empty(t, schema.UnfitAnchor(name), name)
	}
}

func testAttributeTables(t *testing.T) {
	for _, name := range schema.SafeAttributes() {
		assert.Empty(t, schema.BarredAttribute(name), name)
	}
	assert.True(t, slices.IsSorted(schema.SafeAttributes()))
	for _, name := range []string{
		"msDS-AllowedToDelegateTo", "msPKIDPAPIMasterKeys", "msExchMasterAccountSid", "ms-Mcs-AdmPwd", "msLAPS-Password", "msTSProperty01",
		"objectClass", "altSecurityIdentities", "userCertificate", "scriptPath", "profilePath", "homeDirectory", "homeDrive", "userParameters",
		"userWorkstations", "logonHours", "uidNumber", "gidNumber", "unixHomeDirectory", "loginShell", "targetAddress", "proxyAddresses",
		"adminCount", "sIDHistory", "servicePrincipalName", "primaryGroupID", "userPassword", "unicodePwd", "USERACCOUNTCONTROL", "memberOf",
		"msNPAllowDialin", "pwdLastSet",
	} {
		assert.NotEmpty(t, schema.BarredAttribute(name), name)
	}
	for _, name := range []string{"manager", "thumbnailPhoto", "adminDescription", "mS-DS-ConsistencyGuid", "extensionAttribute15"} {
		assert.Empty(t, schema.BarredAttribute(name), name)
	}
	assert.True(t, schema.SelfWritable("msDS-cloudExtensionAttribute20"))
	assert.False(t, schema.SelfWritable("msDS-cloudExtensionAttribute21"))
	assert.False(t, schema.SelfWritable("adminDescription"))
	assert.True(t, schema.SelfWritable("Info"))
}
