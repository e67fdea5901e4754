package schema

import "time"

// Match is a window of time in which an account that is there already may be found to
// be a person's who is new in the user file. A person always decides.
type Match struct {
	Keys   []string `json:"keys"`   // of MatchKeys, the first that finds an account counts
	Within []string `json:"within"` // DNs of organizational units
	Until  string   `json:"until"`  // the last day, 2006-01-02
}

// MatchKeys are the attributes that may tell whose an account is. Of none of them is a
// user the author by default: what a new user may write of himself is in the property
// sets Personal-Information, Email-Information and Web-Information (the
// defaultSecurityDescriptor of user, MS-ADSC 2.269; MS-ADTS 3.1.1.2.3.3).
var MatchKeys = []string{"employeeID", "employeeNumber", "mail", "userPrincipalName", "sAMAccountName"}

// MostMatchDays is how far away the last day of a Match may be.
const MostMatchDays = 90

// End is when the window closes: the midnight after its last day.
func (m *Match) End(zone TimeZone) time.Time { return dayAfter(m.Until, zone) }

// Open reports whether accounts are looked for; never where there is no Match.
func (m *Match) Open(now time.Time, zone TimeZone) bool { return m != nil && now.Before(m.End(zone)) }
