package approval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// paperDesk carries out decisions on paper. Tests say what it refuses.
type paperDesk struct {
	mu       sync.Mutex
	view     plan.View
	answers  []plan.Answer
	fails    map[string]string // account name: why the directory refuses
	unsure   map[string]bool   // account name: the answer is lost, once
	vanish   map[string]bool   // account name: the question changes meanwhile
	answered map[string]string // account name: by whom, in another session
	lookErr  error
	looks    int
	released []int
	granted  []plan.Grant
	hold     chan struct{} // non-nil: each answer waits for a value
	found    []plan.Found
	sought   []string
	reading  chan struct{} // non-nil: so does each look
}

func (d *paperDesk) Look(context.Context) (plan.View, error) {
	d.mu.Lock()
	if reading := d.reading; reading != nil {
		d.mu.Unlock()
		reading <- struct{}{}
		<-reading
		d.mu.Lock()
	}
	defer d.mu.Unlock()
	d.looks++
	v := d.view
	v.Questions, v.Refusals = slices.Clone(v.Questions), slices.Clone(v.Refusals)
	return v, d.lookErr
}

func (d *paperDesk) Decide(ctx context.Context, answers []plan.Answer, done func(plan.Result)) ([]plan.Result, error) {
	var results []plan.Result
	for _, a := range answers {
		if d.hold != nil {
			select {
			case <-d.hold:
			case <-ctx.Done():
				return results, ctx.Err()
			}
		}
		r := d.decide(a)
		results = append(results, r)
		done(r)
	}
	return results, nil
}

func (d *paperDesk) decide(a plan.Answer) plan.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.answers = append(d.answers, a)
	i := slices.IndexFunc(d.view.Questions, func(q plan.Question) bool { return q.ID == a.ID })
	if offers := slices.IndexFunc(d.found, func(f plan.Found) bool {
		return slices.ContainsFunc(f.Offers, func(q plan.Question) bool { return q.ID == a.ID })
	}); offers >= 0 {
		d.found[offers].Offers = slices.DeleteFunc(slices.Clone(d.found[offers].Offers), func(q plan.Question) bool { return q.ID == a.ID })
		return plan.Result{ID: a.ID, Outcome: plan.Done}
	}
	if i < 0 {
		return plan.Result{ID: a.ID, Outcome: plan.Changed}
	}
	q := d.view.Questions[i]
	switch {
	case d.answered[q.Person.AccountName] != "":
		d.view.Questions = slices.Delete(slices.Clone(d.view.Questions), i, i+1)
		return plan.Result{ID: a.ID, Outcome: plan.Changed, Problem: "already answered: accepted by " + d.answered[q.Person.AccountName], Hint: "Nothing was done a second time."}
	case d.vanish[q.Person.AccountName]:
		delete(d.vanish, q.Person.AccountName)
		q.ID += "-new"
		d.view.Questions[i] = q
		return plan.Result{ID: a.ID, Outcome: plan.Changed}
	case a.Accept && d.unsure[q.Person.AccountName]:
		delete(d.unsure, q.Person.AccountName)
		return plan.Result{ID: a.ID, Outcome: plan.NotDone, Problem: "the connection was lost", Unsure: true}
	case a.Accept && d.fails[q.Person.AccountName] != "":
		return plan.Result{ID: a.ID, Outcome: plan.NotDone, Problem: d.fails[q.Person.AccountName], Hint: "Choose another password.", Detail: "0000052D"}
	}
	d.view.Questions = slices.Delete(slices.Clone(d.view.Questions), i, i+1)
	if a.Accept {
		return plan.Result{ID: a.ID, Outcome: plan.Done}
	}
	d.view.Refusals = append(d.view.Refusals, plan.Refusal{Question: q, Answer: schema.Resolution{Type: string(q.Kind), User: q.Person.CN,
		By: `jdoe (PLANT\approver)`, Reason: a.Reason, Until: a.Until, Timestamp: time.Now()}})
	return plan.Result{ID: a.ID, Outcome: plan.Kept}
}

func (d *paperDesk) AskAgain(_ context.Context, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.view.Refusals, func(r plan.Refusal) bool { return r.Question.ID == id })
	if i < 0 {
		return errors.New("there is no such rejection")
	}
	d.view.Questions = append(d.view.Questions, d.view.Refusals[i].Question)
	d.view.Refusals = slices.Delete(d.view.Refusals, i, i+1)
	return nil
}

func (d *paperDesk) Release(_ context.Context, digest string, accounts int, progress func(done, total int)) error {
	for i := range d.view.Planned {
		if d.hold != nil {
			<-d.hold
		}
		progress(i+1, len(d.view.Planned))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if digest != d.view.Plan {
		return errors.New("the plan has changed")
	}
	d.released = append(d.released, accounts)
	for _, t := range d.view.Trips {
		for _, p := range t.Accounts {
			d.view.Report.Disabled = append(d.view.Report.Disabled, p.CN)
		}
	}
	d.view.Trips, d.view.Planned = nil, nil
	return nil
}

func (d *paperDesk) Prolong(_ context.Context, g plan.Grant, progress func(done, total int)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.granted = append(d.granted, g)
	if why := d.fails["prolong"]; why != "" {
		return errors.New(why)
	}
	for _, o := range d.view.Offer.People {
		if g.IDs[o.ID] {
			d.view.Report.Prolonged = append(d.view.Report.Prolonged, o.Person.CN)
			progress(len(d.view.Report.Prolonged), len(g.IDs))
		}
	}
	d.view.Offer = plan.Offer{}
	return nil
}

func (d *paperDesk) Report() schema.Report {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.view.Report
	r.RequiredInteractions = make([]schema.Interaction, len(d.view.Questions))
	return r
}

func (d *paperDesk) CheckName(_ context.Context, _, name string) (string, error) {
	if strings.HasPrefix(name, "taken") {
		return "the account name is taken by Tom Taken", nil
	}
	return "", nil
}

func (d *paperDesk) taken() []plan.Answer {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.answers)
}

// asks builds a question about someone whose account name and anchor follow
// from the name.
func asks(kind plan.Kind, reason plan.Reason, name string) plan.Question {
	account := strings.ToLower(strings.ReplaceAll(name, " ", "."))
	person := plan.Person{Anchor: "anchor-" + account, CN: "P3KI " + name, AccountName: account, UPN: account + "@plant.example",
		Mail: account + "@corp.example", DisplayName: name}
	return plan.Question{ID: fmt.Sprintf("id-%s-%s", kind, account), Kind: kind, Reason: reason, Person: &person, Expires: plan.Expiry{After: "2026-12-23"},
		Decision: []plan.Field{{Code: plan.FieldCommonName, After: []string{person.CN}}, {Code: plan.FieldAccountName, After: []string{account}},
			{Code: plan.FieldUserPrincipalName, After: []string{person.UPN}}, {Code: plan.FieldMail, After: []string{person.Mail}},
			{Code: plan.FieldDisplayName, After: []string{person.DisplayName}}, {Code: plan.FieldCause, After: []string{string(reason)}}},
		Context: []plan.Field{{Code: plan.FieldDepartment, After: []string{"Operations"}}, {Code: plan.FieldGivenGroup, After: []string{"p-Viewers"}}, {Code: plan.FieldGivenGroup, After: []string{"p-Editors"}},
			{Code: plan.FieldWouldExpire, After: []string{"2026-12-23"}}}}
}

func inGroup(q plan.Question, g plan.Group) plan.Question {
	q.ID += "-" + g.CN
	q.Group = &g
	q.Decision = []plan.Field{{Code: plan.FieldGivenGroup, After: []string{string(g.SID)}}, {Code: plan.FieldGroupGuarded, After: []string{cmp.Or(string(g.Guard()), "no")}}}
	for _, sid := range g.Reaches {
		q.Decision = append(q.Decision, plan.Field{Code: plan.FieldReaches, After: []string{string(sid)}})
	}
	q.Context = []plan.Field{{Code: plan.FieldGroupName, After: []string{g.CN}}, {Code: plan.FieldNestedIn, After: g.Within}}
	return q
}

// sample shows every kind of question once or twice.
func sample() plan.View {
	stamp := time.Date(2026, 11, 22, 8, 15, 30, 0, time.UTC)
	operators := plan.Group{CN: "p-Operators", DN: "CN=p-Operators,OU=Groups,DC=plant,DC=example", SID: "S-1-5-21-1-2-3-1201", Listed: true, Within: []string{"p-Everybody"}}
	admins := plan.Group{CN: "p-Administrators", DN: "CN=p-Administrators,OU=Groups,DC=plant,DC=example", SID: "S-1-5-21-1-2-3-1202",
		Why: "nested in Domain Admins", Within: []string{"Domain Admins", "Administrators"}, Reaches: []adrules.SID{"S-1-5-21-1-2-3-512", "S-1-5-32-544"}}
	viewers := plan.Group{CN: "p-Viewers", DN: "CN=p-Viewers,OU=Groups,DC=plant,DC=example", SID: "S-1-5-21-1-2-3-1203"}

	returned := asks(plan.Enable, plan.Returned, "Rita Returned")
	returned.MayKeep = true
	returned.Context = append(returned.Context, plan.Field{Code: plan.FieldDisabledSince, After: []string{"2026-09-01", string(plan.MissingInFile)}},
		plan.Field{Code: plan.FieldLastLogon, After: []string{"2026-08-28"}})
	byHand := asks(plan.Enable, plan.DisabledHere, "Hanna Byhand")
	byHand.Single = true
	privileged := inGroup(asks(plan.Join, plan.GroupMap, "Paul Privileged"), admins)
	privileged.Single = true
	named := asks(plan.Name, plan.NameTaken, "Nora Name")
	named.Single, named.Proposal = true, "nora.name2"
	named.Decision = []plan.Field{{Code: plan.FieldAccountName, After: []string{"nora.name"}}, {Code: plan.FieldConflict, After: []string{"sAMAccountName"}},
		{Code: plan.FieldTheAccount, After: []string{"6f9619ff-8b86-d011-b42d-00cf4fc964ff"}}, {Code: plan.FieldDistinguishedName, After: []string{"CN=Norbert Name,OU=Staff,DC=plant,DC=example"}}}
	named.Holder = &plan.Account{DN: "CN=Norbert Name,OU=Staff,DC=plant,DC=example", Parent: "OU=Staff,DC=plant,DC=example", Class: "user",
		CN: "Norbert Name", AccountName: "nora.name", UPN: "norbert@plant.example", Mail: "norbert@plant.example", DisplayName: "Norbert Name",
		Created: stamp.AddDate(-3, 0, 0), LastLogon: stamp.AddDate(0, 0, -2), OtherNames: []string{"Staff", "Remote Desktop Users"}}
	named.Losing = []*plan.Group{&viewers, &operators}
	barred := asks(plan.Name, plan.NameTaken, "Boris Barred")
	barred.Single, barred.Proposal, barred.Barred = true, "boris.barred2", "it is protected: adminCount=1"
	barred.Holder = &plan.Account{DN: "CN=Boris,CN=Users,DC=plant,DC=example", Parent: "CN=Users,DC=plant,DC=example", Class: "user", CN: "Boris",
		AccountName: "boris.barred", Protected: "adminCount=1", Created: stamp.AddDate(-9, 0, 0)}
	adopted := asks(plan.Adopt, plan.SamePerson, "Alma Adopt")
	adopted.Single = true
	adopted.Decision = []plan.Field{{Code: plan.FieldAccountName, After: []string{"alma.adopt"}}, {Code: plan.FieldBecause, After: []string{string(plan.SamePerson)}},
		{Code: plan.FieldTheAccount, After: []string{"0f9619ff-8b86-d011-b42d-00cf4fc964ff"}}, {Code: plan.FieldDistinguishedName, After: []string{"CN=P3KI Alma Adopt,OU=Managed,DC=plant,DC=example"}}}
	adopted.Holder = &plan.Account{DN: "CN=Alma Adopt,OU=Managed,DC=plant,DC=example", Parent: "OU=Managed,DC=plant,DC=example", Class: "user", InContainer: true,
		CN: "P3KI Alma Adopt", AccountName: "aadopt", DisplayName: "Alma Adopt", Created: stamp.AddDate(-1, 0, 0)}
	leaving := inGroup(asks(plan.Leave, plan.GroupMap, "Lea Leave"), viewers)
	newest, joining := asks(plan.Enable, plan.New, "Jane Doe"), inGroup(asks(plan.Join, plan.GroupMap, "Jane Doe"), operators)
	newest.Since = stamp
	joining.Context = append(joining.Context, plan.Field{Code: plan.FieldDepartment, After: []string{"Operations"}}, plan.Field{Code: plan.FieldTitle, After: []string{"Shift lead"}},
		plan.Field{Code: plan.FieldSourceGroup, After: []string{"CN=t-Operators,OU=Roles,DC=corp,DC=example"}}, plan.Field{Code: plan.FieldPresentGroup, After: []string{"p-Viewers", "Staff"}})
	disabling := asks(plan.Disable, plan.MissingInFile, "Dora Disable")
	disabling.Decision = []plan.Field{{Code: plan.FieldCommonName, After: []string{disabling.Person.CN}}, {Code: plan.FieldReason, After: []string{string(plan.MissingInFile)}}}
	disabling.Context = nil

	return plan.View{Domain: "plant.example", Controller: "dc1.plant.example", Container: "OU=Managed,DC=plant,DC=example", Identity: `PLANT\approver`,
		Source: "corp.example", File: schema.Input{File: "users.json", Timestamp: &stamp, Users: 25, Signed: true}, Plan: "plan-1",
		Password: plan.PasswordPolicy{MinLength: 14, Complex: true, History: 24},
		Questions: []plan.Question{newest, joining, returned, named, barred, adopted,
			privileged, byHand, disabling, leaving},
		Report: schema.Report{Created: []string{"a", "b", "c"}, Updated: []string{"a"}, Extended: 12}}
}

// many is a view of n new people.
func many(n int) plan.View {
	v := sample()
	v.Questions = nil
	for i := range n {
		v.Questions = append(v.Questions, asks(plan.Enable, plan.New, fmt.Sprintf("Person Number%04d", i)))
	}
	return v
}

// Find shows all offers, whatever is looked for.
func (d *paperDesk) Find(_ context.Context, text string) ([]plan.Found, int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sought = append(d.sought, text)
	return slices.Clone(d.found), len(d.found), nil
}
