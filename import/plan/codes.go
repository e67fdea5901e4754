package plan

// The codes of this file, and the kinds in kinds.go, stand in digests, the ledger,
// the report and the page's protocol: they never change. What people read for them
// is in import/words.

// Reason is the code of why something is done, asked or left alone.
type Reason string

// The closed list of reasons, in the order of the decision table.
const (
	Protected        Reason = "protected"
	Foreign          Reason = "other-source"
	AnchorNotUnique  Reason = "anchor-not-unique"
	Unmanaged        Reason = "unmanaged"
	Unconfirmed      Reason = "unconfirmed-anchor"
	MatchedByName    Reason = "matched-by-name"
	SamePerson       Reason = "same-person"
	Namesake         Reason = "namesake"
	New              Reason = "new"
	DisabledInSource Reason = "disabled-in-source"
	MissingInFile    Reason = "missing-in-file"
	NameTaken        Reason = "name-taken"
	NameInvalid      Reason = "name-invalid"
	MovedOut         Reason = "moved-out"
	AnchorLost       Reason = "anchor-lost"
	Answered         Reason = "answered"
	Rejected         Reason = "rejected"
	Differs          Reason = "differs"
	NameDiffers      Reason = "name-differs"
	Lease            Reason = "lease"
	ExpiredElsewhere Reason = "expired-elsewhere"
	KeptEnd          Reason = "kept-expiry"
	GivenTime        Reason = "given-time"
	EndsInSource     Reason = "ends-in-source"
	Returned         Reason = "returned"
	DisabledHere     Reason = "disabled-elsewhere"
	GroupMap         Reason = "group-map"
	AnchorInUse      Reason = "anchor-attribute-in-use"
	BadValue         Reason = "bad-value"
	GroupMissing     Reason = "group-missing"
	OutOfSight       Reason = "out-of-sight"
	LeftBehind       Reason = "left-behind"
	SeenNowhere      Reason = "seen-nowhere"
	BackAgain        Reason = "back-again"
	PrimaryGroup     Reason = "primary-group"
	MadeAnew         Reason = "made-anew"
	SameMail         Reason = "same-mail"
	MatchSure        Reason = "match-sure"
	MatchLikely      Reason = "match-likely"
	MatchBarred      Reason = "match-barred"
	NotReplicated    Reason = "not-replicated"
	SwapStep         Reason = "swap-step"
	TakenOver        Reason = "adopted"
	Refused          Reason = "refused" // by the directory, of the report alone
	BecamePrivileged Reason = "became-privileged"
	BecameGuarded    Reason = "became-guarded"
	Requested        Reason = "requested"  // by a person, in the page
	LockedOut        Reason = "locked-out" // after too many wrong passwords
)

// FieldCode says what a [Field] holds.
type FieldCode string

// The fields that a question shows.
const (
	FieldCommonName        FieldCode = "common-name"
	FieldAccountName       FieldCode = "account-name"
	FieldUserPrincipalName FieldCode = "user-principal-name"
	FieldMail              FieldCode = "mail"
	FieldDisplayName       FieldCode = "display-name"
	FieldCause             FieldCode = "cause"
	FieldAdministers       FieldCode = "administers"
	FieldProtectedBy       FieldCode = "protected"
	FieldFlag              FieldCode = "flag"
	FieldWouldExpire       FieldCode = "would-expire"
	FieldCreated           FieldCode = "created"
	FieldDepartment        FieldCode = "department"
	FieldTitle             FieldCode = "title"
	FieldCompany           FieldCode = "company"
	FieldGivenGroup        FieldCode = "group"
	FieldReason            FieldCode = "reason"
	FieldBecause           FieldCode = "because"
	FieldTheAccount        FieldCode = "account"
	FieldDistinguishedName FieldCode = "distinguished-name"
	FieldSoFar             FieldCode = "so-far"
	FieldFormerAccount     FieldCode = "former-account"
	FieldFormerAnchor      FieldCode = "former-anchor"
	FieldWhy               FieldCode = "why"
	FieldConflict          FieldCode = "conflict"
	FieldInTheSource       FieldCode = "in-the-source"
	FieldLastSeen          FieldCode = "last-seen"
	FieldMemberSince       FieldCode = "member-since"
	FieldAgreedBefore      FieldCode = "agreed-before-by"
	FieldGuardedBefore     FieldCode = "guarded-before"
	FieldGroupGuarded      FieldCode = "guarded"
	FieldReaches           FieldCode = "reaches"
	FieldGroupName         FieldCode = "group-name"
	FieldGuardedBecause    FieldCode = "guarded-because"
	FieldPrivilegedBecause FieldCode = "privileged-because"
	FieldNestedIn          FieldCode = "nested-in"
	FieldWhatToDo          FieldCode = "what-to-do"
	FieldSourceGroup       FieldCode = "source-group"
	FieldPresentGroup      FieldCode = "present-group"
	FieldDisabledSince     FieldCode = "disabled-since"
	FieldLastLogon         FieldCode = "last-logon"
	FieldAskedSince        FieldCode = "asked-since"
	FieldEvidence          FieldCode = "evidence"
	FieldOverwritten       FieldCode = "overwritten"
	FieldGuardedMember     FieldCode = "guarded-member"
	FieldPasswordSet       FieldCode = "password-set"
	FieldPasswordBefore    FieldCode = "password-before"
	FieldLockedSince       FieldCode = "locked-since"
)
