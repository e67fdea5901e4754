package schema

// Done is one kind of action in a report: its name there, and of whom it was done.
type Done struct {
	Kind string // "create"
	Name string // "created", the key in report and log
	N    int

	people  *[]string
	members *[]Membership
	count   *int // where no one is listed
}

// Done lists what was done by kind, in the order in which it is told.
func (r *Report) Done() []Done {
	list := []Done{
		{Kind: "create", Name: "created", people: &r.Created},
		{Kind: "adopt", Name: "adopted", people: &r.Adopted},
		{Kind: "enable", Name: "enabled", people: &r.Enabled},
		{Kind: "update", Name: "updated", people: &r.Updated},
		{Kind: "rename", Name: "renamed", people: &r.Renamed},
		{Kind: "move", Name: "moved", people: &r.Moved},
		{Kind: "extend", Name: "extended", count: &r.Extended},
		{Kind: "disable", Name: "disabled", people: &r.Disabled},
		{Kind: "join", Name: "joined", members: &r.Joined},
		{Kind: "leave", Name: "left", members: &r.Left},
	}
	for i, d := range list {
		switch {
		case d.people != nil:
			list[i].N = len(*d.people)
		case d.members != nil:
			list[i].N = len(*d.members)
		default:
			list[i].N = *d.count
		}
	}
	return list
}

// Add notes that an action of a kind was done. What has no list is counted.
func (r *Report) Add(kind, who, group string) {
	for _, d := range r.Done() {
		switch {
		case d.Kind != kind:
		case d.people != nil:
			*d.people = append(*d.people, who)
		case d.members != nil:
			*d.members = append(*d.members, Membership{User: who, Group: group})
		default:
			*d.count++
		}
	}
}
