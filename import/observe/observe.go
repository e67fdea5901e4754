// Package observe reads the target domain into an observation, from which alone
// the plan is made.
package observe

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"ad-user-sync/import/access"
	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// ErrConfiguration means that the configuration cannot be right, as the
// directory shows.
var ErrConfiguration = errors.New("the configuration is invalid")

// Observer reads the target domain into an observation.
type Observer struct {
	dir            ad.Searcher
	cfg            *schema.ImportConfig
	history        ledger.History // by which it looks for what is not where it was
	domain         ad.Domain
	base           ad.DN                    // the managed container
	own            map[adrules.SID]bool     // the accounts this program is bound as
	read           map[adrules.GUID]int     // objects of the container: where they are in the observation
	doubtful       []ad.DN                  // of these, who may have memberships that cannot be read
	anchors        []anchored               // all of the domain; nil until they are asked for
	kept           map[string]ad.Definition // by lower-case name: those with several values that rules keep
	matching       matching
	places         places
	values         schema.Packer // of the account that is read
	mapped         *mapped
	administrators *administrators
}

// Steps reads everything but who holds the names of new users into an observation,
// and yields what each reading was about and how it went, until one fails.
func (o *Observer) Steps(ctx context.Context, obs *plan.Observation) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, step := range []struct {
			about string
			read  func(context.Context, *plan.Observation) error
		}{
			{"container", o.readContainer},
			{"domain", o.readDomain},
			{"attributes", o.readSchema},
			{"groups", o.readGroups},
			{"former groups", o.readUnmapped},
			{"match", o.readMatch},
			{"accounts", o.readAccounts},
			{"class", o.readClass},
			{"lost accounts", o.findMovedOut},
			{"former accounts", o.readGone},
		} {
			err := step.read(ctx, obs)
			if !yield(step.about, err) || err != nil || obs.Container.Unfit != "" {
				return // nothing in an unfit one is ours to read, and the limit stops the run
			}
		}
	}
}

// Observe takes all the steps.
func (o *Observer) Observe(ctx context.Context) (*plan.Observation, error) {
	obs := &plan.Observation{}
	for _, err := range o.Steps(ctx, obs) {
		if err != nil {
			return nil, err
		}
	}
	return obs, nil
}

// New prepares to read a domain. The history may be zero, as if nothing was imported.
func New(dir ad.Searcher, cfg *schema.ImportConfig, own []adrules.SID, history ledger.History) *Observer {
	if history.Ledger == nil {
		history.Ledger = ledger.New()
	}
	o := &Observer{dir: dir, cfg: cfg, history: history, domain: dir.Domain(), own: map[adrules.SID]bool{}, read: map[adrules.GUID]int{}, kept: map[string]ad.Definition{}}
	nesting := &nesting{dir, map[string]*nested{}, map[string]groupName{}}
	for _, sid := range own {
		o.own[sid] = sid != ""
	}
	o.base, _ = ad.ParseDN(cfg.ManagedUserPath)
	o.mapped = newMapped(dir, cfg, o.base, nesting)
	o.administrators = &administrators{nesting, o.mapped, map[string]grants{}}
	return o
}

// one reads a single object; found is false where it does not exist.
func (o *Observer) one(ctx context.Context, dn ad.DN, attributes ...string) (entry ad.Entry, found bool, err error) {
	return ad.ReadObject(ctx, o.dir, dn, attributes...)
}

// readContainer reads the managed container, and where those are that were imported
// into before.
func (o *Observer) readContainer(ctx context.Context, obs *plan.Observation) error {
	if o.base.IsZero() {
		return fmt.Errorf("%w: managed_user_path %q is not a distinguished name", ErrConfiguration, o.cfg.ManagedUserPath)
	}
	entry, found, err := o.one(ctx, o.base, "objectGUID", "objectClass", "isCriticalSystemObject")
	if err != nil {
		return fmt.Errorf("read the managed container: %w", err)
	}
	if !found {
		return fmt.Errorf("the managed container %s does not exist in %s, or the bound account may not see it. Create it, or correct managed_user_path", o.base, o.domain.Name)
	}
	obs.Container = plan.Container{GUID: entry.GUID(), DN: entry.DN.String()}
	if obs.Container.GUID.IsZero() {
		return fmt.Errorf("the bound account may not read objectGUID of the managed container %s; give it the right to read", o.base)
	}
	obs.Container.Unfit = o.unfit(entry)
	for _, other := range o.history.Others(obs.Container.GUID) {
		e, found, err := o.one(ctx, ad.ByGUID(other.GUID), "objectGUID")
		if err != nil {
			return fmt.Errorf("look for the container that was imported into before: %w", err)
		}
		if found {
			obs.Others = append(obs.Others, plan.Container{GUID: other.GUID, DN: e.DN.String()})
		}
	}
	return nil
}

// Containers of the domain's own (MS-ADTS 6.1.1.4); nothing in them is managed.
var domainContainers = []struct{ attribute, value string }{
	{"CN", "Users"}, {"CN", "Builtin"}, {"OU", "Domain Controllers"}, {"CN", "System"}, {"CN", "Computers"},
	{"CN", "Program Data"}, {"CN", "ForeignSecurityPrincipals"}, {"CN", "Managed Service Accounts"},
	{"CN", "LostAndFound"}, {"CN", "Infrastructure"}, {"CN", "Deleted Objects"}, {"CN", "NTDS Quotas"}, {"CN", "Keys"},
}

// unfit tells why a container must not be managed (rule 7).
func (o *Observer) unfit(e ad.Entry) string {
	const instead = "; manage an organizational unit made for this purpose"
	if o.domainsOwn(e.DN) {
		return e.DN.String() + " is, or is in, a container of the domain's own" + instead
	}
	switch kind := class(e); {
	case e.DN.Equal(o.domain.Base) || e.DN.Within(o.domain.Configuration):
		return e.DN.String() + " is the root of a naming context, or within the configuration" + instead
	case strings.EqualFold(e.Text("isCriticalSystemObject"), "TRUE"):
		return e.DN.String() + " is a critical system object" + instead
	case !strings.EqualFold(kind, "organizationalUnit") && !strings.EqualFold(kind, "container"):
		return e.DN.String() + " is a " + kind + ", not an organizational unit" + instead
	}
	return ""
}

func (o *Observer) domainsOwn(dn ad.DN) bool {
	return slices.ContainsFunc(domainContainers, func(own struct{ attribute, value string }) bool {
		return dn.Within(o.domain.Base.Child(own.attribute, own.value))
	})
}

// Attributes read of every object that may have a name.
var nameAttributes = []string{
	"objectGUID", "objectSid", "objectClass", "cn", "name", "sAMAccountName", "userPrincipalName", "mail", "displayName",
	"userAccountControl", "accountExpires", "pwdLastSet", "whenCreated", "lastLogonTimestamp", "memberOf", "primaryGroupID",
	"adminCount", "isCriticalSystemObject", "servicePrincipalName", "proxyAddresses", "logonHours",
}

func (o *Observer) attributes() []string {
	list := append([]string(nil), nameAttributes...)
	if o.cfg.AnchorAttribute != "" {
		list = append(list, o.cfg.AnchorAttribute)
	}
	if o.looksElsewhere() {
		list = append(list, schema.DefaultAnchorAttribute)
	}
	for name := range o.cfg.Attributes {
		list = append(list, name)
	}
	list = append(list, o.compared()...)
	if len(o.kept) > 0 || o.cfg.Match != nil {
		list = append(list, access.Descriptor)
	}
	seen := map[string]bool{}
	unique := list[:0]
	for _, name := range list {
		if !seen[strings.ToLower(name)] {
			seen[strings.ToLower(name)] = true
			unique = append(unique, name)
		}
	}
	return unique
}

// readAccounts reads what is in the container, and who of it administers the domain.
func (o *Observer) readAccounts(ctx context.Context, obs *plan.Observation) error {
	if err := o.readObjects(ctx, obs); err != nil {
		return err
	}
	if err := o.readNamed(ctx, obs); err != nil {
		return err
	}
	if err := o.checkDoubtful(ctx); err != nil {
		return err
	}
	return o.administrators.read(ctx, obs.Accounts)
}

func (o *Observer) readObjects(ctx context.Context, obs *plan.Observation) error {
	obs.Accounts = slices.Grow(obs.Accounts, len(o.history.Ledger.Containers[obs.Container.GUID].Accounts)) // most likely all
	search := ad.Search{Base: o.base, Scope: ad.ScopeSubtree, Filter: ad.Anything, Attributes: o.attributes()}
	_, err := o.dir.Search(ctx, search, func(e ad.Entry) error { return o.take(obs, e) })
	if err != nil {
		return fmt.Errorf("read the managed container: %w", err)
	}
	return nil
}

// take adds an object of the container to the observation. One that is given
// twice, as when it is renamed while pages are read, is one.
func (o *Observer) take(obs *plan.Observation, e ad.Entry) error {
	if e.DN.Equal(o.base) {
		return nil
	}
	account, err := o.inside(obs, e)
	if err != nil {
		return err
	}
	if i, twice := o.read[account.GUID]; twice {
		obs.Accounts[i] = account
		return nil
	}
	o.read[account.GUID] = len(obs.Accounts)
	obs.Accounts = append(obs.Accounts, account)
	return nil
}

// inside is an account of the container.
func (o *Observer) inside(obs *plan.Observation, e ad.Entry) (plan.Account, error) {
	account, err := o.account(e)
	if err != nil {
		return account, err
	}
	account.InContainer = true
	o.mapped.rejoin(&account)
	o.mapped.share(&account)
	if len(o.mapped.unread) > 0 {
		delete(o.mapped.unread, e.DN.Key())
	}
	if o.own[account.SID] && obs.Container.Unfit == "" {
		obs.Container.Unfit = fmt.Sprintf("%s holds %s, which this program is bound as; move that account elsewhere", o.base, e.DN)
	}
	if o.mapped.unlisted(e) {
		o.doubtful = append(o.doubtful, e.DN)
	}
	return account, nil
}
