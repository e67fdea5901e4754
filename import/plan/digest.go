package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
)

// digestVersion changes when the meaning of a digest does.
const digestVersion = 2

// digested is what an ID is taken over: SHA-256 of its JSON, as encoding/json writes it,
// whose members are in this order. Nothing in it comes from the clock.
type digested struct {
	Version   int          `json:"version"`
	Kind      Kind         `json:"kind"`
	Container string       `json:"container"` // objectGUID
	Target    string       `json:"target"`    // objectGUID; before there is one, the anchor or CN
	Fields    []fieldValue `json:"fields"`
}

type fieldValue struct {
	Name   string   `json:"name"`
	Before []string `json:"before,omitempty"`
	After  []string `json:"after"`
}

func (d digested) id(texts *texts) string {
	if len(d.Fields) == 0 {
		d.Fields = nil // so it was in the first version
	}
	var memory [1024]byte
	var digits [2 * sha256.Size]byte
	sum := sha256.Sum256(d.appendJSON(memory[:0]))
	hex.Encode(digits[:], sum[:])
	return texts.of(digits[:])
}

func (l *ledger) target(p Person) string {
	if !p.GUID.IsZero() {
		return p.GUID.String()
	}
	return p.Key()
}

func (l *ledger) questionID(q *Question) string {
	d := digested{digestVersion, q.Kind, l.container, l.target(*q.Person), l.digest.fields[:0]}
	l.digest.texts = l.digest.texts[:0]
	for _, f := range q.Decision {
		d.Fields = append(d.Fields, fieldValue{string(f.Code), f.Was(), f.After})
	}
	for _, f := range q.Told {
		d.Fields = append(d.Fields, fieldValue{"then " + string(f.Code), f.Was(), f.After})
	}
	d.Fields = l.appendBesides(append(d.Fields, shownToKeep(q)...), q)
	l.digest.fields = d.Fields
	return d.id(&l.digest.ids)
}

// appendBesides adds what a page shows, or takes for granted, beside the decision, and
// what others may change while it is open.
func (l *ledger) appendBesides(fields []fieldValue, q *Question) []fieldValue {
	fields = append(fields, fieldValue{Name: "called", After: l.one(q.Person.CN)})
	if q.Person.Anchor != "" && !q.Person.GUID.IsZero() { // an account may be given to another person meanwhile
		fields = append(fields, fieldValue{Name: "anchor", After: l.one(q.Person.Anchor)})
	}
	if q.Kind == Join && q.Group.Under != "" {
		fields = append(fields, fieldValue{Name: "nested", After: l.one(q.Group.Under)})
	}
	if in := l.guarding(q); q.Holder == nil && len(in) > 0 {
		fields = append(fields, fieldValue{Name: "guarded", After: in})
	}
	a := l.accountOf(*q.Person)
	switch {
	case a != nil && q.Offered():
		return l.offered(fields, q, a)
	case q.Kind != Enable || a == nil:
		return fields
	}
	fields = append(fields, fieldValue{Name: "ends", After: l.one(endText(a.Account))})
	if q.MayKeep { // the password that the person had in mind
		fields = append(fields, fieldValue{Name: "password", After: l.one(strconv.FormatInt(a.PasswordLastSet, 10))})
	}
	return fields
}

// endText is the same for all the ways in which an account never ends.
func endText(a *Account) string {
	if _, ends := a.Ends(); !ends {
		return Never
	}
	return strconv.FormatInt(a.Expires, 10)
}

func (l *ledger) actionID(a *Action) string {
	d := digested{digestVersion, a.Kind, l.container, l.target(*a.Person), l.digest.fields[:0]}
	if a.Group != nil {
		d.Fields = append(d.Fields, l.groupFields(a.Group)...)
	}
	for i := range a.Changes {
		c := &a.Changes[i]
		if !sameFold(c.Attribute, "accountExpires") { // comes from the clock
			d.Fields = append(d.Fields, fieldValue{c.Attribute, c.digestible(c.Before), c.digestible(c.After)})
		}
	}
	if a.Kind == Disable {
		d.Fields = append(d.Fields, fieldValue{Name: "reason", After: []string{string(a.Reason)}})
	}
	slices.SortFunc(d.Fields, func(x, y fieldValue) int { return cmp.Compare(x.Name, y.Name) })
	l.digest.fields = d.Fields
	return d.id(&l.digest.ids)
}

// digestible makes binary values fit for JSON.
func (c *Change) digestible(values []string) []string {
	if !c.Binary {
		return values
	}
	var texts []string
	for _, v := range values {
		texts = append(texts, base64.StdEncoding.EncodeToString([]byte(v)))
	}
	return texts
}

// groupFields are the same for everybody who joins or leaves.
func (l *ledger) groupFields(g *Group) []fieldValue {
	fields, known := l.digest.groups[g]
	if !known {
		fields = groupFields(g)
		l.digest.groups[g] = fields
	}
	return fields
}

// digesting is memory that one digest takes after the other.
type digesting struct {
	fields []fieldValue
	texts  []string
	groups map[*Group][]fieldValue
	ids    texts
}

func (l *ledger) one(text string) []string {
	l.digest.texts = append(l.digest.texts, text)
	n := len(l.digest.texts)
	return l.digest.texts[n-1 : n : n]
}

func groupFields(g *Group) []fieldValue {
	guarded := "no"
	if g.Guarded() {
		guarded = "yes"
	}
	return []fieldValue{{Name: string(FieldGivenGroup), After: []string{string(g.SID)}}, {Name: string(FieldGroupGuarded), After: []string{guarded}}}
}

// Named is what the plan's digest has of an action that is done without a person of this
// session; "" of all others. What an entry of the resolutions file is to answer is named
// with the question, in which stands what the action has not.
func (p *Plan) Named(a *Action) string {
	switch {
	case a.Kind == Extend && !a.Sooner, a.Answer != nil && a.Answer.Entry == 0:
		return ""
	case a.Answer != nil:
		return a.ID + " " + a.Question
	}
	return a.ID
}

// planDigest names this plan: the file, the container, what no action shows of the
// configuration, and what would be done without a person of this session.
// Extensions are left out, since whether one is due depends on the clock, but for
// those that bring an end forward.
func (m *ordering) planDigest() string {
	names := make([]string, 0, len(m.draft.plan.Actions))
	for a := range Each(m.draft.plan.Actions) {
		if name := m.draft.plan.Named(a); name != "" {
			names = append(names, name)
		}
	}
	sortTexts(names)
	var line []byte
	hash := sha256.New()
	hash.Write([]byte(m.in.FileHash + "\n" + m.ledger.container + "\n" + m.besides() + m.standings()))
	for _, name := range names {
		line = append(append(line[:0], '\n'), name...)
		hash.Write(line)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// besides is how accounts end, and what goes with a password: the configuration says it,
// and no action's ID.
func (f *facts) besides() string {
	ends := Never
	if lease := f.cfg.ExpirationTime; lease != nil {
		ends = fmt.Sprint(*lease, " ", f.cfg.ExpirationRefresh, " ", f.cfg.TimeZone, " ", f.cfg.SourceExpiry)
	}
	return fmt.Sprint(ends, " ", f.cfg.UsersCanNotChangePassword, " ", f.cfg.UsersMustChangePassword)
}
