package plan

import "time"

// placing is what helps to know a person by, beside a question about a group or
// about leaving: department and title. p is nil for an account that is
// missing from the file, a for one that is not made yet.
func (s *portraits) placing(p *person, a *account) (context []Field) {
	for _, code := range []FieldCode{FieldDepartment, FieldTitle} {
		shown, value := s.attrs.shown(string(code)), ""
		switch {
		case p != nil:
			value = shown.after(p)
		case a != nil:
			value = first(a.Values.List(shown.key))
		}
		if value != "" {
			context = append(context, Field{Code: code, After: []string{value}})
		}
	}
	return context
}

// use tells since when this program has had an account disabled, and its last logon.
func (s *portraits) use(a *account) (context []Field) {
	if a == nil {
		return nil
	}
	if known, _ := s.ledger.remembered(a); !a.Enabled() && known.DisabledFor != "" && !known.DisabledAt.IsZero() {
		context = append(context, Field{Code: FieldDisabledSince, After: []string{known.DisabledAt.UTC().Format(time.DateOnly), string(known.DisabledFor)}})
	}
	if !a.LastLogon.IsZero() {
		context = append(context, Field{Code: FieldLastLogon, After: []string{a.LastLogon.UTC().Format(time.DateOnly)}})
	}
	return context
}

// membership is what stands behind a join, and where the account is already.
func (s *portraits) membership(p *person, g *Group) []Field {
	context := s.placing(p, p.account)
	for _, source := range s.groups.given(p)[g] {
		context = append(context, Field{Code: FieldSourceGroup, After: []string{source}})
	}
	return append(context, s.present(p.account)...)
}

// present are the groups that an account is in now.
func (s *portraits) present(a *account) []Field {
	if a == nil {
		return nil
	}
	var in []string
	for _, g := range s.groups.all {
		if g.Missing == "" && a.MemberOf[g.SID] {
			in = append(in, g.CN)
		}
	}
	if in = append(in, a.OtherNames...); len(in) == 0 {
		return nil
	}
	return []Field{{Code: FieldPresentGroup, After: in}}
}
