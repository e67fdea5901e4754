package userfile

import "testing"

// The rules of an import (package importer) that are kept here.
func TestRules(t *testing.T) {
	t.Run("rule 01 what is read is limited", testDecodeUserFileLimits)
	t.Run("rule 01 and altogether", testDecodeUserFileAsAWhole)
	t.Run("rule 02 what is wrong in a file", testDecodeUserFileRefuses)
}
