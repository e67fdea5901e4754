package ad

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// Search reads page after page and hands each object to found once, in the
// order in which the directory returns them. It returns without error only when
// the directory said that nothing is left, so that what was found is complete.
// An error of found ends the search and is returned as it is.
//
// Only what holds its whole state is asked for again: a range, one object, a
// first page. Anything else that fails begins the search again from its first
// page, at most twice; what was handed on before is not handed on again, so that
// the caller need not know. A page that was too slow is asked for smaller, and what
// was too much for one answer in pages. The directory's cookie is never used a
// second time.
func (c *Client) Search(ctx context.Context, search Search, found func(Entry) error) (Summary, error) {
	r := &reading{client: c, search: search, found: found, names: plainNames{}, pageSize: cmp.Or(search.PageSize, c.options.PageSize), passOf: map[identity]uint8{}}
	for {
		err := r.pass(ctx)
		var broken brokenOff
		if !errors.As(err, &broken) {
			return r.summary, err
		}
		if r.passes > restarts || wait(ctx, busyPause*time.Duration(r.passes)) != nil {
			return r.summary, broken.error
		}
	}
}

// restarts is how often a search begins again.
const restarts = 2

// brokenOff is an error of a search that may begin again.
type brokenOff struct{ error }

func (b brokenOff) Unwrap() error { return b.error }

// reading is a search that may take several passes.
type reading struct {
	client  *Client
	search  Search
	found   func(Entry) error
	summary Summary
	passes  uint8

	pageSize int
	names    plainNames
	passOf   map[identity]uint8 // the pass that read an object last
}

// identity tells an object from all others, whatever it is called meanwhile: its
// objectGUID, or a digest of its name where that may not be read.
type identity [16]byte

func identityOf(e Entry) identity {
	if guid := e.GUID(); !guid.IsZero() {
		return identity(guid)
	}
	sum := sha256.Sum256([]byte(e.DN.Key()))
	return identity(sum[:16])
}

// pass reads from the first page to the last on one connection, to which alone
// the cookie belongs.
func (r *reading) pass(ctx context.Context) error {
	s, err := r.client.session(ctx, false)
	if err != nil {
		return r.operation().at(err)
	}
	r.passes++
	r.summary.Referrals = 0
	for p := (&page{reading: r, session: s}); !p.last; {
		if err := p.read(ctx); err != nil {
			return r.fault(ctx, s, p, err)
		}
		if err := r.handOn(p); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil && !p.last {
			return r.operation().lost(reasonError{"it was given up", err})
		}
	}
	return nil
}

// handOn passes on to the caller what it does not have yet.
func (r *reading) handOn(p *page) error {
	r.summary.Referrals += p.referrals
	for _, e := range p.entries {
		id := identityOf(e)
		_, known := r.passOf[id]
		r.passOf[id] = r.passes
		if known {
			continue
		}
		if !r.wantsGUID() {
			e.remove(guidAttribute)
		}
		r.summary.Entries++
		if err := r.found(e); err != nil {
			return err
		}
	}
	return nil
}

// repeats reports whether this pass had every object of a page before.
func (r *reading) repeats(entries []Entry) bool {
	return len(entries) > 0 && !slices.ContainsFunc(entries, func(e Entry) bool { return r.passOf[identityOf(e)] != r.passes })
}

// paged: one object needs no pages.
func (r *reading) paged() bool { return r.search.Scope != ScopeBase && !r.search.AtOnce }

const guidAttribute = "objectGUID"

// wantsGUID reports whether the caller asked for what tells objects apart.
func (r *reading) wantsGUID() bool {
	wanted := r.search.Attributes
	return len(wanted) == 0 || slices.Contains(wanted, "*") || names(wanted, guidAttribute)
}

func (r *reading) operation() operation {
	if r.search.Base.IsZero() {
		return operation{doing: "read", object: "the rootDSE"}
	}
	return operation{doing: "read", object: r.search.Base.String()}
}

// fault puts a page that failed into words.
func (r *reading) fault(ctx context.Context, s *session, p *page, err error) error {
	op, again := r.operation(), p.cookie != nil || errors.As(err, new(brokenOff))
	switch {
	case r.search.AtOnce && (tooSlow(err) || ldap.IsErrorWithCode(err, ldap.LDAPResultSizeLimitExceeded)):
		r.search.AtOnce, again = false, true
	case r.paged() && tooSlow(err):
		r.pageSize, again = max(1, r.pageSize/smaller), true
	}
	if lost(err) {
		s.close()
		err, again = op.lost(err), true
	} else {
		err = op.failed(err)
	}
	if again && ctx.Err() == nil {
		return brokenOff{err}
	}
	return err
}

// smaller is by how much a page shrinks that was too slow.
const smaller = 4

func tooSlow(err error) bool {
	return errors.As(err, new(errStalled)) || ldap.IsErrorAnyOf(err, ldap.LDAPResultTimeLimitExceeded, ldap.LDAPResultAdminLimitExceeded)
}
