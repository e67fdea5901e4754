package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"slices"
	"strconv"
	"time"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Person names one person of the plan, for people and for the directory.
type Person struct {
	Anchor      string       // source objectGUID; "" in files without anchors
	GUID        adrules.GUID // target object; zero before it is created
	DN          string       // of the account as it was read; "" before it is created
	CN          string       // managed CN, prefix included
	AccountName string
	UPN         string
	Mail        string
	DisplayName string

	Also string // another anchor that answers about them are kept by; "" where there is none
}

// Keep is the anchor by which an answer about a person is kept: the file's, or else
// the one that the ledger has; "" where neither has one.
func (p Person) Keep() string { return cmp.Or(p.Anchor, p.Also) }

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
	Keep      bool     `json:"-"` // what is there, and cannot be read, stays: After is added, where Before is empty

	Names *[]string `json:"-"` // of these people, for display; nil for none
}

// Action is one thing to do to one account. All that is about a person points at the same
// one, which no one changes.
type Action struct {
	ID      string
	Kind    Kind
	Reason  Reason
	Detail  string // of the reason, for people
	Person  *Person
	Changes []Change // create, adopt, update, rename, extend, prolong, disable
	Group   *Group   // join, leave
	From    []string // join: the groups of the file that stand behind it; "*" for everyone
	MoveIn  bool     // adopt: the account comes from outside the container
	Keeps   *Keeps   // adopt: what a person lets it keep; nil: all, until the next run
	Stays   bool     // join: is in the group already; the consent is recorded, and nothing written
	Then    bool     // leave: only once the account was taken over
	Idle    bool     // leave: goes with a disable that an earlier run has done
	Sooner  bool     // extend: the account ends earlier than it would have
	Given   *Given   // prolong: what the ledger keeps of it
	Spare   bool     // extend: a refusal does no harm yet, since the account is protected and its lease is not half over
	Answer  *Answer  // of the person who consented; nil for an automatic action

	Question string // ID of the question that the action comes from; "" for an automatic action

	NamedBy   string       // who gave the account name that it writes; "" where no person did
	Replaces  string       // adopt: source anchor of the same person before they were made anew
	Former    adrules.GUID // create: the account that it takes the place of, and that is forgotten once it is made
	Protected string       // why the directory may refuse it to all but administrators
}

// Each are the actions of a list, which are too large to be copied.
func Each(actions []Action) iter.Seq[*Action] {
	return func(yield func(*Action) bool) {
		for i := range actions {
			if !yield(&actions[i]) {
				return
			}
		}
	}
}

// Ends is the accountExpires that an action writes, as FILETIME; ok is false where
// it writes none.
func (a *Action) Ends() (expires int64, ok bool) {
	for _, c := range a.Changes {
		if c.Attribute == "accountExpires" && len(c.After) == 1 {
			expires, err := strconv.ParseInt(c.After[0], 10, 64)
			return expires, err == nil
		}
	}
	return 0, false
}

// Disables reports whether the account is disabled by it.
func (a *Action) Disables() bool {
	controls := func(c Change) bool { return c.Attribute == "userAccountControl" }
	return a.Kind == Disable || a.Kind == Adopt && slices.ContainsFunc(a.Changes, controls)
}

// Answer is what a person decided about the question with this ID.
type Answer struct {
	ID       string
	Accept   bool
	Password schema.Secret // enable, password
	Keep     bool          // enable: keep the present password
	NewName  string        // name
	TakeOver bool          // name
	Keeps    *Keeps        // name, adopt: what an account keeps that is taken over; nil: all, until the next run
	Reason   string        // of a rejection; password, unlock: why the person does it
	Until    *time.Time    // of a rejected disable or leave
	By       string        // who gave it
	Entry    int           // of the resolutions file that gave this answer, from 1; 0: none
	Account  adrules.GUID  // password, unlock: which account was looked for; zero otherwise
}

// Note says why nothing, or not everything, is done for a person.
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

// Trip is a limit that stops the run.
type Trip struct {
	Name     string // a kind, or "all accounts", "empty group", "container", "prefix"
	Reason   string
	Accounts []Person
	Firm     bool // no confirmation releases it
}

// Unkept is an account, and what of its own it keeps still: nil is nothing.
type Unkept struct {
	GUID adrules.GUID
	Left *Source
}

// Plan is the decision about a user file.
type Plan struct {
	Digest    string                         // what --confirm-plan names
	Actions   []Action                       // automatic and consented, in the order to be carried out
	Questions []Question                     // open
	Agreed    []Question                     // accepted by an answer of this session
	Refusals  []Refusal                      // questions that a kept rejection answers
	Kept      []schema.Resolution            // what the resolutions file should hold now
	About     map[string][]schema.Resolution // by ID of a question: all that was kept about it, in force or not
	Lapsed    []schema.Resolution            // kept answers whose question has gone
	Gone      []Note                         // of these, what a person is told: all but consent that was carried out
	Asked     Asked                          // joins that wait for a person, whatever their group is at the moment
	Skipped   []Note
	Failed    []Note
	Active    int    // people of the file who are active
	LeftOut   []Note // values of the file that cannot be had: "attribute: why"
	Held      []Note // what is not done for protected accounts of ours (row 1b), or waits for the controller (rule 34)
	Unchanged []*Person
	Managed   []*Person      // every managed account that was found, those missing from the file included
	Forget    []adrules.GUID // what the ledger is to know no longer
	Unkept    []Unkept       // accounts that keep less of their own than before, since the file says something else
	Unmanaged []Note         // accounts of the container that are left alone
	Notices   []string
	Trips     []Trip
	Offer     Offer
	Found     []Found // of [Input.Sought], those in the container
	Ends      Ends    // once it is carried out
	EndsNow   Ends    // as long as it is not
}
