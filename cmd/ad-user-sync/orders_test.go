package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/schema"
)

// By the words of passwords whoever can change them guesses what an approver sets.
func TestOrdersAreAllThatASessionGoesBy(t *testing.T) {
	cfg := &schema.ImportConfig{OnFinish: []string{"/usr/local/bin/told", "--quietly"}}
	cfg.PasswordWordlist = "/var/lib/ad-user-sync/words.txt"
	list := orders("import_config.yaml", cfg)
	assert.Subset(t, list, []string{cfg.PasswordWordlist, "/usr/local/bin/told"})
	assert.NotContains(t, list, "--quietly")
	for _, builtIn := range []string{"", "en", "eff", "de"} {
		cfg.PasswordWordlist = builtIn
		assert.NotContains(t, orders("import_config.yaml", cfg), builtIn)
	}
}
