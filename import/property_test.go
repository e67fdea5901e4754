package importer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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
		u := schema.User{CN: w.pick(someNames), SAMAccountName: w.sam(), ObjectGUID: w.anchor(fmt.Sprint(i)), Attributes: map[string]schema.Value{}}
		w.people = append(w.people, u)
		w.change(&w.people[i])
	}
	return w
}

func (w *world) pick(list []string) string { return rapid.SampledFrom(list).Draw(w.r, "one of") }

// sam is an account name of this scene, or one that is not acceptable.
func (w *world) sam() string {
	name := w.pick(someSAMs)
	if strings.ContainsAny(name, "/y") || name == "root" {
		return name
	}
	return w.name(name)
}

// object was there before: inside or outside, stamped or not, protected or not.
func (w *world) object(i int) {
	parent := rapid.SampledFrom([]ad.DN{w.managed(), w.ou}).Draw(w.r, "where")
	attributes := map[string]string{"userPrincipalName": w.name(fmt.Sprint("old", i)) + "@plant.example"}
	if rapid.Bool().Draw(w.r, "stamped") {
		attributes["adminDescription"] = w.pick([]string{"ad-user-sync:" + w.anchor("0") + "@corp.example",
			"ad-user-sync:" + w.anchor("1") + "@other.example", "ad-user-sync:" + w.anchor("1"), "somebody else's"})
	}
	cn := w.cfg.PrefixCommonNames + rapid.SampledFrom(someNames[:5]).Draw(w.r, "cn")
	sam := w.name(rapid.SampledFrom([]string{"anna", "bert", "carl", "other"}).Draw(w.r, "sam"))
	if w.get(parent.Child("CN", cn), "cn") != nil || len(w.find(parse2(w.t, "DC=plant,DC=example"), ad.ScopeSubtree, ad.Equal("sAMAccountName", sam), "cn")) > 0 {
		return
	}
	for key, value := range map[string]string{"sAMAccountName": sam, "userAccountControl": "512", "unicodePwd": string(ad.PasswordValue("By-Hand-4711!"))} {
		attributes[key] = value
	}
	list := []ad.Attribute{{Name: "objectClass", Values: ad.Values("user")}}
	for name, value := range attributes {
		list = append(list, ad.Attribute{Name: name, Values: ad.Values(value)})
	}
	if w.admin.Add(w.t.Context(), parent.Child("CN", cn), list) != nil {
		return // its name collides
	}
	if rapid.IntRange(0, 3).Draw(w.r, "protected") == 0 {
		w.protect(parent.Child("CN", cn))
	}
}

func (w *world) protect(dn ad.DN) {
	if w.mem == nil {
		w.set(dn, "adminCount", "1")
	} else {
		w.mem.Overwrite(dn, map[string]string{"adminCount": "1"})
	}
}

func parse2(t testing.TB, text string) ad.DN {
	dn, err := ad.ParseDN(text)
	require.NoError(t, err)
	return dn
}

// change is what happens to a person in the source.
func (w *world) change(u *schema.User) {
	switch rapid.IntRange(0, 6).Draw(w.r, "change") {
	case 0:
		u.CN = w.pick(someNames)
	case 1:
		u.SAMAccountName = w.sam()
	case 2:
		u.Disabled = !u.Disabled
	case 3:
		u.MemberOf = nil
		for _, g := range []string{"CN=t-Viewers", "CN=t-Editors", "CN=t-Admins"} {
			if rapid.Bool().Draw(w.r, "member") {
				u.MemberOf = append(u.MemberOf, g)
			}
		}
	case 4:
		u.Attributes["department"] = schema.Value{List: []string{w.pick([]string{"Sales", "Research", strings.Repeat("x", 65)})}}
	case 5:
		u.Attributes["manager"] = schema.Value{List: []string{w.anchor(fmt.Sprint(rapid.IntRange(0, 6).Draw(w.r, "boss")))}}
	case 6:
		at := w.now.Add(time.Duration(rapid.IntRange(-20, 60).Draw(w.r, "days")) * 24 * time.Hour)
		u.AccountExpires = &at
	}
}

// meddle is what others do in the target domain.
func (w *world) meddle() {
	inside := w.find(w.managed(), ad.ScopeOneLevel, ad.Anything, "cn")
	if len(inside) == 0 || rapid.Bool().Draw(w.r, "nobody meddles") {
		return
	}
	dn := rapid.SampledFrom(inside).Draw(w.r, "meddled with").DN
	change := func(attribute, value string) {
		_ = w.admin.Modify(w.t.Context(), dn, []ad.Change{{Attribute: attribute, Values: ad.Values(value)}})
	}
	switch rapid.IntRange(0, 5).Draw(w.r, "how") {
	case 0:
		change("userAccountControl", "514")
	case 1:
		change("accountExpires", "134400000000000000")
	case 2:
		change("department", "changed here")
	case 3:
		_ = w.admin.Rename(w.t.Context(), dn, w.managed().Child("CN", "renamed here"))
	case 4:
		_ = w.admin.Modify(w.t.Context(), w.group("p-Editors"), []ad.Change{{Kind: ad.AddValues, Attribute: "member", Values: ad.Values(dn.String())}})
	case 5:
		_ = w.admin.Rename(w.t.Context(), dn, w.ou.Child("CN", "moved out"))
	}
}

// shuffle lets days pass and makes the next file: changed, in another order,
// and without some.
func (w *world) shuffle() {
	if days := rapid.IntRange(0, 20).Draw(w.r, "days pass"); w.mem != nil { // a real clock is not ours to set
		w.later(time.Duration(days) * 24 * time.Hour)
	}
	var users []schema.User
	names := map[string]bool{}
	for i := range w.people {
		w.change(&w.people[i])
		name := strings.ToLower(w.people[i].SAMAccountName)
		if !names[name] && rapid.IntRange(0, 4).Draw(w.r, "missing") > 0 { // a file with one name twice is refused before
			names[name] = true
			users = append(users, w.people[i])
		}
	}
	if len(users) == 0 {
		users = append(users, w.people[0])
	}
	w.last = w.file(rapid.Permutation(users).Draw(w.r, "order")...)
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
			require.NotEqual(w.must, "1", e.Text("adminCount"), "%s of the protected %s", a.Kind, e.DN)
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
