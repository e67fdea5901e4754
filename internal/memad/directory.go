package memad

import (
	"context"
	"errors"
	"sync"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// Directory is one domain, with its configuration and schema, at one of its
// controllers.
type Directory struct {
	mu       sync.Mutex
	domain   *domain
	store    *store
	requests requests
	identity adrules.GUID // who is bound
}

// Option of a new directory.
type Option func(*Directory)

// Clock sets where the directory's time comes from; the machine's clock
// otherwise.
func Clock(now func() time.Time) Option { return func(d *Directory) { d.domain.clock = now } }

// At stops the directory's clock at t.
func At(t time.Time) Option { return Clock(func() time.Time { return t }) }

// Plaintext makes a directory that is reached without encryption: passwords
// cannot be set.
func Plaintext() Option { return func(d *Directory) { d.domain.encrypted = false } }

// Policy is the domain's password policy; 7 characters, complex, 24 former
// ones remembered otherwise.
func Policy(p adrules.PasswordPolicy) Option { return func(d *Directory) { d.domain.rules = p } }

// New is the domain of this DNS name with what every domain has: the
// well-known containers, groups and accounts. Administrator is bound.
func New(domain string, options ...Option) *Directory {
	d := &Directory{domain: newDomain(domain)}
	for _, option := range options {
		option(d)
	}
	d.store = newStore(d.domain)
	founder{d.store, d.domain}.found()
	d.identity = d.store.at("CN=Administrator,CN=Users").guid
	return d
}

// SetTime stops the clock at t.
func (d *Directory) SetTime(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.domain.clock = func() time.Time { return t }
}

// Now is the controller's time.
func (d *Directory) Now(ctx context.Context) (time.Time, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.requests.begin(ctx, Operation{Kind: OpNow}); err != nil {
		return time.Time{}, failure("read", ad.DN{}, err)
	}
	return d.domain.now(), nil
}

// Operations counts what was asked since the directory was made.
func (d *Directory) Operations() ad.Operations {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.requests.counts
}

// Close ends nothing: the directory can be used again, as a domain can be
// connected to again.
func (d *Directory) Close() error { return nil }

// Failover fails: this domain has one controller.
func (d *Directory) Failover(context.Context) error {
	return &ad.Error{Doing: "replace", Object: d.Domain().Controller, Kind: ad.ErrUnreachable, Err: errors.New("no other domain controller is known")}
}
