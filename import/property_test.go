package importer

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
)

// Random domains, people and deeds, of this program, of people who decide and of
// others at work in the domain. Whatever happened: an import leaves nothing for
// a second one to do, touches nothing that is not its own, and tells of everybody.
func TestWhateverHappens(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) { newWorld(newScene(t), r, r).live() })
}

// The same on a real domain, where each takes seconds: a few in which much happens.
func TestWhateverHappensOnARealDomain(t *testing.T) {
	for _, seed := range []int{1, 8, 14, 16, 20, 22, 25} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			rapid.Custom(func(r *rapid.T) bool {
				newWorld(labScene(t), r, t).live()
				return true
			}).Example(seed)
		})
	}
}

func (w *world) live() {
	for step := range rapid.IntRange(1, 4).Draw(w.r, "steps") {
		w.meddle()
		w.shuffle()
		w.importOnce(step)
		if rapid.Bool().Draw(w.r, "decides") {
			w.decideSome()
		}
	}
}

// world is a scene in which everything is drawn.
type world struct {
	*scene
	r      *rapid.T // draws
	must   require.TestingT
	people []schema.User
	last   *Input
}

var (
	someNames = []string{"Anna A", "anna a", "Bert B", "Carl C", "Änna A", "Dora \u202eD", "Emil, E", strings.Repeat("Long", 20)}
	someSAMs  = []string{"anna", "ANNA", "bert", "carl", "root", "a/b", "dora.d", "averyveryverylongaccountname"}
)

func newWorld(s *scene, r *rapid.T, must require.TestingT) *world {
	w := &world{scene: s, r: r, must: must}
	s.with(fmt.Sprintf(`"restricted_groups": ["p-Admins"], "attributes": {"displayName": {}, "department": {}, "mail": {}, "manager": {}},
		"prefix_common_names": %q, "approve": {"disable": %v, "leave": %v}`,
		rapid.SampledFrom([]string{"", "X "}).Draw(r, "prefix"), rapid.Bool().Draw(r, "ask disable"), rapid.Bool().Draw(r, "ask leave")))
	for kind := range s.cfg.Limits {
		s.cfg.Limits[kind] = schema.Limit{}
	}
	for i := range rapid.IntRange(0, 5).Draw(r, "objects") {
		w.object(i)
	}
	for i := range rapid.IntRange(1, 6).Draw(r, "people") {
		u := schema.User{CN: w.pick(someNames), SAMAccountName: w.sam(), ObjectGUID: w.anchor(fmt.Sprint(i)), Attributes: schema.Attributes{}}
		w.people = append(w.people, u)
		w.change(&w.people[i])
	}
	return w
}

func (w *world) importOnce(step int) {
	accept := func(o *Options) { o.Accept = w.last.SHA256 }
	outside := w.outside()
	dry, err := w.start(w.last, accept, func(o *Options) { o.DryRun = true }).Run(w.t.Context())
	require.NoError(w.must, err)
	w.sound(dry.Plan)
	result, err := w.start(w.last, accept, func(o *Options) { o.Confirm = dry.Plan.Digest }).Run(w.t.Context())
	require.NoError(w.must, err)
	require.Nil(w.must, result.Report.Guard)
	require.Equal(w.must, dry.Plan.Digest, result.Plan.Digest)
	require.ElementsMatch(w.must, outside, w.outside(), "nothing outside is touched")
	for _, f := range result.Report.Failed { // the plan foresaw all that the directory would refuse
		require.NotContains(w.must, f.Reason, "problem ", "step %d: %s %s", step, f.User, f.Reason)
	}
	usn := w.usn()
	again, err := w.start(w.last, accept).Run(w.t.Context())
	require.NoError(w.must, err)
	require.Nil(w.must, again.Report.Guard)
	if len(again.Plan.Actions) > 0 { // what was adopted for its names follows in the run after
		again, err = w.start(w.last, accept, func(o *Options) { o.Confirm = again.Plan.Digest }).Run(w.t.Context())
		require.NoError(w.must, err)
		usn = w.usn()
		again, err = w.start(w.last, accept).Run(w.t.Context())
		require.NoError(w.must, err)
	}
	require.Empty(w.must, again.Plan.Actions)
	require.Equal(w.must, usn, w.usn())
}

// outside is everything but the managed container and the mapped groups, and
// what the directory itself says of others in an object.
func (w *world) outside() []string {
	var texts []string
	if w.mem == nil {
		for name, usn := range w.usn() {
			if !strings.Contains(name, "ou=managed,ou=") && !strings.Contains(name, "ou=groups,ou=") {
				texts = append(texts, name+" "+usn)
			}
		}
		return texts
	}
	for _, part := range strings.Split(w.mem.Dump(parse2(w.t, "DC=plant,DC=example")), "\n\n") {
		name, lines, _ := strings.Cut(part, "\n")
		if strings.Contains(name, ",OU=Managed,OU=Test") || strings.Contains(name, ",OU=Groups,OU=Test") {
			continue
		}
		for _, line := range strings.Split(lines, "\n") {
			if !strings.HasPrefix(line, "directreports: ") {
				texts = append(texts, name+" "+line)
			}
		}
	}
	return texts
}

// sound holds a plan to what every plan must be.
func (w *world) sound(p plan.Plan) {
	for _, a := range p.Actions {
		if a.Person.GUID.IsZero() {
			continue
		}
		for _, e := range w.find(ad.ByGUID(a.Person.GUID), ad.ScopeBase, ad.Anything, "adminCount") {
			less := a.Kind == plan.Disable || a.Kind == plan.Leave || a.Kind == plan.Extend || a.Kind == plan.Enable && a.Answer != nil
			require.True(w.must, less || e.Text("adminCount") != "1", "%s of the protected %s", a.Kind, e.DN)
			require.True(w.must, e.DN.Within(w.managed()), "%s of %s", a.Kind, e.DN)
		}
	}
}

// decideSome is a person at the desk, who answers as it comes.
func (w *world) decideSome() {
	im := w.start(w.last, func(o *Options) { o.Accept = w.last.SHA256 })
	d := im.NewDesk(w.dir, "op")
	view := w.look(d)
	if len(view.Trips) > 0 {
		return
	}
	var answers []plan.Answer
	for _, q := range view.Questions {
		if rapid.IntRange(0, 2).Draw(w.r, "leaves open") == 0 {
			continue
		}
		a := plan.Answer{ID: q.ID, Accept: rapid.Bool().Draw(w.r, "accepts"), Password: testPassword}
		if q.Kind == plan.Name {
			a.NewName, a.TakeOver = q.Proposal, q.Barred == "" && rapid.Bool().Draw(w.r, "takes over")
		}
		if a.Accept && (a.TakeOver || q.Kind == plan.Adopt) {
			a.Keeps = &plan.Keeps{Password: rapid.Bool().Draw(w.r, "password"), Expiry: rapid.Bool().Draw(w.r, "expiry"), Memberships: rapid.Bool().Draw(w.r, "memberships")}
		}
		answers = append(answers, a)
	}
	results := w.decide(d, answers...)
	for i, r := range results {
		accepted := answers[i].Accept
		require.True(w.must, r.Outcome == plan.Changed || (r.Outcome == plan.Kept) == !accepted, "%+v", r)
	}
	left := questions(w.look(d).Questions)
	for i, r := range results {
		if r.Outcome == plan.Kept {
			require.False(w.must, slices.ContainsFunc(w.look(d).Questions, func(q plan.Question) bool { return q.ID == answers[i].ID }), "asked again: %v", left)
		}
	}
}
