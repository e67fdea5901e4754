package importer

import (
	"context"
	"fmt"
	"strings"

	"ad-user-sync/import/access"
	"ad-user-sync/internal/acl"
	"ad-user-sync/schema"
)

// approver looks whether whoever decides has the rights for it: an identity of
// its own, or the import's where the configuration names no other.
func (c *checker) approver(ctx context.Context) {
	dir := c.Approver
	switch {
	case dir == nil && c.Config.ApprovalDirectory != nil:
		return // it could not log on, which was told
	case dir == nil:
		dir = c.Directory
		c.warn("identity", "let approval_directory bind as the person who decides, so that the scheduled import needs no right to set passwords",
			"there is no approval_directory: people decide as %s", dir.Domain().Identity)
	case dir.Domain().SID == c.Directory.Domain().SID:
		c.warn("identity", "let approval_directory bind as the person who decides", "%s is who imports, too", dir.Domain().Identity)
	}
	r, err := c.readRights(ctx, dir)
	if err != nil {
		c.fail("rights", fmt.Errorf("read what %s may do: %w", dir.Domain().Identity, err))
		return
	}
	c.mayEnable(r)
	c.mayDecideGroups(ctx, dir)
}

// lacks is a fault of an approver; where the import's own account is asked, the
// scheduled import works without.
func (c *checker) lacks(step, text string) {
	state := schema.CheckFailed
	if c.Approver == nil {
		state = schema.CheckWarning
	}
	c.say(step, state, text, access.Hint)
}

func (c *checker) mayEnable(r rights) {
	switch {
	case r.list == nil:
		c.say("passwords", schema.CheckLeftOut, "whether it may set passwords could not be found out: the access list of accounts may not be read", "")
	case !r.list.Allows(r.token, acl.ControlAccess, acl.ResetPassword):
		c.lacks("passwords", "may not set passwords, so nobody can be enabled, judging by "+r.from)
	default:
		c.fine("passwords", "may set passwords, judging by %s", r.from)
	}
	if lacking := r.lacking([]string{"userAccountControl", "pwdLastSet"}); r.write != nil && len(lacking) > 0 {
		c.lacks("write", fmt.Sprintf("may not write %s, so nobody can be enabled, judging by %s", strings.Join(lacking, ", "), r.from))
	}
	if c.Config.UsersCanNotChangePassword && r.list != nil && !r.list.Allows(r.token, acl.WriteDACL) {
		c.lacks("access list", "may not change access lists, which users_can_not_change_password needs")
	}
}
