package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// maxMoves bounds how often an import changes to another controller.
const maxMoves = 8

// failover leaves a controller that was lost for the next one, and tells
// whether there is one.
func (im *Import) failover(ctx context.Context, dir Directory, lost error) bool {
	if ctx.Err() != nil || len(im.moves) == maxMoves || errors.Is(lost, ad.ErrIdentity) {
		return false
	}
	from := dir.Domain().Controller
	if err := dir.Failover(ctx); err != nil {
		im.Log.Warn().Str("error", schema.Visible(err.Error())).Msg("no other domain controller took over")
		return false
	}
	to := dir.Domain().Controller
	text := fmt.Sprintf("domain controller %s was lost; everything was read and planned again through %s", from, to)
	if im.wrote != "" && im.wrote != to {
		text += fmt.Sprintf(", which may not know yet what was written through %s: it gets no new account and no new name in this run. Later runs through it only take away until it knows; should %s not come back to tell it, new accounts, joins and all else wait until %s", im.wrote, im.wrote, when(im.Clock().Add(slowReplication)))
	}
	im.moves = append(im.moves, text)
	im.Log.Warn().Str("error", schema.Visible(lost.Error())).Str("from", from).Str("to", to).Msg("another domain controller took over")
	return true
}

// situation reads and plans. Where the connection is lost under it, it begins
// again, and then with the next controller: what two of them say does not go
// together.
//
// ours is the run that goes on, "" where a new one begins: what it wrote itself
// holds it back no further (rule 22).
func (im *Import) situation(ctx context.Context, dir Directory, answers []plan.Answer, ours string) (*situation, error) {
	for again := false; ; again = !again {
		s, err := im.read(ctx, dir, answers, ours)
		if !errors.Is(err, ad.ErrUnreachable) || ctx.Err() != nil {
			return s, err
		}
		if again && !im.failover(ctx, dir, err) {
			return nil, err
		}
	}
}

// goOn plans anew what a lost controller left open, through the one that took
// over, and carries out what of it is asked for still. What was done is not done
// again: this controller will hear of it.
func (im *Import) goOn(ctx context.Context, lost *applier, before *situation, step func(*applier)) (*applier, error) {
	s, err := im.situation(ctx, lost.dir, before.input.Answers, im.id)
	if err != nil {
		return lost, err
	}
	open := map[string]failure{}
	for _, f := range lost.open {
		open[task(f.action)] = f
	}
	var actions []plan.Action
	for _, a := range s.plan.Actions {
		if f, left := open[task(a)]; left {
			actions = append(actions, a)
			f.action = plan.Action{}
			open[task(a)] = f
		}
	}
	x := im.applier(lost.dir, s, step)
	x.takeOver(lost, open, &s.plan)
	_, err = im.pass(ctx, x, s, actions, false)
	return x, err
}

// task is what an action is for, whichever controller it is planned from.
func task(a plan.Action) string {
	text := string(a.Kind) + " " + a.Person.Key()
	if a.Group != nil {
		text += " " + string(a.Group.SID)
	}
	for _, c := range a.Changes { // managers are written apart from the rest
		text += " " + c.Attribute
	}
	return text
}

// takeOver begins with what the applier of a lost controller did. What it left
// open is done where it may have been carried out and is not asked for any more.
func (x *applier) takeOver(lost *applier, open map[string]failure, p *plan.Plan) {
	x.before = lost
	x.done, x.failed, x.values, x.leftOut, x.stayed = lost.done, lost.failed, lost.values, lost.leftOut, lost.stayed
	for _, f := range lost.open {
		left := open[task(f.action)].action.Kind != "" // it is not asked for any more
		n, fails := x.failing(p.Failed, f.action)
		if uncertain(f.err) && (!left || fails) {
			x.unsure[task(f.action)] = true
		}
		switch {
		case left && fails:
			x.conclude(f.action, fmt.Errorf("%w: %s", errNotTried, words.Because(n.Reason, n.Detail)))
		case left && uncertain(f.err) && asked(p.Questions, f.action):
			x.conclude(f.action, fmt.Errorf("%w; this controller does not show it as done, so that it is asked again", f.err))
		case left && uncertain(f.err):
			x.done = append(x.done, f.action)
		}
	}
	x.former, x.formerFailed = len(x.done), len(x.failed)
}

// failing is the last note about the account of an action, or about its person where
// that has none yet: somebody may have two accounts.
func (x *applier) failing(notes []plan.Note, a plan.Action) (found plan.Note, ok bool) {
	for _, n := range notes {
		if n.Reason == plan.GroupMissing && !x.missing(a.Group) || n.Reason == plan.PrimaryGroup && a.Kind != plan.Leave {
			continue // of one membership
		}
		same := n.Person.Key() == a.Person.Key()
		if !n.Person.GUID.IsZero() && !a.Person.GUID.IsZero() {
			same = n.Person.GUID == a.Person.GUID
		}
		if same {
			found, ok = n, true
		}
	}
	return found, ok
}

// missing reports whether a group cannot be found now.
func (x *applier) missing(g *plan.Group) bool {
	return g != nil && !slices.ContainsFunc(x.obs.Groups, func(seen plan.Group) bool { return seen.SID == g.SID && seen.Missing == "" })
}

// asked reports whether what was agreed to is a question again.
func asked(questions []plan.Question, a plan.Action) bool {
	return slices.ContainsFunc(questions, func(q plan.Question) bool {
		return q.Kind == a.Kind && q.Person.Key() == a.Person.Key() && (q.Group == nil || a.Group != nil && q.Group.SID == a.Group.SID)
	})
}

// uncertain reports whether a failed action may have been carried out, through
// whichever controller.
func (x *applier) uncertain(f failure) bool { return uncertain(f.err) || x.unsure[task(f.action)] }

// own are the actions that were done through this controller.
func (x *applier) own() []plan.Action { return x.done[x.former:] }

// giveUp takes what is open for failed: there is no other controller.
func (x *applier) giveUp() {
	open := x.open
	x.open = nil
	for _, f := range open {
		x.conclude(f.action, f.err)
	}
}
