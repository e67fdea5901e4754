package approval

import (
	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
)

// planned is what a stopped plan would do of one kind.
type planned struct {
	Title string  `json:"title"`
	Takes bool    `json:"takes"` // it takes something away
	Doing []doing `json:"doing"`
}

// doing is what would be done to one person.
type doing struct {
	Person  person   `json:"person"`
	Group   string   `json:"group"`
	From    []string `json:"from"` // join: the source groups behind it
	Why     string   `json:"why"`
	Changes []change `json:"changes"`
}

type change struct {
	Attribute string   `json:"attribute"`
	Before    []string `json:"before"`
	After     []string `json:"after"`
}

const endsSooner = "sooner" // of extend, where the end is an earlier one

// worstFirst: what takes something away comes before what gives.
var worstFirst = []plan.Kind{plan.Disable, endsSooner, plan.Leave, plan.Rename, plan.Adopt, plan.Join, plan.Enable, plan.Create, plan.Update, plan.Extend}

// plannedOf lists a plan by kind, the worst first.
func plannedOf(actions []plan.Action) (list []planned) {
	byKind := map[plan.Kind][]doing{}
	for _, a := range actions {
		kind := a.Kind
		if a.Sooner {
			kind = endsSooner
		}
		byKind[kind] = append(byKind[kind], doingOf(a))
	}
	for _, kind := range worstFirst {
		title := words.OfKind(kind).Title
		if kind == endsSooner {
			title = "End earlier"
		}
		if len(byKind[kind]) > 0 {
			list = append(list, planned{title, kind == plan.Disable || kind == endsSooner || kind == plan.Leave, byKind[kind]})
		}
	}
	return list
}

func doingOf(a plan.Action) doing {
	d := doing{Person: personOf(*a.Person), From: valuesOf(plan.FieldSourceGroup, a.From), Why: words.Because(a.Reason, a.Detail)}
	if len(a.From) > 0 {
		d.Why = "" // the groups of the source say it
	}
	if a.Group != nil {
		d.Group = a.Group.CN
	}
	for _, c := range a.Changes {
		if c.Attribute == "userAccountControl" && a.Kind != plan.Adopt { // the kind says it
			continue
		}
		d.Changes = append(d.Changes, change{c.Attribute, c.Before, c.After})
	}
	return d
}
