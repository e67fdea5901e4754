package export

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

// ErrConfig means that the configuration cannot be carried out; nothing was
// contacted.
var ErrConfig = errors.New("the export configuration is invalid")

// wanted is what a configuration asks for, read and checked.
type wanted struct {
	queries    []query
	groupPath  ad.DN
	groups     []searchGroup
	nested     bool
	exclude    []exclusion // sorted by attribute
	attributes []string    // further ones, as configured, none twice
	anchored   bool
}

type query struct {
	base   ad.DN
	scope  ad.Scope
	filter ad.Filter // "": all users
	key    string    // that names it: "user_path", "queries"
}

// names lists the attributes of the filter. "anr" is none: it stands for several.
func (q query) names() []string {
	var names []string
	for _, n := range q.filter.Named() {
		if !strings.EqualFold(n.Attribute, "anr") {
			names = append(names, n.Attribute)
		}
	}
	return distinct(names)
}

type searchGroup struct {
	name string // as configured
	dn   ad.DN
}

// Validate tells, all at once, what in a configuration cannot be carried out
// in any domain.
func Validate(cfg *schema.ExportConfig) error {
	_, err := read(cfg)
	return err
}

func read(cfg *schema.ExportConfig) (*wanted, error) {
	w := &wanted{nested: cfg.NestedGroups, anchored: cfg.SourceAnchor}
	err := errors.Join(w.readQueries(cfg), w.readGroups(cfg), w.readExclude(cfg.Exclude), w.readAttributes(cfg.Attributes))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return w, nil
}

func (w *wanted) readQueries(cfg *schema.ExportConfig) error {
	if len(cfg.Queries) == 0 {
		base, err := name("user_path", cfg.UserPath)
		w.queries = []query{{base: base, key: "user_path"}}
		return err
	}
	var faults []error
	for i, q := range cfg.Queries {
		key := fmt.Sprintf("queries[%d]", i+1)
		base, err := name(key+".base", q.Base)
		scope, known := scopes[q.Scope]
		if !known {
			err = errors.Join(err, fmt.Errorf(`%s.scope: %q is none of "subtree", "onelevel", "base"`, key, q.Scope))
		}
		filter := ad.Filter("")
		if q.Filter != "" {
			var bad error
			if filter, bad = ad.ParseFilter(q.Filter); bad != nil {
				err = errors.Join(err, fmt.Errorf("%s.filter: %w", key, bad))
			}
		}
		faults = append(faults, err)
		w.queries = append(w.queries, query{base, scope, filter, key})
	}
	return errors.Join(faults...)
}

var scopes = map[string]ad.Scope{"": ad.ScopeSubtree, "subtree": ad.ScopeSubtree, "onelevel": ad.ScopeOneLevel, "base": ad.ScopeBase}

func (w *wanted) readGroups(cfg *schema.ExportConfig) error {
	if len(cfg.SearchGroups) == 0 {
		return nil
	}
	var err error
	if w.groupPath, err = name("group_path", cfg.GroupPath); err != nil {
		return err
	}
	var faults []error
	for i, text := range cfg.SearchGroups {
		dn, err := w.groupPath.Join(text)
		if err != nil {
			faults = append(faults, fmt.Errorf(`search_groups[%d]: %q is not a name relative to group_path, as "CN=t-Viewers": %w`, i+1, text, err))
			continue
		}
		if full, _ := ad.ParseDN(text); full.DomainName() != "" {
			attribute, value := full.Name()
			faults = append(faults, fmt.Errorf(`search_groups[%d]: %q is a full name; write it relative to group_path (%s), as %q`, i+1, text, w.groupPath, ad.DN{}.Child(attribute, value)))
		}
		same := func(g searchGroup) bool { return g.dn.Equal(dn) }
		if slices.ContainsFunc(w.groups, same) {
			faults = append(faults, fmt.Errorf("search_groups[%d]: %q is listed twice", i+1, text))
		}
		w.groups = append(w.groups, searchGroup{text, dn})
	}
	return errors.Join(faults...)
}

func (w *wanted) readExclude(exclude map[string][]string) error {
	var faults []error
	for _, attribute := range slices.Sorted(maps.Keys(exclude)) {
		if !attributeName.MatchString(attribute) {
			faults = append(faults, fmt.Errorf("exclude: %q is not the name of an attribute", attribute))
		}
		e := exclusion{attribute: attribute, texts: exclude[attribute]}
		for _, text := range e.texts {
			e.patterns = append(e.patterns, newPattern(text))
		}
		w.exclude = append(w.exclude, e)
	}
	return errors.Join(faults...)
}

// attributeName is a lDAPDisplayName; OIDs and options are refused.
var attributeName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)

// secretAttributes hold passwords or their hashes (MS-ADTS 3.1.1.4.4).
var secretAttributes = map[string]bool{
	"unicodepwd": true, "userpassword": true, "dbcspwd": true, "unixuserpassword": true, "lmpwdhistory": true,
	"ntpwdhistory": true, "supplementalcredentials": true, "ms-mcs-admpwd": true, "mslaps-password": true,
}

// readAttributes passes over what every user carries anyway.
func (w *wanted) readAttributes(names []string) error {
	var faults []error
	seen := map[string]bool{}
	for _, text := range names {
		fold := strings.ToLower(text)
		switch {
		case !attributeName.MatchString(text):
			faults = append(faults, fmt.Errorf("attributes: %q is not the name of an attribute, as \"mail\"", text))
		case secretAttributes[fold]:
			faults = append(faults, fmt.Errorf("attributes: %q holds passwords, which never leave the domain; take it out", text))
		case !schema.IsUserKey(text) && !seen[fold]:
			w.attributes = append(w.attributes, text)
		}
		seen[fold] = true
	}
	if n := len(w.attributes); n > userfile.MaxAttributes {
		faults = append(faults, fmt.Errorf("attributes: %d are listed, and an import takes at most %d of one user", n, userfile.MaxAttributes))
	}
	return errors.Join(faults...)
}

func name(key, text string) (ad.DN, error) {
	if strings.TrimSpace(text) == "" {
		return ad.DN{}, fmt.Errorf("%s is missing", key)
	}
	dn, err := ad.ParseDN(text)
	if err != nil {
		return ad.DN{}, fmt.Errorf("%s: %w", key, err)
	}
	return dn, nil
}
