package export

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"ad-user-sync/internal/ad"
)

// definition of an attribute in the schema of the source domain.
type definition struct {
	ad.Definition
	backLink string // name of the other end, for the forward end of a link
}

// readDefinitions looks the further attributes, and those of exclude and of
// filters, up in the schema.
func (s *source) readDefinitions(ctx context.Context) error {
	s.definitions = map[string]definition{}
	names := append([]string{"accountExpires", "memberOf", "member", "primaryGroupID"}, s.wanted.attributes...)
	for _, e := range s.wanted.exclude {
		names = append(names, e.attribute)
	}
	for _, q := range s.wanted.queries {
		names = append(names, q.names()...)
	}
	var one []ad.Filter
	for _, name := range distinct(names) {
		key := "lDAPDisplayName"
		if name[0] <= '9' { // an OID
			key = "attributeID"
		}
		one = append(one, ad.Equal(key, name))
	}
	if err := s.searchSchema(ctx, ad.Or(one...), s.define); err != nil {
		return err
	}
	if err := s.checkDefinitions(); err != nil {
		return err
	}
	s.settleRoll()
	if err := s.readTree(ctx); err != nil {
		return err
	}
	return s.readBackLinks(ctx)
}

func (s *source) searchSchema(ctx context.Context, filter ad.Filter, each func(ad.Entry) error) error {
	_, err := s.dir.Search(ctx, ad.Search{
		Base:       s.dir.Domain().Schema,
		Scope:      ad.ScopeOneLevel,
		Filter:     ad.And(ad.Equal("objectClass", "attributeSchema"), filter),
		Attributes: append([]string{"attributeID"}, ad.DefinitionAttributes...),
	}, each)
	if err != nil {
		return fmt.Errorf("look up attributes in the schema: %w", err)
	}
	return nil
}

func (s *source) define(e ad.Entry) error {
	d := definition{Definition: ad.NewDefinition(e)}
	s.definitions[strings.ToLower(d.Name)] = d
	if oid := e.Text("attributeID"); oid != "" { // as filters may have it
		s.definitions[oid] = d
	}
	return nil
}

func (s *source) checkDefinitions() error {
	domain := s.dir.Domain().Name
	for _, name := range s.wanted.attributes {
		d, known := s.definitions[strings.ToLower(name)]
		if !known {
			return fmt.Errorf("attributes: the schema of %s has no attribute %q; correct its name or take it out", domain, name)
		}
		if d.Syntax == ad.SyntaxDNBinary || d.Syntax == ad.SyntaxDNString {
			return fmt.Errorf("attributes: values of %q mix names and data and mean nothing in another domain; take it out", name)
		}
	}
	for _, q := range s.wanted.queries {
		for _, name := range q.names() {
			if _, known := s.definitions[strings.ToLower(name)]; !known {
				return fmt.Errorf("%s.filter: the schema of %s has no attribute %q, so that part of %s matches no one; correct its name", q.key, domain, name, q.filter)
			}
		}
	}
	for i, e := range s.wanted.exclude {
		d, known := s.definitions[strings.ToLower(e.attribute)]
		if !known {
			return fmt.Errorf("exclude: the schema of %s has no attribute %q, so no one would be excluded by it; correct its name or take it out", domain, e.attribute)
		}
		if d.Binary() {
			return fmt.Errorf("exclude: values of %q are not text; no pattern can match them", e.attribute)
		}
		if d.Reference() {
			s.wanted.exclude[i].understandNames()
		}
	}
	return nil
}

// readBackLinks finds the back link of each DN-valued attribute: its linkID is
// one more (MS-ADTS 3.1.1.1.6).
func (s *source) readBackLinks(ctx context.Context) error {
	forward := map[string]string{} // linkID of the back link to attribute
	var one []ad.Filter
	for _, name := range s.wanted.attributes {
		d := s.definitions[strings.ToLower(name)]
		if d.Reference() && d.LinkID > 0 && d.LinkID%2 == 0 {
			id := strconv.FormatInt(d.LinkID+1, 10)
			forward[id] = strings.ToLower(name)
			one = append(one, ad.Equal("linkID", id))
		}
	}
	if len(one) == 0 {
		return nil
	}
	return s.searchSchema(ctx, ad.Or(one...), func(e ad.Entry) error {
		name := forward[e.Text("linkID")]
		d := s.definitions[name]
		d.backLink = e.Text("lDAPDisplayName")
		s.definitions[name] = d
		return nil
	})
}
