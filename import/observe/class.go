package observe

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// allowedAttributes lists what an object of its classes may hold (MS-ADTS
// 3.1.1.4.5.19), whatever the reader's rights.
const allowedAttributes = "allowedAttributes"

// readClass finds out which of the mapped attributes users cannot hold, from an
// account in the container, else from the bound account. Of the safe attributes
// it is known that they can.
func (o *Observer) readClass(ctx context.Context, obs *plan.Observation) error {
	unsure := func(a plan.Attribute) bool { return !a.Missing && !slices.Contains(schema.SafeAttributes(), a.Name) }
	if !slices.ContainsFunc(obs.Attributes, unsure) {
		return nil
	}
	search := ad.Search{Base: o.domain.Base, Scope: ad.ScopeSubtree, Attributes: []string{allowedAttributes},
		Filter: ad.Equal("objectSid", string(o.domain.SID.Bytes()))}
	for i := range obs.Accounts {
		if a := &obs.Accounts[i]; a.Class == "user" {
			search.Base, search.Scope, search.Filter = ad.ByGUID(a.GUID), ad.ScopeBase, ad.Anything
			break
		}
	}
	var allowed []string
	_, err := o.dir.Search(ctx, search, func(e ad.Entry) error {
		allowed = e.Texts(allowedAttributes)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read which attributes users may hold: %w", err)
	}
	may := access.Lower(allowed)
	for i := range obs.Attributes {
		a := &obs.Attributes[i]
		a.NotOfUsers = len(allowed) > 0 && unsure(*a) && !may[strings.ToLower(a.Name)]
	}
	return nil
}
