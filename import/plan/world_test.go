package plan_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/import/words"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

const (
	containerDN = "OU=Partners,DC=plant,DC=example"
	domainName  = "plant.example"
	sourceName  = "corp.example"
)

// now is the controller's clock of every test; the file is an hour older.
var (
	now      = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	fileTime = now.Add(-time.Hour)
	longAgo  = now.AddDate(-1, 0, 0)
	lease    = adrules.FileTime(time.Date(2026, 12, 23, 8, 0, 0, 0, time.UTC)) // P1M1D after the file
)

// world is a target domain, a ledger and a user file, made piece by piece.
type world struct {
	cfg       schema.ImportConfig
	users     []*schema.User
	accounts  []*plan.Account
	elsewhere []*plan.Account
	places    map[string]plan.Place
	unread    []plan.UnreadKey
	unseen    []plan.Unseen
	groups    []*plan.Group
	schema    []plan.Attribute
	memory    plan.Memory
	kept      []schema.Resolution
	answers   []plan.Answer
	sought    map[adrules.GUID]plan.Logon
	source    *schema.Source
	file      schema.UserFile
	sameFile  bool
	now       time.Time
	container plan.Container
	others    []plan.Container
	migrating plan.Migrating
}

func newWorld() *world {
	month := schema.Period{Months: 1, Days: 1}
	w := &world{now: now, source: &schema.Source{Domain: sourceName, Scope: "s"}}
	w.file.Timestamp = fileTime
	w.container = plan.Container{GUID: guid("container"), DN: containerDN}
	w.cfg = schema.ImportConfig{
		ExpirationTime: &month, ExpirationRefresh: schema.Period{Days: 1}, SourceExpiry: "cap",
		AnchorAttribute: "adminDescription", AccountNamePattern: `^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$`,
		GroupMap:   map[string]schema.OneOrMore{"t-View": {"p-View"}, "t-Edit": {"p-Edit"}, "t-Admin": {"p-Admin"}},
		Attributes: map[string]schema.AttributeRule{"displayName": {}, "mail": {}, "department": {}, "manager": {}},
		Limits:     map[string]schema.Limit{},
	}
	w.schema = []plan.Attribute{{Name: "displayName", Single: true, RangeUpper: 256}, {Name: "mail", Single: true, RangeUpper: 256},
		{Name: "department", Single: true, RangeUpper: 64}, {Name: "manager", Single: true}, {Name: "adminDescription", Single: true}}
	w.memory = plan.Memory{Accounts: map[adrules.GUID]plan.Remembered{}, Intended: map[string]time.Time{}, Finished: true, Recent: plan.Lately{Acted: map[plan.Kind]map[string]bool{}, Disabled: map[string]bool{}, Left: map[string][]adrules.SID{}}}
	w.group("p-View")
	w.group("p-Edit")
	w.group("p-Admin").Why = "nested in Domain Admins"
	return w
}

func (w *world) group(name string) *plan.Group {
	g := &plan.Group{Name: name, GUID: guid(name), SID: sid(name), CN: name, DN: "CN=" + name + ",OU=Groups,DC=plant,DC=example"}
	w.groups = append(w.groups, g)
	return g
}

// guid and anchor are made from a name, so that tests read well.
func guid(name string) (g adrules.GUID) {
	sum := sha256.Sum256([]byte(name))
	copy(g[:], sum[:])
	return g
}

func anchor(name string) string { return guid("anchor of " + name).String() }

func sid(name string) adrules.SID {
	sum := sha256.Sum256([]byte(name))
	return adrules.SID(fmt.Sprintf("S-1-5-21-1-2-3-%d", 2000+int(sum[0])*256+int(sum[1])))
}

// user puts someone into the file; their source anchor is made of name.
func (w *world) user(cn, name string) *schema.User {
	u := &schema.User{CN: cn, SAMAccountName: name, ObjectGUID: anchor(name), Attributes: schema.Attributes{}}
	w.users = append(w.users, u)
	return u
}

// account puts an unmanaged, enabled user into the container.
func (w *world) account(cn, name string) *plan.Account {
	a := newAccount(cn, name)
	w.accounts = append(w.accounts, a)
	return a
}

// outside puts a user somewhere else.
func (w *world) outside(cn, name string) *plan.Account {
	a := newAccount(cn, name)
	a.InContainer, a.Parent, a.DN = false, "OU=Staff,DC=plant,DC=example", "CN="+cn+",OU=Staff,DC=plant,DC=example"
	w.elsewhere = append(w.elsewhere, a)
	return a
}

func newAccount(cn, name string) *plan.Account {
	return &plan.Account{
		GUID: guid("account " + cn + "/" + name), SID: sid(name), DN: "CN=" + cn + "," + containerDN, Parent: containerDN, InContainer: true, Class: "user",
		CN: cn, AccountName: name, UPN: name + "@" + domainName, Control: adrules.NormalAccount,
		Expires: lease, PasswordLastSet: 1, Created: longAgo, MemberOf: map[adrules.SID]bool{},
	}
}

// known anchors the account for the person and lets the ledger know it.
func (w *world) known(a *plan.Account, anchor string) *plan.Account {
	a.Anchor = plan.Anchor{ObjectGUID: anchor, Domain: sourceName}
	w.memory.Accounts[a.GUID] = plan.Remembered{Anchor: anchor, How: plan.HowCreated, Expires: a.Expires, WasEnabled: a.Enabled()}
	return a
}

// both is someone of the file with a managed account that is up to date.
func (w *world) both(cn, name string) (*schema.User, *plan.Account) {
	return w.user(cn, name), w.known(w.account(cn, name), anchor(name))
}

// remember changes what the ledger knows of an account.
func (w *world) remember(a *plan.Account, change func(*plan.Remembered)) {
	known := w.memory.Accounts[a.GUID]
	change(&known)
	w.memory.Accounts[a.GUID] = known
}

// keep adds an answer to the resolutions file, an hour old.
func (w *world) keep(kind plan.Kind, u *schema.User, change func(*schema.Resolution)) {
	r := schema.Resolution{Type: string(kind), User: u.CN, Anchor: u.ObjectGUID, Timestamp: now.Add(-time.Hour)}
	if kind == plan.Name || kind == plan.Adopt {
		r.Name = u.SAMAccountName
	}
	if change != nil {
		change(&r)
	}
	w.kept = append(w.kept, r)
}

// older makes the file one of the older tool: no anchors, no source.
func (w *world) older() {
	w.source = nil
	for _, u := range w.users {
		u.ObjectGUID = ""
	}
	for _, a := range w.accounts {
		w.remember(a, func(r *plan.Remembered) { r.Anchor = "" })
		a.Anchor = plan.Anchor{}
	}
}

func (w *world) input() plan.Input {
	file, obs := w.file, &plan.Observation{Container: w.container, Attributes: w.schema, Unseen: w.unseen, Others: w.others, Places: w.places, KeysUnread: w.unread}
	file.Source = w.source
	for _, u := range w.users {
		file.Users = append(file.Users, *u)
	}
	for _, a := range w.accounts {
		obs.Accounts = append(obs.Accounts, *a)
	}
	for _, a := range w.elsewhere {
		obs.Elsewhere = append(obs.Elsewhere, *a)
	}
	for _, g := range w.groups {
		obs.Groups = append(obs.Groups, *g)
	}
	obs.Domain = plan.Domain{Name: domainName, NetBIOS: "PLANT", UPNSuffixes: []string{"plant.test"}}
	return plan.Input{File: &file, FileHash: "f", SameFile: w.sameFile, Config: &w.cfg, Observed: obs, Memory: w.memory,
		Kept: w.kept, Answers: w.answers, Now: w.now, Sought: w.sought, Migrating: w.migrating}
}

func (w *world) plan() plan.Plan {
	in := w.input()
	p := plan.Make(in)
	if observer != nil {
		observer(in, p)
	}
	return p
}

// expect compares the plan, as people would read it, with lines.
func (w *world) expect(t *testing.T, lines ...string) plan.Plan {
	t.Helper()
	p := w.plan()
	assert.Equal(t, strings.Join(lines, "\n"), strings.Join(readable(p), "\n"))
	return p
}

// agree answers the only question that is open.
func (w *world) agree(t *testing.T, change func(*plan.Answer)) {
	t.Helper()
	p := w.plan()
	if !assert.Len(t, p.Questions, 1, "questions: %v", readable(p)) {
		t.FailNow()
	}
	a := plan.Answer{ID: p.Questions[0].ID, Accept: true}
	if change != nil {
		change(&a)
	}
	w.answers = append(w.answers, a)
}

// readable is a plan in lines: what is done, asked ("?"), refused, and noted.
func readable(p plan.Plan) (lines []string) {
	add := func(format string, values ...any) { lines = append(lines, fmt.Sprintf(format, values...)) }
	for _, a := range p.Actions {
		add("%s %s%s: %s%s", a.Kind, a.Person.CN, inGroup(a.Group), words.OfReason(a.Reason), changed(a))
	}
	for _, q := range p.Questions {
		add("%s? %s%s: %s", q.Kind, q.Person.CN, inGroup(q.Group), words.OfReason(q.Reason))
	}
	for _, r := range p.Refusals {
		add("refused %s %s%s", r.Question.Kind, r.Question.Person.CN, inGroup(r.Question.Group))
	}
	for _, list := range []struct {
		word  string
		notes []plan.Note
	}{{"skipped", p.Skipped}, {"failed", p.Failed}, {"left out", p.LeftOut}, {"reported", p.Unmanaged}} {
		for _, n := range list.notes {
			add("%s %s: %s", list.word, n.Person.CN, words.OfReason(n.Reason))
		}
	}
	for _, who := range p.Unchanged {
		add("unchanged %s", who.CN)
	}
	for _, trip := range p.Trips {
		add("limit %s", trip.Name)
	}
	return lines
}

func inGroup(g *plan.Group) string {
	if g == nil {
		return ""
	}
	return " " + g.Name
}

// changed shows attribute changes of what is not created.
func changed(a plan.Action) string {
	var parts []string
	for _, c := range a.Changes {
		switch {
		case a.Kind == plan.Create:
		case strings.EqualFold(c.Attribute, "adminDescription"):
			parts = append(parts, "anchor")
		case c.Attribute == "accountExpires":
			parts = append(parts, "expires")
		default:
			parts = append(parts, fmt.Sprintf("%s %s>%s", c.Attribute, strings.Join(c.Before, "|"), strings.Join(c.After, "|")))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " [" + strings.Join(parts, ", ") + "]"
}

func value(texts ...string) schema.Value { return schema.Value{List: texts} }

func text(n int64) string { return fmt.Sprint(n) }

func lower(s string) string { return strings.ToLower(s) }
