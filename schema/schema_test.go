package schema

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tags lists the JSON names of a struct, embedded structs included.
func tags(t reflect.Type) map[string]reflect.Type {
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
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[Period]() || t.PkgPath() == "time" {
		return nil
	}
	return t
}

type schemaFile struct {
	root *node
	t    *testing.T
}

func openSchema(t *testing.T, name string) schemaFile {
	text, err := Schema(name)
	require.NoError(t, err)
	root, faults := readTree(text)
	require.Empty(t, faults)
	return schemaFile{root, t}
}

func (f schemaFile) resolve(s *node) *node {
	for {
		switch {
		case s.get("$ref") != nil:
			s = f.root.get("$defs").get(strings.TrimPrefix(s.get("$ref").text, "#/$defs/"))
		case s.get("properties") != nil:
			return s
		case s.get("items") != nil:
			s = s.get("items")
		case s.get("patternProperties") != nil:
			s = s.get("patternProperties").members[0].value
		default:
			return s
		}
	}
}

func (f schemaFile) compare(path string, s *node, t reflect.Type) {
	s = f.resolve(s)
	require.NotNil(f.t, s.get("properties"), path)
	fields, keys := tags(t), map[string]*node{}
	for _, m := range s.get("properties").members {
		if m.name != "$schema" {
			keys[m.name] = m.value
		}
	}
	assert.ElementsMatch(f.t, slices.Collect(maps.Keys(fields)), slices.Collect(maps.Keys(keys)), path)
	for name, typ := range fields {
		inner := element(typ)
		if inner == nil || keys[name] == nil {
			continue
		}
		if fixed := keys[name].get("properties"); fixed != nil && typ.Kind() == reflect.Map {
			for _, m := range fixed.members {
				f.compare(path+"."+name+"."+m.name, m.value, inner)
			}
		} else {
			f.compare(path+"."+name, keys[name], inner)
		}
	}
}

func TestSchemasHaveTheKeysOfTheStructs(t *testing.T) {
	for name, typ := range map[string]reflect.Type{
		"export_config": reflect.TypeFor[ExportConfig](),
		"import_config": reflect.TypeFor[ImportConfig](),
		"check":         reflect.TypeFor[Check](),
		"report":        reflect.TypeFor[Report](),
	} {
		f := openSchema(t, name)
		f.compare(name, f.root, typ)
	}
}

// Every key of every schema is described, has a type and an example; those of
// the configurations have a default, too, unless they are required.
func TestSchemasExplainEveryKey(t *testing.T) {
	for _, name := range SchemaNames() {
		f := openSchema(t, name)
		f.explained(name, f.root, strings.HasSuffix(name, "_config"))
	}
}

func (f schemaFile) explained(path string, s *node, defaults bool) {
	if s.kind == listNode {
		for _, item := range s.items {
			f.explained(path, item, defaults)
		}
	}
	if s.kind != objectNode {
		return
	}
	required := map[string]bool{}
	if list := s.get("required"); list != nil {
		for _, item := range list.items {
			required[item.text] = true
		}
	}
	for _, m := range s.members {
		if m.name != "properties" {
			if m.name != "default" && m.name != "examples" {
				f.explained(path+"/"+m.name, m.value, defaults)
			}
			continue
		}
		for _, key := range m.value.members {
			where := path + "." + key.name
			assert.NotNil(f.t, key.value.get("description"), where)
			assert.NotNil(f.t, key.value.get("examples"), where)
			assert.True(f.t, key.value.get("type") != nil || key.value.get("const") != nil, where)
			if defaults {
				assert.Equal(f.t, required[key.name], key.value.member("default") == nil, where)
			}
			f.explained(where, key.value, defaults)
		}
	}
}

// What a schema says of defaults and examples is what the schema allows.
func TestSchemaExamplesAreValid(t *testing.T) {
	for _, name := range []string{"export_config", "import_config"} {
		for _, key := range ConfigKeys(name) {
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
		for _, key := range ConfigKeys(name) {
			if !strings.ContainsAny(key.Name, ".[") && key.Default != "required" && key.Default != "null" {
				all = append(all, `"`+key.Name+`": `+key.Default)
			}
		}
		document := "{" + strings.Join(all, ",\n")
		if name == "export_config" {
			given, _, err := DecodeExportConfig([]byte(strings.Replace(document, `"queries": []`, `"user_path": "OU=P"`, 1)+"}"), "/x")
			require.NoError(t, err)
			left, _, err := DecodeExportConfig([]byte(`{"user_path": "OU=P"}`), "/x")
			require.NoError(t, err)
			given.SearchGroups, given.Exclude = nil, nil // [] and {} mean the same
			assert.Equal(t, left, given)
			continue
		}
		given, _, err := DecodeImportConfig([]byte(document+`, "managed_user_path": "OU=P"}`), "/x")
		require.NoError(t, err)
		left, _, err := DecodeImportConfig([]byte(`{"managed_user_path": "OU=P"}`), "/x")
		require.NoError(t, err)
		given.GroupMap, given.RestrictedGroups, given.MailDomains = nil, nil, nil
		assert.Equal(t, left, given)
	}
}

func TestDirectoryIsTheSameInBothConfigurations(t *testing.T) {
	e, i := openSchema(t, "export_config"), openSchema(t, "import_config")
	assert.Equal(t, e.root.get("$defs").get("directory").any(), i.root.get("$defs").get("directory").any())
}

func TestConfigKeys(t *testing.T) {
	keys := ConfigKeys("import_config")
	require.NotEmpty(t, keys)
	assert.Equal(t, "input_file", keys[0].Name)
	byName := map[string]KeyDoc{}
	for _, key := range keys {
		assert.NotContains(t, byName, key.Name)
		byName[key.Name] = key
	}
	assert.Equal(t, KeyDoc{
		Name: "expiration_time", Type: "text or null", Default: `"P1M1D"`, Example: `"P14D"`,
		Description: "An import extends accountExpires to the time of the user file plus this ISO 8601 duration. null: never touched.",
	}, byName["expiration_time"])
	assert.Equal(t, "required", byName["managed_user_path"].Default)
	assert.Equal(t, "cap, ignore", byName["source_expiry"].Type)
	assert.Contains(t, byName, "directory.servers")
	assert.NotContains(t, byName, "approval_directory.servers")
	assert.Contains(t, byName, "attributes.NAME.on_create")
	assert.Nil(t, ConfigKeys("nonsense"))
	var names []string
	for _, key := range ConfigKeys("export_config") {
		names = append(names, key.Name)
	}
	assert.Contains(t, names, "queries[].scope")
}

func TestSchemaNames(t *testing.T) {
	assert.Equal(t, []string{"check", "export_config", "import_config", "report", "resolutions", "user_file"}, SchemaNames())
	_, err := Schema("../go.mod")
	assert.ErrorContains(t, err, "there are check, export_config, import_config")
	for _, name := range SchemaNames() {
		assert.NotNil(t, compiled(name))
	}
}

// Rule 18: what keeps the anchor must mean nothing to anybody else.
func testAttributesThatCanNotKeepTheAnchor(t *testing.T) {
	for _, name := range append(SafeAttributes(), "sAMAccountName", "userPrincipalName", "cn", "displayname", "Mail", "manager",
		"thumbnailPhoto", "accountExpires", "userAccountControl", "objectSid", "proxyAddresses", "servicePrincipalName", "info",
		"msDS-cloudExtensionAttribute3", "employeeNumber", "mailNickname", "altSecurityIdentities") {
		assert.NotEmpty(t, UnfitAnchor(name), name)
	}
	for _, name := range []string{"adminDescription", "extensionAttribute15", "mS-DS-ConsistencyGuid", "extensionName"} {
		assert.Empty(t, UnfitAnchor(name), name)
	}
}

func testAttributeTables(t *testing.T) {
	for _, name := range SafeAttributes() {
		assert.Empty(t, BarredAttribute(name), name)
	}
	assert.True(t, slices.IsSorted(SafeAttributes()))
	for _, name := range []string{
		"msDS-AllowedToDelegateTo", "msPKIDPAPIMasterKeys", "msExchMasterAccountSid", "ms-Mcs-AdmPwd", "msLAPS-Password", "msTSProperty01",
		"objectClass", "altSecurityIdentities", "userCertificate", "scriptPath", "profilePath", "homeDirectory", "homeDrive", "userParameters",
		"userWorkstations", "logonHours", "uidNumber", "gidNumber", "unixHomeDirectory", "loginShell", "targetAddress", "proxyAddresses",
		"adminCount", "sIDHistory", "servicePrincipalName", "primaryGroupID", "userPassword", "unicodePwd", "USERACCOUNTCONTROL", "memberOf",
		"msNPAllowDialin", "pwdLastSet",
	} {
		assert.NotEmpty(t, BarredAttribute(name), name)
	}
	for _, name := range []string{"manager", "thumbnailPhoto", "adminDescription", "mS-DS-ConsistencyGuid", "extensionAttribute15"} {
		assert.Empty(t, BarredAttribute(name), name)
	}
	assert.True(t, SelfWritable("msDS-cloudExtensionAttribute20"))
	assert.False(t, SelfWritable("msDS-cloudExtensionAttribute21"))
	assert.False(t, SelfWritable("adminDescription"))
	assert.True(t, SelfWritable("Info"))
}
