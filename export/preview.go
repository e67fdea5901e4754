package export

import (
	"context"
	"fmt"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Candidate is somebody whom a query found.
type Candidate struct {
	DN             string
	CN             string
	SAMAccountName string
	Disabled       bool
	MemberOf       []string // search groups
	LeftOut        string   // the rule that leaves the user out; "": goes
}

// Preview hands on, as the directory gives them, everybody whom the queries
// find, those outside the search groups included, and writes nothing. It
// fails where Run would, but for missing rights to single attributes.
func Preview(ctx context.Context, dir Directory, cfg *schema.ExportConfig, each func(Candidate) error) error {
	w, err := read(cfg)
	if err != nil {
		return err
	}
	s, err := open(ctx, dir, w)
	if err != nil {
		return err
	}
	seen, going := map[adrules.GUID]struct{}{}, 0
	for _, q := range w.queries {
		search := ad.Search{Base: q.base, Scope: q.scope, Filter: q.users(), Attributes: s.attributes(nil)}
		if _, err := dir.Search(ctx, search, func(e ad.Entry) error {
			if _, twice := seen[e.GUID()]; twice {
				return nil
			}
			if guid := e.GUID(); !guid.IsZero() {
				seen[guid] = struct{}{}
			}
			c := s.candidate(e)
			if c.LeftOut == "" {
				going++
			}
			return each(c)
		}); err != nil {
			return fmt.Errorf("%s: %w", q.key, err)
		}
	}
	if going == 0 {
		return ErrNoUsers
	}
	return nil
}

func (s *source) candidate(e ad.Entry) Candidate {
	v := s.wanted.judge(e, s.membership)
	control, _ := e.Int("userAccountControl")
	return Candidate{
		DN:             e.DN.String(),
		CN:             e.Text("cn"),
		SAMAccountName: e.Text("sAMAccountName"),
		Disabled:       adrules.UserAccountControl(control).Disabled(),
		MemberOf:       v.memberOf,
		LeftOut:        v.leftOut,
	}
}
