package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Kind of an action or question.
type Kind string

// The kinds. Name is a question only: the answer creates, renames or adopts.
const (
	Create  Kind = "create"
	Adopt   Kind = "adopt"
	Update  Kind = "update"
	Rename  Kind = "rename"
	Extend  Kind = "extend"
	Enable  Kind = "enable"
	Disable Kind = "disable"
	Join    Kind = "join"
	Leave   Kind = "leave"
	Name    Kind = "name"
)

// Reason why something is done, asked or left alone. Page, log and report show
// the same words.
type Reason string

// The closed list of reasons, in the order of the decision table.
const (
	Protected        Reason = "protected"
	Foreign          Reason = "stamped for another source"
	AnchorNotUnique  Reason = "anchor not unique"
	Unmanaged        Reason = "unmanaged"
	Unconfirmed      Reason = "unconfirmed stamp"
	MatchedByName    Reason = "matched by name"
	SamePerson       Reason = "same person?"
	Namesake         Reason = "namesake"
	New              Reason = "new"
	DisabledInSource Reason = "disabled in source"
	MissingInFile    Reason = "missing in file"
	NameTaken        Reason = "name taken"
	NameInvalid      Reason = "name invalid"
	MovedOut         Reason = "moved out of the managed container"
	StampLost        Reason = "stamp gone or changed"
	Answered         Reason = "answered"
	Rejected         Reason = "rejected"
	Differs          Reason = "differs"
	NameDiffers      Reason = "name differs"
	Lease            Reason = "lease"
	ExpiredElsewhere Reason = "expired here by somebody else"
	KeptEnd          Reason = "the end it kept has come"
	Returned         Reason = "returned"
	DisabledHere     Reason = "disabled here by somebody else"
	GroupMap         Reason = "group_map"
	Unstampable      Reason = "anchor attribute holds something else"
	BadValue         Reason = "value not accepted"
	GroupMissing     Reason = "group missing"
	OutOfSight       Reason = "out of sight"
	LeftBehind       Reason = "left behind in another container"
	SeenNowhere      Reason = "seen nowhere"
	BackAgain        Reason = "back again"
	PrimaryGroup     Reason = "primary group"
	MadeAnew         Reason = "made anew in the source"
	SameMail         Reason = "same mail"
	NotReplicated    Reason = "not replicated yet"
	SwapStep         Reason = "swap"
	TakenOver        Reason = "taken over"
	BecamePrivileged Reason = "in a group that became privileged"
	BecameGuarded    Reason = "in a group that became guarded"
)

// Person names somebody of the plan, for people and for the directory.
type Person struct {
	Anchor      string       // source objectGUID; "" in files without anchors
	GUID        adrules.GUID // target object; zero before it is created
	CN          string       // managed CN, prefix included
	AccountName string
	UPN         string
	Mail        string
	DisplayName string
}

// Key tells people of a plan apart: the anchor, or the CN where there is none.
func (p Person) Key() string {
	if p.Anchor != "" {
		return p.Anchor
	}
	return p.CN
}

// Trace tells people apart in a memory that holds no names: the anchor, else the
// objectGUID of the account, else the digest of the CN.
func (p Person) Trace() string {
	switch {
	case p.Anchor != "":
		return p.Anchor
	case !p.GUID.IsZero():
		return p.GUID.String()
	}
	sum := sha256.Sum256([]byte(p.CN))
	return "cn-sha256:" + hex.EncodeToString(sum[:])
}

// Change is one attribute, before and after. A nil After clears.
type Change struct {
	Attribute string   `json:"attribute"`
	Before    []string `json:"before"`
	After     []string `json:"after"`
	Binary    bool     `json:"-"` // values are raw bytes
	People    bool     `json:"-"` // After holds Person keys instead of DNs
	Names     []string `json:"-"` // of these people, for display
}

// Action is one thing to do to one account.
type Action struct {
	ID      string
	Kind    Kind
	Reason  Reason
	Detail  string // of the reason, for people
	Person  Person
	Changes []Change // create, adopt, update, rename, extend, disable
	Group   *Group   // join, leave
	MoveIn  bool     // adopt: the account comes from outside the container
	Keeps   *Keeps   // adopt: what a person lets it keep; nil: all, until the next run
	Stays   bool     // join: is in the group already; the consent is recorded, and nothing written
	Then    bool     // leave: only once the account was taken over
	Idle    bool     // leave: goes with a disable that an earlier run has done
	Sooner  bool     // extend: the account ends earlier than it would have
	Spare   bool     // extend: a refusal harms nobody yet, since the account is protected and its lease is not half over
	Answer  *Answer  // of the person who consented; nil for an automatic action

	NamedBy   string       // who gave the account name that it writes; "" where nobody did
	Replaces  string       // adopt: source anchor of the same person before they were made anew
	Former    adrules.GUID // create: the account that it takes the place of, and that is forgotten once it is made
	Protected string       // why the directory may refuse it to all but administrators
}

// Ends is the accountExpires that an action writes, as FILETIME; ok is false where
// it writes none.
func (a Action) Ends() (expires int64, ok bool) {
	for _, c := range a.Changes {
		if c.Attribute == "accountExpires" && len(c.After) == 1 {
			expires, err := strconv.ParseInt(c.After[0], 10, 64)
			return expires, err == nil
		}
	}
	return 0, false
}

// Disables tells whether the account is disabled by it.
func (a Action) Disables() bool {
	controls := func(c Change) bool { return c.Attribute == "userAccountControl" }
	return a.Kind == Disable || a.Kind == Adopt && slices.ContainsFunc(a.Changes, controls)
}

// Question is something that waits for a person.
type Question struct {
	ID       string
	Kind     Kind
	Reason   Reason
	Person   Person
	Decision []Field // what is digested: the decision itself
	Context  []Field // helps to decide, is not part of the decision
	Group    *Group  // join, leave
	Holder   *Account
	Barred   string    // name, adopt: why take-over is not possible
	Former   string    // adopt: source anchor of whose account it was, where the person may have been made anew
	Losing   []*Group  // name, adopt: mapped groups the holder is in, and the file does not give
	Proposal string    // name: an account name that is free
	MayKeep  bool      // enable: the present password may be kept
	Single   bool      // never to be answered together with others
	Since    time.Time // of the need, as far as known; zero: not known. Not digested
}

// Why is the field that says why a name can not be had, and who has it.
const Why = "why"

// InTheSource is the field that says since when somebody has expired there.
const InTheSource = "in the source"

// LastSeen is the field that says where and how an account was seen last.
const LastSeen = "last seen"

// Field is shown beside a question.
type Field struct {
	Name   string   `json:"name"`
	Before []string `json:"before,omitempty"`
	After  []string `json:"after"`
}

// Answer is what a person decided about the question with this ID.
type Answer struct {
	ID       string
	Accept   bool
	Password schema.Secret // enable
	Keep     bool          // enable: keep the present password
	NewName  string        // name
	TakeOver bool          // name
	Keeps    *Keeps        // name, adopt: what an account keeps that is taken over; nil: all, until the next run
	Reason   string        // of a rejection
	Until    *time.Time    // of a rejected disable or leave
	By       string        // who gave it
	Entry    int           // of the resolutions file that gave this answer, from 1; 0: none
}

// Note says why nothing, or not everything, is done for somebody.
type Note struct {
	Person Person
	Reason Reason
	Detail string
}

// Refusal is a kept rejection that is in force.
type Refusal struct {
	Question Question
	Answer   schema.Resolution
}

// Trip is a brake that stops the run.
type Trip struct {
	Name     string // a kind, or "all accounts", "empty group", "container", "prefix"
	Reason   string
	Accounts []Person
	Firm     bool // no confirmation releases it
}

// Plan is the decision about a whole user file.
type Plan struct {
	Digest    string              // what --confirm-plan names
	Actions   []Action            // automatic and consented, in the order to be carried out
	Questions []Question          // open
	Agreed    []Question          // accepted by an answer of this session
	Refusals  []Refusal           // questions that a kept rejection answers
	Kept      []schema.Resolution // what the resolutions file should hold now
	Lapsed    []schema.Resolution // kept answers whose question has gone
	Asked     Asked               // joins that wait for a person, whatever their group is at the moment
	Skipped   []Note
	Failed    []Note
	Active    int    // people of the file who are active
	LeftOut   []Note // values of the file that can not be had: "attribute: why"
	Held      []Note // what is not done for protected accounts of ours (row 1b), or waits for the controller (rule 34)
	Unchanged []Person
	Managed   []Person       // every managed account that was found, those missing from the file included
	Forget    []adrules.GUID // what the ledger is to know no longer
	Unmanaged []Note         // accounts of the container that are left alone
	Notices   []string
	Trips     []Trip
	Ends      Ends // once it is carried out
	EndsNow   Ends // as long as it is not
}
