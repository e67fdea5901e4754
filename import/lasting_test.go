package importer

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
)

// interruptible ends the run while a write is under way. As on a wire, a request
// that is given up is carried out, and its answer lost.
type interruptible struct {
	*memad.Directory
	at  int // the write at which it ends; 0: never
	end func()
}

func (i *interruptible) Modify(ctx context.Context, dn ad.DN, changes []ad.Change) error {
	i.at--
	if i.at != 0 {
		return i.Directory.Modify(ctx, dn, changes)
	}
	i.end()
	err := i.Directory.Modify(context.WithoutCancel(ctx), dn, changes)
	if err == nil && ctx.Err() != nil {
		return ad.ErrOutcomeUnknown
	}
	return err
}

// Ctrl-C at any write: of everything that was carried out, and of nothing else,
// it is said that it was.
func TestEndOfTheRunLetsTheActionAtWorkFinish(t *testing.T) {
	for at := 1; at <= 5; at++ {
		s := newScene(t)
		ending := &interruptible{Directory: s.mem}
		s.dir, s.desks = ending, ending
		d := s.desk(s.file(s.person("Anna A", in("CN=t-Admins")), s.person("Bert B"), s.person("Carl C", in("CN=t-Admins"))))
		var answers []plan.Answer
		asked := s.look(d).Questions
		for _, q := range asked {
			a := plan.Answer{ID: q.ID, Accept: true}
			if q.Kind == plan.Enable {
				a.Password = testPassword
			}
			answers = append(answers, a)
		}
		require.Len(t, answers, 5)
		ctx, end := context.WithCancel(t.Context())
		ending.at, ending.end = at, end
		results, err := d.Decide(ctx, answers, func(plan.Result) {})
		require.NoError(t, err)
		done := 0
		for i, r := range results {
			is := !s.control(asked[i].Person.CN).Disabled()
			if asked[i].Kind == plan.Join {
				is = len(s.members("p-Admins")) == 2
			}
			assert.Equal(t, is, r.Outcome == plan.Done, "write %d: %s of %s: %s", at, asked[i].Kind, asked[i].Person.CN, r.Problem)
			assert.False(t, r.Unsure, "write %d", at)
			if r.Outcome == plan.Done {
				done++
			}
		}
		if at <= 4 { // both members at once, then three accounts
			assert.Equal(t, at+1, done)
		}
	}
}

// The password of such an account must not get lost.
func TestEnableWhoseAnswerIsLostIsSaidToBeUnsure(t *testing.T) {
	for _, carriedOut := range []bool{false, true} {
		s := newScene(t)
		d := s.desk(s.file(s.person("Anna A"), s.person("Bert B")))
		var answers []plan.Answer
		for _, q := range s.look(d).Questions {
			answers = append(answers, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
		}
		s.mem.Fail(dies(1, carriedOut))
		r := s.decide(d, answers...)
		assert.Equal(t, plan.NotDone, r[0].Outcome)
		assert.True(t, r[0].Unsure, r[0].Problem)
		assert.Equal(t, plan.NotDone, r[1].Outcome)
		assert.False(t, r[1].Unsure, "it was not tried: %s", r[1].Problem)
	}
}
