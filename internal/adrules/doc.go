// Package adrules holds the rules of Active Directory itself: how it stores
// identifiers, times and account flags, which names it takes, and which names
// it takes for one another. It is pure: no directory, clock or file is touched.
//
// The sources are Microsoft's open specifications: MS-DTYP (GUID, SID,
// FILETIME), MS-ADTS (userAccountControl, accountExpires, protected objects)
// and MS-SAMR (account names).
package adrules
