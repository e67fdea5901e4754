package memad

import (
	"context"
	"fmt"

	"ad-user-sync/internal/ad"
)

// OperationKind names what a client asks for.
type OperationKind string

// The kinds.
const (
	OpNow    OperationKind = "now"
	OpSearch OperationKind = "search"
	OpAdd    OperationKind = "add"
	OpModify OperationKind = "modify"
	OpRename OperationKind = "rename"
)

// Operation is what a fault decides upon.
type Operation struct {
	Kind       OperationKind
	DN, To     ad.DN
	Search     ad.Search
	Attributes []ad.Attribute // of an add
	Changes    []ad.Change    // of a modify
	Write      int            // number of the write, from 1; 0 for reads
	Done       bool           // it was carried out; its answer can still be lost
}

// requests counts what clients ask for, and lets a fault come between.
type requests struct {
	counts ad.Operations
	writes int // since the fault was set
	fault  func(Operation) error
}

// Fail sets a function that is asked before every operation, and after every
// write that succeeded (Done). The error it returns, one of the kinds of ad or
// an *ad.Error, is what the client sees; before, it also keeps the operation
// from being carried out. It must not call the directory. nil ends it.
func (d *Directory) Fail(fault func(Operation) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests.fault, d.requests.writes = fault, 0
}

// AtWrite fails the n-th write from now on, without carrying it out.
func AtWrite(n int, kind error) func(Operation) error {
	return func(op Operation) error {
		if op.Write == n && !op.Done {
			return kind
		}
		return nil
	}
}

// LostAt loses the answer to the n-th write from now on; carriedOut tells
// whether the directory still did it. Later operations find a new connection.
func LostAt(n int, carriedOut bool) func(Operation) error {
	return func(op Operation) error {
		if op.Write == n && op.Done == carriedOut {
			return ad.ErrOutcomeUnknown
		}
		return nil
	}
}

// DownFrom makes the controller unreachable, for reads too, from the n-th
// write on.
func DownFrom(n int) func(Operation) error {
	down := false
	return func(op Operation) error {
		down = down || op.Write == n && !op.Done
		if down {
			return ad.ErrUnreachable
		}
		return nil
	}
}

// DeniedOn refuses every write to this object or below it for lack of rights.
func DeniedOn(dn ad.DN) func(Operation) error {
	return func(op Operation) error {
		if op.Write > 0 && !op.Done && op.DN.Within(dn) {
			return ad.ErrDenied
		}
		return nil
	}
}

// begin counts an operation and asks for a fault.
func (r *requests) begin(ctx context.Context, op Operation) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", ad.ErrUnreachable, err)
	}
	switch op.Kind {
	case OpSearch:
		r.counts.Searches++
	case OpAdd:
		r.counts.Adds++
	case OpModify:
		r.counts.Modifies++
	case OpRename:
		r.counts.Renames++
	}
	if op.Kind != OpSearch && op.Kind != OpNow {
		r.writes++
		op.Write = r.writes
	}
	return r.ask(op)
}

// end asks whether the answer to a write gets through.
func (r *requests) end(op Operation) error {
	op.Write, op.Done = r.writes, true
	return r.ask(op)
}

func (r *requests) ask(op Operation) error {
	if r.fault == nil {
		return nil
	}
	return r.fault(op)
}
