package importer

import (
	"strings"

	"ad-user-sync/internal/acl"
	"ad-user-sync/schema"
)

// excess warns of rights that an unattended account should not have. Without
// an approver of its own it needs those to set passwords.
func (c *checker) excess(r rights) {
	if r.memberOf != "" {
		c.warn("too much", "let the scheduled import run as an account that has the rights of docs/rights.md alone",
			"%s is a member of %s and may do anything in the domain", c.observer.domain.Identity, r.memberOf)
		return
	}
	if r.list == nil {
		c.say("too much", schema.CheckLeftOut, "whether it has more rights than it needs could not be found out: the access list of accounts may not be read", "")
		return
	}
	var more []string
	for _, right := range []struct {
		held bool
		what string
	}{
		{c.Config.ApprovalDirectory != nil && r.list.Allows(r.token, acl.ControlAccess, acl.ResetPassword), "set passwords"},
		{r.list.Allows(r.token, acl.WriteDACL), "change access lists"},
		{r.list.Allows(r.token, acl.WriteOwner), "take ownership"},
		{r.list.Allows(r.token, acl.Delete) || r.ofOU != nil && (r.ofOU.Allows(r.token, acl.DeleteChild, acl.UserClass) || r.ofOU.Allows(r.token, acl.DeleteTree)), "delete accounts"},
		{r.ofOU != nil && r.ofOU.Allows(r.token, acl.WriteDACL), "change the access list of the container"},
	} {
		if right.held {
			more = append(more, right.what)
		}
	}
	if len(more) > 0 {
		c.warn("too much", "take these rights away; nothing the import does by itself needs them", "it may also %s", strings.Join(more, ", "))
	} else {
		c.fine("too much", "it has no right to set passwords, to delete, or to change access lists")
	}
	if r.owner {
		c.warn("owner", "an entry for OWNER RIGHTS on the container ends that on Windows (docs/rights.md)",
			"whom it creates it owns, and an owner may change the access list of what it owns")
	}
}
