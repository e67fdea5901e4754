package ad

import (
	"context"
	"encoding/binary"
	"errors"

	"ad-user-sync/internal/adrules"
)

// Replica is what a controller says of its copy of the domain: which one it is,
// how far it has come, and what it has heard of the others.
type Replica struct {
	Database adrules.GUID           // invocationId; zero where it cannot be read
	USN      int64                  // highestCommittedUSN; 0 where it cannot be read
	Heard    map[adrules.GUID]int64 // by invocationId of others: the USN up to which it knows all; nil where that cannot be read
}

// ReadReplica asks the controller. What is read afterwards is at least as new as
// it says. What may not be read stays zero; a controller that is busy or lost is an
// error.
func ReadReplica(ctx context.Context, dir Searcher) (Replica, error) {
	root, err := readable(ctx, dir, DN{}, "dsServiceName", "highestCommittedUSN")
	if err != nil {
		return Replica{}, err
	}
	r := Replica{}
	r.USN, _ = root.Int("highestCommittedUSN")
	if settings, err := ParseDN(root.Text("dsServiceName")); err == nil && !settings.IsZero() {
		e, err := readable(ctx, dir, settings, "invocationId")
		if err != nil {
			return Replica{}, err
		}
		r.Database, _ = adrules.GUIDFromBytes([]byte(e.Text("invocationId")))
	}
	head, err := readable(ctx, dir, dir.Domain().Base, "replUpToDateVector")
	if err != nil {
		return Replica{}, err
	}
	r.Heard = upToDateness([]byte(head.Text("replUpToDateVector")))
	return r, nil
}

// HighestUSN is how far the controller has come by now; 0 where it does not say.
func HighestUSN(ctx context.Context, dir Searcher) (int64, error) {
	root, err := readable(ctx, dir, DN{}, "highestCommittedUSN")
	usn, _ := root.Int("highestCommittedUSN")
	return usn, err
}

// readable reads one object; an empty entry where it may not be read.
func readable(ctx context.Context, dir Searcher, dn DN, attributes ...string) (entry Entry, err error) {
	entry, _, err = ReadObject(ctx, dir, dn, attributes...)
	if err != nil && !errors.Is(err, ErrDenied) {
		return Entry{}, err
	}
	return entry, nil
}

// upToDateness reads an UPTODATE_VECTOR of version 1 or 2 (MS-DRSR 5.166 and
// 5.168): a header of 16 bytes, and for each other database its invocationId, a
// USN, and, in version 2, a time.
func upToDateness(blob []byte) map[adrules.GUID]int64 {
	const header = 16
	if len(blob) < header {
		return nil
	}
	size := map[uint32]int{1: 24, 2: 32}[binary.LittleEndian.Uint32(blob)]
	cursors := binary.LittleEndian.Uint32(blob[8:])
	blob = blob[header:]
	if size == 0 || uint64(len(blob)) < uint64(cursors)*uint64(size) {
		return nil
	}
	heard := map[adrules.GUID]int64{}
	for ; cursors > 0; cursors-- {
		database, _ := adrules.GUIDFromBytes(blob[:16])
		heard[database] = int64(binary.LittleEndian.Uint64(blob[16:]))
		blob = blob[size:]
	}
	return heard
}
