// Package files handles files that matter: replaced completely or not at all, read
// up to a limit, locked between processes, and kept from everybody's eyes.
//
// What it creates belongs to its owner alone: mode 0600, or on Windows an access
// list that names the owner, SYSTEM and Administrators and inherits nothing.
package files
