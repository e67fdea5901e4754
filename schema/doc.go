// Package schema holds the nouns of ad-user-sync: users and the user file, the
// two configurations, kept answers, the report, the check, and which attributes
// may cross. Every other package speaks them.
//
// How the documents are read and written is in the packages below it: format,
// config, userfile, resolutions and text. Reading is strict: what is wrong in a
// document is one error that lists every fault with its line, and nothing of
// such a document is used. Texts of a document are shown in errors and reports
// by Visible only, and values that may be secrets are not shown at all.
//
// The package imports nothing else of this module.
package schema
