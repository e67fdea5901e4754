package files_test

import "testing"

// The rules of an import (package importer) that are kept here.
func TestRules(t *testing.T) {
	t.Run("rule 24 one holder at a time", testLockOnlyOneOfManyHoldsIt)
	t.Run("rule 24 between processes", testLockBetweenProcesses)
	t.Run("rule 32 files that everybody may write", testCheckPrivate)
	t.Run("rule 32 behind links", testCheckPrivateLooksBehindLinks)
	t.Run("rule 32 what is created", testWhatIsCreatedIsPrivate)
	t.Run("rule 32 who else may change what a session trusts", testCheckControlled)
}
