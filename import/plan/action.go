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
func (a Action) Disables() bool {
	controls := func(c Change) bool { return c.Attribute == "userAccountControl" }
	return a.Kind == Disable || a.Kind == Adopt && slices.ContainsFunc(a.Changes, controls)
}

// Question is something that waits for a person.
type Question struct {
	ID       string
	Kind     Kind
	Reason   Reason
	Person   *Person
	Decision []Field // what is digested: the decision itself
	Context  []Field // helps to decide, is not part of the decision
	Group    *Group  // join, leave
	Holder   *Account
	Barred   string    // name, adopt: why take-over is not possible
	Former   string    // adopt: source anchor of whose account it was, where the person may have been made anew
	Losing   []*Group  // name, adopt: mapped groups the holder is in, and the file does not give
	Bringing []*Group  // name, adopt: guarded groups the holder is in; password, unlock: those the account is in
	Proposal string    // name: an account name that is free
	MayKeep  bool      // enable: the present password may be kept
	Single   bool      // never to be answered together with others: see Alone
	Since    time.Time // of the need, as far as known; zero: not known. Not digested

	// What code reads, and people besides in Decision or Context.
	Wanted        string // name, adopt: the account name of the file
	Conflict      string // name: why it cannot be had, and who has it
	Administers   string // enable: the administrative groups that the account is in
	Expires       Expiry // enable, name, adopt
	ExpiredSince  string // disable: since when the person has expired in the source; "" where not so
	LastSeen      string // create: where and how the former account was seen last
	GuardedBefore Guard  // join: what guarded a group that nothing guards now
}

// Among is the question of an ID; where there is none, one about no one.
func Among(questions map[string]Question, id string) Question {
	q := questions[id]
	if q.Person == nil {
		q.Person = &Person{}
	}
	return q
}

// Expiry is the day on which an account ends, 2006-01-02 or "never", and where
// that is another one, the day on which it ends now.
type Expiry struct{ Before, After string }

// Never is the day of an account without an end.
const Never = "never"

// Expired reports whether the account is enabled and has come to its end: its
// password still works.
func (q Question) Expired() bool { return q.Reason == ExpiredElsewhere || q.Reason == KeptEnd }

// Elsewhere reports whether it was neither this program nor the source that
// disabled the account, or ended it.
func (q Question) Elsewhere() bool { return q.Reason == DisabledHere || q.Reason == ExpiredElsewhere }

// Stays reports whether the person is in the group already, and consent is asked
// for afterwards.
func (q Question) Stays() bool { return q.Reason == BecameGuarded || q.Reason == BecamePrivileged }

// Takes reports whether something is taken from the person, so that a rejection
// is in their favour: it has an end.
func (q Question) Takes() bool { return q.Kind == Disable || q.Kind == Leave }

// Offered reports whether no one is asked: a person looks for the account.
func (q Question) Offered() bool { return q.Kind == NewPassword || q.Kind == Unlock }

// SetsPassword reports whether accepting it may give the account a password.
func (q Question) SetsPassword() bool { return q.Kind == Enable || q.Kind == NewPassword }

// Alone reports whether it is never answered together with others; own, that what is
// taken is taken from the one who answers.
func (q Question) Alone(own bool) bool { return q.Single || own && q.Takes() }

// AsIs reports whether taking the account over writes its anchor and nothing else: it was
// this person's all along, and the imports that follow treat it as any other.
func (q Question) AsIs() bool { return q.Reason == Migrated || q.Reason == Unconfirmed && !q.Single }

// Shown are the values of a field that helps to decide.
func (q Question) Shown(code FieldCode) (values []string) {
	for _, f := range q.Context {
		if f.Code == code {
			values = append(values, f.After...)
		}
	}
	return values
}

// Danger ranks what accepting can do: 3 gives rights over the domain, 2 a guarded group
// or an existing account, 1 what else is decided alone or takes something, 0 the rest.
func (q Question) Danger() int {
	switch {
	case q.Administers != "" || q.Group != nil && q.Kind == Join && q.Group.Why != "":
		return 3
	case q.Kind == Join || q.Kind == Adopt || q.Offered() && len(q.Bringing) > 0 || q.Kind == Name && q.Holder != nil && q.Barred == "":
		return 2
	case q.Single || q.Takes():
		return 1
	}
	return 0
}

// Rejections that take effect against the directory's own state end: by default
// after DefaultRejection days, and after MostRejection at the latest.
const (
	DefaultRejection = 14
	MostRejection    = 90
)

// Freely is how many questions may be answered at once without typing their number.
const Freely = 20

// Field is shown beside a question.
type Field struct {
	Code   FieldCode `json:"code"`
	Before *[]string `json:"before,omitempty"` // nil for none, which most have
	After  []string  `json:"after"`
}

// Was are the values before.
func (f Field) Was() []string {
	if f.Before == nil {
		return nil
	}
	return *f.Before
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
