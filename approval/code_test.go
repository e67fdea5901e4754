package approval

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCodeLivesTenMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := access{life: usual.code}
		code := a.issue()
		time.Sleep(10*time.Minute + time.Second)
		_, err := a.exchange(code, func() {})
		require.ErrorIs(t, err, errCodeExpired)
		_, err = a.exchange(code, func() {})
		require.ErrorIs(t, err, errCodeUnknown, "an expired code was never used, so there is no alarm")

		code = a.issue()
		time.Sleep(10 * time.Minute)
		token, err := a.exchange(code, func() {})
		require.NoError(t, err)
		assert.True(t, a.allows(token))
		assert.False(t, a.allows(code))
		assert.False(t, a.allows(""))
	})
}

func TestReplayLocksEverybodyOut(t *testing.T) {
	a := access{life: time.Hour}
	code := a.issue()
	token, err := a.exchange(code, func() {})
	require.NoError(t, err)
	later := a.issue()
	_, err = a.exchange(code, func() {})
	require.ErrorIs(t, err, errReplayed)
	assert.False(t, a.allows(token))
	_, err = a.exchange(later, func() {})
	require.ErrorIs(t, err, errCodeUnknown)
}

func TestIdlePageLocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := access{life: usual.code}
		token, err := a.exchange(a.issue(), func() {})
		require.NoError(t, err)
		time.Sleep(14 * time.Minute)
		assert.False(t, a.lockAfter(usual.idle))
		a.touch()
		time.Sleep(14 * time.Minute)
		assert.False(t, a.lockAfter(usual.idle))
		time.Sleep(time.Minute)
		assert.True(t, a.lockAfter(usual.idle))
		assert.False(t, a.allows(token))
		assert.True(t, a.isLocked())
		assert.False(t, a.lockAfter(usual.idle), "only once")
		_, err = a.exchange(a.issue(), func() {})
		require.NoError(t, err)
		assert.False(t, a.isLocked())
	})
}
