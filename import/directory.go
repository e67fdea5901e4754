package importer

import (
	"context"
	"time"

	"ad-user-sync/import/apply"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
)

// Directory is the target domain, bound.
type Directory interface {
	apply.Directory
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
