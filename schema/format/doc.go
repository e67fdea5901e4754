// Package format is how documents are written down: JSON as a tree whose nodes
// know their lines, JSON as the older tool's Python writes it, and timestamps.
package format
