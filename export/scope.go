package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
)

// scopeVersion changes with the rules of the digest alone.
const scopeVersion = 1

// scope is what selects, as it is digested; see the package comment.
type scope struct {
	Version      int                 `json:"version"`
	Queries      []any               `json:"queries"`
	GroupPath    []string            `json:"group_path"`
	SearchGroups []any               `json:"search_groups"`
	NestedGroups bool                `json:"nested_groups"`
	Exclude      map[string][]string `json:"exclude"`
}

// digest names the selection.
func (w *wanted) digest() string {
	sum := sha256.Sum256(canonical(w.scope()))
	return hex.EncodeToString(sum[:])
}

func (w *wanted) scope() scope {
	s := scope{Version: scopeVersion, Queries: []any{}, SearchGroups: []any{}, Exclude: map[string][]string{}}
	for _, q := range w.queries {
		s.Queries = append(s.Queries, []any{rdns(q.base), scopeName(q.scope), strings.ToLower(string(q.filter))})
	}
	for _, g := range w.groups {
		s.SearchGroups = append(s.SearchGroups, rdns(g.dn))
	}
	if len(w.groups) > 0 {
		s.GroupPath, s.NestedGroups = rdns(w.groupPath), w.nested
	}
	for _, e := range w.exclude {
		patterns := s.Exclude[strings.ToLower(e.attribute)]
		for _, p := range e.patterns {
			patterns = append(patterns, string(p))
		}
		slices.Sort(patterns)
		if patterns = slices.Compact(patterns); len(patterns) > 0 {
			s.Exclude[strings.ToLower(e.attribute)] = patterns
		}
	}
	sortJSON(s.Queries)
	sortJSON(s.SearchGroups)
	return s
}

func scopeName(s ad.Scope) string {
	switch s {
	case ad.ScopeOneLevel:
		return "onelevel"
	case ad.ScopeBase:
		return "base"
	}
	return "subtree"
}

// rdns is independent of how a name was escaped.
func rdns(dn ad.DN) []string {
	list := []string{}
	for ; !dn.IsZero(); dn = dn.Parent() {
		attribute, value := dn.Name()
		list = append(list, strings.ToLower(attribute+"="+value))
	}
	return list
}

func sortJSON(list []any) {
	slices.SortFunc(list, func(a, b any) int { return bytes.Compare(canonical(a), canonical(b)) })
}

// canonical marshals what is made of strings, lists and maps alone, which the
// encoder sorts.
func canonical(v any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err) // not reachable
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}
