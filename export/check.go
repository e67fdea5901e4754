package export

import (
	"context"
	"errors"
	"fmt"
	"maps"
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
	c := &checker{tell: tell, path: cfg.ExportFile}
	w, err := read(cfg)
	if err != nil {
		c.fail("configuration", err)
		return
	}
	c.source = newSource(dir, w)
	for _, look := range []func(context.Context) bool{c.identity, c.clock, c.controller, c.bases, c.groups, c.definitions, c.users} {
		if !look(ctx) {
			return
		}
	}
}

// checker tells of what it sees.
type checker struct {
	source *source
	tell   func(schema.CheckStep)
	path   string // of the user file
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
	d := c.source.dir.Domain()
	if slices.ContainsFunc(d.Groups, adrules.SID.Administrative) {
		c.say("too much", schema.CheckWarning, d.Identity+" administers the domain; an export only reads",
			"let the scheduled export run as an ordinary account")
	}
	return true
}

// clockTolerance of Kerberos (RFC 4120, 8.2), and of the import.
const clockTolerance = 5 * time.Minute

// clock matters to Kerberos alone: the file has the controller's time.
func (c *checker) clock(ctx context.Context) bool {
	now, err := c.source.dir.Now(ctx)
	if err != nil {
		return c.fail("clock", err)
	}
	if apart := time.Since(now).Abs().Round(time.Second); apart > clockTolerance {
		c.say("clock", schema.CheckWarning, fmt.Sprintf("this machine's clock and that of %s are %s apart", c.source.dir.Domain().Controller, apart), "set the clocks of both by one source")
		return true
	}
	return c.fine("clock", "this machine's clock and that of %s agree", c.source.dir.Domain().Controller)
}

// controller reports whether it knows as much as that of the last file.
func (c *checker) controller(ctx context.Context) bool {
	last, err := readMark(c.path)
	if err != nil {
		return c.fail("controller", err)
	}
	here, err := newMark(ctx, c.source.dir, time.Now())
	if err != nil {
		return c.fail("controller", err)
	}
	if l := here.behind(last, c.path); l != nil {
		c.say("controller", schema.CheckWarning, l.text, "an export takes another domain controller, if there is one that knows enough")
	}
	return true
}

func (c *checker) bases(ctx context.Context) bool {
	sound := true
	for _, q := range c.source.wanted.queries {
		if err := c.source.findBase(ctx, q); err != nil {
			sound = c.fail("users", err)
			continue
		}
		c.fine("users", "%s: %s exists", q.key, q.base)
	}
	return sound
}

func (c *checker) groups(ctx context.Context) bool {
	if err := c.source.readGroups(ctx); err != nil {
		return c.fail("groups", err)
	}
	switch n := len(c.source.wanted.groups); {
	case n == 0:
		return c.fine("groups", "search_groups is empty: everybody below goes, and the file says of no one in which groups they are")
	case c.source.wanted.nested:
		return c.fine("groups", "all %d of search_groups exist, with %d groups nested in them", n, len(c.source.membership.dns)-n)
	default:
		return c.fine("groups", "all %d of search_groups exist", n)
	}
}

func (c *checker) definitions(ctx context.Context) bool {
	if err := c.source.readDefinitions(ctx); err != nil {
		return c.fail("attributes", err)
	}
	return true
}

// columns is told once the users were read.
func (c *checker) columns(e *run) {
	var names []string
	for _, column := range fit(e.columns) {
		if column.seen > 0 {
			names = append(names, column.name)
		}
	}
	if len(names) > 0 {
		c.fine("attributes", "written for every user: %s", strings.Join(names, ", "))
	} else {
		c.fine("attributes", "none but those that every user has")
	}
	for _, w := range e.columnWarnings() {
		c.say("attributes", schema.CheckWarning, w, "")
	}
}

// users counts who would go, as the preview does.
func (c *checker) users(ctx context.Context) bool {
	refs, err := c.source.readReferences(ctx)
	if err != nil {
		return c.fail("selection", err)
	}
	e := newRun(c.source, Options{})
	e.columns, e.refs = c.source.columns(), refs
	p, err := e.preview(ctx)
	if p != nil {
		c.columns(e)
	}
	if unjudged, ok := errors.AsType[*unjudged](err); ok {
		for _, fault := range unjudged.list() {
			c.say("selection", schema.CheckFailed, fault, strings.Join(unjudged.hints, "; "))
		}
		return false
	}
	if err != nil {
		return c.fail("selection", err)
	}
	for _, w := range p.Warnings {
		c.say("selection", schema.CheckWarning, w, "")
	}
	for _, rule := range slices.Sorted(maps.Keys(p.Reasons)) {
		c.fine("left out", "%d: %s", p.Reasons[rule], rule)
	}
	return c.fine("selection", "%s would go, %d of them disabled; %d are left out (\"export --preview\" says who)", schema.Plural(p.Going(), "user"), e.result.Disabled, p.LeftOut)
}
