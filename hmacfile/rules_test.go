package hmacfile_test

import "testing"

// The rules of an import (package importer) that are kept here.
func TestRules(t *testing.T) {
	t.Run("rule 01 no bit may change", testEveryFlippedBitIsRefused)
	t.Run("rule 01 what is refused", testOpenRefuses)
	t.Run("rule 01 nothing is read of a file that changes", testNothingIsReadOfAFileThatChanges)
	t.Run("rule 33 several keys, to change them", testSeveralKeysForRotation)
	t.Run("rule 33 weak keys", testWeakKey)
}
