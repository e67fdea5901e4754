package adrules_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/internal/adrules"
)

func TestGUIDBytesAndTextAgree(t *testing.T) {
	g, err := adrules.ParseGUID("6F9619FF-8B86-D011-B42D-00CF4FC964FF")
	require.NoError(t, err)
	assert.Equal(t, []byte{0xff, 0x19, 0x96, 0x6f, 0x86, 0x8b, 0x11, 0xd0, 0xb4, 0x2d, 0, 0xcf, 0x4f, 0xc9, 0x64, 0xff}, g[:])
	assert.Equal(t, "6f9619ff-8b86-d011-b42d-00cf4fc964ff", g.String())
	for _, bad := range []string{"", "6f9619ff8b86d011b42d00cf4fc964ff", "{6f9619ff-8b86-d011-b42d-00cf4fc964ff}", "x"} {
		_, err := adrules.ParseGUID(bad)
		assert.Error(t, err, bad)
	}
}

func TestSIDBytesAndTextAgree(t *testing.T) {
	const s adrules.SID = "S-1-5-21-1004336348-1177238915-682003330-512"
	b := s.Bytes()
	require.Len(t, b, 28)
	back, err := adrules.SIDFromBytes(b)
	require.NoError(t, err)
	assert.Equal(t, s, back)
	assert.EqualValues(t, 512, s.RID())
	_, err = adrules.SIDFromBytes(b[:27])
	assert.Error(t, err)
	assert.Nil(t, adrules.SID("nonsense").Bytes())
}

func TestPrivilegedGroups(t *testing.T) {
	for sid, want := range map[adrules.SID]bool{
		"S-1-5-21-1-2-3-512": true, "S-1-5-21-1-2-3-517": true, "S-1-5-21-1-2-3-513": false,
		"S-1-5-21-1-2-3-1104": false, "S-1-5-32-544": true, "S-1-5-32-545": false, "S-1-5-32-546": false,
		"S-1-5-32-551": true, "S-1-5-21-1-2-3-498": true, "S-1-5-21-1-2-3-572": true,
	} {
		_, got := sid.Privileged()
		assert.Equal(t, want, got, sid)
	}
}

func TestFileTime(t *testing.T) {
	at := time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC)
	assert.EqualValues(t, 134432316000000000, adrules.FileTime(at)) // measured on a controller
	back, ok := adrules.TimeFromFileTime(134432316000000000)
	assert.True(t, ok)
	assert.Equal(t, at, back)
	for _, never := range []int64{0, -1, adrules.NeverExpires, adrules.NeverExpires - 1} {
		_, ok := adrules.TimeFromFileTime(never)
		assert.False(t, ok, never)
	}
	far := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	back, ok = adrules.TimeFromFileTime(adrules.FileTime(far))
	assert.True(t, ok)
	assert.Equal(t, far, back)
}

func TestNamesThatAControllerTakesForOneAnother(t *testing.T) {
	c := adrules.NewCollation()
	for _, p := range [][2]string{{"björn", "BJORN"}, {"å", "a"}, {"ø", "o"}, {"æ", "ae"}, {"ツ", "つ"}, {"Café", "Cafe\u0301"}, {"ＦＵＬＬ", "full"}, {"Straße", "STRASSE"}} {
		assert.Equal(t, c.Key(p[0]), c.Key(p[1]), p)
	}
	for _, p := range [][2]string{{"bjoern", "björn"}, {"a-b", "ab"}, {"a b", "ab"}, {"а", "a"}} {
		assert.NotEqual(t, c.Key(p[0]), c.Key(p[1]), p)
	}
}

func TestCheckCommonName(t *testing.T) {
	for _, good := range []string{"Doe, Jane", "Jane + Co", "日本語", "é", "A=B", "a/b", "#1", strings.Repeat("ü", 64), "🙂"} {
		assert.NoError(t, adrules.CheckCommonName(good), good)
	}
	for _, bad := range []string{"", " a", "a ", "a\u200bb", "a\u202eb", "a\nb", "a\x00b", strings.Repeat("x", 65), strings.Repeat("🙂", 33), "a\u2028b"} {
		assert.Error(t, adrules.CheckCommonName(bad), "%q", bad)
	}
}

func TestCheckAccountName(t *testing.T) {
	for _, good := range []string{"jdoe", "j.doe-1_x", "müller", strings.Repeat("x", 20)} {
		assert.NoError(t, adrules.CheckAccountName(good), good)
	}
	for _, bad := range []string{"", "a/b", "a@b", "jdoe.", "Administrator", "KRBTGT", strings.Repeat("x", 21), " a", "a\u200bb"} {
		assert.Error(t, adrules.CheckAccountName(bad), "%q", bad)
	}
}

func TestTruncateCommonNameKeepsTheTail(t *testing.T) {
	got := adrules.TruncateCommonName(strings.Repeat("🙂", 40), " (jdoe)")
	assert.LessOrEqual(t, adrules.UTF16Len(got), 64)
	assert.True(t, strings.HasSuffix(got, " (jdoe)"))
	assert.Equal(t, "Jane Doe (jdoe)", adrules.TruncateCommonName("Jane Doe", " (jdoe)"))
	assert.Equal(t, strings.Repeat("é", 64), adrules.TruncateCommonName(strings.Repeat("é", 65), ""))
	assert.Equal(t, strings.Repeat("x", 63), adrules.TruncateCommonName(strings.Repeat("x", 63)+"🙂", ""), "half a pair is none")
	assert.Equal(t, "x", adrules.TruncateCommonName("x"+strings.Repeat(" ", 64), ""))
	assert.Equal(t, strings.Repeat("t", 70), adrules.TruncateCommonName("x", strings.Repeat("t", 70)))
}

// Whoever signs the file must not be able to keep the lock for ever.
func TestTruncateCommonNameReadsTheBeginningAlone(t *testing.T) {
	endless := strings.Repeat("y", 1<<26)
	assert.Equal(t, endless[:adrules.MaxCommonName], adrules.TruncateCommonName(endless, ""))
}
