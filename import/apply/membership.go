package apply

import (
	"context"
	"errors"
	"fmt"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// MemberChunk is how many members one request adds or removes; a controller
// takes about 5,000.
const MemberChunk = 1000

// memberships carries out joins, or leaves, group by group and in chunks.
func (x *Applier) memberships(ctx context.Context, actions []plan.Action) {
	byGroup := map[adrules.SID][]*plan.Action{}
	var order []adrules.SID
	for i := range actions {
		a := &actions[i]
		_, err := x.accounts.target(*a.Person)
		switch {
		case a.Stays:
			x.note(a, nil)
			continue
		case err != nil:
		default:
			err = x.notOurs(*a)
		}
		if err != nil {
			if halted := x.halted(ctx); halted != nil {
				err = halted
			}
			x.note(a, err)
			continue
		}
		if byGroup[a.Group.SID] == nil {
			order = append(order, a.Group.SID)
		}
		byGroup[a.Group.SID] = append(byGroup[a.Group.SID], a)
	}
	for _, sid := range order {
		for rest := byGroup[sid]; len(rest) > 0; {
			chunk := rest[:min(MemberChunk, len(rest))]
			rest = rest[len(chunk):]
			x.chunk(ctx, chunk)
		}
	}
}

// chunk writes all at once. Where that is refused, it leaves out what is as
// wanted already, and then goes one by one, so that the reason meets the account
// concerned.
func (x *Applier) chunk(ctx context.Context, actions []*plan.Action) {
	if err := x.halted(ctx); err != nil {
		x.noteAll(actions, err)
		return
	}
	work, done := lasting(ctx)
	defer done()
	err := x.writer.write(work, actions...)
	if settles(err) {
		x.noteAll(actions, err)
		return
	}
	rest, readErr := x.unsettled(work, actions)
	if readErr != nil {
		x.noteAll(actions, fmt.Errorf("%w; reading back failed, too: %w", err, readErr))
		return
	}
	if len(rest) > 1 && len(rest) < len(actions) {
		if err := x.writer.write(work, rest...); settles(err) {
			x.noteAll(rest, err)
			return
		}
	}
	for _, a := range rest {
		x.note(a, x.member(ctx, a))
	}
}

// settles reports whether an answer is the same for every member of a chunk.
func settles(err error) bool {
	return err == nil || errors.Is(err, ad.ErrDenied) || errors.Is(err, ad.ErrUnreachable) || errors.Is(err, errNotTried)
}

func (x *Applier) noteAll(actions []*plan.Action, err error) {
	for _, a := range actions {
		x.note(a, err)
	}
}

// unsettled notes what is as wanted already as done, and returns the rest.
func (x *Applier) unsettled(ctx context.Context, actions []*plan.Action) (rest []*plan.Action, err error) {
	members, err := x.writer.members(ctx, actions[0].Group)
	if err != nil {
		return nil, err
	}
	for _, a := range actions {
		guid, _ := x.accounts.target(*a.Person)
		if members[x.accounts.name(guid).Key()] == (a.Kind == plan.Join) {
			x.note(a, nil)
		} else {
			rest = append(rest, a)
		}
	}
	return rest, nil
}

// members are the DN keys of who is in a group.
func (w *writer) members(ctx context.Context, group *plan.Group) (map[string]bool, error) {
	e, found, err := w.read(ctx, ad.ByGUID(group.GUID), "member")
	if err != nil || !found {
		return nil, err
	}
	members := map[string]bool{}
	for _, text := range e.Texts("member") {
		if dn, err := ad.ParseDN(text); err == nil {
			members[dn.Key()] = true
		}
	}
	return members, nil
}

// member writes one membership. Where the answer is lost, it looks.
func (x *Applier) member(ctx context.Context, a *plan.Action) error {
	if err := x.halted(ctx); err != nil {
		return err
	}
	ctx, done := lasting(ctx)
	defer done()
	err := x.writer.write(ctx, a)
	if errors.Is(err, ad.ErrOutcomeUnknown) {
		guid, _ := x.accounts.target(*a.Person)
		members, readErr := x.writer.members(ctx, a.Group)
		if readErr == nil && members[x.accounts.name(guid).Key()] == (a.Kind == plan.Join) {
			return nil
		}
		err = errors.Join(err, readErr)
	}
	return err
}

func (w *writer) write(ctx context.Context, actions ...*plan.Action) error {
	change := ad.Change{Kind: ad.AddValues, Attribute: "member"}
	if actions[0].Kind == plan.Leave {
		change.Kind = ad.DeleteValues
	}
	for _, a := range actions {
		guid, err := w.accounts.target(*a.Person)
		if err != nil {
			return err
		}
		change.Values = append(change.Values, []byte(w.accounts.names[guid]))
	}
	return w.Directory.Modify(ctx, ad.ByGUID(actions[0].Group.GUID), []ad.Change{change})
}
