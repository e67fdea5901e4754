package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMatchRefuses(t *testing.T) {
	decode := func(match, more string) error {
		_, _, err := DecodeImport([]byte(`{"managed_user_path": "OU=P,DC=x", "match": `+match+more+`}`), t.TempDir())
		return err
	}
	require.NoError(t, decode(`{"keys": ["employeeID", "mail"], "within": ["ou = S,DC=x"], "until": "2026-12-31"}`, ""))
	require.NoError(t, decode(`null`, `, "anchor_attribute": null`))
	for match, want := range map[string]string{
		`{"keys": ["employeeID"], "within": ["OU=S,DC=x"]}`:                                                                                       `the key "match.until" is missing`,
		`{"keys": ["title"], "within": ["OU=S,DC=x"], "until": "2026-12-31"}`:                                                                     `"match.keys[1]" must be one of "employeeID"`,
		`{"keys": [], "within": ["OU=S,DC=x"], "until": "2026-12-31"}`:                                                                            `"match.keys" must not be empty`,
		`{"keys": ["mail"], "within": [], "until": "2026-12-31"}`:                                                                                 `"match.within" must not be empty`,
		`{"keys": ["mail"], "within": ["DC=x"], "until": "2026-12-31"}`:                                                                           `"match.within[1]" is malformed: it must be the distinguished name of an organizational unit`,
		`{"keys": ["mail"], "within": ["CN=Users,DC=x"], "until": "2026-12-31"}`:                                                                  `"match.within[1]" is malformed: it must be the distinguished name of an organizational unit`,
		`{"keys": ["mail"], "within": ["OU=x,OU=domain controllers,DC=x"], "until": "2026-12-31"}`:                                                `are no one's to take over`,
		`{"keys": ["mail"], "within": ["OU=S,DC=x"], "until": "31.12.2026"}`:                                                                      `"match.until" is malformed: it must be a day such as 2026-12-31`,
		`{"keys": ["mail"], "within": ["OU=S,DC=x"], "until": "2026-02-31"}`:                                                                      `"match.until" "2026-02-31" is not a day`,
		`{"keys": ["mail"], "within": ["OU=S,DC=x"], "until": "2026-12-31"}, "anchor_attribute": null`:                                            `"match" needs an "anchor_attribute"`,
		`{"keys": ["mail"], "within": ["OU=S,DC=x"], "until": "2026-12-31", "until": "2026-12-31"}`:                                               `appears twice`,
		`{"keys": ["employeeID"], "within": ["OU=S,DC=x"], "until": "2026-12-31"}, "attributes": {"EmployeeID": {"from": "Info"}}`:                `"match.keys" has "employeeID", which "attributes" takes from "Info": users may write that themselves`,
		`{"keys": ["employeeNumber"], "within": ["OU=S,DC=x"], "until": "2026-12-31"}, "attributes": {"employeeNumber": {"template": "{sn}{l}"}}`: `which "attributes" takes from "l"`,
		`{"keys": ["mail", "mail"], "within": ["OU=S,DC=x"], "until": "2026-12-31"}`:                                                              `"match.keys" has the same entry twice: number 1 and number 2`,
		`{"keys": ["mail"], "within": ["OU=S,DC=x"], "until": "2026-12-31", "confirm": "never"}`:                                                  `the key "match.confirm" is not known`,
	} {
		t.Run(match, func(t *testing.T) { assert.ErrorContains(t, decode(match, ""), want) })
	}
}
