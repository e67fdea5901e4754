package check

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/access"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// approver is the identity that decides.
type approver struct {
	rights
	say    teller
	target Target
	apart  bool // it has an identity of its own
}

// Approver reports whether whoever decides has the rights for it: an identity of its
// own, or, where dir is nil, the import's.
func (t Target) Approver(ctx context.Context, dir, unattended ad.Searcher) {
	say, apart := teller{partApprover, t.Tell}, dir != nil
	switch {
	case !apart && t.Config.ApprovalDirectory != nil:
		return // it could not log on, which was told
	case !apart:
		dir = unattended
		say.warn("identity", "let approval_directory bind as the person who decides, so that the scheduled import needs no right to set passwords",
			"there is no approval_directory: people decide as %s", dir.Domain().Identity)
	case dir.Domain().SID == unattended.Domain().SID:
		say.warn("identity", "let approval_directory bind as the person who decides", "%s is who imports, too", dir.Domain().Identity)
	}
	r, err := t.rightsOf(ctx, dir)
	if err != nil {
		say.fail("rights", fmt.Errorf("read what %s may do: %w", dir.Domain().Identity, err))
		return
	}
	a := approver{r, say, t, apart}
	a.mayEnable()
	a.mayDecideGroups(ctx)
}

// lacks is a fault of an approver; where the import's own account is asked, the
// scheduled import works without.
func (a approver) lacks(step, text string) {
	state := schema.CheckFailed
	if !a.apart {
		state = schema.CheckWarning
	}
	a.say.say(step, state, text, access.Hint)
}

func (a approver) mayEnable() {
	switch {
	case a.list == nil:
		a.say.say("passwords", schema.CheckLeftOut, "whether it may set passwords could not be found out: the access list of accounts may not be read", "")
	case !a.list.Allows(a.token, acl.ControlAccess, acl.ResetPassword):
		a.lacks("passwords", "may not set passwords, so no account can be enabled, judging by "+a.from)
	default:
		a.say.fine("passwords", "may set passwords, judging by %s", a.from)
	}
	if lacking := a.lacking([]string{"userAccountControl", "pwdLastSet"}); a.write != nil && len(lacking) > 0 {
		a.lacks("write", fmt.Sprintf("may not write %s, so no account can be enabled, judging by %s", strings.Join(lacking, ", "), a.from))
	}
	switch {
	case a.write == nil:
	case len(a.lacking([]string{lockout})) > 0:
		a.say.warn("unlock", "only the page's New password and Unlock need that, for accounts that are locked: run the script of docs/rights.md again",
			"may not write %s, so no account that is locked can be unlocked, judging by %s", lockout, a.from)
	default:
		a.say.fine("unlock", "may unlock accounts, judging by %s", a.from)
	}
	if a.target.Config.UsersCanNotChangePassword && a.list != nil && !a.list.Allows(a.token, acl.WriteDACL) {
		a.lacks("access list", "may not change access lists, which users_can_not_change_password needs")
	}
}

// mayDecideGroups asks about the guarded ones; the others are joined unasked.
func (a approver) mayDecideGroups(ctx context.Context) {
	guarded := slices.DeleteFunc(slices.Clone(a.target.Observed.Groups), func(g plan.Group) bool { return !g.Guarded() })
	a.askGroups(ctx, a.say, guarded, func(g *plan.Group, may bool) {
		if may {
			a.say.fine("members", "may put people into %s, which is guarded", g.CN)
			return
		}
		a.lacks("members", "may not put people into "+g.CN+", which is guarded")
	})
}
