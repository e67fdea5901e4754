package plan

import (
	"cmp"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"

	"ad-user-sync/internal/adrules"
)

// propose adds to every open name question an account name that is free, once it
// is known who holds which. No two questions propose the same.
func (m *naming) propose() {
	reserved := map[string]bool{}
	for i := range m.draft.plan.Questions {
		q := &m.draft.plan.Questions[i]
		p := m.asking[q.ID]
		if q.Kind != Name || p == nil {
			continue
		}
		if why := m.upnStandsInTheWay(p); why != "" {
			q.Context = append(q.Context, Field{Code: FieldWhatToDo, After: []string{why}})
			continue
		}
		for _, name := range m.names.proposals(p) {
			if key := m.keys.of(name); !reserved[key] && m.free(p, name) {
				reserved[key] = true
				q.Proposal = name
				break
			}
		}
	}
}

func (m *naming) free(p *person, name string) bool {
	for _, key := range m.names.nameKeys(name, name+"@"+m.names.suffix()) {
		if _, _, taken := m.claims.holder(key, p); taken {
			return false
		}
	}
	return m.names.checkName(name) == nil && (m.names.templates.account == nil || m.hadBefore(p, name) == "")
}

// upnStandsInTheWay tells what to do where the file itself has another person's
// UPN, so that no other account name helps.
func (m *naming) upnStandsInTheWay(p *person) string {
	upn, given := m.names.fileUPN(p)
	if !given || !m.cfg.UPN.FromFile || p.account != nil && !m.names.follows(p.account) {
		return ""
	}
	if _, who, taken := m.claims.holder(m.names.upnKey(upn), p); taken {
		return fmt.Sprintf("the file has the user principal name %s, which is that of %s, so another account name does not help: have it corrected in the source and export again, or take upn.from_file out of the configuration", upn, who)
	}
	return ""
}

// proposals are those of the template with a number, or of the name that is wanted.
func (k *names) proposals(p *person) (list []string) {
	if t := k.templates.account; t == nil || !t.Numbered() || p.account != nil {
		return proposals(k.wantedName(p))
	}
	for n := 1; n <= max(p.number, 1)+someNumbers; n++ {
		if name, empty := k.numberedName(p, n); empty == "" {
			list = append(list, name)
		}
	}
	if list == nil {
		return proposals(k.wantedName(p))
	}
	return list
}

// someNumbers are looked up at once.
const someNumbers = 8

// proposals are the names that are tried, best first: the file's, cut to what
// fits, and numbered.
func proposals(name string) []string {
	var clean strings.Builder
	for _, r := range norm.NFKD.String(plainLetters.Replace(name)) { // é is e and an accent
		if r < 0x80 && (r == '.' || r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			clean.WriteRune(r)
		}
	}
	base := cmp.Or(strings.Trim(clean.String(), ".-_"), "user")
	list := []string{strings.TrimRight(base[:min(len(base), adrules.MaxAccountName)], ".")}
	for n := 2; n <= 9; n++ {
		list = append(list, fmt.Sprintf("%s%d", base[:min(len(base), adrules.MaxAccountName-1)], n))
	}
	return list
}

// plainLetters stands for letters that no decomposition makes plain.
var plainLetters = strings.NewReplacer("ß", "ss", "æ", "ae", "Æ", "Ae", "œ", "oe", "Œ", "Oe", "ø", "o", "Ø", "O",
	"ł", "l", "Ł", "L", "đ", "d", "Đ", "D", "ð", "d", "Ð", "D", "þ", "th", "Þ", "Th", "ı", "i")
