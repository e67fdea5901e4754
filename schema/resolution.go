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
	User      string    `json:"user"`           // managed CN, prefix included
	Group     string    `json:"group,omitzero"` // target group's CN
	GroupSID  string    `json:"group_sid,omitzero"`
	Name      string    `json:"name,omitzero"` // account name that conflicted
	Accept    bool      `json:"accept"`
	Timestamp time.Time `json:"timestamp,omitzero"`

	Anchor       string `json:"anchor,omitzero"`        // source objectGUID
	Account      string `json:"account,omitzero"`       // objectGUID of the account that an adopt is about
	FormerAnchor string `json:"former_anchor,omitzero"` // of the person whose account that was, where a person was made anew
	Container    string `json:"container,omitzero"`     // objectGUID of the managed container that it was answered for

	By     string     `json:"by,omitzero"` // OS user and bound identity
	Reason string     `json:"reason,omitzero"`
	Until  *time.Time `json:"until,omitzero"` // a rejected disable or leave ends here

	NewName  string  `json:"new_name,omitzero"`
	TakeOver bool    `json:"take_over_account,omitzero"`
	Password *Secret `json:"password,omitzero"` // of an accepted enable written by the older tool
	Done     bool    `json:"done,omitzero"`

	// Extra holds keys of the entry that this program doesn't know.
	Extra map[string]json.RawMessage `json:",embed"`
	// Unknown is the entry as it was read where this program doesn't know it;
	// it is kept as it is. All other fields are then empty.
	Unknown json.RawMessage `json:"-"`
}
