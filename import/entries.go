package importer

import (
	"cmp"
	"iter"
	"reflect"
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// settle marks the accepted entries that were carried out, and forgets their
// passwords. Answers name entries by their number in what was read. What was rejected, and
// the names that were given, go with an account whose person was made anew.
func settle(s *situation, done iter.Seq[*plan.Action]) []schema.Resolution {
	list, told := append([]schema.Resolution(nil), s.plan.Kept...), s.kept
	for a := range done {
		for i := range list {
			if a.Replaces == "" {
				break
			}
			if r := &list[i]; a.Person.Anchor != "" && r.Anchor == a.Replaces && s.input.Memory.AnswersFor(*r) && (!r.Accept || r.NewName != "") {
				r.Anchor = a.Person.Anchor
			}
		}
		if a.Answer == nil || a.Answer.Entry < 1 || a.Answer.Entry > len(told) {
			continue
		}
		entry := told[a.Answer.Entry-1]
		for i := range list {
			if r := &list[i]; r.Accept && sameQuestion(*r, entry) && r.Timestamp.Equal(entry.Timestamp) {
				blank := schema.Secret("")
				r.Done, r.Password = true, &blank
			}
		}
	}
	return list
}

// useEntries marks the accepted entries before they are carried out, and blanks
// their passwords: whatever happens then, no entry is carried out twice. One that
// was refused gets back what it was.
func (im *Import) useEntries(s *situation, actions []plan.Action) error {
	used := settle(s, plan.Each(actions))
	if sameResolutions(used, s.plan.Kept) {
		return nil
	}
	if err := SaveResolutions(im.Config.ResolutionsFile, used); err != nil {
		return err
	}
	s.onDisk = used
	return nil
}

// sameQuestion reports whether two entries answer one question. The anchor may
// have been filled in meanwhile.
func sameQuestion(a, b schema.Resolution) bool {
	who := a.User == b.User && (a.Anchor == "" || b.Anchor == "")
	if a.Anchor != "" && b.Anchor != "" {
		who = a.Anchor == b.Anchor
	}
	return a.Type == b.Type && a.Unknown == nil && b.Unknown == nil && a.Container == b.Container && who && sameGroup(a, b) && a.Name == b.Name &&
		a.Account == b.Account && a.FormerAnchor == b.FormerAnchor
}

// sameGroup goes by the SID where both have one: common names are not unique.
func sameGroup(a, b schema.Resolution) bool {
	if a.GroupSID != "" && b.GroupSID != "" {
		return a.GroupSID == b.GroupSID
	}
	return a.Group == b.Group
}

// without leaves out what is gone. The plan may have filled in an anchor meanwhile.
func without(list, gone []schema.Resolution) []schema.Resolution {
	return slices.DeleteFunc(slices.Clone(list), func(r schema.Resolution) bool {
		return slices.ContainsFunc(gone, func(g schema.Resolution) bool {
			same := r
			same.Anchor = cmp.Or(r.Anchor, g.Anchor)
			return reflect.DeepEqual(same, g)
		})
	})
}

func sameResolutions(a, b []schema.Resolution) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}
