// Package export is the source side: it selects users of a domain and writes
// them to a user file, completely or not at all.
//
// Selecting is pure (select.go): which of the entries that the searches found
// go, and which are left out by which rule. Everything else reads the domain:
// the groups with all that is nested in them, the schema of the further
// attributes, whom DN-valued attributes refer to, and then the users, who
// stream from the controller to the file, some at a time (batch.go). What is kept
// of each member of a search group is a hash, and of each user, where several
// queries may find the same, the objectGUID, so that the user is written once.
//
// An attribute that may not be read looks as if it had no value, and null would
// clear it in the target. So an attribute that no user has, in the whole export
// or in one of several places, is left out and told of (probe.go), and where a
// single user has none, the access list decides whether that is known (readable.go).
// The list is read of such users alone, unless values select (accesslist.go).
//
// Whoever is missing in a file is disabled in the target. So no one is left out
// because something could not be read: the export fails, and names everybody who
// cannot be judged (unjudged.go). That covers more than the entries that the
// searches find: a filter passes over whom it cannot judge (survey.go), and the
// search groups tell who else should have been found (roll.go), nested groups,
// contacts and accounts elsewhere, who are counted by reason. Export, preview and
// check go the same way through the domain, so that they say the same.
//
// # The scope digest
//
// A user file carries a digest of what selects its users, so that the importer
// can tell a person who left from a selection that changed. It is the SHA-256,
// in hexadecimal, of the UTF-8 bytes of one JSON object without white space,
// HTML escaping or final newline, with these members in this order:
//
//	version       1
//	queries       sorted list of [base, scope, filter]; user_path alone is
//	              one of them, with scope "subtree" and filter ""
//	group_path    null without search_groups
//	search_groups sorted list of full names
//	nested_groups true or false, false without search_groups
//	exclude       object of attribute to sorted list of patterns
//
// A name is the list of its RDNs as "type=value", unescaped. All text is in lower
// case, as the directory compares it. Lists are sorted by their JSON bytes.
// Neither the domain nor the attributes are part of it.
package export
