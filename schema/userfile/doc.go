// Package userfile reads and writes the document that travels from the source
// to the target domain. It comes from the other side: everything in it is
// limited, and what is wrong is one *Error that lists the faults.
package userfile
