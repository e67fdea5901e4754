package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"ad-user-sync/hmacfile"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

// Options are what the configuration does not say.
type Options struct {
	Tool     string          // name and version, written into the file
	Key      *hmacfile.Key   // nil: not signed
	Former   *Former         // user file of the domain that the users were migrated from; nil: none
	Stdout   io.Writer       // takes the file where export_file is ""
	Progress func(users int) // called after each user that was written; may be nil
}

// Run exports the users that cfg selects to cfg.ExportFile, or to Stdout where
// that is "". Unless it returns nil no file is written, an old one stays, and
// nothing was printed. Where the connection is lost it begins again, and then
// with the next controller.
func Run(ctx context.Context, dir Directory, cfg *schema.ExportConfig, opts Options) (Result, error) {
	start := time.Now()
	w, err := read(cfg)
	if err != nil {
		return Result{}, err
	}
	result, err := attempt(ctx, dir, w, cfg.ExportFile, opts)
	if err != nil {
		result, err = passOver(ctx, dir, func() (Result, error) { return attempt(ctx, dir, w, cfg.ExportFile, opts) }, err)
	}
	lost := func() bool { return errors.Is(err, ad.ErrUnreachable) && ctx.Err() == nil }
	if lost() {
		result, err = attempt(ctx, dir, w, cfg.ExportFile, opts)
	}
	if lost() && dir.Failover(ctx) == nil {
		result, err = attempt(ctx, dir, w, cfg.ExportFile, opts)
	}
	switch {
	case err != nil && ctx.Err() != nil: // whatever it broke
		return Result{}, fmt.Errorf("the export was ended before its file was complete, so none was written: %w", ctx.Err())
	case err != nil:
		return Result{}, err
	}
	result.Seconds = time.Since(start).Seconds()
	return result, nil
}

func attempt(ctx context.Context, dir Directory, w *wanted, path string, opts Options) (Result, error) {
	last, err := readMark(path)
	if err != nil {
		return Result{}, err
	}
	e, err := prepare(ctx, dir, w, opts)
	if err != nil {
		return Result{}, err
	}
	here, err := newMark(ctx, dir, e.result.Timestamp)
	if err != nil {
		return Result{}, err
	}
	if l := here.behind(last, path); l != nil {
		return Result{}, l
	}
	if opts.Key == nil && signed(path) {
		e.result.Warnings = append(e.result.Warnings, fmt.Sprintf("%s was signed before and no longer is, since this export has no key: an import that has the key refuses the file; without one, whoever can write the file decides who gets an account. Name the key under hmac_file", path))
	}
	if path == "" {
		err = e.print(ctx, opts.Stdout)
	} else {
		e.removeLeftovers(path)
		err = files.Replace(path, 0o600, func(w io.Writer) error { return e.write(ctx, w) })
	}
	e.result.Path = path
	if err == nil {
		e.keepMark(ctx, path, here)
	}
	return e.result, err
}

// removeLeftovers removes what exports that were killed left beside the file; it
// holds whom the file does, and no one looks for it.
func (e *run) removeLeftovers(path string) {
	for _, path := range []string{path, MarkPath(path)} {
		if err := files.RemoveLeftovers(path); err != nil {
			e.result.Warnings = append(e.result.Warnings, fmt.Sprintf("what a killed export left behind holds personal data, and could not be removed; remove it by hand: %v", err))
		}
	}
}

// keepMark notes how much the controller knew at the end, or, where it does not say,
// at the beginning. Without it the next export could come from one that knows less.
func (e *run) keepMark(ctx context.Context, path string, before *mark) {
	m, err := newMark(ctx, e.source.dir, e.result.Timestamp)
	if err != nil {
		m = before
	}
	if err = m.write(path); err != nil {
		e.result.Warnings = append(e.result.Warnings, fmt.Sprintf("%s, which keeps the domain controller of this file, was not written: %v. The next export cannot tell whether its controller knows as much", MarkPath(path), err))
	}
}

// run is one export.
type run struct {
	source  *source
	opts    Options
	columns []*column
	refs    *references
	result  Result

	moved      *migration // nil where no one comes from another domain
	file       *userfile.Writer
	seen       map[adrules.GUID]struct{}
	perGroup   map[string]int
	unresolved int
	unread     map[string]*unread // by attribute
	unjudged   unjudged
	weights    map[string]int64 // bytes by attribute
}

// unread counts users of whom an attribute may not be read.
type unread struct {
	users int
	first ad.DN
}

func newRun(s *source, opts Options) *run {
	return &run{source: s, opts: opts, result: Result{Reasons: map[string]int{}}, seen: map[adrules.GUID]struct{}{}, perGroup: map[string]int{}, unread: map[string]*unread{}, weights: map[string]int64{}}
}

func prepare(ctx context.Context, dir Directory, w *wanted, opts Options) (*run, error) {
	now, err := dir.Now(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the controller's clock: %w", err)
	}
	s, err := open(ctx, dir, w)
	if err != nil {
		return nil, err
	}
	e := newRun(s, opts)
	if opts.Former != nil {
		e.moved, s.evidence = newMigration(opts.Former), evidence
		if err := e.moved.check(dir.Domain().Name); err != nil {
			return nil, err
		}
	}
	e.result = Result{Reasons: map[string]int{}, Signed: opts.Key != nil, Domain: dir.Domain().Name, Controller: dir.Domain().Controller, Security: string(dir.Domain().Security), Scope: w.digest(), Timestamp: now}
	e.columns = s.columns()
	e.refs, err = s.readReferences(ctx)
	return e, err
}

func (e *run) search(ctx context.Context, q query) error {
	filter := q.users(e.source.membership.filter())
	entries, late := 0, e.source.listsLate(q)
	b := &batch{run: e, query: q, late: late, each: func(entry ad.Entry, columns []*column) error {
		entries++
		return e.user(q, entry, columns)
	}}
	summary, err := b.search(ctx, ad.Search{Base: q.base, Scope: q.scope, Filter: filter, Attributes: e.source.attributes(e.columns, !late)})
	if err != nil {
		return fmt.Errorf("%s: %w", q.key, err)
	}
	if entries != summary.Entries {
		return fmt.Errorf("%s: the search handed on %d of %d entries", q.key, entries, summary.Entries)
	}
	e.result.Referrals += summary.Referrals
	e.result.Searches = append(e.result.Searches, schema.SearchResult{
		Base: q.base.String(), Filter: string(filter), Entries: summary.Entries, Referrals: summary.Referrals,
	})
	return nil
}

func (e *run) user(q query, entry ad.Entry, columns []*column) error {
	e.source.membership.roll.meet(entry.DN)
	if e.again(entry) {
		return nil
	}
	v := e.source.judgeFound(q, entry)
	if e.note(entry, v); v.leftOut != "" {
		return nil
	}
	_, err := e.put(entry, v, columns)
	return err
}

// put writes a user who goes, or tells why an import would not take the user.
func (e *run) put(entry ad.Entry, v verdict, columns []*column) (verdict, error) {
	u, left := e.source.newUser(entry, v, columns, e.refs)
	if d := tooMany(u); d != nil {
		v.doubted(*d)
		e.note(entry, v)
		return v, nil
	}
	if err := e.file.Write(u); err != nil {
		return v, err
	}
	if e.moved != nil {
		e.moved.meet(u, entry)
	}
	e.weigh(u)
	e.count(entry.DN, u, left)
	return v, nil
}

// note counts who does not go, but those who were not asked for.
func (e *run) note(entry ad.Entry, v verdict) {
	switch {
	case v.doubt != nil:
		e.unjudged.add(entry.DN, *v.doubt, e.source.dir.Domain().Identity)
	case v.leftOut != "" && v.rule != outside:
		e.result.LeftOut++
		e.result.Reasons[v.rule]++
	}
}

// again reports whether another search found the same user before. Where there is
// none it keeps those alone whom rest may find again.
func (e *run) again(entry ad.Entry) bool {
	guid := entry.GUID()
	if !e.source.overlaps() && entry.Has("primaryGroupID") {
		return false
	}
	if _, twice := e.seen[guid]; twice {
		e.result.Twice++
		return true
	}
	if !guid.IsZero() { // else no one goes
		e.seen[guid] = struct{}{}
	}
	return false
}

func (e *run) count(dn ad.DN, u schema.User, left gaps) {
	e.result.Users++
	if u.Disabled {
		e.result.Disabled++
	}
	for _, group := range u.MemberOf {
		e.perGroup[group]++
	}
	e.unresolved += left.unresolved
	for _, name := range left.unread {
		if e.unread[name] == nil {
			e.unread[name] = &unread{first: dn}
		}
		e.unread[name].users++
	}
	if e.opts.Progress != nil {
		e.opts.Progress(e.result.Users)
	}
}
