package demo

import (
	"crypto/rand"
	"strings"
	"sync/atomic"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// world is both domains.
type world struct {
	corp, plant *hand
	secrets     *secrets
}

func newWorld(now func() time.Time, s *secrets) *world {
	w := &world{&hand{memad.New("corp.example", memad.Clock(now), memad.Policy(policy))}, &hand{memad.New("plant.example", memad.Clock(now), memad.Policy(policy))}, s}
	w.fillCorp()
	w.fillPlant()
	return w
}

func (w *world) fillCorp() {
	for _, group := range []string{"t-Viewers", "t-Operators", "t-ShiftLeads", "t-Administrators"} {
		w.corp.AddGroup("CN=" + group + ",OU=Groups")
	}
	for _, p := range people {
		w.hire(p)
	}
}

// hire adds a person to corp.
func (w *world) hire(p person) { w.corp.hire(p, w.secrets.passphrase(p.account, p.name())) }

// fillPlant makes what is there before the first import.
func (w *world) fillPlant() {
	for _, group := range []string{"p-Viewers", "p-Operators", "p-ShiftLeads", "p-Administrators"} {
		w.plant.AddGroup("CN=" + group + ",OU=Groups")
	}
	// Whoever is in p-Administrators administers the domain.
	w.plant.join("p-Administrators", "Domain Admins")
	protected := map[string]string{"adminCount": "1"}
	w.local("OU=Staff", "Tanja Becker", "tbecker", staff("Tanja Becker", "tbecker", "Packaging"), "CN=p-Operators,OU=Groups")
	w.local("OU=Staff", "Mario Bianchi", "mbianchi", protected, "CN=Domain Admins,CN=Users")
	w.local("OU=Managed", "CORP Piotr Wiśniewski", "pwisniewski", nil)
	w.local("OU=Managed", "Virtanen Hanna", "hvirtanen", staff("Hanna Virtanen", "hvirtanen", "Sales"))
	w.local("OU=Managed", "CORP Erik Lund", "elund", protected)
	w.local("OU=Managed", "Visitor Terminal 3", "visitor3", nil)
	w.local("CN=Users", "svc-import", "svc-import", nil)
	must(w.plant.BindAs(w.plant.find("svc-import")))
}

// local makes an account of plant's own.
func (w *world) local(parent, cn, account string, attributes map[string]string, groups ...string) {
	w.plant.AddUser(memad.User{Parent: parent, CN: cn, AccountName: account, Password: w.secrets.passphrase(account, cn).Reveal(),
		Attributes: attributes, Groups: groups})
}

// staff are attributes that tell who an account is for.
func staff(name, account, department string) map[string]string {
	return map[string]string{"displayName": name, "userPrincipalName": account + "@plant.example",
		"mail": account + "@plant.example", "department": department}
}

func anchored(anchor, domain string) map[string]string {
	return map[string]string{"adminDescription": plan.AnchorText(anchor, &schema.Source{Domain: domain})}
}

const day = 24 * time.Hour

// clock is that of both domains and of the machine: the present time, set back
// while the story is in the past, so that it ends today.
type clock struct{ back atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(-time.Duration(c.back.Load())) }

func (c *clock) setBack(by time.Duration) { c.back.Store(int64(by)) }

// secrets makes passwords that no one is shown, and remembers them, so that a
// test can look for them where they must not be.
type secrets struct{ made []schema.Secret }

// policy is that of both domains.
var policy = adrules.PasswordPolicy{MinLength: 7, Complex: true, History: 24}

// passphrase makes a password of 130 random bits that the domain takes for a
// person.
func (s *secrets) passphrase(names ...string) schema.Secret {
	for {
		text := rand.Text()
		text = strings.ToLower(text[:6]) + "-" + text[6:]
		if len(policy.Broken(text, names...)) == 0 {
			s.made = append(s.made, schema.Secret(text))
			return schema.Secret(text)
		}
	}
}
