// Package schema holds the nouns of ad-user-sync and the documents that are
// files: the user file, the two configurations, the resolutions file and the
// report.
//
// Reading is strict. What is wrong in a document is one error that lists every
// fault with its line (UserFileError, ConfigError, ResolutionsError); nothing
// of such a document is used. Texts of a document are shown in errors and
// reports by Visible only, and values that may be secrets are not shown at all.
//
// Each format is published as a JSON Schema (2020-12) in this folder. The
// configurations are validated with theirs; the other documents are read by
// code that is stricter than a schema can say.
//
// The package imports nothing else of this module.
package schema
