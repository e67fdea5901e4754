package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// CheckOptions say what is checked.
type CheckOptions struct {
	Config    *schema.ImportConfig
	Directory Directory // bound as the import
	Approver  Directory // bound as approval_directory says; nil where that is not given, or could not log on
	Input     *Input    // the user file; nil where there is none yet
	Clock     func() time.Time
}

// Parts of a check.
const (
	partTarget   = "Target domain"
	partRights   = "Rights of the import"
	partApprover = "Rights of whoever decides"
)

// Check looks, without writing anything, whether an import with this
// configuration would work, and tells of one thing after the other. What keeps
// a run from working is told as failed; some of it ends the check.
func Check(ctx context.Context, o CheckOptions, tell func(schema.CheckStep)) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	obs := &plan.Observation{}
	c := &checker{CheckOptions: o, obs: obs, tell: tell, part: partTarget,
		observer: newObserver(o.Directory, o.Config, []adrules.SID{o.Directory.Domain().SID})}
	for _, look := range []func(context.Context) bool{
		c.clock, c.container, c.domainItself, c.attributes, c.mappedGroups, c.accounts, c.file,
	} {
		if !look(ctx) {
			return
		}
	}
	c.part = partRights
	c.rights(ctx)
	c.part = partApprover
	c.approver(ctx)
}

// checker tells of what it sees.
type checker struct {
	CheckOptions
	observer *observer
	obs      *plan.Observation
	tell     func(schema.CheckStep)
	part     string
}

func (c *checker) say(step string, state schema.CheckState, text, hint string) {
	c.tell(schema.CheckStep{Part: c.part, Step: step, State: state, Text: text, Hint: hint})
}

func (c *checker) fine(step, format string, values ...any) bool {
	c.say(step, schema.CheckOK, fmt.Sprintf(format, values...), "")
	return true
}

func (c *checker) warn(step, hint, format string, values ...any) {
	c.say(step, schema.CheckWarning, fmt.Sprintf(format, values...), hint)
}

// fail tells of an error, and is false.
func (c *checker) fail(step string, err error) bool {
	c.say(step, schema.CheckFailed, err.Error(), ad.Hint(err))
	return false
}

func (c *checker) clock(ctx context.Context) bool {
	im := &Import{Options: Options{Clock: c.Clock}}
	now, err := im.clock(ctx, c.Directory)
	if err != nil {
		return c.fail("clock", err)
	}
	apart := c.Clock().Sub(now).Abs().Round(time.Second)
	if apart > time.Minute {
		c.warn("clock", "set the clocks of both by one source; the import stops at 5 minutes", "this machine's clock and that of %s are %s apart", c.observer.domain.Controller, apart)
		return true
	}
	return c.fine("clock", "this machine's clock and that of %s agree", c.observer.domain.Controller)
}

func (c *checker) container(ctx context.Context) bool {
	if c.observer.base.IsZero() {
		return c.fail("container", fmt.Errorf("managed_user_path %q is no distinguished name", c.Config.ManagedUserPath))
	}
	if err := c.observer.readContainer(ctx, c.obs); err != nil {
		return c.fail("container", err)
	}
	if c.obs.Container.Unfit != "" {
		return c.fail("container", fmt.Errorf("%s", c.obs.Container.Unfit))
	}
	return c.fine("container", "%s exists and is no container of the domain's own", c.obs.Container.DN)
}

func (c *checker) domainItself(ctx context.Context) bool {
	if err := c.observer.readDomain(ctx, c.obs); err != nil {
		return c.fail("domain", err)
	}
	suffix := c.Config.UPN.Suffix
	switch {
	case c.Config.UPN.FromFile:
		suffix = "that of the user file, where the domain has it"
	case suffix == "":
		suffix = c.obs.Domain.Name
	}
	c.fine("domain", "%s (%s); suffix of new userPrincipalNames: %s", c.obs.Domain.Name, c.obs.Domain.NetBIOS, suffix)
	c.passwordPolicy()
	return c.quota(ctx)
}

func (c *checker) passwordPolicy() {
	p := c.obs.Domain.Password
	text := fmt.Sprintf("at least %d characters", p.MinLength)
	if p.Complex {
		text += " of three kinds (complexity)"
	}
	if p.History > 0 {
		text += fmt.Sprintf(", none of the last %d", p.History)
	}
	if !c.observer.domain.Encrypted {
		c.say("passwords", schema.CheckFailed, "the connection is not encrypted, and passwords are set over an encrypted one only", "set \"security\" to \"ldaps\", \"starttls\" or \"seal\"")
		return
	}
	c.fine("passwords", "policy of the domain: %s", text)
}

// quota warns of ms-DS-MachineAccountQuota (MS-ADTS 3.1.1.5.2.1): whom the
// import creates may add computers to the domain.
func (c *checker) quota(ctx context.Context) bool {
	head, _, err := c.observer.one(ctx, c.observer.domain.Base, "ms-DS-MachineAccountQuota")
	if err != nil {
		return c.fail("quota", fmt.Errorf("read the head of the domain: %w", err))
	}
	if n, set := head.Int("ms-DS-MachineAccountQuota"); set && n > 0 {
		c.warn("quota", "set ms-DS-MachineAccountQuota of the domain to 0 unless that is meant",
			"every account, those that the import creates included, may join %d computers to the domain", n)
	}
	return true
}

func (c *checker) attributes(ctx context.Context) bool {
	if err := c.observer.readSchema(ctx, c.obs); err != nil {
		return c.fail("attributes", err)
	}
	var missing, barred []string
	for _, a := range c.obs.Attributes {
		switch {
		case a.Missing:
			missing = append(missing, a.Name)
		case a.Barred != "" && c.mapped(a.Name):
			barred = append(barred, a.Name+" ("+a.Barred+")")
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		c.warn("attributes", "take their rules out of attributes", "the schema of %s does not have %s; they are not imported", c.observer.domain.Name, strings.Join(missing, ", "))
	}
	if len(barred) > 0 {
		slices.Sort(barred)
		c.warn("attributes", "take their rules out of attributes", "not imported: %s", strings.Join(barred, ", "))
	}
	if len(missing)+len(barred) == 0 {
		c.fine("attributes", "all %d that are imported are in the schema", len(c.Config.Attributes))
	}
	return c.anchor()
}

// mapped reports whether a rule is about the attribute.
func (c *checker) mapped(attribute string) bool {
	for name := range c.Config.Attributes {
		if strings.EqualFold(name, attribute) {
			return true
		}
	}
	return false
}

func (c *checker) anchor() bool {
	if c.Config.AnchorAttribute == "" {
		c.warn("anchor", "let anchor_attribute be adminDescription, so that people are known after they were renamed", "people are known by their common name alone (anchor_attribute is null)")
		return true
	}
	return c.fine("anchor", "%s keeps the source's objectGUID", c.Config.AnchorAttribute)
}
