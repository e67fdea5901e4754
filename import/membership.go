package importer

import (
	"context"
	"errors"
	"fmt"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// memberChunk is how many members one request adds or removes; a controller
// takes about 5,000.
const memberChunk = 1000

// memberships carries out joins, or leaves, group by group and in chunks.
func (x *applier) memberships(ctx context.Context, actions []plan.Action) {
	byGroup := map[adrules.SID][]plan.Action{}
	var order []adrules.SID
	for _, a := range actions {
		if byGroup[a.Group.SID] == nil {
			order = append(order, a.Group.SID)
		}
		byGroup[a.Group.SID] = append(byGroup[a.Group.SID], a)
	}
	for _, sid := range order {
		for rest := byGroup[sid]; len(rest) > 0; {
			chunk := rest[:min(memberChunk, len(rest))]
			rest = rest[len(chunk):]
			x.chunk(ctx, chunk)
		}
	}
}

// chunk writes all at once; where that is refused, one by one, so that the
// reason meets the account concerned.
func (x *applier) chunk(ctx context.Context, actions []plan.Action) {
	var ready []plan.Action
	for _, a := range actions {
		if _, err := x.target(a.Person); err != nil {
			x.note(a, err)
			continue
		}
		ready = append(ready, a)
	}
	if len(ready) == 0 {
		return
	}
	err := x.halted(ctx)
	if err == nil {
		err = x.write(ctx, ready...)
	}
	if err == nil || errors.Is(err, ad.ErrDenied) || errors.Is(err, ad.ErrUnreachable) {
		for _, a := range ready {
			x.note(a, err)
		}
		return
	}
	for _, a := range ready {
		x.note(a, x.member(ctx, a))
	}
}

// member writes one membership, unless it is as wanted already.
func (x *applier) member(ctx context.Context, a plan.Action) error {
	if err := x.halted(ctx); err != nil {
		return err
	}
	as, err := x.isAsWanted(ctx, a)
	if err != nil || as {
		return err
	}
	return x.write(ctx, a)
}

func (x *applier) isAsWanted(ctx context.Context, a plan.Action) (bool, error) {
	guid, err := x.target(a.Person)
	if err != nil {
		return false, err
	}
	group, err := ad.ParseDN(a.Group.DN)
	if err != nil {
		return false, err
	}
	member := false
	search := ad.Search{Base: ad.ByGUID(guid), Scope: ad.ScopeBase, Filter: ad.Anything, Attributes: []string{"memberOf"}}
	_, err = x.dir.Search(ctx, search, func(e ad.Entry) error {
		for _, text := range e.Texts("memberOf") {
			if dn, err := ad.ParseDN(text); err == nil && dn.Equal(group) {
				member = true
			}
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("read the groups of %s: %w", a.Person.CN, err)
	}
	return member == (a.Kind == plan.Join), nil
}

func (x *applier) write(ctx context.Context, actions ...plan.Action) error {
	change := ad.Change{Kind: ad.AddValues, Attribute: "member"}
	if actions[0].Kind == plan.Leave {
		change.Kind = ad.DeleteValues
	}
	for _, a := range actions {
		guid, err := x.target(a.Person)
		if err != nil {
			return err
		}
		change.Values = append(change.Values, []byte(x.names[guid].String()))
	}
	return x.dir.Modify(ctx, ad.ByGUID(actions[0].Group.GUID), []ad.Change{change})
}
