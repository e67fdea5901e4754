package plan

import (
	"fmt"
	"strings"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/template"
	"ad-user-sync/schema"
)

// templates are those of the configuration's names; nil where it has none.
type templates struct{ account, upn, cn *template.Template }

func newTemplates(n schema.Names) templates {
	return templates{parsed(n.AccountName, true), parsed(n.UPN, true), parsed(n.CommonName, false)}
}

// parsed is nil also for what the configuration should have refused.
func parsed(text string, numbers bool) *template.Template {
	if text == "" {
		return nil
	}
	t, err := template.Parse(text, numbers)
	if err != nil {
		return nil
	}
	return t
}

// maxNumber is the last that a name gets where it is taken.
const maxNumber = 99

// expand is a template with the file's values of a user.
func (x *attributes) expand(t *template.Template, u *schema.User, n, most int) (text, empty string) {
	return t.Expand(func(field string) string {
		v, _ := x.source(field).of(u)
		if v.Binary {
			return ""
		}
		return first(v.List)
	}, n, most)
}

// wantedName is the account name that the file asks for, or that a template makes,
// without a number. An account that exists keeps the name that it has; where
// a part of it is empty, the file's name stands for it, and row 61 asks.
func (k *names) wantedName(p *person) string {
	switch {
	case k.templates.account == nil:
		return p.user.SAMAccountName
	case !k.makes(p):
		return p.account.AccountName
	case p.templateName == "":
		name, empty := k.numberedName(p, 1)
		if empty != "" {
			name = p.user.SAMAccountName
		}
		p.templateName = name
	}
	return p.templateName
}

// makes reports whether templates name a person: who has no account, or whose account
// was found by match and is taken over without its names.
func (k *names) makes(p *person) bool {
	return p.account == nil || p.matched && p.takeOver != nil && p.takeOver.Keeps != nil && !p.takeOver.Keeps.Names
}

func (k *names) numberedName(p *person, n int) (name, empty string) {
	return k.attrs.expand(k.templates.account, p.user, n, adrules.MaxAccountName)
}

// templateUPN is what a template makes for a new account. usable is false where it cannot be
// written, or a part is empty.
func (k *names) templateUPN(p *person, n int) (upn, empty string, usable bool) {
	suffix := "@" + k.suffix()
	local, empty := k.attrs.expand(k.templates.upn, p.user, n, adrules.MaxUPN-adrules.UTF16Len(suffix))
	return local + suffix, empty, empty == "" && k.logonName(local) && adrules.UTF16Len(local+suffix) <= adrules.MaxUPN
}

// numbers reports whether a number may help the person to a name.
func (k *names) numbers(p *person) bool {
	has := func(t *template.Template) bool { return t != nil && t.Numbered() }
	return k.makes(p) && (has(k.templates.account) && !p.answered || has(k.templates.upn))
}

// nameNumber names a person by template, the n-th time that it is tried.
func (m *naming) nameNumber(p *person, n int) {
	p.number = n
	if m.names.templates.account != nil && m.names.makes(p) && !p.answered {
		if name, empty := m.names.numberedName(p, n); empty == "" {
			p.name = name
		}
	}
	m.wantUPN(p)
}

// settle finds the first number with which a person's names are free, and why they
// are not (rows 60 to 63).
func (m *naming) settle(p *person) (conflict, bool) {
	first, found := m.conflict(p)
	if first.taken() && (!found || m.names.numbers(p)) {
		if near, close := m.nearGuarded(p); close {
			return near, true
		}
	}
	if !found || !m.names.numbers(p) {
		return first, found
	}
	guarded := m.guardedHolder(p) // the first whom no one may be taken for
	for c, n := first, 2; found; n++ {
		if n > maxNumber || !c.taken() {
			m.nameNumber(p, 1)
			return first, true
		}
		if guarded.holder == nil {
			guarded = m.guardedHolder(p)
		}
		m.nameNumber(p, n)
		c, found = m.conflict(p)
	}
	if guarded.holder == nil || p.answered {
		return conflict{}, false
	}
	m.nameNumber(p, 1)
	return onlyByNumber(guarded), true
}

func onlyByNumber(guarded conflict) conflict {
	return conflict{"number", guarded.why + ", and only a number would tell the new account from that one", guarded.holder}
}

// nearGuarded finds whose name a template's would be but for a number that the file brings
// along, where no one may be taken for them.
func (m *naming) nearGuarded(p *person) (c conflict, found bool) {
	for _, base := range m.names.withoutNumbers(p) {
		if adrules.ReservedAccountName(base) {
			return onlyByNumber(conflict{why: "the account name " + base + " is reserved"}), true
		}
		if c = m.guardedAmong(p, m.names.nameKeys(base, base+"@"+m.names.suffix())); c.holder != nil {
			return onlyByNumber(c), true
		}
	}
	return conflict{}, false
}

// withoutNumbers are the names that templates make for someone new, without the number at
// their end; none of those that have no number, or nothing else.
func (k *names) withoutNumbers(p *person) (bases []string) {
	if !k.makes(p) || p.answered {
		return nil
	}
	add := func(name string) {
		base := strings.TrimRight(name, "0123456789")
		if cut := strings.TrimRight(base, ".-_"); base != name && cut != "" {
			bases = append(bases, cut)
		}
	}
	if k.templates.account != nil {
		add(p.name)
	}
	if k.templates.upn != nil {
		local, _, _ := strings.Cut(p.upn, "@")
		add(local)
	}
	return bases
}

// guardedHolder finds, of all who have one of a person's names now, one who is protected
// or in a guarded group.
func (m *naming) guardedHolder(p *person) conflict {
	return m.guardedAmong(p, m.names.nameKeys(p.name, p.upn))
}

func (m *naming) guardedAmong(p *person, keys []claim) conflict {
	for _, key := range keys {
		for _, holder := range m.claims.holders(key, p) {
			if holder.Protected == "" && !m.groups.guards(holder) {
				continue
			}
			if key.upn {
				return conflict{kindUPN, "the user principal name is that of " + holder.DN, holder}
			}
			return conflict{kindName, "the account name is that of " + holder.DN, holder}
		}
	}
	return conflict{}
}

// taken reports whether another name may be free.
func (c conflict) taken() bool { return c.kind != kindInvalid && c.kind != kindEmpty }

// Kinds of conflicts that are compared; they are part of a question's ID.
const (
	kindName    = "sAMAccountName"
	kindUPN     = "userPrincipalName"
	kindInvalid = "invalid"
	kindEmpty   = "empty"
)

// templateConflict is row 61: a part is empty, or what came out cannot be written.
func (m *naming) templateConflict(p *person) (conflict, bool) {
	if !m.names.makes(p) || p.answered {
		return conflict{}, false
	}
	k := m.names
	if k.templates.account != nil {
		if _, empty := k.numberedName(p, 1); empty != "" {
			return conflict{kind: kindEmpty, why: "the part " + empty + " of the template of account names has nothing for this person"}, true
		}
	}
	if k.templates.upn != nil {
		upn, empty, usable := k.templateUPN(p, p.number)
		switch {
		case empty != "":
			return conflict{kind: kindEmpty, why: "the part " + empty + " of the template of user principal names has nothing for this person"}, true
		case !usable:
			return conflict{kind: kindInvalid, why: fmt.Sprintf("the user principal name %s cannot be used", schema.Visible(upn))}, true
		}
	}
	return conflict{}, false
}

// upnsMade are the UPNs that a new account gets by template, and the one that goes with
// its account name whatever else is written.
func (m *naming) upnsMade(p *person) (upns []string) {
	byAccount := m.names.templates.account != nil
	if m.names.templates.upn != nil || byAccount && !m.cfg.UPN.FromFile {
		upns = append(upns, p.upn)
	}
	if byAccount {
		upns = append(upns, m.names.impliedUPN(p.name, p.upn))
	}
	return upns
}

// templateCN is what the template makes of a user; empty is the part that has nothing.
func (k *names) templateCN(p *person) (cn, empty string) {
	if k.templates.cn == nil {
		return "", ""
	}
	if cn, empty = k.attrs.expand(k.templates.cn, p.user, 1, 0); empty != "" {
		return "", empty
	}
	return cleanCN(cn), ""
}

// leaveOutCN tells that the file's common name stands where the template has none.
func (m *deciding) leaveOutCN(p *person) {
	if _, empty := m.names.templateCN(p); empty != "" {
		m.draft.leaveOut(p, "cn: the part "+empty+" of the template of common names has nothing for this person, so the common name of the file is taken")
	}
}
