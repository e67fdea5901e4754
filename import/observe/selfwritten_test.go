package observe

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ad-user-sync/import/access"
	"ad-user-sync/import/ledger"
	"ad-user-sync/import/plan"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/memad"
	"ad-user-sync/schema"
)

// descriptor is one that lets each of these write everything (MS-DTYP 2.4.6, 2.4.4.2).
func descriptor(writers ...adrules.SID) []byte {
	var entries []byte
	for _, sid := range writers {
		entries = append(append(entries, 0, 0, byte(8+len(sid.Bytes())), 0, 0x20, 0, 0, 0), sid.Bytes()...)
	}
	sd := []byte{1, 0, 4, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0}
	return append(append(sd, 4, 0, byte(8+len(entries)), byte((8+len(entries))>>8), byte(len(writers)), 0, 0, 0), entries...)
}

// ownedBy gives a descriptor an owner (MS-DTYP 2.4.6).
func ownedBy(sd []byte, owner adrules.SID) []byte {
	binary.LittleEndian.PutUint32(sd[4:], uint32(len(sd)))
	return append(sd, owner.Bytes()...)
}

// Who owns an account may change its access list, unless that says what owners may.
func TestWhoOwnsTheirAccountWritesItsKeys(t *testing.T) {
	const own, owners, admins adrules.SID = "S-1-5-21-1-2-3-1500", "S-1-3-4", "S-1-5-21-1-2-3-512"
	o := New(memad.New("plant.example"), &schema.ImportConfig{Match: &schema.Match{Keys: []string{"employeeID"}}}, nil, ledger.History{})
	require.NoError(t, o.defineKeys(t.Context()))
	for name, c := range map[string]struct {
		sd     []byte
		writes bool
	}{
		"administrators":              {ownedBy(descriptor("S-1-5-18"), admins), false},
		"nobody":                      {descriptor("S-1-5-18"), false},
		"the user":                    {ownedBy(descriptor("S-1-5-18"), own), true},
		"every user":                  {ownedBy(descriptor("S-1-5-18"), "S-1-5-21-1-2-3-513"), true},
		"the user, may read":          {ownedBy(ownersRead(descriptor(owners)), own), false},
		"the user, may write":         {ownedBy(descriptor(owners), own), true},
		"others, who may write":       {ownedBy(descriptor(owners), admins), false},
		"an owner past the end":       {append(descriptor("S-1-5-18")[:4:4], append([]byte{255, 0, 0, 0}, descriptor("S-1-5-18")[8:]...)...), false},
		"another user of that length": {ownedBy(descriptor("S-1-5-18"), "S-1-5-21-1-2-3-1501"), false},
	} {
		keys, unknown := o.selfWritten(ad.NewEntry(ad.DN{}, map[string][][]byte{access.Descriptor: {c.sd}}), &plan.Account{SID: own})
		assert.False(t, unknown, name)
		assert.Equal(t, c.writes, len(keys) > 0, name)
	}
}

// ownersRead has the one entry of a list allow reading, in place of writing.
func ownersRead(sd []byte) []byte {
	sd[32] = 0x10
	return sd
}

// Accounts of one place have one access list, which is judged once. A list that names the
// account itself says something about this one only.
func TestOneAccessListIsJudgedOnce(t *testing.T) {
	const domain = "S-1-5-21-1-2-3"
	dir := memad.New("plant.example")
	o := New(dir, &schema.ImportConfig{Match: &schema.Match{Keys: []string{"employeeID", "mail"}}}, nil, ledger.History{})
	require.NoError(t, o.defineKeys(t.Context()))
	dn, err := ad.ParseDN("CN=u,DC=plant,DC=example")
	require.NoError(t, err)
	user := func(rid int, sd []byte) ([]string, bool) {
		e := ad.NewEntry(dn, map[string][][]byte{access.Descriptor: {sd}})
		return o.selfWritten(e, &plan.Account{SID: adrules.SID(fmt.Sprintf("%s-%d", domain, rid))})
	}
	for rid := range 100 {
		keys, unknown := user(2000+rid, descriptor("S-1-5-18", domain+"-1500"))
		assert.Empty(t, keys)
		assert.False(t, unknown)
		keys, _ = user(3000+rid, descriptor("S-1-5-18", adrules.SIDSelf))
		assert.Equal(t, []string{"employeeID", "mail"}, keys)
	}
	keys, _ := user(1500, descriptor("S-1-5-18", domain+"-1500"))
	assert.Equal(t, []string{"employeeID", "mail"}, keys, "whose own SID is in the list that the others have, too")
	_, unknown := user(4000, []byte("no list"))
	assert.True(t, unknown)
	assert.Len(t, o.matching.judged, 3, "two lists, and one that is none")
}
