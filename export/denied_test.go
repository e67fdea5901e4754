package export_test

import (
	"context"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ad-user-sync/export"
	"ad-user-sync/internal/acl"
	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/adrules"
	"ad-user-sync/internal/memad"
)

// denied reads a domain in which single attributes of single objects may not be
// read: they have no value, no filter that names them matches the object, and
// its access list says so (MS-ADTS 3.1.1.3.1.3.1).
type denied struct {
	*memad.Directory
	t testing.TB

	by map[string][]string // DN relative to the domain to attributes; "*": the object is not there
}

func (d *denied) attributes(dn ad.DN) []string {
	for relative, attributes := range d.by {
		denied, err := d.Domain().Base.Join(relative)
		require.NoError(d.t, err)
		if dn.Equal(denied) {
			return attributes
		}
	}
	return nil
}

func (d *denied) Search(ctx context.Context, s ad.Search, each func(ad.Entry) error) (ad.Summary, error) {
	dropped := 0
	summary, err := d.Directory.Search(ctx, s, func(e ad.Entry) error {
		attributes := d.attributes(e.DN)
		values := map[string][][]byte{}
		for _, name := range e.Names() {
			values[name] = e.Values(name)
		}
		for _, name := range attributes {
			filter, name := strings.ToLower(string(s.Filter)), strings.ToLower(name)
			if name == "*" || strings.Contains(filter, "("+name+"=") || strings.Contains(filter, "("+name+":") {
				dropped++
				return nil
			}
			delete(values, name)
			if list := values["ntsecuritydescriptor"]; len(list) > 0 {
				values["ntsecuritydescriptor"] = [][]byte{deniedTo(list[0], d.schemaID(name))}
			}
		}
		return each(ad.NewEntry(e.DN, values))
	})
	summary.Entries -= dropped
	return summary, err
}

func (d *denied) schemaID(attribute string) (id []byte) {
	_, err := d.Directory.Search(d.t.Context(), ad.Search{Base: d.Domain().Schema, Filter: ad.Equal("lDAPDisplayName", attribute), Attributes: []string{"schemaIDGUID"}}, func(e ad.Entry) error {
		id = e.Values("schemaIDGUID")[0]
		return nil
	})
	require.NoError(d.t, err)
	require.Len(d.t, id, 16, attribute)
	return id
}

// deniedTo puts an entry that denies everybody to read an attribute before all
// others (MS-DTYP 2.4.4.5).
func deniedTo(list, attribute []byte) []byte {
	entry := []byte{6, 0, 0, 0}
	entry = binary.LittleEndian.AppendUint32(entry, uint32(acl.ReadProperty))
	entry = binary.LittleEndian.AppendUint32(entry, 1)
	entry = append(entry, attribute...)
	entry = append(entry, adrules.SIDEveryone.Bytes()...)
	binary.LittleEndian.PutUint16(entry[2:], uint16(len(entry)))
	const header, acl = 20, 8
	out := append([]byte{}, list[:header+acl]...)
	out = append(append(out, entry...), list[header+acl:]...)
	binary.LittleEndian.PutUint16(out[header+2:], binary.LittleEndian.Uint16(list[header+2:])+uint16(len(entry)))
	binary.LittleEndian.PutUint16(out[header+4:], binary.LittleEndian.Uint16(list[header+4:])+1)
	return out
}

var _ export.Directory = (*denied)(nil)
