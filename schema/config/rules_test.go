package config

import "testing"

// The rules of an import (package importer) that are kept here.
func TestConfigRules(t *testing.T) {
	t.Run("rule 12 rule 13 attribute tables", testAttributeTables)
	t.Run("rule 18 what cannot keep the anchor", testAttributesThatCanNotKeepTheAnchor)
	t.Run("rule 31 paths are relative to the configuration", testPathsAreRelativeToTheConfiguration)
}
