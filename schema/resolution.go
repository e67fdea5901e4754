package schema

import (
	"encoding/json"
	"time"
)

// Kinds of questions a person answers.
const (
	KindEnable  = "enable"
	KindDisable = "disable"
	KindJoin    = "join"
	KindLeave   = "leave"
	KindName    = "name"
	KindAdopt   = "adopt"
	KindCreate  = "create"
)

// Resolution is one kept answer of the resolutions file.
type Resolution struct {
	Type      string    `json:"type"`
	User      string    `json:"user"`            // managed CN, prefix included
	Group     string    `json:"group,omitempty"` // target group's CN
	GroupSID  string    `json:"group_sid,omitempty"`
	Name      string    `json:"name,omitempty"` // account name that conflicted
	Accept    bool      `json:"accept"`
	Timestamp time.Time `json:"timestamp"`

	Anchor string     `json:"anchor,omitempty"` // source objectGUID
	By     string     `json:"by,omitempty"`     // OS user and bound identity
	Reason string     `json:"reason,omitempty"`
	Until  *time.Time `json:"until,omitempty"` // a rejected disable or leave ends here

	Account      string `json:"account,omitempty"`       // objectGUID of the account that an adopt is about
	FormerAnchor string `json:"former_anchor,omitempty"` // of the person whose account that was, where a person was made anew

	NewName  string  `json:"new_name,omitempty"`
	TakeOver bool    `json:"take_over_account,omitempty"`
	Password *Secret `json:"-"` // of an accepted enable written by the older tool
	Done     bool    `json:"done,omitempty"`

	Container string `json:"container,omitempty"` // objectGUID of the managed container that it was answered for

	// Extra holds keys of the entry that this program doesn't know.
	Extra map[string]json.RawMessage `json:"-"`
	// Unknown is the entry as it was read where this program doesn't know it;
	// it is kept as it is. All other fields are then empty.
	Unknown json.RawMessage `json:"-"`
}
