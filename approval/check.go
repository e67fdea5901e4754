package approval

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// longest is how many characters a reason has at most.
const longest = 1000

// Ways to give an account a password.
const (
	generated = "generated"
	typed     = "typed"
	present   = "keep"
)

// checker holds decisions against what was last shown.
type checker struct {
	view     *plan.View // nil: nothing was read yet
	shown    map[string]plan.Question
	operator string
	vault    *vault
	now      time.Time
}

// answers checks decisions against what was last shown. Those about
// what is not, or no longer, open are given back apart: it changed meanwhile.
func (c checker) answers(decisions []decision, typed int) (answers, gone []plan.Answer, err error) {
	if c.view == nil || len(decisions) == 0 {
		return nil, nil, fmt.Errorf("there is nothing to decide")
	}
	if len(c.view.Trips) > 0 {
		return nil, nil, fmt.Errorf("a limit has stopped the run; override it first")
	}
	if len(decisions) > plan.Freely && typed != len(decisions) {
		return nil, nil, fmt.Errorf("more than %d decisions at once need their number typed", plan.Freely)
	}
	seen := map[string]bool{}
	for _, d := range decisions {
		if seen[d.ID] {
			return nil, nil, fmt.Errorf("the same question is answered twice")
		}
		seen[d.ID] = true
		q, open := c.shown[d.ID]
		if !open {
			gone = append(gone, plan.Answer{ID: d.ID, Accept: d.Accept})
			continue
		}
		if len(decisions) > 1 && q.Alone(c.own(q)) {
			return nil, nil, fmt.Errorf("the question about %s is never answered together with others", schema.Visible(q.Person.CN))
		}
		answer, err := c.answer(q, d)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", schema.Visible(q.Person.CN), err)
		}
		answers = append(answers, answer)
	}
	return answers, gone, nil
}

func (c checker) answer(q plan.Question, d decision) (plan.Answer, error) {
	if err := fits(q, d); err != nil {
		return plan.Answer{}, err
	}
	if c.own(q) && (d.Accept || q.Takes()) {
		return plan.Answer{}, fmt.Errorf("this is the account you run as; another administrator has to decide")
	}
	if !d.Accept {
		return rejection(q, d, c.now)
	}
	a := plan.Answer{ID: d.ID, Accept: true}
	var err error
	switch q.Kind {
	case plan.Enable:
		a.Keep = d.Password == present
		a.Password, err = c.password(q, d)
	case plan.NewPassword:
		if a.Reason, err = because(d); err == nil {
			a.Password, err = c.password(q, d)
		}
	case plan.Unlock:
		a.Reason, err = because(d)
	case plan.Name:
		a.NewName, a.TakeOver = strings.TrimSpace(d.NewName), d.TakeOver
		if (a.NewName != "") == a.TakeOver {
			err = fmt.Errorf("choose one: another account name, or take over the account")
		}
	}
	if a.TakeOver && q.Barred != "" || q.Kind == plan.Adopt && q.Barred != "" {
		err = fmt.Errorf("the account cannot be taken over: %s", q.Barred)
	}
	if a.TakeOver || q.Kind == plan.Adopt {
		a.Keeps = q.Keeping(d.Keeps)
	}
	return a, err
}

// because is why a person does what no one asked for.
func because(d decision) (string, error) {
	reason := strings.TrimSpace(d.Reason)
	switch {
	case reason == "":
		return "", fmt.Errorf("say why: the report and the log keep it")
	case utf8.RuneCountInString(reason) > longest:
		return "", fmt.Errorf("the reason is longer than %d characters", longest)
	}
	return reason, nil
}

// fits refuses fields that have no meaning for the kind of question.
func fits(q plan.Question, d decision) error {
	forEnable, forName := d.Password != "" || d.Typed != "", d.NewName != "" || d.TakeOver
	if forEnable && (!q.SetsPassword() || !d.Accept) || forName && (q.Kind != plan.Name || !d.Accept) ||
		d.Keeps != nil && !(d.Accept && (q.Kind == plan.Adopt || d.TakeOver)) ||
		d.Accept && (d.Reason != "" && !q.Offered() || d.Until != "") || q.Offered() && !d.Accept {
		return fmt.Errorf("the decision does not fit the question")
	}
	return nil
}

func (c checker) password(q plan.Question, d decision) (schema.Secret, error) {
	switch {
	case d.Password != typed && d.Typed != "":
		return "", fmt.Errorf("a password was typed but not chosen")
	case d.Password == generated:
		return c.vault.proposal(q.ID)
	case d.Password == present && q.MayKeep:
		return "", nil
	case d.Password == present:
		return "", fmt.Errorf("there is no present password to keep")
	case d.Password != typed:
		return "", fmt.Errorf("choose how the account gets its password")
	}
	policy := c.view.Policy(*q.Person)
	if broken := policy.Broken(d.Typed, q.Person.AccountName, q.Person.DisplayName); len(broken) > 0 {
		return "", fmt.Errorf("the domain would refuse this password; it needs: %s", strings.Join(broken, "; "))
	}
	return schema.Secret(d.Typed), nil
}

func rejection(q plan.Question, d decision, now time.Time) (plan.Answer, error) {
	a := plan.Answer{ID: d.ID, Reason: strings.TrimSpace(d.Reason)}
	if utf8.RuneCountInString(a.Reason) > longest {
		return a, fmt.Errorf("the reason is longer than %d characters", longest)
	}
	switch {
	case d.Until == "": // the desk knows for how long
		return a, nil
	case !q.Takes():
		return a, fmt.Errorf("only a rejected disable or leave has an end date")
	}
	until, err := lastMoment(d.Until, now)
	a.Until = &until
	return a, err
}

// lastMoment is the end of a day in local time.
func lastMoment(day string, now time.Time) (time.Time, error) {
	date, err := time.ParseInLocation(time.DateOnly, day, now.Location())
	if err != nil {
		return now, fmt.Errorf("the end date is not of the form 2026-12-31")
	}
	end, limit := date.AddDate(0, 0, 1).Add(-time.Second), now.AddDate(0, 0, plan.MostRejection)
	if end.Before(now) || date.After(limit) {
		return now, fmt.Errorf("the end date must be within the next %d days", plan.MostRejection)
	}
	if end.After(limit) {
		end = limit
	}
	return end, nil
}

// own reports whether a question is about the one who runs this program or is bound
// to the directory, by whatever name.
func (c checker) own(q plan.Question) bool {
	for _, identity := range []string{c.operator, c.view.Identity} {
		name := identity[strings.LastIndexByte(identity, '\\')+1:]
		plain, _, _ := strings.Cut(name, "@")
		for _, p := range c.view.LogonNames(q) {
			if plain != "" && strings.EqualFold(p.AccountName, plain) || p.UPN != "" && strings.EqualFold(p.UPN, name) {
				return true
			}
		}
	}
	return false
}

func (c checker) ownPerson(p plan.Person) bool { return c.own(plan.Question{Person: &p}) }

// enabling finds what is open and sets a password, and the policy for its password.
func (c checker) enabling(id string) (plan.Question, plan.PasswordPolicy, bool) {
	q, open := c.shown[id]
	if !open || !q.SetsPassword() {
		return q, plan.PasswordPolicy{}, false
	}
	return q, c.view.Policy(*q.Person), true
}
