package plan

import (
	"cmp"
	"fmt"
	"regexp"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// conflict is why a name cannot be had.
type conflict struct {
	kind   string // "sAMAccountName", "userPrincipalName", "invalid", and those of templates
	why    string
	holder *account // nil where no one holds it
}

func (m *naming) conflict(p *person) (conflict, bool) {
	if c, found := m.templateConflict(p); found {
		return c, true
	}
	if p.account == nil || p.name != p.account.AccountName {
		if err := m.names.checkName(p.name); err != nil {
			return conflict{kind: kindInvalid, why: err.Error()}, true
		}
	}
	name := m.names.nameKey(p.name)
	if !m.names.has(p, p.name) {
		if holder, who, taken := m.claims.holder(name, p); taken {
			return conflict{"sAMAccountName", "the account name is that of " + who, holder}, true
		}
	}
	for _, key := range m.names.nameKeys(p.name, p.upn) {
		if m.names.holdsKey(p, key) || key == name {
			continue
		}
		if holder, who, taken := m.claims.holder(key, p); taken {
			return conflict{"userPrincipalName", "the user principal name is that of " + who, holder}, true
		}
	}
	return m.formerConflict(p)
}

// names are the rules of names.
type names struct {
	cfg       *schema.ImportConfig
	obs       *Observation
	keys      *keys
	attrs     *attributes
	pattern   *regexp.Regexp // of account names
	templates templates
	parents   map[string]string // DNs of containers, by how they are spelled
	last      struct {          // whose keys were made last
		name, upn string
		keys      []claim
	}
}

// checkName is row 15: what this side accepts as an account name.
func (k *names) checkName(name string) error {
	if err := adrules.CheckAccountName(name); err != nil {
		return err
	}
	if sameFold(name, k.obs.Domain.NetBIOS) || sameFold(name, k.obs.Domain.Name) {
		return fmt.Errorf("the account name is that of the domain")
	}
	if k.pattern == nil || !k.pattern.MatchString(name) {
		return fmt.Errorf("the account name does not match account_name_pattern %s", k.cfg.AccountNamePattern)
	}
	return nil
}

// namePattern is nil where it cannot be used: then no name fits.
func namePattern(text string) *regexp.Regexp {
	pattern, err := regexp.Compile(text)
	if err != nil {
		return nil
	}
	return pattern
}

// answerName asks, and carries a consent into the names of the person. A kept
// name that can no longer be had is let go: it starts from the file's again.
func (m *naming) answerName(p *person, c conflict) verdict {
	if p.answered {
		m.nameAs(p, m.names.wantedName(p), "")
		var found bool
		if c, found = m.settle(p); !found {
			return agreed
		}
	}
	q := m.nameQuestion(p, c)
	v, answer := m.draft.ask(q)
	m.asking[m.ledger.questionID(&q)] = p
	switch {
	case v != agreed:
		return v
	case answer.TakeOver:
		return m.takeOver(p, q, c.holder, answer)
	}
	m.nameAs(p, answer.NewName, cmp.Or(answer.By, byEntry))
	if c, bad := m.settle(p); bad {
		m.draft.fail(p, NameTaken, fmt.Sprintf("the name %s cannot be used: %s", adrules.TruncateCommonName(answer.NewName, ""), c.why))
		m.nameAs(p, m.names.wantedName(p), "")
		return m.draft.askAgain(q)
	}
	p.nameQuestion = answer.ID
	return agreed
}

// nameAs sets the name of the file, or the one that a person chose.
func (m *naming) nameAs(p *person, name, by string) {
	p.name, p.namedBy, p.answered, p.nameQuestion, p.number = name, by, by != "", "", 1
	m.wantUPN(p)
}

// askAgain keeps a question open whose answer could not be used.
func (d *draft) askAgain(q Question) verdict {
	q.ID = d.ledger.questionID(&q)
	d.open(q)
	return open
}

// takeOver is row 18 for rows 13: the holder of the name becomes the person's.
func (m *naming) takeOver(p *person, q Question, holder *account, answer *Answer) verdict {
	switch {
	case q.Barred != "":
		m.draft.fail(p, Answered, "the account cannot be taken over: "+q.Barred)
		return m.draft.askAgain(q)
	case p.account != nil:
		m.draft.fail(p, Answered, "the person has an account already: "+p.account.DN)
		return m.draft.askAgain(q)
	}
	m.owners.adopted(p, holder, answer)
	m.nameAs(p, m.names.wantedName(p), "")
	if c, found := m.conflict(p); found { // the UPN may be another's still
		m.draft.fail(p, NameTaken, "the account keeps its names: "+c.why)
		return refused
	}
	return agreed
}

func (m *naming) nameQuestion(p *person, c conflict) Question {
	q := Question{
		Kind: Name, Reason: NameTaken, Person: m.show.shared(p), Single: true,
		Wanted: m.names.wantedName(p), Conflict: c.why, Expires: m.calendar.expiryOf(p),
		Barred:  "no one else has the name",
		Context: append([]Field{{Code: FieldWhy, After: []string{c.why}}}, m.show.context(p)...),
		Decision: []Field{
			{Code: FieldAccountName, After: []string{m.names.wantedName(p)}},
			{Code: FieldConflict, After: []string{c.kind}},
		},
	}
	if c.kind == kindInvalid || c.kind == kindEmpty {
		q.Reason = NameInvalid
	}
	if c.holder != nil {
		q.Holder = c.holder.Account
		q.Decision = append(q.Decision,
			Field{Code: FieldTheAccount, After: []string{c.holder.GUID.String()}},
			Field{Code: FieldDistinguishedName, After: []string{c.holder.DN}})
		q.Barred, q.Losing, q.Bringing = m.owners.barred(p, c.holder), m.groups.losing(p, c.holder), m.groups.bringing(c.holder)
		q.Context = append(q.Context, q.brought()...)
		m.tell(&q, p, c.holder)
	}
	return q
}
