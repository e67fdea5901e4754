package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// tell adds to a question what an account would be given: all of it to what is digested,
// and the values to what is shown, but of an account that no one can be given: whether that is
// so may hang on the answer to another question, which moves no ID.
func (f *facts) tell(q *Question, p *person, a *account) {
	q.Told = f.told(p, a)
	if q.Kind == Name && q.Barred != "" {
		return
	}
	over, filled := f.attrs.written(p, a)
	for _, shown := range []Field{{Code: FieldOverwritten, After: over}, {Code: FieldFilledIn, After: filled}} {
		if len(shown.After) > 0 {
			q.Context = append(q.Context, shown)
		}
	}
}

// told is what an account would be given that is taken over for a person, as the file says
// it, beside what it has now: whether the person is active, the mapped groups (SIDs), the
// user principal name, and each attribute that is not the same. Nothing in it hangs on the
// answers to other questions, on what other accounts have, or on which of them were read: of
// a reference it is whom the file names, and how many the account names now. Their DNs
// change when they are taken over, too.
func (f *facts) told(p *person, a *account) []Field {
	var groups []string
	for g := range f.groups.given(p) {
		if g.Missing == "" {
			groups = append(groups, string(g.SID))
		}
	}
	slices.Sort(groups)
	list := []Field{{Code: FieldInTheSource, After: []string{"active: " + strconv.FormatBool(p.active)}}, {Code: FieldGivenGroup, After: groups}}
	if upn, usable := f.names.fileUPN(p); usable && f.cfg.UPN.FromFile {
		list = append(list, Field{Code: FieldUserPrincipalName, After: []string{upn}})
	}
	if f.names.templates.upn != nil {
		upn, _, _ := f.names.templateUPN(p, 1)
		list = append(list, Field{Code: FieldUserPrincipalName, After: []string{upn}})
	}
	for _, rule := range f.attrs.rules {
		before := a.Values.List(rule.key)
		v, given, _ := f.attrs.made(rule, p.user)
		if rule.OnCreate != nil || !given || rule.Keep && len(before) > 0 || sameValues(before, v.List) {
			continue
		}
		list = append(list, differs(rule, before, v.List))
	}
	for _, rule := range f.attrs.refs {
		before := a.Values.List(rule.key)
		if value, given := rule.from.of(p.user); given && !(rule.Keep && len(before) > 0) && len(before)+len(value.List) > 0 {
			list = append(list, differs(rule.attributeRule, []string{strconv.Itoa(len(before))}, f.ofTheFile(value.List)))
		}
	}
	return list
}

// differs has values in an order of their own: a directory keeps none.
func differs(rule *attributeRule, before, after []string) Field {
	was := digestedValues(rule, before)
	return Field{Code: FieldCode(rule.name), Before: &was, After: digestedValues(rule, after)}
}

func digestedValues(rule *attributeRule, values []string) []string {
	list := []string{}
	for _, v := range values {
		if rule.of.Binary {
			sum := sha256.Sum256([]byte(v))
			v = hex.EncodeToString(sum[:])
		}
		list = append(list, v)
	}
	slices.Sort(list)
	return list
}

// ofTheFile are the anchors that are those of people of the file.
func (f *facts) ofTheFile(anchors []string) (list []string) {
	for _, anchor := range anchors {
		if anchor = strings.ToLower(anchor); f.roster.byAnchor[anchor] != nil {
			list = append(list, anchor)
		}
	}
	return list
}

// ChangedSince lists what is not as it was in a question that was shown, where both are about
// the same account for the same person; [FieldTheAccount] stands for what the account has.
func (q Question) ChangedSince(shown Question) (codes []FieldCode) {
	if q.Kind != shown.Kind || q.Holder == nil || shown.Holder == nil || q.Person.Key() != shown.Person.Key() || q.Holder.GUID != shown.Holder.GUID {
		return nil
	}
	values := func(q Question) map[FieldCode]string {
		found := map[FieldCode]string{FieldTheAccount: fmt.Sprint(shownToKeep(&q)), FieldCommonName: q.Person.CN}
		for _, f := range slices.Concat(q.Decision, q.Told) {
			found[f.Code] += fmt.Sprintf("%q %q ", f.Was(), f.After)
		}
		return found
	}
	now, then := values(q), values(shown)
	for code := range now {
		if now[code] != then[code] {
			codes = append(codes, code)
		}
	}
	for code := range then {
		if _, still := now[code]; !still {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return codes
}
