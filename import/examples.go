package importer

import (
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// NameExamples are what templates of names come to for people of a user file, by the
// account_name_pattern that is configured.
func NameExamples(n schema.Names, pattern string, in *Input) (lines []string) {
	e := plan.NameExamples(n, pattern, in.File)
	if e == nil {
		return nil
	}
	for _, text := range slices.Concat(e.Names, e.Told) {
		lines = append(lines, schema.Visible(text))
	}
	return lines
}
