package apply

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

// enable sets the password and enables in one request (rule 23), or enables
// with the present password where the person chose that.
func (w *writer) enable(ctx context.Context, a plan.Action) error {
	guid, err := w.accounts.target(*a.Person)
	if err != nil {
		return err
	}
	if w.result.stayed[guid] {
		return errors.New("not enabled, since a group could not be left")
	}
	if group := w.unruled[a.Person.Key()]; group != "" {
		return fmt.Errorf("not enabled, since it could not join %s, which brings a password policy", group)
	}
	changes, err := w.changes(a.Changes)
	if err != nil {
		return err
	}
	if a.Answer.Keep {
		return w.Directory.Modify(ctx, ad.ByGUID(guid), changes)
	}
	lastSet := ad.Change{Attribute: "pwdLastSet", Values: ad.Values(plan.SetNow)}
	if w.Config.UsersMustChangePassword {
		lastSet.Values = ad.Values(plan.ToBeChanged)
	}
	return w.setPassword(ctx, guid, a, append([]ad.Change{lastSet}, changes...))
}

// newPassword is one request, with all that is written besides the password.
func (w *writer) newPassword(ctx context.Context, a plan.Action) error {
	guid, err := w.accounts.target(*a.Person)
	if err != nil {
		return err
	}
	changes, err := w.changes(a.Changes)
	if err != nil {
		return err
	}
	return w.setPassword(ctx, guid, a, changes)
}

func (w *writer) setPassword(ctx context.Context, guid adrules.GUID, a plan.Action, also []ad.Change) error {
	if err := w.checkPassword(ctx, guid, a); err != nil {
		return err
	}
	if err := w.allowOrDeny(ctx, guid); err != nil {
		return err
	}
	password := ad.Change{Attribute: "unicodePwd", Values: [][]byte{ad.PasswordValue(a.Answer.Password.Reveal())}}
	return w.Directory.Modify(ctx, ad.ByGUID(guid), append([]ad.Change{password}, also...))
}

// checkPassword refuses before the directory does, naming the rule.
func (w *writer) checkPassword(ctx context.Context, guid adrules.GUID, a plan.Action) error {
	if !w.Directory.Domain().Encrypted {
		return fmt.Errorf("set the password of %s: the connection is not encrypted; passwords need ldaps, starttls or seal", a.Person.CN)
	}
	if a.Answer.Password == "" {
		return fmt.Errorf("set the password of %s: no password was given", a.Person.CN)
	}
	policy, err := w.policyOf(ctx, guid)
	if err != nil || policy == nil {
		return err
	}
	broken := policy.Broken(a.Answer.Password.Reveal(), a.Person.AccountName, a.Person.DisplayName)
	if len(broken) > 0 {
		return fmt.Errorf("set the password of %s: %w: it needs %s", a.Person.CN, ad.ErrPasswordPolicy, strings.Join(broken, "; "))
	}
	return nil
}

// allowOrDeny writes the deny entries of "user cannot change password", or takes
// away those that this program wrote.
func (w *writer) allowOrDeny(ctx context.Context, guid adrules.GUID) error {
	if !w.Config.UsersCanNotChangePassword && !w.result.Denied[guid] && !w.Config.UsersMustChangePassword {
		return nil
	}
	e, _, err := w.read(ctx, ad.ByGUID(guid), access.Descriptor)
	if err != nil {
		return err
	}
	changed, err := ChangeOfPassword(w.Config, w.result.Denied[guid], e)
	if err != nil || changed == nil {
		return err
	}
	if err := w.Directory.Modify(ctx, ad.ByGUID(guid), []ad.Change{{Attribute: access.Descriptor, Values: [][]byte{changed}}}); err != nil {
		return fmt.Errorf("\"User cannot change password\" on the account: %w", err)
	}
	w.result.Denied[guid] = w.Config.UsersCanNotChangePassword
	return nil
}

// ChangeOfPassword is the access list that an account is to have before it gets a
// password; nil where it has that. Where entries that are not ours forbid the change
// that is going to be asked for, no one could log on: nothing is set.
func ChangeOfPassword(cfg *schema.ImportConfig, ours bool, e ad.Entry) ([]byte, error) {
	deny, list := cfg.UsersCanNotChangePassword, e.Values(access.Descriptor)
	switch {
	case !deny && !ours && (len(list) == 0 || !cfg.UsersMustChangePassword):
		return nil, nil
	case len(list) == 0:
		return nil, fmt.Errorf("users_can_not_change_password: the bound account may not read the access list of %s", e.DN)
	}
	rewrite := acl.AllowChangePassword
	if deny {
		rewrite = acl.DenyChangePassword
	}
	changed, differs, err := rewrite(list[0])
	if err != nil || !differs {
		return nil, err
	}
	if !deny && !ours {
		return nil, errors.New(`no password was set, since "User cannot change password" is set on the account, which this program has not on record as its own, and users_must_change_password would ask for a change at the first logon: clear it, or switch users_must_change_password off`)
	}
	return changed, nil
}
