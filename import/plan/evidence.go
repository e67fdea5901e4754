package plan

import (
	"fmt"
	"slices"
	"strings"
)

// sameNames compares given name and surname, which both sides must have.
func (m *facts) sameNames(p *person, a *account) (same bool, of, has []string) {
	same = true
	for _, part := range []string{"givenName", "sn"} {
		file, here := m.attrs.keyOf(p, part), strings.TrimSpace(first(a.value(part)))
		of, has = append(of, file), append(has, here)
		same = same && file != "" && m.keys.same(file, here)
	}
	return same, of, has
}

// evidence is what agrees, as a person reads it.
func (m *byKeys) evidence(k *keyed, a *account) []string {
	list := []string{fmt.Sprintf("%s is %s in the file and here, and no one else's", k.key, k.value)}
	if len(k.accounts) > 1 {
		list[0] = fmt.Sprintf("%s is %s in the file and here, of %d objects", k.key, k.value, len(k.accounts))
	}
	for _, key := range m.cfg.Match.Keys {
		value := m.attrs.keyOf(k.p, key)
		if key != k.key && slices.Contains(m.having(key, value), a) {
			list = append(list, fmt.Sprintf("%s is the same, too: %s", key, value))
		}
	}
	if same, of, _ := m.sameNames(k.p, a); same {
		list = append(list, "given name and surname agree: "+strings.Join(of, " "))
	}
	return list
}

// doubts are what speaks against it, and why it is decided alone.
func (m *byKeys) doubts(k *keyed, a *account) (list []string) {
	for _, key := range m.cfg.Match.Keys {
		for _, other := range m.having(key, m.attrs.keyOf(k.p, key)) {
			if other != a && key != k.key {
				list = append(list, m.anothers(k.p, key, other))
			}
		}
		if text := m.numberDiffers(k.p, a, key); key != k.key && text != "" {
			list = append(list, text)
		}
	}
	if same, of, has := m.sameNames(k.p, a); !same && (strings.Join(of, "") != "" || strings.Join(has, "") != "") {
		list = append(list, fmt.Sprintf("the names differ: %s in the file, %s here", strings.TrimSpace(strings.Join(of, " ")), strings.TrimSpace(strings.Join(has, " "))))
	}
	for _, other := range m.claims[a.GUID] {
		if other.p != k.p {
			list = append(list, fmt.Sprintf("%s of the file may be the same person by %s %s", other.p.user.CN, other.key, other.value))
		}
	}
	for _, other := range m.roster.called(a.AccountName) {
		if other != k.p {
			list = append(list, fmt.Sprintf("%s of the file is to have its account name, %s", other.user.CN, a.AccountName))
		}
	}
	for _, g := range m.groups.bringing(a) {
		list = append(list, "it is in the guarded group "+g.called())
	}
	for _, name := range a.Guarded {
		list = append(list, "by its groups it is in "+name+", which is guarded")
	}
	if a.SelfUnknown {
		list = append(list, "it cannot be read who may write to it")
	}
	slices.Sort(list)
	return list
}

// contrary is what speaks against the account of both names: row 7 then asks (row 8).
func (m *byKeys) contrary(p *person, a *account) (list []string) {
	for _, key := range m.cfg.Match.Keys {
		for _, other := range m.candidates(p, key) {
			if other != a && m.free(other) {
				list = append(list, m.anothers(p, key, other))
			}
		}
		if text := m.numberDiffers(p, a, key); text != "" {
			list = append(list, text)
		}
	}
	slices.Sort(list)
	return list
}

func (m *byKeys) anothers(p *person, key string, other *account) string {
	return fmt.Sprintf("%s %s is that of %s", key, m.attrs.keyOf(p, key), other.DN)
}

// numberDiffers is "" where nothing can be said.
func (m *facts) numberDiffers(p *person, a *account, key string) string {
	value, has := m.attrs.keyOf(p, key), first(a.value(key))
	if !isNumber(key) || has == "" || m.names.placeholder(key, value) || KeyForm(has) == KeyForm(value) {
		return ""
	}
	return fmt.Sprintf("%s differs: %s in the file, %s here", key, value, has)
}
