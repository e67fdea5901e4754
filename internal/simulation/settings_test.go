package simulation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"ad-user-sync/schema/config"
)

// settings are what administrators have configured.
type settings struct {
	Prefix         string
	Disable        bool // ask about it
	Leave          bool
	Expiry         string
	Lease          string
	Restricted     []string
	Unmapped       []string // source groups that lead to none
	Count, Percent int
	Until          string // the last day on which accounts are matched; "": never
}

func draw(r *rand.Rand) settings {
	s := settings{Prefix: oneOf(r, "", "X "), Disable: chance(r, 15), Leave: chance(r, 15), Expiry: oneOf(r, "cap", "cap", "ignore"),
		Lease: oneOf(r, "P1M1D", "P10D", "P3M"), Restricted: []string{"CN=p-Admins"}, Count: 2 + r.IntN(4), Percent: 10 + 10*r.IntN(3)}
	if chance(r, 50) {
		s.Until = matchingUntil(beginning)
	}
	return s
}

var (
	sourceGroups = []string{"t-Viewers", "t-Editors", "t-Admins"}
	targetGroups = []string{"p-Viewers", "p-Editors", "p-Admins", "p-Shift"}
	leadsTo      = map[string][]string{"t-Viewers": {"p-Viewers"}, "t-Editors": {"p-Editors", "p-Shift"}, "t-Admins": {"p-Admins"}}
)

// mapped are the target groups that a source group leads to now.
func (s settings) mapped(sourceGroup string) []string {
	if slices.Contains(s.Unmapped, sourceGroup) {
		return nil
	}
	return leadsTo[sourceGroup]
}

func (w *world) configure() {
	s := w.settings
	groupMap := []string{}
	for _, from := range sourceGroups {
		if to := s.mapped(from); to != nil {
			groupMap = append(groupMap, fmt.Sprintf(`"CN=%s": ["CN=%s"]`, from, strings.Join(to, `", "CN=`)))
		}
	}
	limit := fmt.Sprintf(`{"count": %d, "percent": %d}`, s.Count, s.Percent)
	text := fmt.Sprintf(`{"input_file": "users.json", "managed_user_path": %q, "group_path": %q, "group_map": {%s}, "restricted_groups": ["%s"],
		"prefix_common_names": %q, "approve": {"disable": %v, "leave": %v}, "source_expiry": %q, "expiration_time": %q, "max_age": null, "expect_every": "P2D",
		"attributes": {"displayName": {}, "department": {}, "mail": {}, "manager": {}, "employeeID": {}, "givenName": {}, "sn": {}}, %s %s %s
		"limits": {"disable": %s, "leave": %s, "rename": %s, "create": %s, "join": %s}}`,
		w.managed.String(), groupsOU, strings.Join(groupMap, ", "), strings.Join(s.Restricted, `", "`), s.Prefix, s.Disable, s.Leave, s.Expiry, s.Lease, s.matching(), w.expects(), w.observe(),
		limit, limit, limit, limit, limit)
	var err error
	w.cfg, _, err = config.DecodeImport([]byte(text), w.folder)
	must(err)
	w.export, _, err = config.DecodeExport(fmt.Appendf(nil, `{"export_file": "export%d.json", "user_path": %q, "group_path": "OU=Groups,%s",
		"search_groups": ["CN=t-Viewers", "CN=t-Editors", "CN=t-Admins"], "attributes": ["displayName", "department", "mail", "manager", "employeeID", "givenName", "sn", "objectSid"]}`, len(w.formers), w.people().String(), root(w.domain)), w.folder)
	must(err)
}
