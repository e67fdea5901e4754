package export

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Check looks, without writing anything, whether an export with this
// configuration would work, and tells of one thing after the other. What keeps
// an export from working is told as failed; some of it ends the check.
func Check(ctx context.Context, dir Directory, cfg *schema.ExportConfig, tell func(schema.CheckStep)) {
	c := &checker{tell: tell}
	w, err := read(cfg)
	if err != nil {
		c.fail("configuration", err)
		return
	}
	c.source = newSource(dir, w)
	for _, look := range []func(context.Context) bool{c.identity, c.clock, c.bases, c.groups, c.definitions, c.memberships, c.users} {
		if !look(ctx) {
			return
		}
	}
}

// checker tells of what it sees.
type checker struct {
	*source
	tell func(schema.CheckStep)
}

func (c *checker) say(step string, state schema.CheckState, text, hint string) {
	c.tell(schema.CheckStep{Part: "Source domain", Step: step, State: state, Text: text, Hint: hint})
}

func (c *checker) fine(step, format string, values ...any) bool {
	c.say(step, schema.CheckOK, fmt.Sprintf(format, values...), "")
	return true
}

func (c *checker) fail(step string, err error) bool {
	c.say(step, schema.CheckFailed, err.Error(), ad.Hint(err))
	return false
}

// identity warns of an administrator: to read is enough for an export.
func (c *checker) identity(context.Context) bool {
	d := c.dir.Domain()
	if slices.ContainsFunc(d.Groups, adrules.SID.Administrative) {
		c.say("too much", schema.CheckWarning, d.Identity+" administers the domain; an export only reads",
			"let the scheduled export run as an ordinary account")
	}
	return true
}

// clockTolerance of Kerberos (RFC 4120, 8.2), and of the import.
const clockTolerance = 5 * time.Minute

// clock matters to Kerberos alone: the file bears the controller's time.
func (c *checker) clock(ctx context.Context) bool {
	now, err := c.dir.Now(ctx)
	if err != nil {
		return c.fail("clock", err)
	}
	if apart := time.Since(now).Abs().Round(time.Second); apart > clockTolerance {
		c.say("clock", schema.CheckWarning, fmt.Sprintf("this machine's clock and that of %s are %s apart", c.dir.Domain().Controller, apart), "set the clocks of both by one source")
		return true
	}
	return c.fine("clock", "this machine's clock and that of %s agree", c.dir.Domain().Controller)
}

func (c *checker) bases(ctx context.Context) bool {
	sound := true
	for _, q := range c.wanted.queries {
		if err := c.findBase(ctx, q); err != nil {
			sound = c.fail("users", err)
			continue
		}
		c.fine("users", "%s: %s exists", q.key, q.base)
	}
	return sound
}

func (c *checker) groups(ctx context.Context) bool {
	if err := c.readGroups(ctx); err != nil {
		return c.fail("groups", err)
	}
	switch n := len(c.wanted.groups); {
	case n == 0:
		return c.fine("groups", "search_groups is empty: everybody below goes")
	case c.wanted.nested:
		return c.fine("groups", "all %d of search_groups exist, with %d groups nested in them", n, len(c.membership.dns)-n)
	default:
		return c.fine("groups", "all %d of search_groups exist", n)
	}
}

func (c *checker) definitions(ctx context.Context) bool {
	if err := c.readDefinitions(ctx); err != nil {
		return c.fail("attributes", err)
	}
	columns, warnings, err := c.columns(ctx)
	if err != nil {
		return c.fail("attributes", err)
	}
	var names []string
	for _, column := range columns {
		names = append(names, column.name)
	}
	if len(names) > 0 {
		c.fine("attributes", "written for every user: %s", strings.Join(names, ", "))
	} else {
		c.fine("attributes", "none but those that every user has")
	}
	for _, w := range warnings {
		c.say("attributes", schema.CheckWarning, w, "")
	}
	return true
}

// memberships looks for people whom the search for members does not find,
// because their groups may not be read: the file would not have them.
func (c *checker) memberships(ctx context.Context) bool {
	if len(c.wanted.groups) == 0 {
		return true
	}
	n, first := 0, ""
	for _, q := range c.wanted.queries {
		search := ad.Search{Base: q.base, Scope: q.scope, Filter: q.users(), Attributes: []string{"memberOf", "primaryGroupID", "userAccountControl", accessList}}
		if _, err := c.dir.Search(ctx, search, func(e ad.Entry) error {
			if c.judge(e).rule == unreadGroups {
				if n++; n == 1 {
					first = e.DN.String()
				}
			}
			return nil
		}); err != nil {
			return c.fail("memberships", fmt.Errorf("%s: %w", q.key, err))
		}
	}
	if n > 0 {
		c.say("memberships", schema.CheckWarning, fmt.Sprintf("the groups of %d people may not be read, to begin with %s: they would be missing in the file, and be disabled in the target", n, first),
			fmt.Sprintf("give %s the right to read memberOf there", c.dir.Domain().Identity))
		return true
	}
	return c.fine("memberships", "everybody's groups may be read")
}

// users counts who would go.
func (c *checker) users(ctx context.Context) bool {
	seen, left, disabled := map[adrules.GUID]bool{}, 0, 0
	for _, q := range c.wanted.queries {
		search := ad.Search{Base: q.base, Scope: q.scope, Filter: q.users(c.membership.filter()), Attributes: c.attributes(nil)}
		if _, err := c.dir.Search(ctx, search, func(e ad.Entry) error {
			if seen[e.GUID()] {
				return nil
			}
			v := c.judge(e)
			if v.leftOut != "" {
				left++
				return nil
			}
			seen[e.GUID()] = true
			u, _, err := c.newUser(e, v, nil, nil)
			if u.Disabled {
				disabled++
			}
			return err
		}); err != nil {
			return c.fail("selection", fmt.Errorf("%s: %w", q.key, err))
		}
	}
	if len(seen) == 0 {
		return c.fail("selection", fmt.Errorf("%w; \"export --preview\" says who is left out by which rule", ErrNoUsers))
	}
	return c.fine("selection", "%d users would go, %d of them disabled; %d are left out (\"export --preview\" says by which rule)", len(seen), disabled, left)
}
