package userfile

import (
	"fmt"
	"strings"
	"testing"

	"ad-user-sync/schema"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func testDecodeUserFileRefuses(t *testing.T) {
	one := func(members string) string { return "{\"users\": [\n{" + members + "}\n]}" }
	for name, c := range map[string]struct{ body, want string }{
		"empty":                  {"", "the file is empty"},
		"blank":                  {" \r\n\t", "the file is empty"},
		"null":                   {"null", "line 1: the user file must be an object, not null"},
		"list":                   {"[]", "line 1: the user file must be an object, not a list"},
		"truncated":              {`{"users": [` + "\n" + `{"cn": "Ja`, "line 2: user 1: the document ends in the middle"},
		"truncated between":      {`{"users": [{` + jane + `},`, "line 1: the document ends in the middle"},
		"trailing data":          {one(jane) + "\n0123abcd", "line 4: something follows the end"},
		"two documents":          {one(jane) + one(jane), "something follows the end"},
		"no users key":           {`{}`, "it holds no users"},
		"no users":               {`{"users": []}`, "it holds no users"},
		"users null":             {`{"users": null}`, "users must be a list, not null"},
		"duplicate key":          {one(jane + ",\n" + `"cn": "Bob"`), `line 3: user 1 ("Jane"): the key "cn" appears twice`},
		"duplicate escaped key":  {one(jane + `, "\u0063n": "Bob"`), `the key "cn" appears twice`},
		"duplicate users":        {`{"users": [], "users": []}`, `the key "users" appears twice`},
		"keys but for case":      {one(jane + `, "mail": null, "Mail": null`), `line 2: user 1 ("Jane"): the keys "mail" and "Mail" differ in case only`},
		"known key but for case": {one(jane + `, "Disabled": "x", "disabled": true`), `differ in case only`},
		"unknown top key":        {`{"users": [{` + jane + `}], "delete": ["x"]}`, `the key "delete" is not known; a newer program may have written this file`},
		"unknown source key":     {`{"source": {"evil": 1}, "users": []}`, `the key "source.evil" is not known`},
		"no cn":                  {one(`"sAMAccountName": "jane"`), `line 2: user 1 (account "jane"): has no cn`},
		"no account name":        {one(`"cn": "Jane"`), `line 2: user 1 ("Jane"): has no sAMAccountName`},
		"neither":                {one(``), "user 1: has no cn"},
		"empty cn":               {one(`"cn": "", "sAMAccountName": "jane"`), "cn is empty"},
		"cn endless":             {one(`"cn": "` + strings.Repeat("y", MaxName+1) + `", "sAMAccountName": "jane"`), "cn has 4097 characters, a name has at most 4096"},
		"account name endless":   {one(`"cn": "Jane", "sAMAccountName": "` + strings.Repeat("y", MaxName+1) + `"`), `user 1 ("Jane"): sAMAccountName has 4097 characters`},
		"group endless":          {one(jane + `, "memberOf": ["` + strings.Repeat("y", MaxName+1) + `"]`), "memberOf has 4097 characters"},
		"attribute name endless": {one(jane + `, "` + strings.Repeat("y", MaxName+1) + `": null`), "is not a name of an attribute"},
		"source endless":         {`{"source": {"domain": "` + strings.Repeat("y", MaxName+1) + `"}, "users": []}`, "source.domain has 4097 characters"},
		"cn null":                {one(`"cn": null, "sAMAccountName": "jane"`), "cn must be text, not null"},
		"cn number":              {one(`"cn": 1, "sAMAccountName": "jane"`), "cn must be text, not a number"},
		"CN for cn":              {one(`"CN": "Jane", "sAMAccountName": "jane"`), `the key "CN" must be spelled cn`},
		"Disabled for disabled":  {one(jane + `, "Disabled": true`), `the key "Disabled" must be spelled disabled`},
		"user is text":           {`{"users": ["jane"]}`, "user 1: a user must be an object, not text"},
		"disabled text":          {one(jane + `, "disabled": "false"`), "disabled must be true or false, not text"},
		"disabled number":        {one(jane + `, "disabled": 0`), "disabled must be true or false, not a number"},
		"memberOf text":          {one(jane + `, "memberOf": "CN=x"`), "memberOf must be a list, not text"},
		"memberOf of lists":      {one(jane + `, "memberOf": [["CN=x"]]`), "memberOf must be text, not a list"},
		"memberOf null item":     {one(jane + `, "memberOf": [null]`), "memberOf must be text, not null"},
		"expires number":         {one(jane + `, "accountExpires": 0`), "accountExpires must be a time or null, not a number"},
		"expires nonsense":       {one(jane + `, "accountExpires": "soon"`), `accountExpires "soon" is not a time`},
		"expires empty":          {one(jane + `, "accountExpires": ""`), `accountExpires "" is not a time`},
		"attribute number":       {one(jane + `, "employeeID": 7`), `"employeeID" must be text, a list of texts, null or {"base64": ...}, not a number`},
		"attribute truth":        {one(jane + `, "x": true`), `not true or false`},
		"attribute list in list": {one(jane + `, "x": [["a"]]`), `"x" must be text`},
		"attribute null in list": {one(jane + `, "x": [null]`), `not null`},
		"attribute object":       {one(jane + `, "x": {"y": "z"}`), `the key "x.y" is not known`},
		"attribute no base64":    {one(jane + `, "x": {}`), `"x" is not base64`},
		"base64 broken":          {one(jane + `, "x": {"base64": "AA"}`), `"x" is not base64 with padding`},
		"base64 trailing bits":   {one(jane + `, "x": {"base64": "AB=="}`), `"x" is not base64 with padding`},
		"base64 number":          {one(jane + `, "x": {"base64": 1}`), `"x" must be text, not a number`},
		"attribute without name": {one(jane + `, "": "a"`), `"" is not a name of an attribute`},
		"attribute named NUL":    {one(jane + `, "a\u0000": "a"`), `"a[U+0000]" is not a name`},
		"NUL in cn":              {one(`"cn": "Ja\u0000ne", "sAMAccountName": "jane"`), "cn contains a NUL character"},
		"NUL in value":           {one(jane + `, "mail": "a\u0000"`), `"mail" contains a NUL character`},
		"NUL in list":            {one(jane + `, "mail": ["a\u0000"]`), `"mail" contains a NUL character`},
		"NUL in group":           {one(jane + `, "memberOf": ["\u0000"]`), `memberOf contains a NUL character`},
		"raw NUL":                {one(jane + ", \"mail\": \"a\x00\""), "not valid JSON"},
		"lone high surrogate":    {one(jane + `, "mail": "\ud83d"`), "half of a surrogate pair"},
		"lone low surrogate":     {one(jane + `, "mail": "\ude00x"`), "half of a surrogate pair"},
		"surrogates reversed":    {one(jane + `, "mail": "\ude00\ud83d"`), "half of a surrogate pair"},
		"surrogate in key":       {one(jane + `, "\ud83d": "a"`), "half of a surrogate pair"},
		"not UTF-8":              {one(jane + ", \"mail\": \"\xe4\""), "not valid UTF-8"},
		"surrogate in UTF-8":     {one(jane + ", \"mail\": \"\xed\xa0\x80\""), "not valid UTF-8"},
		"overlong UTF-8":         {one(jane + ", \"mail\": \"\xc0\x80\""), "not valid UTF-8"},
		"comment":                {one(jane + "/* */"), "not valid JSON"},
		"comma":                  {one(jane + ","), "not valid JSON"},
		"NaN":                    {one(jane + `, "x": NaN`), "not valid JSON"},
		"single quotes":          {`{'users': []}`, "not valid JSON"},
		"number as key":          {`{1: []}`, "a key must be text in double quotes"},
		"too deep":               {one(jane + `, "x": ` + strings.Repeat("[", 20) + strings.Repeat("]", 20)), "nested more than 16 levels"},
		"too deep unknown":       {`{"x": ` + strings.Repeat(`{"a":`, 1<<16), "nested more than 16 levels"},
		"too deep user":          {`{"users": ` + strings.Repeat(`[`, 1<<16), "nested more than 16 levels"},
		"timestamp null":         {`{"timestamp": null, "users": [{` + jane + `}]}`, "timestamp must be text, not null"},
		"timestamp empty":        {`{"timestamp": "", "users": [{` + jane + `}]}`, `timestamp "" is not a time`},
		"timestamp number":       {`{"timestamp": 1, "users": [{` + jane + `}]}`, "timestamp must be text, not a number"},
		"anchor not a GUID":      {one(jane + `, "objectGUID": "jane"`), `objectGUID "jane" is not a GUID`},
		"anchor in braces":       {one(jane + `, "objectGUID": "{6f9619ff-8b86-d011-b42d-00cf4fc964ff}"`), `is not a GUID`},
		"anchor zero":            {one(jane + `, "objectGUID": "00000000-0000-0000-0000-000000000000"`), `is not a GUID`},
		"anchor list":            {one(jane + `, "objectGUID": []`), `objectGUID must be text, not a list`},
		"anchor twice":           {"{\"users\": [{" + jane + "," + guidA + "},\n" + `{"cn": "Bob", "sAMAccountName": "bob",` + guidA + `}]}`, `line 2: user 2 ("Bob"): has the same objectGUID 6f9619ff-8b86-d011-b42d-00cf4fc964ff as user 1 ("Jane")`},
		"anchor missing":         {"{\"users\": [{" + jane + "," + guidA + "},\n" + `{"cn": "Bob", "sAMAccountName": "bob"}]}`, `line 2: user 2 ("Bob"): has no objectGUID, while others have one`},
		"account name twice":     {"{\"users\": [{" + jane + "," + guidA + "},\n" + `{"cn": "Bob", "sAMAccountName": "JANE",` + guidB + `}]}`, `line 2: user 2 ("Bob"): has the same sAMAccountName "JANE" as user 1 ("Jane")`},
		"source alone":           {`{"users": [{` + jane + `}], ` + source + `}`, "does not state that it is complete"},
		"source, undated":        {`{"users": [{` + jane + `}], ` + source + `, ` + complete + `}`, "has no timestamp"},
		"complete alone":         {`{"users": [{` + jane + `}], ` + complete + `}`, "does not name its source"},
		"source null":            {`{"users": [{` + jane + `}], "source": null, ` + complete + `}`, "source must be an object, not null"},
		"source without domain":  {`{"users": [{` + jane + `}], "source": {"scope": "00"}, ` + complete + `}`, "does not name its domain and scope"},
		"complete too many":      {`{"users": [{` + jane + `}], ` + source + `, ` + strings.Replace(complete, `"users": 1`, `"users": 2`, 1) + `}`, "complete states 2 users, there are 1"},
		"complete without users": {`{"users": [{` + jane + `}], ` + source + `, ` + strings.Replace(complete, `"users": 1, `, ``, 1) + `}`, "does not state the number"},
		"complete fraction":      {`{"users": [{` + jane + `}], ` + source + `, ` + strings.Replace(complete, `"users": 1`, `"users": 1.5`, 1) + `}`, "must be a whole number"},
		"complete negative":      {`{"users": [{` + jane + `}], ` + source + `, ` + strings.Replace(complete, `"users": 1`, `"users": -1`, 1) + `}`, "must be a whole number"},
		"complete few entries":   {`{"users": [{` + jane + `}], ` + source + `, ` + strings.Replace(complete, `"entries": 1`, `"entries": 0`, 1) + `}`, "found 0 entries, fewer than the 1 users"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Decode([]byte(c.body))
			assert.Nil(t, f)
			var faults *Error
			require.ErrorAs(t, err, &faults)
			assert.Contains(t, err.Error(), c.want)
		})
	}
}

func testDecodeUserFileLimits(t *testing.T) {
	list := func(n int) string { return `["a"` + strings.Repeat(`,"a"`, n-1) + `]` }
	attributes := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `, "a%d": null`, i)
		}
		return b.String()
	}
	for body, want := range map[string]string{
		jane + `, "x": ` + list(1000):        "",
		jane + `, "x": ` + list(1001):        `"x" has more than 1000 values`,
		jane + `, "memberOf": ` + list(1000): "",
		jane + `, "memberOf": ` + list(1001): `memberOf has more than 1000 values`,
		jane + attributes(200):               "",
		jane + attributes(201):               `has more than 200 attributes`,
	} {
		_, err := Decode([]byte(`{"users": [{` + body + `}]}`))
		if want == "" {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, want)
		}
	}
}

// What a file may hold altogether, so that a hostile one does not take all memory.
func testDecodeUserFileAsAWhole(t *testing.T) {
	many := func(n int, user string) error {
		_, err := Decode([]byte(`{"users": [` + strings.Repeat(user+",", n-1) + user + `]}`))
		return err
	}
	const tiny = `{"cn":"a","sAMAccountName":"b"}`
	assert.ErrorContains(t, many(MaxUsers+1, tiny), "more than 1000000 users")
	thousand := `["a"` + strings.Repeat(`,"a"`, 999) + `]`
	for _, key := range []string{"memberOf", "x"} {
		user := `{"cn":"a","sAMAccountName":"b","` + key + `":` + thousand + `}`
		assert.ErrorContains(t, many(MaxAllValues/1000+1, user), "more than 20000000 values")
	}
}

func TestDecodeListsManyFaults(t *testing.T) {
	_, err := Decode([]byte("{\"users\": [\n{\"cn\": 1},\n{" + jane + ", \"disabled\": 1, \"memberOf\": 2},\n7]}"))
	var faults *Error
	require.ErrorAs(t, err, &faults)
	assert.Equal(t, []schema.Fault{
		{Line: 2, Text: "user 1: cn must be text, not a number"},
		{Line: 2, Text: "user 1: has no sAMAccountName"},
		{Line: 3, Text: `user 2 ("Jane"): disabled must be true or false, not a number`},
		{Line: 3, Text: `user 2 ("Jane"): memberOf must be a list, not a number`},
		{Line: 4, Text: "user 3: a user must be an object, not a number"},
	}, faults.Faults)
	assert.False(t, faults.More)

	_, err = Decode([]byte("{\"users\": [" + strings.Repeat("1,\n", 100) + "1]}"))
	require.ErrorAs(t, err, &faults)
	assert.Len(t, faults.Faults, schema.MaxFaults)
	assert.True(t, faults.More)
	assert.Contains(t, err.Error(), "and more")
}

func TestDecodeShowsWhatCannotBeSeen(t *testing.T) {
	_, err := Decode([]byte(`{"users": [{"cn": "Ja\u202ene\u001b[2J", "sAMAccountName": ""}]}`))
	assert.ErrorContains(t, err, `user 1 ("Ja[U+202E]ne[U+001B][2J")`)
}
