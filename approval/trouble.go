package approval

import "ad-user-sync/import/plan"

// troubles is why questions are still open although they were decided.
type troubles struct {
	failed  map[string]plan.Result // by ID
	changed map[slot]bool          // while they were decided
}

// slot is the place of a question: what stays when its content changes.
type slot struct {
	key, group string
	kind       plan.Kind
}

func slotOf(q plan.Question) slot {
	s := slot{key: q.Person.Key(), kind: q.Kind}
	if q.Group != nil {
		s.group = string(q.Group.SID)
	}
	return s
}

// note keeps what came of a decision, in place of what came of it before.
func (t troubles) note(q plan.Question, r plan.Result) {
	delete(t.failed, r.ID)
	switch r.Outcome {
	case plan.NotDone:
		t.failed[r.ID] = r
	case plan.Changed:
		t.changed[slotOf(q)] = true
	default:
		delete(t.changed, slotOf(q))
	}
}

// of adds the trouble of a question to what is shown of it.
func (t troubles) of(q plan.Question, shown question) question {
	if problem, failed := t.failed[q.ID]; failed {
		shown.Problem, shown.Hint, shown.Detail = sentence(problem.Problem), sentence(problem.Hint), problem.Detail
	} else if t.changed[slotOf(q)] {
		shown.Problem, shown.Hint = "This changed meanwhile.", "Nothing was done. Look at it again and decide anew."
	}
	return shown
}
