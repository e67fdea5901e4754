package check

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// unattended is the identity that imports run as.
type unattended struct {
	rights
	say    teller
	target Target
}

// Rights tells what the import, bound to dir, lacks, and what it has beyond its need.
func (t Target) Rights(ctx context.Context, dir ad.Searcher) {
	say := teller{partRights, t.Tell}
	r, err := t.rightsOf(ctx, dir)
	if err != nil {
		say.fail("rights", fmt.Errorf("read what %s may do: %w", dir.Domain().Identity, err))
		return
	}
	u := unattended{r, say, t}
	u.mayCreate()
	u.mayWrite(t.needed())
	u.mayJoin(ctx)
	u.excess()
}

func (u unattended) mayCreate() {
	if !u.create {
		u.say.say("create", schema.CheckFailed, fmt.Sprintf("%s may not create users in %s", u.dir.Domain().Identity, u.target.base()), access.Hint)
		return
	}
	u.say.fine("create", "may create users in the container")
}

func (u unattended) mayWrite(attributes []string) {
	lacking := u.lacking(attributes)
	switch {
	case u.write == nil:
		u.say.say("write", schema.CheckLeftOut, "what it may write could not be found out: the container is empty, and its access list may not be read", "")
	case len(lacking) > 0:
		u.say.say("write", schema.CheckFailed, "may not write "+strings.Join(lacking, ", ")+", judging by "+u.from, access.Hint)
	default:
		u.say.fine("write", "may write all %d attributes that an import writes, judging by %s", len(attributes), u.from)
	}
}

// mayJoin asks every mapped group. One that is guarded is left by the import,
// and joined by approvers.
func (u unattended) mayJoin(ctx context.Context) {
	u.askGroups(ctx, u.say, u.target.Observed.Groups, func(g *plan.Group, may bool) {
		switch {
		case may:
			u.say.fine("members", "may change the members of %s", g.CN)
		case g.Guarded():
			u.say.warn("members", "that is a choice: with the right the import could also put people in; without it each leaver has to be taken out by hand",
				"may not change the members of %s, so it cannot take out those who leave; the report will say so", g.CN)
		default:
			u.say.fail("members", &ad.Error{Doing: "change", Object: "the members of " + g.CN, Kind: ad.ErrDenied, Err: errors.New("no right to write member"), Hint: access.Hint})
		}
	})
}

// excess warns of rights that an unattended account should not have. Without
// an approver of its own it needs those to set passwords.
func (u unattended) excess() {
	if u.memberOf != "" {
		u.say.warn("too much", "let the scheduled import run as an account that has the rights of docs/rights.md alone",
			"%s is a member of %s and may do anything in the domain", u.dir.Domain().Identity, u.memberOf)
		return
	}
	if u.list == nil {
		u.say.say("too much", schema.CheckLeftOut, "whether it has more rights than it needs could not be found out: the access list of accounts may not be read", "")
		return
	}
	if more := u.more(); len(more) > 0 {
		u.say.warn("too much", "take these rights away; nothing the import does by itself needs them", "it may also %s", strings.Join(more, ", "))
	} else {
		u.say.fine("too much", "it has no right to set passwords, to unlock, to delete, or to change access lists")
	}
	if u.owner {
		hint := "an entry for OWNER RIGHTS on the container ends that on Windows (docs/rights.md)"
		if u.ended {
			hint = "the entry for OWNER RIGHTS is there, and ends that on Windows controllers; Samba does not heed it"
		}
		u.say.warn("owner", hint,
			"whom it creates it owns, and an owner may change the access list of what it owns")
	}
}

func (u unattended) more() (more []string) {
	onOU := func(right acl.Right, types ...adrules.GUID) bool {
		return u.ofOU != nil && u.ofOU.Allows(u.token, right, types...)
	}
	for _, right := range []struct {
		held bool
		what string
	}{
		{u.target.Config.ApprovalDirectory != nil && u.list.Allows(u.token, acl.ControlAccess, acl.ResetPassword), "set passwords"},
		{u.target.Config.ApprovalDirectory != nil && u.write[strings.ToLower(lockout)], "unlock accounts"},
		{u.list.Allows(u.token, acl.WriteDACL), "change access lists"},
		{u.list.Allows(u.token, acl.WriteOwner), "take ownership"},
		{u.list.Allows(u.token, acl.Delete) || onOU(acl.DeleteChild, acl.UserClass) || onOU(acl.DeleteTree), "delete accounts"},
		{onOU(acl.WriteDACL), "change the access list of the container"},
	} {
		if right.held {
			more = append(more, right.what)
		}
	}
	return more
}
