package export_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/memad"
)

// succession fails for good, until the next controller takes over.
type succession struct {
	*broken
	second *memad.Directory
}

func (s *succession) Failover(context.Context) error {
	s.broken.Directory, s.broken.times = s.second, 0
	return nil
}

func TestAnExportBeginsAgainThroughTheNextController(t *testing.T) {
	file, result := exported(t, &succession{&broken{Directory: corp(), after: 2, err: ad.ErrUnreachable, times: 2}, corp()}, config(t, nil))
	assert.Len(t, file.Users, 4)
	assert.Equal(t, 4, result.Users, "counted anew")
}
