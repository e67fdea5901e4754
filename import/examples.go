package importer

import (
	"fmt"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// NameExamples are what templates of names come to for people of a user file.
func NameExamples(n schema.Names, in *Input) (lines []string) {
	e := plan.NameExamples(n, in.File)
	if e == nil {
		return nil
	}
	for _, text := range e.Names {
		lines = append(lines, schema.Visible(text))
	}
	if e.Empty > 0 {
		lines = append(lines, fmt.Sprintf("%d of %d people have nothing for a part of it, the first of them for %s, and are asked about", e.Empty, len(in.File.Users), e.Part))
	}
	return lines
}
