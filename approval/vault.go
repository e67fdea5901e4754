package approval

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// vault holds passwords in memory: those proposed for open questions, and those
// set in this session until it ends. Nothing of it is ever written to disk.
type vault struct {
	clock      clock
	words      *passphrases
	mu         sync.Mutex
	proposals  map[string]schema.Secret // by ID of the question
	longer     map[string]int           // words beyond the configured ones, by ID
	issued     []issued                 // in the order they were set
	passphrase schema.Secret            // of the archive, one for the session
	noted      bool                     // the person has the passphrase of the last archive
}

// issued is a password that was set.
type issued struct {
	id          string
	person      plan.Person
	domain      string
	password    schema.Secret
	set, handed time.Time // handed is zero until it was taken
	perhaps     bool      // the answer of the directory was lost
	mustChange  bool      // at the next logon
	renewed     bool      // in place of one that was forgotten
	expires     string    // the day the account ends, "" where it does not
}

const perhapsSet = "perhaps not set: the answer of the directory was lost; try it before you hand it out"

// line names the account on the terminal.
func (i issued) line() string {
	if i.perhaps {
		return schema.Visible(i.person.AccountName) + " (perhaps; the answer of the directory was lost)"
	}
	return schema.Visible(i.person.AccountName)
}

// propose makes a passphrase for each question and offer that sets a password and has
// none which keeps the policy, and forgets those of what is gone.
func (v *vault) propose(view *plan.View, offers []plan.Question) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	kept := map[string]schema.Secret{}
	for _, q := range proposable(view, offers) {
		policy, proposed := view.Policy(*q.Person), v.proposals[q.ID]
		if proposed == "" || len(policy.Broken(proposed.Reveal(), q.Person.AccountName, q.Person.DisplayName)) > 0 {
			var err error
			if proposed, err = v.words.of(*q.Person, policy, v.longer[q.ID]); err != nil {
				return err
			}
		}
		kept[q.ID] = proposed
	}
	v.proposals = kept
	return nil
}

// again makes another passphrase for one question.
func (v *vault) again(q plan.Question, policy plan.PasswordPolicy) (schema.Secret, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	passphrase, err := v.words.of(*q.Person, policy, v.longer[q.ID])
	if err != nil {
		return "", err
	}
	v.proposals[q.ID] = passphrase
	return passphrase, nil
}

// refused takes back a proposal that the directory did not take, for a longer
// one: the policy of an account is not always readable. It reports whether it
// was the proposal that was refused.
func (v *vault) refused(id string, password schema.Secret) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if password == "" || v.proposals[id] != password {
		return false
	}
	if v.longer == nil {
		v.longer = map[string]int{}
	}
	v.longer[id] += 2
	delete(v.proposals, id)
	return true
}

func (v *vault) proposal(id string) (schema.Secret, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.proposals[id] == "" {
		return "", fmt.Errorf("there is no passphrase for this question; load the page again")
	}
	return v.proposals[id], nil
}

// issue notes a password that was set, or perhaps was: then it stays proposed,
// so that it is the same whichever request is carried out. One that was set makes
// every earlier one of the person void; one that perhaps was, none but itself.
func (v *vault) issue(q plan.Question, a plan.Answer, view *plan.View, perhaps bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !perhaps {
		delete(v.proposals, q.ID)
	}
	v.issued = slices.DeleteFunc(v.issued, func(i issued) bool {
		return i.person.Key() == q.Person.Key() && (!perhaps || i.perhaps && i.password == a.Password)
	})
	set := issued{id: q.ID, person: *q.Person, domain: view.Domain, password: a.Password, set: v.clock.now(), perhaps: perhaps, mustChange: view.MustChange, renewed: q.Kind == plan.NewPassword}
	if q.Expires.After != plan.Never {
		set.expires = q.Expires.After
	}
	v.issued = append(v.issued, set)
}

// unsaved lists the accounts whose password was not taken yet.
func (v *vault) unsaved() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var accounts []string
	for _, i := range v.issued {
		if i.handed.IsZero() {
			accounts = append(accounts, i.person.AccountName)
		}
	}
	return accounts
}

// handOver notes that the passwords of these questions were taken.
func (v *vault) handOver(ids []string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := range v.issued {
		if v.issued[i].handed.IsZero() && slices.Contains(ids, v.issued[i].id) {
			v.issued[i].handed = v.clock.now()
		}
	}
}

func (v *vault) all() []issued {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.issued)
}

// secret returns the passphrase of the session's archives.
func (v *vault) secret() (schema.Secret, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var err error
	if v.passphrase == "" {
		v.passphrase, err = archivePassphrase()
	}
	v.noted = false
	return v.passphrase, err
}

// unnoted is the passphrase of an archive that was made, until the person says that
// they have it: a page that is loaded again or unlocked shows it again.
func (v *vault) unnoted() schema.Secret {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.noted {
		return ""
	}
	return v.passphrase
}

func (v *vault) note() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.noted = true
}

// list is the content of the archive: text, so that no name can act as a
// formula in a spreadsheet.
func list(all []issued) []byte {
	var b strings.Builder
	for _, i := range all {
		for _, line := range [][2]string{
			{"Name", i.person.CN}, {"Display name", i.person.DisplayName}, {"Domain", i.domain},
			{"Account", i.person.AccountName}, {"Logon name", i.person.UPN},
		} {
			if line[1] != "" {
				fmt.Fprintf(&b, "%-14s%s\r\n", line[0]+":", schema.Visible(line[1]))
			}
		}
		fmt.Fprintf(&b, "%-14s%s\r\n", "Password:", i.password.Reveal())
		if i.mustChange {
			fmt.Fprintf(&b, "%-14s%s\r\n", "", "to be changed at the next logon")
		}
		if i.perhaps {
			fmt.Fprintf(&b, "%-14s%s\r\n", "", perhapsSet)
		}
		b.WriteString("\r\n")
	}
	return []byte(b.String())
}
