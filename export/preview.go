package export

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Candidate is a user whom a query found.
type Candidate struct {
	DN             string   `json:"dn"`
	CN             string   `json:"cn"`
	SAMAccountName string   `json:"sAMAccountName"`
	Disabled       bool     `json:"disabled"`
	Expired        bool     `json:"expired"`
	MemberOf       []string `json:"memberOf"`           // search groups
	LeftOut        string   `json:"left_out,omitempty"` // why the user is left out, with the value that decides; "": goes
	Rule           string   `json:"rule,omitempty"`     // the rule alone: the same for everybody whom it leaves out
	Outside        bool     `json:"-"`                  // left out by no rule: in none of search_groups
}

// Previewed is what Run would do.
type Previewed struct {
	Candidates []Candidate    `json:"users"`       // who goes, then the others by rule, each by name
	LeftOut    int            `json:"left_out"`    // who does not go, but those who were not asked for: in none of search_groups
	Reasons    map[string]int `json:"left_out_by"` // of these, by rule
	Outside    int            `json:"outside"`     // people whom the queries find and who are in none of search_groups
	Unjudged   int            `json:"not_judged"`  // people of whom it is not known whether or how they go
	Twice      int            `json:"found_twice"` // found again by another query
	Referrals  int            `json:"referrals"`
	Warnings   []string       `json:"warnings,omitempty"`
}

// Going counts who would be in the file.
func (p *Previewed) Going() int {
	n := 0
	for _, c := range p.Candidates {
		if c.LeftOut == "" {
			n++
		}
	}
	return n
}

// Preview finds everybody whom the queries find, those outside the search
// groups included, and writes nothing. It fails and warns where Run would; with
// ErrNoUsers, or where a user cannot be judged, it still tells of all.
func Preview(ctx context.Context, dir Directory, cfg *schema.ExportConfig) (*Previewed, error) {
	w, err := read(cfg)
	if err != nil {
		return nil, err
	}
	e, err := prepare(ctx, dir, w, Options{})
	if err != nil {
		return nil, err
	}
	p, err := e.preview(ctx)
	if err == nil {
		p.Warnings = append(e.columnWarnings(), p.Warnings...)
	}
	return p, err
}

func (e *run) preview(ctx context.Context) (*Previewed, error) {
	p := &Previewed{}
	e.begin(&limited{io.Discard, fileLimit})
	for _, q := range e.source.wanted.queries {
		if err := p.search(ctx, e, q); err != nil {
			return nil, e.explain(fmt.Errorf("%s: %w", q.key, err))
		}
	}
	err := e.rest(ctx, func(entry ad.Entry, v verdict) {
		e.note(entry, v)
		p.Candidates = append(p.Candidates, e.candidate(entry, v))
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(p.Candidates, Candidate.compare)
	p.Unjudged = len(e.unjudged.faults) + e.unjudged.more
	p.LeftOut, p.Reasons, p.Twice, p.Referrals = e.result.LeftOut, e.result.Reasons, e.result.Twice, e.result.Referrals
	if err := e.sound(ctx); err != nil {
		return p, err
	}
	p.Warnings = e.result.Warnings
	return p, e.explain(e.file.Close(&schema.Complete{Users: e.result.Users, Searches: e.result.Searches}))
}

func (p *Previewed) search(ctx context.Context, e *run, q query) error {
	matched := 0 // by the search that Run would make
	b := &batch{run: e, query: q, each: func(entry ad.Entry, columns []*column) error {
		v := e.source.judgeFound(q, entry)
		e.source.membership.roll.meet(entry.DN)
		if v.rule != outside {
			matched++
		}
		if e.again(entry) {
			return nil
		}
		e.note(entry, v)
		if v.rule == outside {
			p.Outside++
		}
		var err error
		if v.leftOut == "" {
			v, err = e.put(entry, v, columns)
		}
		p.Candidates = append(p.Candidates, e.candidate(entry, v))
		return err
	}}
	summary, err := b.search(ctx, ad.Search{Base: q.base, Scope: q.scope, Filter: q.users(), Attributes: e.source.attributes(e.columns, true)})
	e.result.Referrals += summary.Referrals
	e.result.Searches = append(e.result.Searches, schema.SearchResult{Base: q.base.String(), Entries: matched})
	return err
}

func (e *run) candidate(entry ad.Entry, v verdict) Candidate {
	control, _ := entry.Int("userAccountControl")
	expires := expiry(entry)
	_, name := entry.DN.Name()
	return Candidate{
		DN:             entry.DN.String(),
		CN:             cmp.Or(entry.Text("cn"), name),
		SAMAccountName: entry.Text("sAMAccountName"),
		Disabled:       adrules.UserAccountControl(control).Disabled(),
		Expired:        expires != nil && !expires.After(e.result.Timestamp),
		MemberOf:       v.memberOf,
		LeftOut:        v.leftOut,
		Rule:           v.rule,
		Outside:        v.rule == outside,
	}
}

func (c Candidate) compare(d Candidate) int {
	return cmp.Or(
		cmp.Compare(c.Rule, d.Rule),
		strings.Compare(strings.ToLower(c.CN), strings.ToLower(d.CN)),
		strings.Compare(c.DN, d.DN))
}
