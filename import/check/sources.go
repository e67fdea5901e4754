package check

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/import/plan"
)

// Sources tells of accounts that imports from other source domains have in the
// container, and of what such an import must not share with this one, as far as that is
// seen from here. Source is the domain of the user file, or what is expected; "" where
// neither is known. Of the ledger are the other source domains that it had files from.
func (t Target) Sources(source string, ofLedger []string) {
	source = cmp.Or(source, t.Config.Expect.Domain)
	if source == "" {
		return
	}
	all, alike := plan.OthersIn(t.Observed, source, t.Config.PrefixCommonNames)
	var texts []string
	for _, domain := range slices.Sorted(maps.Keys(all)) {
		texts = append(texts, fmt.Sprintf("%s (%d)", domain, all[domain]))
	}
	if len(texts) > 0 {
		t.say().fine("other sources", "accounts of other sources in the container, which this import leaves alone: %s", strings.Join(texts, ", "))
	}
	if len(alike) > 0 {
		t.say().warn("other sources", "give each source a prefix_common_names of its own", "accounts of %s carry the prefix %q of this configuration, too", strings.Join(slices.Sorted(maps.Keys(alike)), ", "), t.Config.PrefixCommonNames)
	}
	if len(texts) > 0 && t.Config.Expect.Domain == "" {
		t.say().warn("other sources", "set expect.domain to "+source+", so that a file of the other source is refused, whoever puts it there", "the container has accounts of other sources, and any source's first file would be accepted")
	}
	if len(ofLedger) > 0 {
		t.say().warn("other sources", "give each configuration a resolutions_file of its own; the ledger and the lock are beside it", "the ledger is also that of an import from %s", strings.Join(ofLedger, ", "))
	}
}
