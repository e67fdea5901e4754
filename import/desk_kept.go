package importer

import (
	"maps"
	"slices"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// keep writes rejections and new account names to the resolutions file, before
// anybody is told that they are kept, and before the names are used. So it does
// with the memberships that an account keeps which is taken over. Whatever else the
// file has about a question that is answered goes: an entry may claim to be newer.
func (b *batch) keep() error {
	var kept []schema.Resolution
	refused := map[string]schema.Rejected{}
	lets := false // go what an earlier answer kept
	before := len(b.s.plan.Kept)
	for _, a := range b.answers {
		q, open := b.s.question(a)
		if !open || b.apart[a.ID] {
			continue
		}
		b.s.plan.Kept = without(b.s.plan.Kept, b.s.plan.About[a.ID])
		keeps := q.Keeping(a.Keeps)
		switch {
		case a.Accept && keeps != nil && keeps.Memberships:
			kept = append(kept, b.keptMemberships(q)...)
		case a.Accept && keeps != nil:
			lets = true
		case !a.Accept:
			r := b.rejection(q, a)
			kept, refused[a.ID] = append(kept, r), rejected(q, r)
		case q.Kind == plan.Name && a.NewName != "" && !a.TakeOver:
			kept = append(kept, b.newName(q, a))
		}
	}
	if len(kept) == 0 && len(b.s.plan.Kept) == before && (!lets || sameResolutions(b.s.plan.Kept, b.s.onDisk)) {
		return nil
	}
	b.s.plan.Kept = append(b.s.plan.Kept, kept...)
	if err := SaveResolutions(b.desk.im.Config.ResolutionsFile, b.s.plan.Kept); err != nil {
		return err
	}
	b.s.onDisk = slices.Clone(b.s.plan.Kept)
	maps.Copy(b.desk.refused, refused)
	for _, r := range kept {
		b.desk.im.Log.Info().Str("action", "keep answer").Str("question", r.Type).Str("user", schema.Visible(r.User)).
			Str("group", schema.Visible(r.Group)).Str("anchor", r.Anchor).Bool("accept", r.Accept).
			Str("by", schema.Visible(r.By)).Str("why", schema.Visible(r.Reason)).Msg("kept")
	}
	return nil
}

// forgetNames takes back the new account names with which nothing could be
// done: the question stays open, and must not look answered. Where it is unknown
// whether it was done, the name stays, too.
func (b *batch) forgetNames(x *apply.Result, results []plan.Result) error {
	rest := slices.Clone(b.s.onDisk)
	for i, a := range b.answers {
		q, stands := b.s.question(a)
		if !stands || !a.Accept || q.Kind != plan.Name || a.NewName == "" || results[i].Outcome == plan.Done || b.unsure(x, a) {
			continue
		}
		gone := b.newName(q, a)
		rest = slices.DeleteFunc(rest, func(r schema.Resolution) bool {
			return r.Accept && sameQuestion(r, gone) && r.NewName == gone.NewName && r.Timestamp.Equal(gone.Timestamp)
		})
	}
	if len(rest) == len(b.s.onDisk) {
		return nil
	}
	b.s.onDisk = rest
	return SaveResolutions(b.desk.im.Config.ResolutionsFile, rest)
}

func (b *batch) unsure(x *apply.Result, a plan.Answer) bool {
	return x != nil && slices.ContainsFunc(x.Failed, func(f apply.Failure) bool {
		return f.Action.Question == a.ID && x.Unsure(f)
	})
}
