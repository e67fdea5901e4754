package importer

import (
	"maps"
	"slices"
	"strings"

	"ad-user-sync/import/ledger"
	"ad-user-sync/schema"
)

// scopeChange tells how the selection differs from that of the last file.
func (f freshness) scopeChange(last ledger.AcceptedFile) string {
	before, after := last.Searches, searchTexts(f.file)
	var text []string
	for _, s := range after {
		if !slices.Contains(before, s) {
			text = append(text, "new: "+s)
		}
	}
	for _, s := range before {
		if !slices.Contains(after, s) {
			text = append(text, "gone: "+s)
		}
	}
	if len(text) == 0 {
		return "groups, exclusions or the like"
	}
	return strings.Join(text, ", ")
}

func searchTexts(file *schema.UserFile) []string {
	found := map[string]bool{}
	if file.Complete != nil {
		for _, s := range file.Complete.Searches {
			found[s.Filter+" below "+s.Base] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}
