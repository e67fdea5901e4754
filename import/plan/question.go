package plan

import (
	"slices"
	"time"
)

// Question is something that waits for a person.
type Question struct {
	ID       string
	Kind     Kind
	Reason   Reason
	Person   *Person
	Decision []Field // what is digested: the decision itself
	Context  []Field // helps to decide, is not part of the decision
	Told     []Field // name, adopt: what the account would be given, and lose; digested, and shown in Context as far as people read it
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
	case q.Kind == Join || q.Kind == Adopt || q.Offered() && q.guarded() || q.Kind == Name && q.Holder != nil && q.Barred == "":
		return 2
	case q.Single || q.Takes():
		return 1
	}
	return 0
}

// guarded reports whether the account of an offer is in a guarded group.
func (q Question) guarded() bool {
	return slices.ContainsFunc(q.Decision, func(f Field) bool { return f.Code == FieldGuardedMember })
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
