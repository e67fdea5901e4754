package importer

import (
	"context"
	"time"

	"ad-user-sync/internal/ad"
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
}
