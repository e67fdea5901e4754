// Package schema holds the nouns of ad-user-sync and the documents that are
// files: the user file, the two configurations, the resolutions file and the
// report. Decoding is strict and lists every fault with its line; each format
// is published as a JSON Schema in this folder.
//
// The package imports nothing else of this module.
package schema
