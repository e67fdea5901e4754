package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"
)

// digestVersion changes when the meaning of a digest does.
const digestVersion = 2

// digested is what an ID is taken over: SHA-256 of its JSON, whose members are
// written in this order. Nothing in it comes from the clock.
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

func (d digested) id() string {
	text, err := json.Marshal(d)
	if err != nil { // not reachable: strings only
		panic(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (l *ledger) target(p Person) string {
	if !p.GUID.IsZero() {
		return p.GUID.String()
	}
	return p.Key()
}

func (l *ledger) questionID(q Question) string {
	d := digested{digestVersion, q.Kind, l.obs.Container.GUID.String(), l.target(q.Person), nil}
	for _, f := range q.Decision {
		d.Fields = append(d.Fields, fieldValue{string(f.Code), f.Before, f.After})
	}
	d.Fields = append(d.Fields, shownToKeep(q)...)
	if q.Person.Anchor != "" && !q.Person.GUID.IsZero() { // an account may be given to another person meanwhile
		d.Fields = append(d.Fields, fieldValue{Name: "anchor", After: []string{q.Person.Anchor}})
	}
	return d.id()
}

func (l *ledger) actionID(a Action) string {
	d := digested{digestVersion, a.Kind, l.obs.Container.GUID.String(), l.target(a.Person), nil}
	if a.Group != nil {
		d.Fields = groupFields(a.Group)
	}
	for _, c := range a.Changes {
		if !sameFold(c.Attribute, "accountExpires") { // comes from the clock
			d.Fields = append(d.Fields, fieldValue{c.Attribute, c.digestible(c.Before), c.digestible(c.After)})
		}
	}
	if a.Kind == Disable {
		d.Fields = append(d.Fields, fieldValue{Name: "reason", After: []string{string(a.Reason)}})
	}
	slices.SortFunc(d.Fields, func(x, y fieldValue) int { return cmp.Compare(x.Name, y.Name) })
	return d.id()
}

// digestible makes binary values fit for JSON.
func (c Change) digestible(values []string) []string {
	if !c.Binary {
		return values
	}
	var texts []string
	for _, v := range values {
		texts = append(texts, base64.StdEncoding.EncodeToString([]byte(v)))
	}
	return texts
}

func groupFields(g *Group) []fieldValue {
	guarded := "no"
	if g.Guarded() {
		guarded = "yes"
	}
	return []fieldValue{{Name: string(FieldGivenGroup), After: []string{string(g.SID)}}, {Name: string(FieldGroupGuarded), After: []string{guarded}}}
}

// planDigest names this plan: the file and what would be done unasked.
// Extensions are left out, since whether one is due depends on the clock, but for
// those that bring an end forward.
func (m *ordering) planDigest() string {
	var ids []string
	for _, a := range m.draft.plan.Actions {
		if a.Answer == nil && (a.Kind != Extend || a.Sooner) {
			ids = append(ids, a.ID)
		}
	}
	slices.Sort(ids)
	hash := sha256.New()
	hash.Write([]byte(m.in.FileHash))
	for _, id := range ids {
		hash.Write([]byte("\n" + id))
	}
	return hex.EncodeToString(hash.Sum(nil))
}
