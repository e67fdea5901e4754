package schema

import (
	"strings"
	"time"
)

// Report is what one run of the import did.
type Report struct {
	Enabled  []string     `json:"enabled"`
	Created  []string     `json:"created"`
	Updated  []string     `json:"updated"`
	Disabled []string     `json:"disabled"`
	Joined   []Membership `json:"joined"`
	Left     []Membership `json:"left"`

	PasswordReset []string `json:"password_reset,omitempty"` // given a new password by an approver
	Unlocked      []string `json:"unlocked,omitempty"`

	RequiredInteractions []Interaction `json:"required_interactions"`

	Accepted []Accepted `json:"accepted"` // what a person agreed to and was done
	Rejected []Rejected `json:"rejected"` // what a person rejected in this session, kept from now on

	Adopted   []string  `json:"adopted"`
	Renamed   []string  `json:"renamed"`
	Moved     []string  `json:"moved"`
	Extended  int       `json:"extended"`
	Prolonged []string  `json:"prolonged"` // accounts that a person gave more time, while no newer file came
	Skipped   []Outcome `json:"skipped"`
	Failed    []Outcome `json:"failed"`
	LeftOut   []LeftOut `json:"left_out"`  // values of the user file that cannot be had; the rest was done
	HeldBack  []Outcome `json:"held_back"` // what is not done yet: for protected accounts that the import keeps, or through a controller that has not heard of all

	Lapsed []Outcome `json:"-"` // answers that are kept no longer, which a notice names

	Unmanaged []Outcome `json:"unmanaged"` // accounts in the container that are left alone
	Notices   []string  `json:"notices"`   // sentences a person should read

	Guard   *Guard       `json:"guard"`   // nil: none stopped the run
	Plan    string       `json:"plan"`    // digest
	Actions List[Action] `json:"actions"` // the same as created, updated and so on, each with its account
	Changes List[Change] `json:"changes"`

	Input      *Input      `json:"input"`
	Run        string      `json:"run"` // a random identifier
	Domain     string      `json:"domain"`
	Controller string      `json:"controller"`
	Behind     string      `json:"behind,omitempty"` // what the controller has not heard yet: it was good enough to take away, and the rest waits
	Security   string      `json:"security"`         // how the connection was protected
	DryRun     bool        `json:"dry_run"`
	Observed   *Observed   `json:"observed,omitempty"`   // nil: it did not only look (observe)
	Expiring   *Expiring   `json:"expiring"`             // nil where nothing expires
	Overdue    *time.Time  `json:"overdue,omitempty"`    // since when a newer user file is; nil: it is not
	GivenTime  []GivenTime `json:"given_time,omitempty"` // by people since the newest file
	ExitCode   *int        `json:"exit_code,omitempty"`  // of the run; nil where an older program wrote this
	Started    time.Time   `json:"started"`
	Seconds    float64     `json:"seconds"`
	Operations Operations  `json:"operations"`
}

// Subject is whom an entry is about, besides their common name, which two people
// of different organizational units may share.
type Subject struct {
	Anchor      string `json:"anchor,omitempty"`       // objectGUID in the source domain
	ObjectGUID  string `json:"objectGUID,omitempty"`   // of the account here
	AccountName string `json:"account_name,omitempty"` // sAMAccountName
	DN          string `json:"dn,omitempty"`
}

// Action is one thing that was done to one account.
type Action struct {
	Type string `json:"action"` // create, adopt, update, rename, extend, prolong, enable, disable, join, leave, password or unlock
	Code string `json:"code"`   // why
	User string `json:"user"`
	Subject
	Group string   `json:"group,omitempty"`
	From  []string `json:"from,omitempty"` // join: the groups of the source that stand behind it; "*" for everyone

	Sooner bool `json:"sooner,omitempty"` // extend: the account ends earlier than it would have
}

// Membership is one account in one group.
type Membership struct {
	User  string `json:"user"`
	Group string `json:"group"`
}

// Interaction is a question that waits for a person.
type Interaction struct {
	Type   string   `json:"type"`
	User   string   `json:"user"`
	Group  string   `json:"group,omitempty"`
	Name   string   `json:"name,omitempty"`
	Reason string   `json:"reason"`
	Code   string   `json:"code,omitempty"` // of the reason
	From   []string `json:"from,omitempty"` // join: as in [Action]
	Subject
}

// Accepted is something that was done because a person agreed to it.
type Accepted struct {
	Type  string `json:"type"`
	User  string `json:"user"`
	Group string `json:"group,omitempty"`
	By    string `json:"by"`
	Why   string `json:"reason,omitempty"` // prolong, password, unlock: in the words of who did it
	Subject
}

// GivenTime is more time that a person gave to accounts, since no newer user file came.
type GivenTime struct {
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Reason   string    `json:"reason"`
	Days     int       `json:"days"`
	Accounts int       `json:"accounts"`
}

// Rejected is a question that a person answered with no, and for how long.
type Rejected struct {
	Type   string     `json:"type"`
	User   string     `json:"user"`
	Group  string     `json:"group,omitempty"`
	Name   string     `json:"name,omitempty"`
	By     string     `json:"by"`
	Reason string     `json:"reason,omitempty"` // in the words of who rejected it
	Until  *time.Time `json:"until,omitempty"`  // nil: without an end
	Subject
}

// Outcome says why nothing, or not everything, was done for a person.
type Outcome struct {
	User   string `json:"user"`
	Reason string `json:"reason"`
	Code   string `json:"code,omitempty"` // of the reason; "failed" for what the directory or a rule refused
	Subject
}

// LeftOut is a value of the user file that cannot be had, and why.
type LeftOut struct {
	User   string    `json:"user"`
	Reason string    `json:"reason"`
	Since  time.Time `json:"since"` // the run that saw it first
	New    bool      `json:"new"`   // this one did
	Code   string    `json:"code,omitempty"`
	Subject
}

// Guard says why the run was stopped before the first write.
type Guard struct {
	Name   string   `json:"name"`
	Title  string   `json:"title,omitempty"` // the name in words; "": it is none of a limit
	Reason string   `json:"reason"`
	Users  []string `json:"users,omitempty"`
	WayOn  string   `json:"way_on"` // names no one: it is told by mail
}

// Change is one attribute of one account, before and after.
type Change struct {
	*Cause
	Attribute string   `json:"attribute,omitempty"`
	Before    []string `json:"before"`
	After     []string `json:"after"`
	*Subject
}

// Who is the account; zero where it is not known.
func (c Change) Who() Subject {
	if c.Subject == nil {
		return Subject{}
	}
	return *c.Subject
}

// Cause is the action that changed something. The changes of one action share it, as
// they share the account: a first run has many.
type Cause struct {
	User   string `json:"user"`
	Action string `json:"action"`
	Reason string `json:"reason"`
	Code   string `json:"code,omitempty"` // of the reason
}

// Input describes the user file of a run.
type Input struct {
	File      string     `json:"file"`
	Timestamp *time.Time `json:"timestamp"`
	SHA256    string     `json:"digest"`
	Users     int        `json:"users"`
	Signed    bool       `json:"signed"`
	Key       int        `json:"key,omitempty"` // which of several keys matched, from 1
}

// Expiring says when accounts end should no newer file come.
type Expiring struct {
	First    time.Time `json:"first"`
	Accounts int       `json:"accounts"` // that end within a day of First
}

// Operations counts LDAP requests sent to the directory.
type Operations struct {
	Searches int `json:"searches"`
	Adds     int `json:"adds"`
	Modifies int `json:"modifies"`
	Renames  int `json:"renames"`
}

// Done is one kind of action in a report: its name there, and of whom it was done.
type Done struct {
	Kind string // "create"
	Name string // "created", the key in report and log; Words has it without a mark
	N    int

	people  *[]string
	members *[]Membership
	count   *int // where no one is listed
}

// Done lists what was done by kind, in the order in which it is told.
func (r *Report) Done() []Done {
	list := r.done()
	return list[:]
}

func (r *Report) done() [13]Done {
	list := [...]Done{
		{Kind: "create", Name: "created", people: &r.Created},
		{Kind: "adopt", Name: "adopted", people: &r.Adopted},
		{Kind: "enable", Name: "enabled", people: &r.Enabled},
		{Kind: "update", Name: "updated", people: &r.Updated},
		{Kind: "rename", Name: "renamed", people: &r.Renamed},
		{Kind: "move", Name: "moved", people: &r.Moved},
		{Kind: "extend", Name: "extended", count: &r.Extended},
		{Kind: "prolong", Name: "prolonged", people: &r.Prolonged},
		{Kind: "disable", Name: "disabled", people: &r.Disabled},
		{Kind: "join", Name: "joined", members: &r.Joined},
		{Kind: "leave", Name: "left", members: &r.Left},
		{Kind: "password", Name: "password_reset", people: &r.PasswordReset},
		{Kind: "unlock", Name: "unlocked", people: &r.Unlocked},
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

// Words is the name as it is read.
func (d Done) Words() string { return strings.ReplaceAll(d.Name, "_", " ") }

// Add notes that an action of a kind was done. What has no list is counted.
func (r *Report) Add(kind, who, group string) {
	for _, d := range r.done() {
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
