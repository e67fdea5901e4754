package export

import (
	"context"
	"time"

	"ad-user-sync/internal/ad"
)

// Directory is the source domain, read through one controller.
type Directory interface {
	// Search hands on each entry and returns an error unless the search ended
	// with success. An error of the function ends it.
	Search(ctx context.Context, search ad.Search, each func(ad.Entry) error) (ad.Summary, error)
	Domain() ad.Domain
	Now(ctx context.Context) (time.Time, error)
	// Failover leaves a controller that is lost for the next one of the domain;
	// the error wraps ad.ErrUnreachable where there is none.
	Failover(ctx context.Context) error
}
