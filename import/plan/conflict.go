package plan

import (
	"cmp"
	"fmt"
	"regexp"

	"ad-user-sync/internal/adrules"
)

// conflict is why a name cannot be had.
type conflict struct {
	kind   string // "sAMAccountName", "userPrincipalName", "invalid"
	why    string
	holder *Account // nil where nobody holds it
}

func (m *maker) conflict(p *person) (conflict, bool) {
	if p.account == nil || p.name != p.account.AccountName {
		if err := m.checkName(p.name); err != nil {
			return conflict{kind: "invalid", why: err.Error()}, true
		}
	}
	if !m.bears(p, p.name) {
		if holder, who, taken := m.claims.holder(m.nameKey(p.name), p); taken {
			return conflict{"sAMAccountName", "the account name is that of " + who, holder}, true
		}
	}
	for _, key := range m.nameKeys(p.name, p.upn) {
		if m.holdsKey(p, key) || key == m.nameKey(p.name) {
			continue
		}
		if holder, who, taken := m.claims.holder(key, p); taken {
			return conflict{"userPrincipalName", "the user principal name is that of " + who, holder}, true
		}
	}
	return conflict{}, false
}

// checkName is row 15: what this side accepts as an account name.
func (m *maker) checkName(name string) error {
	if err := adrules.CheckAccountName(name); err != nil {
		return err
	}
	if sameFold(name, m.obs.Domain.NetBIOS) || sameFold(name, m.obs.Domain.Name) {
		return fmt.Errorf("the account name is that of the domain")
	}
	if m.pattern == nil || !m.pattern.MatchString(name) {
		return fmt.Errorf("the account name does not match account_name_pattern %s", m.cfg.AccountNamePattern)
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
func (m *maker) answerName(p *person, c conflict) verdict {
	if p.answered {
		m.nameAs(p, p.user.SAMAccountName, "")
		var found bool
		if c, found = m.conflict(p); !found {
			return agreed
		}
	}
	q := m.nameQuestion(p, c)
	v, answer := m.ask(q)
	m.asking[m.questionID(q)] = p
	switch {
	case v != agreed:
		return v
	case answer.TakeOver:
		return m.takeOver(p, q, answer)
	}
	m.nameAs(p, answer.NewName, cmp.Or(answer.By, byEntry))
	if c, bad := m.conflict(p); bad {
		m.fail(p, NameTaken, fmt.Sprintf("the name %s cannot be used: %s", adrules.TruncateCommonName(answer.NewName, ""), c.why))
		m.nameAs(p, p.user.SAMAccountName, "")
		return m.askAgain(q)
	}
	return agreed
}

// nameAs gives the name of the file, or the one that somebody gave.
func (m *maker) nameAs(p *person, name, by string) {
	p.name, p.namedBy, p.answered = name, by, by != ""
	m.wantUPN(p)
}

// askAgain keeps a question open whose answer could not be used.
func (m *maker) askAgain(q Question) verdict {
	q.ID = m.questionID(q)
	m.open(q)
	return open
}

// takeOver is row 18 for rows 13: the holder of the name becomes the person's.
func (m *maker) takeOver(p *person, q Question, answer *Answer) verdict {
	switch {
	case q.Barred != "":
		m.fail(p, Answered, "the account cannot be taken over: "+q.Barred)
		return m.askAgain(q)
	case p.account != nil:
		m.fail(p, Answered, "the person has an account already: "+p.account.DN)
		return m.askAgain(q)
	}
	m.adopted(p, q.Holder, answer)
	m.nameAs(p, p.user.SAMAccountName, "")
	if c, found := m.conflict(p); found { // the UPN may be another's still
		m.fail(p, NameTaken, "the account keeps its names: "+c.why)
		return refused
	}
	return agreed
}

func (m *maker) nameQuestion(p *person, c conflict) Question {
	q := Question{
		Kind: Name, Reason: NameTaken, Person: m.display(p), Holder: c.holder, Single: true,
		Wanted: p.user.SAMAccountName, Conflict: c.why, Expires: m.expiryOf(p),
		Barred:  "nobody else has the name",
		Context: append([]Field{{Code: FieldWhy, After: []string{c.why}}}, m.personContext(p)...),
		Decision: []Field{
			{Code: FieldAccountName, After: []string{p.user.SAMAccountName}},
			{Code: FieldConflict, After: []string{c.kind}},
		},
	}
	if c.kind == "invalid" {
		q.Reason = NameInvalid
	}
	if c.holder != nil {
		q.Decision = append(q.Decision,
			Field{Code: FieldTheAccount, After: []string{c.holder.GUID.String()}},
			Field{Code: FieldDistinguishedName, After: []string{c.holder.DN}})
		q.Barred, q.Losing = m.barred(p, c.holder), m.losing(p, c.holder)
	}
	return q
}
