package importer

import (
	"reflect"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// settle marks the accepted entries that were carried out, and forgets their
// passwords. Answers name entries by their number in told.
func settle(kept, told []schema.Resolution, done []plan.Action) []schema.Resolution {
	list := append([]schema.Resolution(nil), kept...)
	for _, a := range done {
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

// sameQuestion tells whether two entries answer one question. The anchor may
// have been filled in meanwhile.
func sameQuestion(a, b schema.Resolution) bool {
	who := a.User == b.User && (a.Anchor == "" || b.Anchor == "")
	if a.Anchor != "" && b.Anchor != "" {
		who = a.Anchor == b.Anchor
	}
	return a.Type == b.Type && a.Unknown == nil && b.Unknown == nil && who && a.Group == b.Group && a.Name == b.Name
}

func sameResolutions(a, b []schema.Resolution) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}
