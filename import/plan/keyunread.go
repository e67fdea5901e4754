package plan

import (
	"fmt"
	"strings"
)

// failKeyUnread makes no one an account while match cannot tell whether they have one:
// where the bound account may not read a key, its value is like none (row 45).
func (m *matching) failKeyUnread() {
	if !m.matching {
		return
	}
	for _, unread := range m.obs.KeysUnread {
		wanted := map[string]int{}
		for _, p := range m.roster.people {
			wanted[KeyForm(m.attrs.keyOf(p, unread.Key))]++
		}
		for _, p := range m.roster.people {
			value := m.attrs.keyOf(p, unread.Key)
			if p.account != nil || p.settled || !m.matchable(p) || wanted[KeyForm(value)] != 1 || value == "" || m.names.placeholder(unread.Key, value) {
				continue
			}
			p.settled = true
			m.draft.fail(p, KeyUnread, unread.String()+". No account is made before that can be told")
		}
	}
}

// String says what cannot be read, and the way on.
func (u UnreadKey) String() string {
	some := strings.Join(u.Names, "; ")
	if u.Accounts > len(u.Names) {
		some += fmt.Sprintf(", and %d more", u.Accounts-len(u.Names))
	}
	return fmt.Sprintf("%s of %s looks empty, and may have a value that the bound account may not read. Let it read that, or take %s out of match.keys, or what holds them out of match.within", u.Key, some, u.Key)
}
