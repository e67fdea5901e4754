package ledger

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

// Whom someone else disabled is enabled by a person who decides that alone, taken over or not.
func TestWhatWasDisabledHereStaysSoWhenItIsTakenOver(t *testing.T) {
	none := &plan.Keeps{}
	for name, one := range map[string]struct {
		known Account
		keeps *plan.Keeps
		want  plan.Reason
	}{
		"not known":                {Account{}, none, plan.TakenOver},
		"keeps its password":       {Account{How: plan.HowCreated, WasEnabled: true}, &plan.Keeps{Password: true}, ""},
		"disabled as a leaver":     {Account{How: plan.HowCreated, WasEnabled: true, DisabledFor: plan.MissingInFile}, none, plan.TakenOver},
		"enabled":                  {Account{How: plan.HowCreated, WasEnabled: true, Enabled: true}, none, plan.TakenOver},
		"never enabled":            {Account{How: plan.HowCreated}, none, plan.TakenOver},
		"disabled by someone else": {Account{How: plan.HowCreated, WasEnabled: true}, none, plan.TakenOverDisabled},
		"and taken over twice":     {Account{How: plan.HowCreated, WasEnabled: true, DisabledFor: plan.TakenOverDisabled}, none, plan.TakenOverDisabled},
	} {
		assert.Equal(t, one.want, one.known.lost(one.keeps), name)
	}
}

// An account whose anchor a run could not read, or that it did not see, is asked about once it
// is seen again.
func TestWhatWasAnchoredIsForgottenByAnotherAnchorAlone(t *testing.T) {
	jane := adrules.GUID{1}
	for now, stays := range map[string]bool{"jane": true, "": true, "unseen": true, "eve": false} {
		r := Record{AnchoredBefore: map[adrules.GUID]string{jane: "jane"}}
		obs := &plan.Observation{}
		if now != "unseen" {
			obs.Accounts = []plan.Account{{GUID: jane, Anchor: plan.Anchor{ObjectGUID: now}}}
		}
		r.forgetAnchoredBefore(Lesson{Observed: obs})
		assert.Equal(t, stays, r.AnchoredBefore[jane] != "", "carries %q", now)
	}
}

// What carried an anchor when the ledger was lost, and is seen nowhere, is remembered since then,
// and forgotten when the plan says so.
func TestWhatWasAnchoredIsMissedAndForgotten(t *testing.T) {
	jane, max := adrules.GUID{1}, adrules.GUID{2}
	at := time.Date(2026, 11, 27, 8, 15, 30, 0, time.UTC)
	r := Record{AnchoredBefore: map[adrules.GUID]string{jane: "jane", max: "max"}, Accounts: map[adrules.GUID]Account{}}
	here := []plan.Account{{GUID: max, Anchor: plan.Anchor{ObjectGUID: "max"}}}
	r.forgetAnchoredBefore(Lesson{Observed: &plan.Observation{Elsewhere: here}, Now: at})
	r.forgetAnchoredBefore(Lesson{Observed: &plan.Observation{Accounts: here}, Now: at.Add(time.Hour)})
	assert.Equal(t, map[adrules.GUID]time.Time{jane: at}, r.AnchoredGone)
	r.learnSeen(Lesson{Plan: &plan.Plan{Forget: []adrules.GUID{jane, max}}, Observed: &plan.Observation{Accounts: here}, Now: at})
	r.forgetAnchoredBefore(Lesson{Observed: &plan.Observation{}, Now: at})
	assert.Equal(t, map[adrules.GUID]string{max: "max"}, r.AnchoredBefore, "of what is seen nothing is forgotten so")
	assert.Equal(t, map[adrules.GUID]time.Time{max: at}, r.AnchoredGone)
	r.forgetAnchoredBefore(Lesson{Observed: &plan.Observation{Accounts: here}, Now: at})
	assert.Empty(t, r.AnchoredGone, "it is back")
}
