package adrules_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/internal/adrules"
)

func TestPasswordPolicy(t *testing.T) {
	policy := adrules.PasswordPolicy{MinLength: 7, Complex: true}
	for _, good := range []string{"Correct-Horse", "Passw0rd.Lab", "日本Ab1xx", "aB3aB3aB3", "Al-b0-an-nA"} {
		assert.Empty(t, policy.Broken(good, "jdoe", "Jane Doe-Al"), good)
	}
	for name, bad := range map[string]string{
		"short": "aB3.xy", "two kinds": "alllowercase1", "account name": "xxJDoe-99", "first name": "Jane.2026",
		"last name, other case": "my.DOE.2026",
	} {
		assert.Len(t, policy.Broken(bad, "jdoe", "Jane Doe-Al"), 1, name)
	}
	assert.Empty(t, adrules.PasswordPolicy{}.Broken("jdoe", "jdoe", ""))
	assert.Empty(t, policy.Broken("jd.Ab-2026", "jd", ""), "names of two characters do not count")
}
