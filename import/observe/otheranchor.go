package observe

import (
	"fmt"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// looksElsewhere reports whether another import may keep its anchors where this one
// does not look for its own.
func (o *Observer) looksElsewhere() bool {
	return !strings.EqualFold(o.cfg.AnchorAttribute, schema.DefaultAnchorAttribute)
}

// otherAnchor tells why an account must not be touched that has the anchor of another
// source in the attribute that anchors are kept in by default, while this configuration
// names another one, or none. Of files without a source, what the ledger does not know
// is another's.
func (o *Observer) otherAnchor(e ad.Entry, a *plan.Account) string {
	if !o.looksElsewhere() || a.Class != "user" || !e.Has(schema.DefaultAnchorAttribute) {
		return ""
	}
	anchor := plan.ParseAnchor(e.Values(schema.DefaultAnchorAttribute)[0])
	if anchor.Domain == "" || strings.EqualFold(anchor.Domain, o.history.Source) || o.history.Knows(a.GUID) {
		return ""
	}
	return fmt.Sprintf("it is anchored for %s in %s, where this configuration does not look: let both configurations name the same anchor_attribute", anchor.Domain, schema.DefaultAnchorAttribute)
}
