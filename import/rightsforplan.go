package importer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"ad-user-sync/import/access"
	"ad-user-sync/import/apply"
	"ad-user-sync/import/plan"
	"ad-user-sync/import/report"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// forbidden names the planned actions for which the bound account lacks a right,
// as the directory itself tells (MS-ADTS 3.1.1.4.5.20 and 22): a dry run writes
// nothing that could be refused. What the directory does not tell is left out.
func (im *Import) forbidden(ctx context.Context, s *situation) ([]schema.Outcome, error) {
	if !im.onlyReads() || len(s.plan.Actions) == 0 {
		return nil, nil
	}
	may, err := effective(ctx, im.Directory, touched(s))
	if err != nil {
		return nil, fmt.Errorf("read what the bound account may do: %w", err)
	}
	var list []schema.Outcome
	denied := s.record.Denied()
	for _, a := range s.plan.Actions {
		if e, told := may.entries[a.Person.GUID]; told && a.Kind == plan.Enable && !a.Answer.Keep {
			if _, err := apply.ChangeOfPassword(im.Config, denied[a.Person.GUID], e); err != nil {
				list = append(list, report.Outcome(*a.Person, plan.Refused, fmt.Sprintf("%s: %v", a.Kind, err)))
			}
		}
		for _, what := range may.refused(a, s.obs.Container.GUID) {
			list = append(list, schema.Outcome{User: a.Person.CN, Code: string(plan.Refused), Subject: report.Subject(*a.Person),
				Reason: fmt.Sprintf("%s: %s may not %s; %s", a.Kind, im.Directory.Domain().Identity, what, cmp.Or(apply.StaysGuarded(a), may.obstacles[written(a)], access.Hint))})
		}
	}
	return list, nil
}

// touched are the objects that a plan writes to.
func touched(s *situation) []adrules.GUID {
	ids := []adrules.GUID{s.obs.Container.GUID}
	for _, a := range s.plan.Actions {
		ids = append(ids, a.Person.GUID)
		if a.Group != nil {
			ids = append(ids, a.Group.GUID)
		}
	}
	slices.SortFunc(ids, func(a, b adrules.GUID) int { return strings.Compare(string(a[:]), string(b[:])) })
	return slices.DeleteFunc(slices.Compact(ids), adrules.GUID.IsZero)
}

// effectiveRights are, by object, the attributes that the bound account may
// write and the classes it may create below, lower case.
type effectiveRights struct {
	attributes, classes map[adrules.GUID]map[string]bool
	obstacles           map[adrules.GUID]string
	entries             map[adrules.GUID]ad.Entry // with their access lists
}

func effective(ctx context.Context, dir ad.Searcher, ids []adrules.GUID) (effectiveRights, error) {
	r := effectiveRights{map[adrules.GUID]map[string]bool{}, map[adrules.GUID]map[string]bool{}, map[adrules.GUID]string{}, map[adrules.GUID]ad.Entry{}}
	var filters []ad.Filter
	for _, id := range ids {
		filters = append(filters, ad.Equal("objectGUID", string(id[:])))
	}
	for len(filters) > 0 {
		var batch []ad.Filter
		batch, filters = ad.NextBatch(filters)
		search := ad.Search{Base: dir.Domain().Base, Scope: ad.ScopeSubtree, Filter: ad.Or(batch...),
			Attributes: []string{"objectGUID", access.Attributes, access.Classes, access.Descriptor}}
		_, err := dir.Search(ctx, search, func(e ad.Entry) error {
			r.attributes[e.GUID()] = access.Lower(e.Texts(access.Attributes))
			r.classes[e.GUID()] = access.Lower(e.Texts(access.Classes))
			r.obstacles[e.GUID()], r.entries[e.GUID()] = access.Obstacle(e, false), e
			return nil
		})
		if err != nil {
			return r, err
		}
	}
	return r, nil
}

// written is the object that an action writes to.
func written(a plan.Action) adrules.GUID {
	if a.Group != nil {
		return a.Group.GUID
	}
	return a.Person.GUID
}

// refused tells what an action would be refused for.
func (r effectiveRights) refused(a plan.Action, container adrules.GUID) []string {
	switch {
	case a.Stays:
		return nil
	case a.Kind == plan.Create:
		if classes, told := r.classes[container]; told && !classes["user"] {
			return []string{"create users in the managed container"}
		}
		return nil
	case a.Group != nil:
		return r.lacking(a.Group.GUID, "the group "+a.Group.CN, "member")
	}
	var names []string
	for _, c := range a.Changes {
		names = append(names, c.Attribute)
	}
	return r.lacking(a.Person.GUID, "this account", names...)
}

func (r effectiveRights) lacking(id adrules.GUID, object string, names ...string) []string {
	may, told := r.attributes[id]
	if !told {
		return nil
	}
	lacking := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return may[strings.ToLower(name)] })
	if len(lacking) == 0 {
		return nil
	}
	return []string{"write " + strings.Join(lacking, ", ") + " of " + object}
}
