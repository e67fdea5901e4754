package faults_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// account is what the directory shows of one that is in the container.
type account struct {
	who     string // of the file, by the anchor; else the DN
	guid    adrules.GUID
	cn, sam string
	enabled bool
	ends    bool
	end     int64    // accountExpires; not compared, since it is spread by the anchor
	locked  bool     // likewise: no import changes it
	set     int64    // pwdLastSet
	anchor  string   // that it carries; "": none
	outside bool     // of the container, and it may be taken over
	groups  []string // mapped ones
	values  map[string]string
}

func (a account) String() string {
	state := "disabled"
	if a.enabled {
		state = "enabled"
	}
	if a.ends {
		state += ", ends"
	}
	if a.outside {
		state += ", outside"
	}
	s := fmt.Sprintf("%s: %s (%s) %s, in %v", a.who, a.cn, a.sam, state, a.groups)
	for _, name := range slices.Sorted(maps.Keys(a.values)) {
		s += fmt.Sprintf(", %s %q", name, a.values[name])
	}
	return s
}

// sight is what the directory shows at one moment.
type sight struct {
	accounts map[string]account
	twice    []string            // who has more than one account
	others   map[string][]string // members of mapped groups that are not in the container
}

// String is what two directories can be compared by.
func (s sight) String() string {
	var lines []string
	for _, a := range s.accounts {
		lines = append(lines, a.String())
	}
	for group, members := range s.others {
		lines = append(lines, fmt.Sprint(group, " also has ", members))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func (w *world) search(base ad.DN, scope ad.Scope, filter ad.Filter, attributes ...string) []ad.Entry {
	w.t.Helper()
	var found []ad.Entry
	_, err := w.admin.Search(context.Background(), ad.Search{Base: base, Scope: scope, Filter: filter, Attributes: attributes},
		func(e ad.Entry) error { found = append(found, e); return nil })
	require.NoError(w.t, err)
	return found
}

// look reads by the administrator's hand.
func (w *world) look() sight {
	w.t.Helper()
	s := sight{accounts: map[string]account{}, others: map[string][]string{}}
	byDN := map[string]*account{}
	for _, e := range w.search(w.ou, ad.ScopeSubtree, ad.People, "cn", "sAMAccountName", "userAccountControl", "accountExpires",
		"adminDescription", "objectGUID", "displayName", "title", "manager", "userPrincipalName", "employeeID", "lockoutTime", "pwdLastSet") {
		if !e.DN.Within(w.managed()) && !e.DN.Within(w.staff()) {
			continue
		}
		a := w.account(e)
		byDN[e.DN.Key()] = &a
	}
	for _, name := range mapped {
		for _, member := range w.search(w.group(name), ad.ScopeBase, ad.Anything, "member")[0].Texts("member") {
			dn, err := ad.ParseDN(member)
			require.NoError(w.t, err)
			if a := byDN[dn.Key()]; a != nil {
				a.groups = append(a.groups, name)
			} else {
				s.others[name] = append(s.others[name], w.plain(member))
				slices.Sort(s.others[name])
			}
		}
	}
	for _, a := range byDN {
		if _, double := s.accounts[a.who]; double {
			s.twice = append(s.twice, a.who)
		}
		s.accounts[a.who] = *a
	}
	return s
}

func (w *world) account(e ad.Entry) account {
	control, _ := e.Int("userAccountControl")
	end, _ := e.Int("accountExpires")
	set, _ := e.Int("pwdLastSet")
	lockout, _ := e.Int("lockoutTime")
	_, ends := adrules.TimeFromFileTime(end)
	a := account{who: w.who(e), guid: e.GUID(), cn: e.Text("cn"), sam: w.plain(e.Text("sAMAccountName")),
		enabled: !adrules.UserAccountControl(control).Disabled(), ends: ends, end: end, locked: lockout != 0, set: set, anchor: anchorOf(e), outside: !e.DN.Within(w.managed()), groups: []string{}, values: map[string]string{}}
	for _, name := range []string{"displayName", "title", "manager", "userPrincipalName"} {
		if e.Has(name) {
			a.values[name] = w.plain(e.Text(name))
		}
	}
	return a
}

// plain leaves out what distinguishes one scenario from another.
func (w *world) plain(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, ","+w.ou.String(), ""), w.suffix, "")
}

// who someone is, by the anchor of the account, or the number of the house.
func (w *world) who(e ad.Entry) string {
	if number, ok := strings.CutSuffix(strings.TrimPrefix(e.Text("employeeID"), "E-"), w.suffix); ok && number != "" {
		return number
	}
	anchor := anchorOf(e)
	if anchor == "" {
		return w.plain(e.DN.String())
	}
	for _, who := range everybody {
		if w.anchor(who) == anchor {
			return who
		}
	}
	return anchor
}

func anchorOf(e ad.Entry) string {
	anchor, stamped := strings.CutPrefix(e.Text("adminDescription"), "ad-user-sync:")
	if !stamped {
		return ""
	}
	anchor, _, _ = strings.Cut(anchor, "@")
	return anchor
}

// everybody of all scenes.
var everybody = []string{"anna", "bert", "carl", "dora", "emil", "fred", "gina", "hugo", "ida", "jack", "kate", "lena", "mona", "nils"}

// outside is when everything was changed last that no import may change. What was
// written keeps its number, so that it is looked at in the end alone.
func (w *world) outside() map[string]string {
	base := w.ou
	if w.mem != nil {
		base = w.admin.Domain().Base
	}
	mine := map[string]bool{}
	for _, name := range mapped {
		mine[w.group(name).String()] = true
	}
	all, below := map[string]string{}, ","+w.managed().String()
	for _, e := range w.search(base, ad.ScopeSubtree, ad.Anything, "uSNChanged") {
		if dn := e.DN.String(); !mine[dn] && !strings.HasSuffix(dn, below) && !strings.HasSuffix(dn, ","+w.staff().String()) {
			all[dn] = e.Text("uSNChanged")
		}
	}
	return all
}
