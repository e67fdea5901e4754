// Package text writes the report and the check for a person. Whatever comes from
// a file or a directory passes through schema.Visible.
package text
