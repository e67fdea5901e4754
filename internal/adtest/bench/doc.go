// Package bench measures the built program beside OpenLDAP's own tools, on the
// same objects, in turns ("make bench"). docs/performance.md says how to read it.
package bench
