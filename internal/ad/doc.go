// Package ad speaks LDAP to an Active Directory domain controller: it finds
// one, connects, binds, reads in pages and writes, and says in words what the
// controller refused. It is the only user of go-ldap, and the only place where
// distinguished names and filters are put together, from typed values that are
// escaped here.
package ad
