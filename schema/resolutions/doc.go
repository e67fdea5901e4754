// Package resolutions reads and writes the file of kept answers. Entries that it
// does not know are kept as they are.
package resolutions
