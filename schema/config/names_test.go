package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What users may write of themselves decides an account name only where the configuration
// says so, and a common name, which no one logs on with, in any case.
func TestNamesByWhatUsersWrite(t *testing.T) {
	decode := func(names string) error {
		_, _, err := DecodeImport([]byte(`{"managed_user_path": "OU=P,DC=x", "names": `+names+`}`), t.TempDir())
		return err
	}
	for _, field := range []string{"telephoneNumber", "L", "url", "msDS-cloudExtensionAttribute20"} {
		for _, key := range []string{"account_name", "upn"} {
			require.ErrorContains(t, decode(`{"`+key+`": "{sn}{`+field+`}{n}"}`), "which users may write themselves", "%s %s", key, field)
			assert.NoError(t, decode(`{"`+key+`": "{sn}{`+field+`}{n}", "self_written": true}`), "%s %s", key, field)
		}
		assert.NoError(t, decode(`{"common_name": "{sn} {`+field+`}"}`))
	}
}
