// Package importer is the target side: it reads the managed container, has the
// plan made (package plan), carries it out and reports.
//
// Run reads like the manual: lock, read, plan, stop or apply, report. A Desk
// does the same for the answers of one person, through the same code. What was
// done is remembered in the ledger, beside the resolutions file.
//
// # Rules
//
// Those that are missing here are about the decision, and in package plan. "go
// test ./... -run /rule_22" runs all that shows rule 22.
//
//	rule 01  The MAC comes first, over the exact bytes; then what is read is limited.
//	rule 02  A file without users, with an anchor or account name twice, with anchors
//	         for some, or that contradicts or does not state its completeness, is
//	         refused.
//	rule 03  So is one that is ahead of the controller's clock. A local clock that is
//	         off by more than 5 minutes ends the run.
//	rule 04  So is one that is older than the newest ever accepted or than max_age, from
//	         another domain or selection, unsigned or of the older format after better
//	         ones, or that comes when the ledger is lost. These can be let through by
//	         --accept-file, which names that one file, once. A ledger that may not be read,
//	         or that a newer program wrote, is not lost: it ends the run, untouched.
//	         One that is missing is lost where accounts of the container are anchored
//	         for the source, or the resolutions file holds answers of a session. Who is
//	         anchored for the source outside the container is then listed, and counts as
//	         moved out (row 37) once the file was let through; who is in it is asked about
//	         (rows 70 and 71). From another domain, with a map of who is who (rows 72 and 73),
//	         it is taken where expect names both domains: until a person agreed to an account,
//	         a run ends before it writes anything, and files of the former domain are taken,
//	         too; from then on they are refused. Where it has a map and expect does not name
//	         both, or the other way round, nothing lets it through.
//	rule 05  The ledger is written once all guards passed, and before the directory, with
//	         what is meant. A refused run writes nothing but its report. Whom the ledger knows
//	         and the container no longer has is looked up in the domain, and what
//	         mapped groups name in the container by its name. What is found in the
//	         container after all is taken as read. An account that was moved out and
//	         whose anchor was cleared, where the access list says that it may be read,
//	         is forgotten and named; of others see rows 37, 39 and 40. Not so
//	         through a controller that has not heard of what was written through another
//	         one (rule 34): nothing is learned from it. It has heard when its
//	         up-to-dateness vector says so; where that cannot be read, or a run was cut
//	         short there, a day after.
//	rule 20  A refused Add is tried again with what is essential, then attribute by
//	         attribute; what was refused is reported, and what is not a right but a value
//	         that is not taken is left out.
//	rule 22  A write whose outcome is unknown is read back, and so is one that a
//	         controller gave up on: it may be done. After a failover in a run that
//	         has written, nothing is created, renamed or moved in that run.
//	rule 23  Password and state are one request; the deny entries of
//	         users_can_not_change_password come before it and leave all others as they
//	         are. With the option off, those that the ledger knows as its own, on an
//	         account of its making, go before the next password; where others are left
//	         and the password would have to be changed, no account is enabled. Only over an encrypted connection; a broken policy is named.
//	rule 24  The lock is held to read, plan and apply, never while a person thinks. Who
//	         waits is told who holds it.
//	rule 25  At the desk, what was decided is read and planned again; what no longer
//	         stands is said to have changed meanwhile. So is what has to be decided
//	         alone by now, and was answered together with others.
//	rule 26  The exit code is the first that applies of 2, 3, 1, 9, 4, 5, 7, 6. It is 5 where
//	         an administrator here has to act: a write was refused, a leaver works on, a person
//	         has no account; not for values of the file that cannot be had. A run that was
//	         cut short did not finish: 1, and it says what was done and what was not.
//	rule 31  Paths in a configuration are relative to its folder.
//	rule 32  A file of ours that everybody may write is refused; a secret that everybody
//	         may read is warned about. What is created is the owner's alone. An
//	         approval session refuses a configuration, a key, or what its own logon
//	         rests on, that others than administrators and the approver can change.
//	rule 33  A short key is warned about, an empty one is a fault. Several may be listed
//	         to change keys, and the report says which one matched.
//	rule 40  With observe, an import that the ledger knows nothing of only looks: as the
//	         first import, with the file and directory of now, but for what is known of
//	         the files that were looked at. It writes a memory of its own, and nothing
//	         else, until a person names the plan with --start; one that is another by now
//	         is not started. After so many files or days it does not look either (9).
//	         Nothing in the memory, nor its loss, begins an import, and neither does a
//	         configuration from which observe was taken out. The ledger keeps what
//	         observe said at the start; any other, where the ledger knows the container
//	         or source, is refused.
//
// # What other programs got wrong
//
// Found in the issue trackers of programs of this kind; each has a test of its
// number. Those about connecting are in package ad (13, 14, 25), the one about the
// web page (29) in package approval.
//
//	burn 01  an empty or failed read is taken for "everybody left"
//	burn 02  no limit on mass change
//	burn 03  one page is read, and the rest is "gone"
//	burn 04  memberships are read in part, or without the primary group; here, what a
//	         group's member names and memberOf does not show ends the run, and a primary
//	         group that should be left is a failure
//	burn 05  a changed filter acts as a deletion
//	burn 06  a dry run changes data, or is another code
//	burn 07  accounts are deleted
//	burn 08  identity by name: a rename makes a double
//	burn 09  renames need two runs, case alone is skipped, swapped names fail
//	burn 10  names with special characters break
//	burn 11  an administrator's account is taken over
//	burn 12  a refused password says nothing
//	burn 15  created on one controller, not found on the next
//	burn 16  one query for each user
//	burn 17  the controller ends the connection while a person thinks
//	burn 18  members whom others added are thrown out
//	burn 19  thousands of members in one write
//	burn 20  managers out of scope or not yet created
//	burn 21  nothing was done, and it says success
//	burn 22  accounts under AdminSDHolder refuse writes
//	burn 23  account names over 20 characters
//	burn 24  secrets in logs
//	burn 26  a namesake inherits an approval or rejection
//	burn 27  all accounts expire at once, without a warning
//	burn 28  an old file brings leavers back
//	burn 30  what may not be read is taken for empty
package importer
