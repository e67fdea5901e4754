package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
)

// readBack finds out what came of a write whose answer was lost (rule 22). It
// gives nil where the write was carried out; otherwise the next run does it.
func (x *applier) readBack(ctx context.Context, a plan.Action, lost error) error {
	dn, err := x.presentDN(a)
	if err != nil {
		return lost
	}
	attributes := []string{"objectGUID", "cn"}
	for _, c := range a.Changes {
		attributes = append(attributes, c.Attribute)
	}
	found, as := false, true
	search := ad.Search{Base: dn, Scope: ad.ScopeBase, Filter: ad.Anything, Attributes: attributes}
	_, err = x.dir.Search(ctx, search, func(e ad.Entry) error {
		found = true
		if a.Kind == plan.Create {
			x.created[a.Person.Key()] = e.GUID()
		}
		x.names[e.GUID()] = e.DN
		for _, c := range a.Changes {
			as = as && (c.People || sameTexts(e.Texts(c.Attribute), c.After))
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%w; reading back failed, too: %w", lost, err)
	}
	if found && as && (a.Kind != plan.Enable || a.Answer.Keep) {
		return nil
	}
	return fmt.Errorf("%w; it was read back and is not as it should be, the next run repeats it", lost)
}

func (x *applier) presentDN(a plan.Action) (ad.DN, error) {
	if a.Kind == plan.Create {
		return x.newDN(a), nil
	}
	guid, err := x.target(a.Person)
	return ad.ByGUID(guid), err
}

func sameTexts(a, b []string) bool {
	lower := func(list []string) []string {
		out := []string{}
		for _, s := range list {
			out = append(out, strings.ToLower(s))
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(lower(a), lower(b))
}
