package simulation

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"

	"ad-user-sync/import/ledger"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
)

// wire is a connection to a domain in memory, on which things go wrong.
type wire struct {
	*memad.Directory
	controller string
	fault      fault
	n          int // operations of the kind that the fault waits for
	down       bool
	world      *world // that hides things; nil: none does
	known      *answers
	also       *memad.Directory // that knows more, and hears of what is written at once
	domain     *ad.Domain
	unread     string // an attribute that may not be read, of this object
	unreadOf   string
	meanwhile  func() // happens before that operation
	when       int
	ledger     []byte // as it was before the first write
}

// answers are what a directory said since it was written to last. Most days are
// like the day before, and asking memad takes most of the time.
type answers struct {
	of    *memad.Directory
	usn   int64
	found map[string]answer
}

type answer struct {
	entries []ad.Entry
	summary ad.Summary
	err     error
}

// fixed are the answers about schemas, which no one changes here.
var fixed = map[string]answer{}

func (k *answers) search(d *memad.Directory, s ad.Search) answer {
	known := fixed
	if !strings.Contains(s.Base.String(), "CN=Schema,") {
		if usn := d.HighestUSN(); k.of != d || k.usn != usn {
			k.of, k.usn, k.found = d, usn, map[string]answer{}
		}
		known = k.found
	}
	key := fmt.Sprint(s.Base, "\n", s.Scope, s.Filter, s.Attributes)
	a, ok := known[key]
	if !ok {
		a.summary, a.err = d.Search(ctx, s, func(e ad.Entry) error { a.entries = append(a.entries, e); return nil })
		known[key] = a
	}
	return a
}

// fault happens at the n-th operation, or the n-th write; 0: none.
type fault struct {
	name  string // "killed", "forgets", "busy", "lost", "answer lost"
	at    int
	write bool // writes are counted, not all operations
	done  bool // after it was carried out
	heir  bool // another controller takes over
}

// killed is the panic that ends a process.
type killed struct{}

func drawFault(r *rand.Rand) fault {
	f := fault{write: chance(r, 80), done: chance(r, 50), heir: chance(r, 60)}
	switch n := r.IntN(100); {
	case n < 76:
		return fault{}
	case n < 84:
		f.name = "killed"
	case n < 86:
		f.name = "forgets"
	case n < 90:
		f.name = "busy"
	case n < 95:
		f.name = "lost"
	default:
		f.name, f.write = "answer lost", true
	}
	if f.at = 1 + r.IntN(6); !f.write {
		f.at = 1 + r.IntN(25)
	}
	return f
}

func (x *wire) ask(write, done bool) error {
	if x.when--; x.when == 0 && x.meanwhile != nil {
		x.meanwhile()
	}
	if x.down {
		return &ad.Error{Doing: "ask", Object: x.controller, Kind: ad.ErrUnreachable}
	}
	if x.fault.write && !write {
		return nil
	}
	if !done {
		x.n++
	}
	if x.n != x.fault.at || write && done != x.fault.done {
		return nil
	}
	switch x.fault.name {
	case "killed":
		panic(killed{})
	case "busy":
		return &ad.Error{Doing: "ask", Object: x.controller, Kind: ad.ErrRefused, Code: 51}
	case "lost":
		x.down = true
		if write {
			return &ad.Error{Doing: "ask", Object: x.controller, Kind: ad.ErrOutcomeUnknown}
		}
		return &ad.Error{Doing: "ask", Object: x.controller, Kind: ad.ErrUnreachable}
	case "answer lost":
		return &ad.Error{Doing: "ask", Object: x.controller, Kind: ad.ErrOutcomeUnknown}
	}
	return nil
}

func (x *wire) write(do func(to *memad.Directory) error) error {
	if x.fault.name == "busy" && x.fault.done {
		x.fault.done = false // who is busy has done nothing
	}
	if x.fault.name == "forgets" && x.ledger == nil {
		x.ledger, _ = os.ReadFile(ledger.Path(x.world.cfg.ResolutionsFile))
	}
	if err := x.ask(true, false); err != nil {
		return err
	}
	if x.also != nil {
		x.also.Align(x.Directory)
		if err := do(x.also); err != nil && !errors.Is(err, ad.ErrExists) && !errors.Is(err, ad.ErrNotFound) {
			return &ad.Error{Doing: "ask", Object: x.controller, Kind: ad.ErrRefused, Code: 51} // it could not be replicated
		}
	}
	if err := do(x.Directory); err != nil {
		return err
	}
	return x.ask(true, true)
}

func (x *wire) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	if err := x.ask(false, false); err != nil {
		return ad.Summary{}, err
	}
	a := x.known.search(x.Directory, s)
	for _, e := range a.entries {
		if hidden := x.hides(e.DN); hidden == "unseen" || hidden != "" && s.Scope != ad.ScopeBase {
			if s.Scope == ad.ScopeBase {
				return ad.Summary{}, &ad.Error{Doing: "read", Object: s.Base.String(), Kind: ad.ErrNotFound}
			}
			a.summary.Entries--
			continue
		}
		if err := each(x.readable(e)); err != nil {
			return ad.Summary{}, err
		}
	}
	return a.summary, a.err
}

// readable is an entry without what may not be read of it.
func (x *wire) readable(e ad.Entry) ad.Entry {
	if x.unread == "" || e.DN.String() != x.unreadOf {
		return e
	}
	values := map[string][][]byte{}
	for _, name := range e.Names() {
		if name != x.unread {
			values[name] = e.Values(name)
		}
	}
	return ad.NewEntry(e.DN, values)
}

// hides tells how the import sees an object less than administrators do.
func (x *wire) hides(at ad.DN) string {
	if x.world == nil || len(x.world.hidden) == 0 {
		return ""
	}
	for guid, how := range x.world.hidden {
		if a := x.world.look().accounts[guid]; a != nil && a.dn.String() == at.String() {
			return how
		}
	}
	return ""
}

func (x *wire) Add(ctx context.Context, dn ad.DN, attributes []ad.Attribute) error {
	return x.write(func(to *memad.Directory) error { return to.Add(ctx, dn, attributes) })
}

func (x *wire) Modify(ctx context.Context, at ad.DN, changes []ad.Change) error {
	return x.write(func(to *memad.Directory) error {
		if to == x.Directory {
			return to.Modify(ctx, at, changes)
		}
		named, found := x.nameThere(to, at)
		if !found {
			return nil // was deleted there
		}
		var there []ad.Change
		for _, c := range changes {
			if c.Attribute == "manager" {
				c.Values = x.calledThere(to, c.Values)
			}
			if c.Attribute != "member" {
				there = append(there, c)
				continue
			}
			for _, value := range x.calledThere(to, c.Values) { // each arrives by itself
				err := to.Modify(ctx, named, []ad.Change{{Kind: c.Kind, Attribute: c.Attribute, Values: [][]byte{value}}})
				if err != nil && !errors.Is(err, ad.ErrExists) && !errors.Is(err, ad.ErrNotFound) {
					return err
				}
			}
		}
		if len(there) == 0 {
			return nil
		}
		return to.Modify(ctx, named, there)
	})
}

func (x *wire) Rename(ctx context.Context, from, to ad.DN) error {
	return x.write(func(d *memad.Directory) error {
		if d == x.Directory {
			return d.Rename(ctx, from, to)
		}
		named, found := x.nameThere(d, from)
		if !found {
			return nil
		}
		return d.Rename(ctx, named, to)
	})
}

// nameThere is the name that an object has on another controller by now, if it is
// there still: another one may have its name.
func (x *wire) nameThere(there *memad.Directory, at ad.DN) (ad.DN, bool) {
	here, found := entryOf(x.Directory, at)
	if !found {
		return at, false
	}
	e, found := entryOf(there, ad.ByGUID(here.GUID()))
	return e.DN, found
}

func (x *wire) calledThere(there *memad.Directory, names [][]byte) (found [][]byte) {
	for _, name := range names {
		if at, ok := x.nameThere(there, dn(string(name))); ok {
			found = append(found, []byte(at.String()))
		}
	}
	return found
}

func entryOf(d *memad.Directory, at ad.DN) (found ad.Entry, ok bool) {
	_, _ = d.Search(ctx, ad.Search{Base: at, Scope: ad.ScopeBase, Filter: ad.Anything, Attributes: []string{"objectGUID"}},
		func(e ad.Entry) error { found, ok = e, true; return nil })
	return found, ok
}

func (x *wire) Domain() ad.Domain {
	if x.domain == nil {
		d := x.Directory.Domain()
		x.domain = &d
	}
	d := *x.domain
	d.Controller = x.controller
	return d
}

// Failover reaches a second controller, which knows what the first one does.
func (x *wire) Failover(ctx context.Context) error {
	if !x.fault.heir {
		return x.Directory.Failover(ctx)
	}
	x.down, x.fault, x.controller = false, fault{}, "dc2"+x.controller[3:]
	return nil
}
