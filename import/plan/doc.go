// Package plan decides what an import does. It is pure: [Make] turns what was
// read of the target domain, a user file, the ledger, the kept answers and the
// clock into a [Plan], a value in which every action, question and note has its
// [Reason]. It contacts nothing, and equal inputs give equal plans whatever order
// they come in. A dry run is the program stopping after the plan.
//
// # Words
//
// An account is anchored when the anchor attribute holds the objectGUID of its
// person in the source domain, "ad-user-sync:<objectGUID>@<source domain>" (a
// [Anchor]). Whoever may write that attribute can forge or copy an anchor, so it proves
// nothing by itself. An account is managed when it is a user in the container, anchored for
// this source, and known to the ledger under its own objectGUID with that very
// anchor. Two things may stand in for the ledger, which a killed run could not
// finish: an account made since a run meant to make it, and one that a run meant
// to anchor. In files without anchors, or without an anchor attribute, managed is
// what the ledger knows or what carries the prefix.
//
// A group is guarded when it is listed in restricted_groups, nested in a listed
// one or in one that cannot be read, or privileged; so is one of which, or of a
// group around it at any height, memberOf or adminCount may not be read, since what it
// grants is then unknown.
// Who is in it may be so by other groups, or by the primary group (but for Domain
// Users, which everybody has), and also where it was renamed or moved.
//
// A protected account administers the domain, runs services, or belongs to the
// domain itself. It is ours only where that is proven: an import made it, or took
// it over by an action. What is managed for its prefix, or was found anchored when
// the ledger was new or lost, is not proven. What can come upon a person's account later
// (an administrative group, adminCount, a service principal name) gives way to
// rows 1a and 1b; the account that the program is bound as, machines, other classes,
// and what is the domain's own never do: of ours they fail where something is due.
// So does what was an account of ours, in the container or outside, and is no longer
// a user, once its person is disabled or missing; an active one is asked about (row 14).
//
// # The decision table
//
// In the source a person is Active, Disabled (or expired, with source_expiry
// cap), or Missing. A "?" is a question that waits for a person; everything else
// is done unasked. The first row that fits an account decides whose it is; of the
// later rows all that fit apply.
//
//	    source  account in the target               answer     what is done
//	                                                kept
//	 1  any     protected, not ours                 any        skipped; A whose anchor it carries: failed,
//	                                                           and no account is made
//	 1a D M     ours, protected since               any        as rows 29 to 33; what is refused: failed
//	 1b A       ours, protected since               any        leaves and shorter ends as ever, its lease
//	                                                           goes on; joins, names, attributes: held back
//	                                                           and named; enable?, alone
//	 2  any     anchored for another source         any        reported, left alone
//	 3  any     several carry the anchor, and the   any        failed, none is touched
//	            ledger confirms not exactly one
//	 4  any     in the container, neither managed   any        reported, left alone; failed where it is enabled and
//	            nor matched                                    anchored for a person who is not active: the ledger
//	                                                           may be older than the account, put back from a
//	                                                           backup. While one is failed so, or asked about for
//	                                                           a D (row 6), of which the ledger knows no account,
//	                                                           no one new gets one; who is outside, and unknown to
//	                                                           it, too, is known from then on (row 37)
//	 5  A D     managed with this anchor            -          it is this one, whatever its names
//	 6  A D     anchored, not confirmed             none       adopt?
//	 7  A D     no anchor, CN and account name      -          anchored, and nothing else in this run;
//	            both equal                                     adopt? once a first run has finished, or where a
//	                                                           number or key of match speaks for another account
//	 8  A       no anchor, one of both equal        none       adopt?
//	 9  A D     (no anchors) one managed account    -          it is this one
//	            of that CN
//	10  A       another person has the CN           -          CN becomes "<cn> (<account name>)"
//	11  A       none, and the names are free        -          created disabled, enable?
//	12  D M     none                                -          skipped
//	13  A       account name or UPN held outside    none       name?
//	14  A       held by what cannot be taken over  none       name?, with the reason
//	15  A       account name not acceptable         none       name?, with a proposal
//	16  A       anchored, outside the container     none       adopt?
//	17  A       13 to 15                            new name   created or renamed with it, as long as
//	                                                           the file says the old name
//	18  A       6, 8, 13, 16                        accepted   moved in, renamed, anchored; password and
//	                                                           state, end, memberships stay as ticked
//	19  A       6, 8, 13 to 16                      rejected   nothing about the name; the rest goes on
//	20  A       attributes differ                   -          updated
//	21  A       CN or account name differ           -          renamed; a UPN follows that did before
//	22  A       in a sub-container                  -          stays there
//	23  A       enabled; its end was written here   -          extended
//	            or never, and is due or has come
//	23a A       23, and no newer file comes         days       its end is put off by them (rule 37)
//	24  A       enabled, ends earlier than written  none       enable?, alone
//	            here, or its kept end has come
//	25  A       made here, never had a password     none       enable?
//	26  A       disabled by an earlier run          none       enable?, the password may stay; not so if
//	                                                           row 18 was to do without it
//	27  A       disabled by someone else, also      none       enable?, alone; row 41 is asked alone then, too
//	            before it was taken over
//	28  A       disabled                            rejected   updated only
//	29  D M     enabled                             none       disabled; disable? with approve.disable
//	30  M       member of mapped groups             -          leaves all; leave? with approve.leave,
//	                                                           but guarded ones at once; only these while row 41 asks
//	31  D       member of guarded mapped groups     -          leaves these at once; of the others
//	                                                           those that the file does not grant
//	32  D M     enabled                             rejected   nothing, until the rejection ends
//	33  A       enabled                             rejected   the rejection of disable lapses
//	34  A       not in a group the file grants      none       joins; join? where it is guarded, or was when
//	                                                           it was asked
//	35  A       in a group the file does not grant  none       leaves; leave? with approve.leave
//	36  A       34, 35                              rejected   nothing as long as the file grants (35: does not
//	                                                           grant) the group, whatever the group is; a join
//	                                                           stays rejected while the person is D or M
//	36a A       in a group that became guarded,     none       named; join?, alone where privileged. agreed:
//	            by an unasked join; or privileged,             recorded; rejected: leaves. Nothing until then
//	            or more so, after it was agreed
//	37  D M     known to the ledger, or with the    -          failed in every run until someone
//	            anchor that it had when that was lost,         disables it, moves it back, or clears
//	            enabled, outside the container                 its anchor, so that it can be read that it is
//	                                                           cleared; not touched. A is failed, too, where
//	                                                           the anchor cannot be read
//	38  any     known to the ledger, enabled, its   -          failed in every run, unless 6 or 8 ask;
//	            anchor gone or changed                         not touched, never anchored again unasked. A gets no
//	                                                           other account, enabled or not, unless 6 or 8 is
//	                                                           rejected. Outside only where the anchor names another
//	                                                           domain and nothing else; else it was let go
//	38a D M     disabled by this program, and       -          leaves the groups that this program put it into, as row 30
//	            anchored since for another source,             says, granted or not; once it has, it is forgotten, and
//	            of which there are accounts in the             told once with the mapped groups that it is in: another
//	            container that the ledger does not             import has taken it over
//	            know
//	39  A       known to the ledger, or carried    none       create? with where and how it was seen last; nothing
//	            the anchor when that was lost,                 else. Agreed: the former one is forgotten once
//	            seen nowhere                                   another is made; should it come back, enabled or
//	                                                           in a mapped group, it is failed by name
//	40  D M     known to the ledger, seen nowhere   -          enabled when it was seen last: failed in every run until
//	                                                           it is seen, or someone says that it was deleted;
//	                                                           disabled: told once, forgotten after 180 days, as is
//	                                                           what carried an anchor when the ledger was lost
//	41  A       none; a managed account whose       none       adopt?, never from a file. Until it is answered the account
//	            person is M or D: employeeID (or                goes as rows 29 to 31 say, at once, but keeps the groups
//	            employeeNumber) agrees, or given               that are not guarded. Alone, unless the number, given name
//	            name, surname, account name and                and surname agree, its person is M, and nothing speaks
//	            mail; or both names; or one of them            against it. Barred while it is enabled, in a guarded group,
//	            and a mail address that no one                 protected, or outside. Agreed: anchored anew, stays
//	            else has                                       disabled, enable? follows; without a number its password
//	                                                           is never kept; guarded groups are asked again (row 34);
//	                                                           rejections, given names, open joins go along. Rejected,
//	                                                           for these two people: the next that fits; then 10, 13 to 15.
//	                                                           So is one of row 71, enabled or not: alone, no password kept;
//	                                                           and one of a former user of whom the file says nothing (73)
//	42  A       none; exactly one user has the         none       adopt? ("same mail"), alone, and never from a file;
//	            mail address, is called alike (common          nothing is made until it is answered. Rejected: made
//	            or display name), is unprotected,              without the address. Any other equal address: left
//	            without an anchor, no other person's;          out (rule 14), and no question
//	            the file has the address once
//	43  A       none; a key of match has one value  none       adopt?, and nothing is made until it is answered.
//	            in the file, and one user of the               Together with others only where employeeID or
//	            domain has the same, as rows 9                 employeeNumber, given name and surname agree, nothing
//	            and 42 say, in the container or                speaks against it, and the account is in no
//	            within match.within                            guarded group. Rejected: the next key that finds
//	                                                           another, and then as if there was no match
//	44  A       the same, but several have it, or   none       adopt?, alone, and it cannot be accepted.
//	            who has it is protected, elsewhere, or         Rejected: as row 43
//	            has something else in its anchor
//	45  A       none; of one in match.within, or no     any        failed, and no account is made for who has a value
//	            one's in the container, a key may               of it in the file. Of one elsewhere that is not asked:
//	            have a value that cannot be read                it could only be named (44), and administrators' may
//	                                                           not be read in many domains, which would stop everyone
//	50  A       none; an account that is anchored   none       adopt?, alone, and never from a file; nothing is made until
//	            for another source, and agrees                 it is answered. Barred while it is enabled, protected, or in
//	            as row 41 says, in the container,              a guarded group. Agreed: as row 41 without a number. Rejected,
//	            or found by its names or mail                  for these two people: as rows 10 and 13 to 15
//	70  A D     6, and the account carried the     none       adopt?, together with others where it has one of the
//	            anchor when the ledger was lost, here         names, is not protected and in no guarded group.
//	            or outside, from where it was moved in        Agreed: known from now on, and nothing else in this run
//	71  M       4, the same, enabled, unprotected  none       disable?; agreed: row 30 follows. Rejected: as 32. In a run
//	                                                          in which one is open or agreed to, or one of row 70 of a D,
//	                                                          no one new gets an account
//	72  A D     none; the source domain changed,   none       adopt?, together with others where the file says it of
//	            and the file says who they were,              someone active, ledger and anchor agree, no name or
//	            or both names, or one and a                   number speaks against it, and the account is here,
//	            number, are those of an account               unprotected and in no guarded group. Agreed: as 70, with
//	            of a former user; or the file                 the new anchor. Rejected: as if there was none. Alone
//	            has the former objectGUID                     where only the anchor tells that it was a former user's,
//	                                                          which it carried when the ledger was lost; of no one here: row 71
//	73  M       the source domain changed, and the none       disable?; agreed: row 30 follows. Rejected: as 32. As
//	            file says nothing of an enabled               long as one is open, no one gets an account of whom
//	            account of a former user                      the file does not say who they were, or names someone
//	                                                          without an account
//	73a M       71 or 73, but disabled, not by      -         failed in every run until it is out of them
//	            this program, and in mapped groups
//	74  A D M   none; of an account that was in     any        failed in every run, and not touched. A whose anchor
//	            the container when the ledger                  it carried then gets no other account; while it is not
//	            was lost it cannot be read                     known who is A and had it, no one new gets one. Outside
//	            whether it carries the anchor                  the container, of D and M, as 37
//	            that it carried then, or may
//	            have carried
//	60  A       none; a name that a template       -          the template's next number, from 2 to 99
//	            made is taken
//	61  A       none; a part of the template of    none       name?, with the part that is empty
//	            account names or UPNs is empty
//	62  A       none; another person had the name  none       as 60; name? where the template has no number
//	            within two years, by the ledger
//	63  A       none; only a number would keep the none       name?, with the account
//	            name from a protected account's, or
//	            one's in a guarded group
//
// # How it goes
//
// [Make] is the table of contents. Each phase is a type that is made from the one
// before it, so that none can come too early:
//
//	newFacts       what does not change: ledger, calendar, attributes, names, groups, roster
//	match          who is whose: anchors first, then match, then both names, then one, then the mail (rows 1 to 9, 16, 41 to 45, 50)
//	nameEverybody  what everyone will be called, before anything is written (rows 10, 13 to 19, 21)
//	findLeavers    who is missing from the file, gone, or out of our hands (rows 2, 4, 37, 38, 40)
//	decide         person by person, then what is missing from the file (rows 11, 12, 20 to 36, 39)
//	conclude       what is said of all that, which answers lapse, and what waits for the controller (rule 34)
//	order          the order in which it is carried out, and the digest
//	limit          whether all of it is too much (rules 6 and 7)
//
// Two things are written to on the way: the draft, which is the plan so far and its
// questions with their answers, and the owners, which match and nameEverybody settle.
// What is particular to a kind of action is one row of the table in kinds.go.
//
// # Names
//
// Whether two names collide is judged as carefully as a directory does: case,
// accents and width do not count. Who a person is, is judged by case alone: Jose
// and José may collide, but are two people. Whoever has a name keeps it; then
// come those who have an account, then those who are new, each in the order of
// their anchors. A name that an account gives up in this plan is free for others.
// If that account has to keep it after all, whoever was to get it is looked at
// again. UPNs collide with everybody's implicit "<account name>@<domain>", too.
//
// Addresses of mail are given in the same way, and never one of the target's own
// domains unless mail_domains allows it.
//
// Who was made anew may fit several accounts, and several people one account: each
// question names the others, and of two consents to one account neither counts.
//
// What match goes by is the source's to write, so that it is evidence for a person and
// never a claim. A value counts where one person of the file has it, it is no
// placeholder, and neither the user of the account may write it there, nor a user of the source
// what it is made of, which is no evidence of rows 41, 50 and 72, either. Of the keys the
// first that finds an account counts; what the others say is shown with it, and is
// part of the decision. Numbers may be sure; addresses and names change hands, however
// many of them agree. Rows 5 to 7 go first where they ask nothing, and the ledger's
// word about a person or account ends the search. When the window has closed, match
// does nothing.
//
// Where no anchors tell people apart, the CN does, then the account name; users
// of the file whom neither tells apart fail, and what might be theirs stays.
//
// While the source domain changes, an account with an anchor of the former domain is
// no one's before a person agrees, also where the file has its very objectGUID; one with an
// objectGUID that by the ledger, or by the file, only a former user had is of the former domain, whatever it
// names, and row 38 goes for whose account it was as the file says, too. An anchor
// that names no domain (16 bytes) cannot be told apart so: of the former domain it counts
// only where the file does not have it. What the file says of who someone was may lead to
// a question (rows 39 and 72), and lets nothing be forgotten. Before anyone has agreed
// nothing else is asked; where row 72 asks nothing, rows 6 and 70 to 73 are. No kept
// answer lapses until then.
//
// Whose account was made through another controller lately, and is not seen on
// this one, is not made a second time: replication brings it, or, should it be
// gone for good, a later run asks whether to make it anew (row 39).
//
// What mapped groups name in the container and nothing else shows is there, and
// out of sight. Nothing is made, renamed or taken over for its person, who is
// failed in every run, as it is itself where it is not known whose it is; its names
// count as taken. What is known to the ledger and seen nowhere at all may be
// deleted, or moved to where the bound account may not read: the two look alike,
// so that a person says which it is.
//
// # Questions and answers
//
// A question's ID is the SHA-256 of the decision itself: kind, container, account
// or anchor, and the fields in [Question.Decision]. What is shown besides is
// context. Nothing in an ID comes from the clock, so an expiry that would be written
// is not part of one. What the account of the question is by now, and would be given,
// kept or overwritten, is (rule 09): no one has agreed to what changed meanwhile.
// An answer of the session counts only where its ID appears again in a plan made
// from a fresh reading.
//
// Enabling an account of ours that became protected is decided alone, with the
// group or the reason in the decision, and never with the password it has.
//
// A table that someone edited ([Plan.Hold]) names questions that its reader may answer
// together. It proves nothing: a row counts where the same person, account, names and ID
// are asked about now, and the answer is one that may be given together with others.
// The question of any other row is decided alone from then on, by a newer file, too. A no
// that is not as it was proposed is about whomever any of its cells names ([Wishes]).
//
// Which group policies and delegations an account from outside loses and gains by the
// move is read along with it, shown with the question of match, and part of its ID: it
// decides nothing, and is agreed to as it was shown.
//
// What is taken over from outside is only moved in, renamed and anchored; should
// that fail, nothing else of it was touched. The next run does the rest. Three
// things stay as the person ticked (row 18), and five of what match offered (row 43):
//
//	password     kept, with the account's state. If not, the account is disabled
//	             in the write that anchors it, and enabled with a new one only.
//	end          kept until a person decides otherwise, even if it is none; once it
//	             has come, row 24 asks. If not, it gets the lease with its anchor; what match
//	             offered gets an end at least 60 days off, which no lease brings forward.
//	memberships  those of mapped groups that the file does not grant are kept as
//	             rejected leaves without an end. If not, it leaves these groups once
//	             it is anchored. Groups that are not mapped are never touched.
//	names        kept until the source has another one than it had then: the common name
//	             apart from the account name, with which the UPN goes. If not, renamed.
//	values       kept where the file has none, until it has one. If not, cleared.
//
// Where no one was asked (a first run), all three stay in
// that run, and the next one treats the account as any other; an end that was kept
// before stays kept. A taking over that was cut short is finished as it was ticked
// before anything else is done to the account, also one that carried its anchor already.
//
// A rejection that is in force is stronger than any consent: who reconsiders has it
// asked again first. It is kept by anchor. An entry without one belongs to a CN; it counts
// for the one account of that CN that existed when it was given, and then receives
// the anchor, so no one inherits what was answered about a namesake. In a file without anchors
// the one that the ledger has for the account counts, for rejections, given names and what
// was asked, never for consent. Of several the latest counts;
// what is answered in a session, or asked again, replaces all the others.
// What is rejected about an account holds for that account, and that two people of the
// source are the same (row 41) for these two, whatever they are called.
// A rejection with an end counts until then. An entry lapses when this plan looked
// at its person and the question was not there; while a person could not be looked
// at, or a group could not be read or is not mapped, it stays; and a new name while the
// file does not have its person, until the account has been disabled for 180 days;
// and what may be about an account of another container whose configuration shares the
// resolutions file, until that one lets it go. An entry that names another container is
// that one's: it answers nothing here and is never dropped, unless its account was moved
// here; but a join that it rejects is asked here, never done unasked.
//
// A rejected join or leave stays as long
// as the file says of this group what it said then, whoever is in the group and
// whether or not it is guarded. Of joins it says that only where the person is active:
// who is missing or disabled for a while, with or without their groups, is not put into
// the group on their return. In the same way a join that was asked is asked until
// it is answered or the file has the person active without the group, unless the group was
// taken out of restricted_groups.
//
// The ledger records of each join who agreed to it and what guarded the group, or
// that no one was asked. What was there before it did so counts as agreed, as
// the group was when the record began, and who
// was put into a group by hand was not by this program: neither is asked about
// (row 36a). Accepted entries count only with
// accept_from_file, and never for what a person has to decide: whose an
// account is (adopt, and taking over whoever has a name), privileged groups, and
// what someone else disabled or let expire here. An accepted new name is not a permission, and always counts.
//
// # Order
//
// A primary group cannot be left by member: the plan fails it and names the way on,
// but for Domain Users, which every account is in from the beginning.
//
// A mapped group that vanished fails its own joins and leaves. One that was renamed
// or moved is known by its SID: who is in it and may be fails nothing.
//
// Disables, leaves, anchors, renames and takings over, what these leave, creates,
// updates and extensions, references (managers), joins, enables. A rename comes after the one that frees
// its name. A ring of names is opened by a step through a temporary one, "ad-user-
// sync <anchor>"; a run that is killed there leaves an account that is still known
// by its anchor, and the next one names it as the file says.
//
// # Rules
//
// Numbered, so that a test can carry the number: "go test ./... -run /rule_14" runs
// all that shows rule 14. Those about files, the ledger and the directory are in
// package importer.
//
//	rule 06  Limits count people with automatic actions of a kind, those of the last
//	         24 hours included, whom a killed run meant among them; but not those of whom a
//	         person overrode the limit, nor of whom the directory shows that it
//	         was undone (enabled, a member again). That a file has a person again undoes
//	         nothing. A run stops when
//	         count and percent are both exceeded, or max alone. Percent is of the
//	         enabled managed accounts, and those counted that are no longer enabled,
//	         for disable and leave, of the matched ones otherwise. Create and join are free until a first run has finished
//	         that had anybody active; what it could not do of them stays free for seven
//	         days, for the same people and groups.
//	         Who is to end earlier than before, by more than expiration_refresh,
//	         counts as disabled, once a first run has finished; of a first lease
//	         only what the source's end takes off it counts, or if it is over already. That
//	         ends are moved apart (rule 21) brings none forward, so that it never counts here, nor in rule 07.
//	         Never counted: other extensions, anchoring, a leave that goes with a
//	         disable, the references of an account that the same plan creates.
//	rule 07  Limits of their own: all enabled accounts at once (to be disabled, or to
//	         end earlier), a group that would lose all its managed members, a prefix
//	         that fits none of the accounts, a container that is new to the ledger, while
//	         accounts that worked are in another one, of whatever source, and a container
//	         that must not be managed. Nothing releases the last. Who has left and works
//	         on in a container that was left behind so is named in every run, from the
//	         second day on as failed, until the account is disabled, over, moved or said to be
//	         deleted, or an import into that container comes again.
//	rule 08  Confirming a plan's digest overrides the limits for this one plan, once,
//	         and answers no question.
//	rule 09  The ID of a question is a digest of the decision: kind, container, account
//	         and anchor, the person's common name, and the fields that the page shows as
//	         the decision; where an account may be taken over, also its names, its groups
//	         and what guards them, the guarded groups that it is in by others (of rows 71 and 73,
//	         too), what it may keep, and all that the file, of whatever day,
//	         says of it otherwise than the account has it, or grants, and what its move changes (of
//	         references whom the file names, and how many the account has: their DNs may move): nothing that
//	         a logon or the answer to another question moves, nor the clock, but for whether the
//	         person's end in the source has come, who is disabled from then on. Of a join these are the group,
//	         what guards it (listed, privileged), and the listed and privileged groups it
//	         is, or leads into; of an account that is to be enabled also its end, and
//	         when its password was set, where that may stay.
//	rule 10  The typed answer (password, new name, taking over) is not part of the ID;
//	         it is judged against what is read afresh.
//	rule 11  A plan's digest names the file, the container, what the configuration says of
//	         ends and passwords, and all that is done without a person of this session:
//	         automatic actions, and what entries of the resolutions file answer, these with
//	         their questions. Not extensions, since whether one is due is the clock's to
//	         say; but those that bring an end forward.
//	         Where the ledger was lost, who carried an anchor then and is still asked about,
//	         and how each of these accounts stands, since no action shows it.
//	rule 12  Where the configuration names no attributes, the safe table is imported:
//	         what says who a person is, and grants nothing.
//	rule 13  Never, whatever a rule or a file says: what decides about logons, rights,
//	         identities, secrets or the way of mail, what the schema keeps for itself,
//	         and the anchor attribute. Such a rule is a fault of the configuration,
//	         such a value in a file is ignored and listed once.
//	rule 14  An address of mail in one of the target's own domains (but mail_domains),
//	         or that another object has (see row 42), or that is not a plain address, is dropped; the
//	         rest is updated. As any value of the file that cannot be had (its length,
//	         its syntax), it is left out: listed, new or since when, and no failure.
//	rule 15  A key that is absent changes nothing, null clears. (An export leaves out,
//	         with a warning, what no user has a value of, since that may be for lack of
//	         a right: so the last value that the source had stays in the target.)
//	         Several values compare as a set, one value byte for byte. on_create writes at create only, keep
//	         only where there is no value; one that cannot be read stays, too, and is listed. Of an
//	         attribute of several values nothing is written where some may be unread.
//	rule 16  The UPN is written at create, and later only while it was the account name
//	         and the suffix before. It collides with everybody's implicit one, too, a
//	         computer's without its dollar sign among them. One of the file is a login
//	         name, too: it is not taken where it is reserved, or, unless
//	         account_name_pattern allows it, holds other than plain letters and marks.
//	rule 17  Account names fit account_name_pattern and are not reserved. CNs are NFC,
//	         at most 64 UTF-16 units, without what cannot be seen, with the prefix once. Whether two names
//	         collide is judged as a directory does. What no one can be called is not looked
//	         up.
//	rule 18  Another program's value in the anchor attribute is never overwritten. The
//	         attribute must be one that users cannot write, and that means nothing else.
//	rule 19  Order: see below. An account whose leave failed is not enabled, nor one
//	         that could not join a group that brings a password policy.
//	rule 21  An account ends at the file's time, or now if that is earlier, plus
//	         expiration_time; not after the source's own end. Calendar months first,
//	         clamped to the month's last day, in UTC. The same file extends once.
//	         Where that is not the source's end, which stays to the minute, it is moved
//	         earlier, by a hash of the anchor: to a moment between 09:00 and 15:00 in
//	         time_zone on one of the last two working days before it, by four days and a tenth of
//	         expiration_time at most; if there is none, or it is over, it stays. An end that is written and not later than the
//	         lease is never brought forward for this, nor put off once it has come.
//	         An end that was written here before is not someone else's (row 24), unless it is at
//	         a full minute. One that was taken away here by hand, so that the
//	         account never expires, is not written again; the account is named in every run.
//	rule 27  A rejection is kept by container, anchor and, of a group, SID. The latest counts.
//	         One of a join holds also for the group that is mapped under its common name
//	         once nothing has that SID any more: it was made anew.
//	         It lapses with its question. Of a disable or leave it has an end, but for
//	         memberships that were kept at a taking over; these do not outlast that the
//	         person is in the file.
//	rule 28  Accepted entries count only with accept_from_file and once, and are marked
//	         and their passwords blanked before they are carried out; never for what
//	         one person has to decide alone, nor if older than the last disable. One
//	         without anchor that is older than the account counts for enable and join
//	         if it is at most 30 days older, this program made the account, and no
//	         other of that common name, it was never enabled, and the file has one
//	         user of that name. What is not carried out is listed with the reason.
//	rule 29  An accepted new name is kept: it is a name, not a permission.
//	rule 30  Unknown entries are kept.
//	rule 34  A controller that has not heard of what an import wrote through another one
//	         is good enough to take away: disable, leave, shorten. Through it nothing
//	         else is done or asked, no answer lapses, and no one who stays fails. Who
//	         waits for it is listed; a leaver whom the ledger knows to be enabled, and
//	         who is shown disabled, fails. What it should have heard a day ago stops the
//	         run, until a person confirms the plan; so does a controller that knows less than
//	         before, and a good part of the working accounts being seen nowhere at once.
//	         Once that is confirmed, whom an import had disabled and who is seen nowhere
//	         counts as enabled (37), since the copy may be older.
//	rule 35  A value is the file's, or what the attribute's rule makes of it: a constant
//	         (value: always; on_create: once), what map has for it, a part of the
//	         country that it names (c, co and countryCode are always of the same), with
//	         the prefix once. What map or ISO 3166 does not know changes nothing, and is
//	         left out as in rule 14.
//	rule 36  References (assistant, manager, secretary) are people of the file, written once
//	         all have accounts. Who has none is not written; of several the others are. While
//	         it is not decided yet whether one of them gets an account, or which, all stays as it is.
//	rule 37  While no newer file comes (it is overdue, or half of expiration_time is
//	         over since the last), a person may give up to 14 more days to all accounts
//	         of row 23, or to one, twice until another file is accepted, by the last file that
//	         a run has imported, also one that is older than max_age, with which nothing
//	         else is done then. They are added to the end that is written, and never lead past the
//	         source's own. Nothing is given to who is disabled in the source or
//	         missing, whether or not disabling was asked or rejected, whose end someone
//	         else set, who keeps the end of before the account was taken over, nor
//	         to protected accounts that are not ours. Each account is named by a digest of what
//	         was shown: its end, the latest that it may get, how often it was given some. All
//	         of them have to be so still, or none gets any. A given end is not
//	         brought forward but by the source's own, and ended by the lease of a newer file
//	         that is longer.
//	rule 38  Templates make account names and UPNs of new accounts, under every rule of
//	         names that the file's come under; who has an account keeps what it has, but for one
//	         that match found and that is taken over without its names (row 43). One
//	         number counts for both. What users may write themselves decides neither, unless
//	         self_written allows it. Where a part of another template is empty, an attribute
//	         stays, and the CN is the file's: left out as in rule 14.
//	rule 39  A new password, and to unlock, are never asked: they are offered of an account
//	         that a person looked for ([Input.Sought]), each alone and with a reason, which goes
//	         into report and log; never by an entry of a file. Only of a managed account that the
//	         ledger knows, whose person is active, that is enabled, in the container and not over; never
//	         of what is protected or administers the domain, and so never of the two that are
//	         bound, nor through a controller that lags (rule 34). A new password unlocks, too.
//	         The ID is of what the account is called, the guarded groups that it is in, all its
//	         groups, when its password was set and when an approver did last, and its lockout, as
//	         the controller tells at this moment. Nothing else of the person is done along with it.
//
// # What an import has to do for it
//
// Before the first write the ledger keeps, as [Memory.Intended], the [Person.Key]
// of everybody who is to be created, and as [Remembered.Meant] the anchor of every
// account that is to be anchored. What [Unknown] lists is looked up outside the
// container until it lists nothing new.
package plan
