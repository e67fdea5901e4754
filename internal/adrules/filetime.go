package adrules

import "time"

// GeneralizedTime is the layout of times in UTC that are text (RFC 4517,
// 3.3.13), as 20261122010053.0Z.
const GeneralizedTime = "20060102150405.0Z07"

// epochDifference is the number of 100 ns units between 1601-01-01 and
// 1970-01-01 (MS-DTYP 2.3.3).
const epochDifference = 116444736000000000

// NeverExpires is the accountExpires value of an account without expiry that
// a controller sets for new users; 0 means the same (MS-ADTS 2.2.18).
const NeverExpires int64 = 0x7FFFFFFFFFFFFFFF

// lastFileTime is the highest FILETIME read as a time: values beyond it, like
// negative ones, are taken for "never" by controllers.
const lastFileTime = NeverExpires - 1

// FileTime is t as 100 ns units since 1601-01-01 UTC.
func FileTime(t time.Time) int64 {
	return t.Unix()*1e7 + int64(t.Nanosecond()/100) + epochDifference
}

// TimeFromFileTime is the time of a FILETIME, in UTC. ok is false for the
// values that mean never.
func TimeFromFileTime(v int64) (t time.Time, ok bool) {
	if v <= 0 || v >= lastFileTime {
		return time.Time{}, false
	}
	v -= epochDifference
	return time.Unix(v/1e7, v%1e7*100).UTC(), true
}
