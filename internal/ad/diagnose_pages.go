package ad

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"
)

// pages reports whether results come in pages, and how large these may be.
func (d *diagnosis) pages(ctx context.Context) {
	c, supported := d.client, false
	_, err := c.Search(ctx, Search{Scope: ScopeBase, Filter: Anything, Attributes: []string{"supportedControl"}}, func(e Entry) error {
		for _, oid := range e.Texts("supportedControl") {
			supported = supported || oid == ldap.ControlTypePaging
		}
		return nil
	})
	if err == nil && !supported {
		err = errNoPaging
	}
	text := fmt.Sprintf("gives results in pages; %d objects a page are asked for", c.options.PageSize)
	if most := c.maxPageSize(ctx); most > 0 && most < c.options.PageSize {
		text += fmt.Sprintf(", and %d come at most", most)
	}
	d.done("pages", c.domain.Controller, text, err)
}

// maxPageSize is the limit of the default query policy (MS-ADTS 3.1.1.3.4.6),
// 0 where it may not be read.
func (c *Client) maxPageSize(ctx context.Context) int {
	base := c.domain.Configuration.Child("CN", "Services").Child("CN", "Windows NT").Child("CN", "Directory Service").
		Child("CN", "Query-Policies").Child("CN", "Default Query Policy")
	most := 0
	_, _ = c.Search(ctx, Search{Base: base, Scope: ScopeBase, Filter: Anything, Attributes: []string{"lDAPAdminLimits"}}, func(e Entry) error {
		for _, limit := range e.Texts("lDAPAdminLimits") {
			if value, ok := strings.CutPrefix(limit, "MaxPageSize="); ok {
				most, _ = strconv.Atoi(value)
			}
		}
		return nil
	})
	return most
}
