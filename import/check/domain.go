package check

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// Clocks tells how far this machine's clock and the controller's are apart.
func (t Target) Clocks(apart time.Duration) {
	apart = apart.Abs().Round(time.Second)
	if apart > time.Minute {
		t.say().warn("clock", "set the clocks of both by one source; the import stops at 5 minutes", "this machine's clock and that of %s are %s apart", t.Domain.Controller, apart)
		return
	}
	t.say().fine("clock", "this machine's clock and that of %s agree", t.Domain.Controller)
}

// Container tells of the managed container.
func (t Target) Container() bool {
	c := t.Observed.Container
	if c.Unfit != "" {
		return t.Fail("container", fmt.Errorf("%s", c.Unfit))
	}
	return t.say().fine("container", "%s exists and is not a container of the domain's own", c.DN)
}

// Names tells of the domain itself, and of its password policy.
func (t Target) Names() {
	d, suffix := t.Observed.Domain, t.Config.UPN.Suffix
	switch {
	case t.Config.UPN.FromFile:
		suffix = "that of the user file, where the domain has it"
	case suffix == "":
		suffix = d.Name
	}
	t.say().fine("domain", "%s (%s); suffix of new userPrincipalNames: %s", d.Name, d.NetBIOS, suffix)
	t.passwords(d.Password)
}

func (t Target) passwords(p plan.PasswordPolicy) {
	text := fmt.Sprintf("at least %d characters", p.MinLength)
	if p.Complex {
		text += " of three kinds (complexity)"
	}
	if p.History > 0 {
		text += fmt.Sprintf(", none of the last %d", p.History)
	}
	if !t.Domain.Encrypted {
		t.say().say("passwords", schema.CheckFailed, "the connection is not encrypted, and passwords are set over an encrypted one only", "set \"security\" to \"ldaps\", \"starttls\" or \"seal\"")
		return
	}
	t.say().fine("passwords", "policy of the domain: %s", text)
}

// Quota warns of ms-DS-MachineAccountQuota (MS-ADTS 3.1.1.5.2.1): whom the import
// creates may add computers to the domain.
func (t Target) Quota(computers int64) {
	if computers > 0 {
		t.say().warn("quota", "set ms-DS-MachineAccountQuota of the domain to 0 unless that is meant",
			"every account, those that the import creates included, may join %d computers to the domain", computers)
	}
}

// Attributes tells what the schema has of those that are imported, and of the anchor.
func (t Target) Attributes() {
	var missing, barred []string
	for _, a := range t.Observed.Attributes {
		switch {
		case a.Missing:
			missing = append(missing, a.Name)
		case a.Barred != "" && t.mapped(a.Name):
			barred = append(barred, a.Name+" ("+a.Barred+")")
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		t.say().warn("attributes", "take their rules out of attributes", "the schema of %s does not have %s; they are not imported", t.Domain.Name, strings.Join(missing, ", "))
	}
	if len(barred) > 0 {
		slices.Sort(barred)
		t.say().warn("attributes", "take their rules out of attributes", "not imported: %s", strings.Join(barred, ", "))
	}
	if len(missing)+len(barred) == 0 {
		t.say().fine("attributes", "all %d that are imported are in the schema", len(t.Config.Attributes))
	}
	t.anchor()
}

// mapped reports whether a rule is about the attribute.
func (t Target) mapped(attribute string) bool {
	for name := range t.Config.Attributes {
		if strings.EqualFold(name, attribute) {
			return true
		}
	}
	return false
}

func (t Target) anchor() {
	if t.Config.AnchorAttribute == "" {
		t.say().warn("anchor", "let anchor_attribute be adminDescription, so that people are known after they were renamed", "people are known by their common name alone (anchor_attribute is null)")
		return
	}
	t.say().fine("anchor", "%s keeps the source's objectGUID", t.Config.AnchorAttribute)
}
