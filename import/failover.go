package importer

import (
	"context"
	"errors"
	"fmt"

	"ad-user-sync/import/apply"
	"ad-user-sync/import/ledger"
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
		text += fmt.Sprintf(", which may not know yet what was written through %s: it gets no new account and no new name in this run. Later runs through it only take away until it knows; should %s not come back to tell it, new accounts, joins and all else wait until %s", im.wrote, im.wrote, words.When(im.Clock().Add(ledger.SlowReplication)))
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
// over, and carries out what of it is asked for still.
func (im *Import) goOn(ctx context.Context, dir Directory, lost *apply.Result, before *situation, step func(*apply.Result)) (*apply.Applier, error) {
	s, err := im.situation(ctx, dir, before.input.Answers, im.id)
	if err != nil {
		return nil, err
	}
	x := im.applier(dir, s, step)
	_, err = im.pass(ctx, x, s, x.Resume(lost), false)
	return x, err
}
