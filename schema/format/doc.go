// Package format is how documents are written down: JSON as a tree whose nodes
// know their lines, and timestamps.
package format
