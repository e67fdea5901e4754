package ledger

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
)

func TestNamesRestForTwoYears(t *testing.T) {
	at := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	guid := adrules.GUID{1}
	r := New().Record(adrules.GUID{9})
	r.Accounts[guid] = Account{Anchor: "jane"}
	see := func(name, upn string, days int) {
		obs := &plan.Observation{Domain: plan.Domain{Name: "plant.example"}}
		if name != "" {
			obs.Accounts = []plan.Account{{GUID: guid, AccountName: name, UPN: upn}}
		}
		r.See(obs, at.AddDate(0, 0, days))
	}
	had := func(days int) plan.FormerName { return plan.FormerName{Anchor: "jane", Until: at.AddDate(0, 0, days)} }
	see("jdoe", "JDoe@plant.example", 0)
	see("JDoe", "jane.doe@plant.test", 1)
	assert.Empty(t, r.Names)
	see("jroe", "Jane.Roe@plant.test", 2)
	assert.Equal(t, map[string]plan.FormerName{"jdoe": had(2), "jane.doe@plant.test": had(2)}, r.Names)
	see("", "", 3)
	r.takeForDeleted(guid, at.AddDate(0, 0, 3))
	assert.Equal(t, map[string]plan.FormerName{"jdoe": had(2), "jane.doe@plant.test": had(2), "jroe": had(3), "jane.roe@plant.test": had(3)}, r.Names)
	see("", "", 2+730)
	assert.Len(t, r.Names, 2)
	see("", "", 3+730)
	assert.Empty(t, r.Names)
}

func TestTheUPNIsKnownAfterAnAction(t *testing.T) {
	who := plan.Person{DN: "CN=Jane,OU=P", CN: "Jane", AccountName: "jdoe", UPN: "jane.doe@plant.test"}
	known := Account{Seen: plan.Sight{AccountName: "jdoe", UPN: who.UPN}}.sighted(who, "plant.example", time.Now())
	assert.Equal(t, who.UPN, known.Seen.UPN)
	who.UPN = "JDoe@plant.example"
	assert.Empty(t, known.sighted(who, "plant.example", time.Now()).Seen.UPN, "it goes with the account name")
}
