// Package memad is an Active Directory domain in memory. It refuses what a
// domain controller refuses, with the same result codes, so that what works
// against it works against a domain; where Samba is laxer than Windows it
// takes the side of Windows. The contract suite of internal/adtest holds both
// against the same cases.
//
// A Directory is safe for concurrent use. Two of them made alike are alike to
// the byte: objectGUIDs and SIDs come from its name, times from a clock that can
// be set.
//
// A Directory locks, counts and hands on. What may be is in schema; names, policy
// and clock are in domain; the objects and their indexes are in store, which also
// reads them. A draft is a change of one object on trial and knows the rules
// (account.go, group.go, names.go, password.go); comparison and filter.go decide
// what a search finds; founder makes a new domain.
//
// attributes.tsv and classes.tsv are the part of the schema of Windows Server
// 2012 R2 that these classes need, as published in Microsoft's Open
// Specifications (MS-ADA1, MS-ADA2, MS-ADA3, MS-ADSC), whose notice permits to
// distribute schema in an implementation.
package memad
