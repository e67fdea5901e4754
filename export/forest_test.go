package export_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// forest has a child domain, which another controller holds.
type forest struct{ export.Directory }

func (f forest) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if strings.HasPrefix(s.Base.String(), "CN=Partitions,") {
		child := ad.NewEntry(s.Base.Child("CN", "CHILD"), map[string][][]byte{"nCName": ad.Values("DC=child," + f.Domain().Base.String())})
		if err := each(child); err != nil {
			return ad.Summary{}, err
		}
	}
	return f.Directory.Search(ctx, s, each)
}

// The names of a child domain end like those of its parent: only the forest's
// list of domains tells them apart.
func TestPlacesOfOtherDomainsOfTheForest(t *testing.T) {
	const other = "is in the domain child.corp.example, and dc1.corp.example is a controller of corp.example; export that domain with a configuration of its own"
	for says, change := range map[string]func(*schema.ExportConfig){
		"user_path: OU=People,DC=child,DC=corp,DC=example " + other: func(c *schema.ExportConfig) {
			c.UserPath = "OU=People,DC=child,DC=corp,DC=example"
		},
		"queries[2]: DC=child,DC=corp,DC=example " + other: func(c *schema.ExportConfig) {
			c.Queries = []schema.Query{{Base: c.UserPath}, {Base: "DC=child,DC=corp,DC=example"}}
		},
		"search_groups: CN=t-Viewers,OU=Groups,DC=child,DC=corp,DC=example " + other: func(c *schema.ExportConfig) {
			c.GroupPath = "OU=Groups,DC=child,DC=corp,DC=example"
		},
	} {
		_, err := export.Run(t.Context(), forest{corp()}, config(t, change), options)
		require.ErrorContains(t, err, says)
		assert.NotErrorIs(t, err, export.ErrConfig, "exit code 1, not 2")
	}
}

func TestLabPlacesOutsideTheDomain(t *testing.T) {
	client, domain := labSource(t)
	for base, says := range map[string]string{
		"OU=People,DC=plant,DC=example":                                                        "user_path: OU=People,DC=plant,DC=example is not in the domain corp.example",
		"CN=Nowhere,CN=Configuration," + domain.Base:                                           "is in the configuration of the forest, where no people are",
		"OU=People,DC=nowhere," + domain.Base:                                                  "does not exist in corp.example",
		"CN=Deleted Objects," + domain.Base:                                                    "does not exist in corp.example",
		`CN=Gone\0ADEL:6f9619ff-8b86-d011-b42d-00cf4fc964ff,CN=Deleted Objects,` + domain.Base: "does not exist in corp.example",
	} {
		_, err := export.Run(t.Context(), client, config(t, func(c *schema.ExportConfig) { c.UserPath = base }), options)
		require.ErrorContains(t, err, says)
		assert.NotErrorIs(t, err, export.ErrConfig, "exit code 1, not 2")
	}
}
