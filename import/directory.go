package importer

import (
	"context"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// Directory is the target domain, bound.
type Directory interface {
	Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error)
	Add(ctx context.Context, dn ad.DN, attributes []ad.Attribute) error
	Modify(ctx context.Context, dn ad.DN, changes []ad.Change) error
	Rename(ctx context.Context, dn, to ad.DN) error
	Domain() ad.Domain
	Now(ctx context.Context) (time.Time, error)
	Operations() ad.Operations
	// Failover leaves a controller that is lost for the next one of the domain;
	// the error wraps ad.ErrUnreachable where there is none.
	Failover(ctx context.Context) error
}

// identities are the accounts at work: the import's own, and that of the person
// who decides. None of them may be touched.
func (im *Import) identities(dir Directory) []adrules.SID {
	return []adrules.SID{im.Directory.Domain().SID, dir.Domain().SID}
}
