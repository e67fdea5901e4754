// Package faults holds the program to one sentence: a read is complete or it failed,
// and a write is told as what became of it. A proxy injects one fault at one request
// of an export, an import or an approval session; what the directory shows
// afterwards is judged by code that shares nothing with the plan.
//
// A scenario is a scene, a kind of request, its number and a fault, and runs alone
// by that name:
//
//	go test ./internal/adtest/faults -run 'Faults/first_import/modify-3/busy-51'
//
// Without such a name one scenario of each kind of request and fault runs; "make
// faults" runs all of them on memad, and one of each on Samba.
package faults
