package observe

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

func TestContainersAreJudgedBeforeTheyAreConfigured(t *testing.T) {
	d := memad.New("plant.example")
	d.AddOU("OU=Managed")
	require.NoError(t, Fit(t.Context(), d, "OU=Managed,DC=plant,DC=example"))
	for container, says := range map[string]string{
		"DC=plant,DC=example":            "the root of a naming context",
		"CN=Users,DC=plant,DC=example":   "a container of the domain's own",
		"OU=Nowhere,DC=plant,DC=example": "does not exist",
		"Managed":                        "not a distinguished name",
	} {
		require.ErrorContains(t, Fit(t.Context(), d, container), says, container)
	}
}

func TestPrivilegedTargets(t *testing.T) {
	d := memad.New("plant.example")
	d.AddGroup("CN=p-Viewers,OU=Groups")
	d.AddGroup("CN=p-Admins,OU=Groups")
	cfg := &schema.ImportConfig{GroupPath: "DC=plant,DC=example", GroupMap: map[string]schema.OneOrMore{
		"CN=a": {"CN=p-Viewers,OU=Groups"}, "CN=b": {"CN=Domain Admins,CN=Users", "CN=p-Admins,OU=Groups"}}}
	why, err := PrivilegedTargets(t.Context(), d, cfg)
	require.NoError(t, err)
	assert.Len(t, why, 1)
	assert.NotEmpty(t, why["CN=Domain Admins,CN=Users"])
	cfg.GroupMap["CN=c"] = schema.OneOrMore{"CN=Nowhere"}
	_, err = PrivilegedTargets(t.Context(), d, cfg)
	require.ErrorContains(t, err, "does not exist")
}
