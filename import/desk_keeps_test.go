package importer

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// inYear is the end that an account has before it is taken over.
func (s *scene) inYear() string {
	return fmt.Sprint(adrules.FileTime(s.now.AddDate(1, 0, 0).Truncate(time.Hour)))
}

// stray is an account elsewhere that has the name of the person, in two mapped
// groups of which the file gives one.
func (s *scene) stray(p schema.User) ad.DN {
	dn := s.ou.Child("CN", p.CN+" the elder")
	s.add(dn, "user", map[string]string{"sAMAccountName": p.SAMAccountName, "userAccountControl": "512", "accountExpires": s.inYear(),
		"userPrincipalName": p.SAMAccountName + "@plant.example", "unicodePwd": string(ad.PasswordValue("By-Hand-4711!"))})
	s.join("p-Viewers", dn)
	s.join("p-Editors", dn)
	return dn
}

func ticks(n int) plan.Keeps {
	return plan.Keeps{Password: n&1 != 0, Expiry: n&2 != 0, Memberships: n&4 != 0}
}

// Each combination of the three, at once and in the runs that follow.
func TestTakeOverKeepsWhatIsTicked(t *testing.T) {
	stages(t, func(t *testing.T, s *scene) {
		var people []schema.User
		for n := range 8 {
			p := s.person(fmt.Sprintf("Pat%d Doe", n), in("CN=t-Viewers"))
			s.stray(p)
			people = append(people, p)
		}
		file := s.file(people...)
		d := s.desk(file)
		for n, p := range people {
			q, keeps := s.question(d, plan.Name, p.CN), ticks(n)
			require.Len(t, q.Losing, 1)
			r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, TakeOver: true, Keeps: &keeps})
			require.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
		}
		s.asTicked(people, "at once")
		for _, when := range []string{"in the next run", "in the one after"} {
			s.run(file)
			s.asTicked(people, when)
		}
		assert.Empty(t, s.run(file).Plan.Actions)

		for n, p := range people {
			if ticks(n).Password {
				continue
			}
			q := s.question(d, plan.Enable, p.CN)
			assert.Equal(t, plan.TakenOver, q.Reason)
			assert.False(t, q.MayKeep)
			r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, Password: testPassword})
			require.Equal(t, plan.Done, r[0].Outcome, r[0].Problem)
			assert.False(t, s.control(p.CN).Disabled())
			assert.Equal(t, ticks(n).Expiry, s.expires(p.CN) == s.inYear(), "enabling leaves an end that was kept")
		}
		assert.Empty(t, s.run(file).Plan.Actions)
	})
}

func (s *scene) expires(cn string) string {
	return s.get(s.account(cn), "accountExpires").Text("accountExpires")
}

func (s *scene) asTicked(people []schema.User, when string) {
	s.t.Helper()
	editors := s.members("p-Editors")
	for n, p := range people {
		keeps := ticks(n)
		assert.Equal(s.t, !keeps.Password, s.control(p.CN).Disabled(), "state of %s (%+v) %s", p.CN, keeps, when)
		assert.Equal(s.t, keeps.Expiry, s.expires(p.CN) == s.inYear(), "end of %s (%+v) %s", p.CN, keeps, when)
		assert.Equal(s.t, keeps.Memberships, slices.Contains(editors, p.CN), "memberships of %s (%+v) %s", p.CN, keeps, when)
		assert.Contains(s.t, s.members("p-Viewers"), p.CN, when)
	}
}

func TestTakeOverThatIsRefusedLeavesAllAsItWas(t *testing.T) {
	s := newScene(t)
	p := s.person("Jane Doe", in("CN=t-Viewers"))
	holder := s.stray(p)
	d := s.desk(s.file(p))
	q := s.question(d, plan.Name, "Jane Doe")
	s.mem.Fail(memad.DeniedOn(holder))
	before := s.usn()
	r := s.decide(d, plan.Answer{ID: q.ID, Accept: true, TakeOver: true, Keeps: &plan.Keeps{}})
	s.mem.Fail(nil)
	assert.Equal(t, plan.NotDone, r[0].Outcome)
	assert.Contains(t, r[0].Problem, "Move it in by hand")
	assert.Equal(t, before, s.usn())
	assert.Equal(t, q.ID, s.question(d, plan.Name, "Jane Doe").ID)
}

// Killed at any of its writes, what was ticked is not forgotten.
func TestTakeOverThatIsCutShort(t *testing.T) {
	for n := 1; n <= 3; n++ {
		for _, carriedOut := range []bool{false, true} {
			t.Run(fmt.Sprintf("at write %d, carried out %v", n, carriedOut), func(t *testing.T) {
				s := newScene(t)
				p := s.person("Jane Doe", in("CN=t-Viewers"))
				s.stray(p)
				file := s.file(p)
				d := s.desk(file)
				answer := plan.Answer{ID: s.question(d, plan.Name, "Jane Doe").ID, Accept: true, TakeOver: true, Keeps: &plan.Keeps{Expiry: true}}
				s.crashAt(n, carriedOut)
				require.True(t, wasKilled(func() { _, _ = d.Decide(t.Context(), []plan.Answer{answer}, func(plan.Result) {}) }))
				s.mem.Fail(nil)
				s.run(file)
				s.run(file)
				if n == 1 && !carriedOut { // nothing was done, and it is asked again
					s.decide(s.desk(file), answer)
				}
				assert.True(t, s.control("Jane Doe").Disabled())
				assert.Equal(t, s.inYear(), s.expires("Jane Doe"))
				assert.Empty(t, s.members("p-Editors"))
				assert.Equal(t, plan.TakenOver, s.question(s.desk(file), plan.Enable, "Jane Doe").Reason)
				assert.Empty(t, s.run(file).Plan.Actions)
			})
		}
	}
}
