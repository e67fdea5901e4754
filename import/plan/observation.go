package plan

import (
	"iter"
	"strings"
	"time"

	"ad-user-sync/internal/adrules"
	"ad-user-sync/schema"
)

// Observation is what was read of the target domain before deciding. It holds
// values only: objects are named by objectGUID, and a DN is text for display.
type Observation struct {
	Container  Container
	Accounts   []Account        // every object of the container's subtree that has a name
	Unseen     []Unseen         // objects of the container that are there, and cannot be read
	Elsewhere  []Account        // objects outside that have a name, mail or anchor the file asks for
	Groups     []Group          // the mapped groups
	Unmapped   []Group          // those that were taken out of group_map lately: DN and SID
	Others     []Container      // that were imported into before, as far as they are found: see Memory.Others
	Places     map[string]Place // by DN: the managed container, and where those are that match may offer from outside
	Within     []Container      // those of match.within; Unfit: why nothing in it may be taken over
	KeysUnread []UnreadKey      // keys of match that may not be readable, in match.within and of what is no one's in the container
	Attributes []Attribute      // the target schema's word on the mapped attributes
	Domain     Domain
}

// All are the accounts in the container, and those elsewhere.
func (o *Observation) All() iter.Seq[*Account] {
	return func(yield func(*Account) bool) {
		for _, list := range [][]Account{o.Accounts, o.Elsewhere} {
			for i := range list {
				if !yield(&list[i]) {
					return
				}
			}
		}
	}
}

// Domain is what the plan needs to know of the target domain.
type Domain struct {
	Name        string   // DNS name
	NetBIOS     string   // flat name
	UPNSuffixes []string // allowed beside Name
	Password    PasswordPolicy
}

// PasswordPolicy is the domain's own. Its Check method judges a password.
type PasswordPolicy = adrules.PasswordPolicy

// Container is the managed container.
type Container struct {
	GUID  adrules.GUID
	DN    string
	Unfit string // why this container must not be managed; "" where it may be
}

// UnreadKey is a key of match that looks empty of some accounts, and may have a value
// that the bound account may not read.
type UnreadKey struct {
	Key      string
	Accounts int
	Names    []string // DNs of the first few
}

// Account is an object of the target domain. Most are users; others matter
// because they hold a name.
type Account struct {
	GUID         adrules.GUID
	SID          adrules.SID
	DN           string // for display
	Parent       string // DN of the container it is in, for display
	InContainer  bool   // in the managed container's subtree
	Class        string // "user", "computer", "group", "contact", or another objectClass
	Protected    string // why it must not be touched; "" where it may be
	GivesWay     bool   // Protected can come upon a person's account later: of ours less may be done (rows 1a, 1b)
	Administers  string // administrative groups that an account of ours is in; "" for none
	Anchor       Anchor
	AnchorUnread bool // there may be an anchor that the bound account may not read

	CN, AccountName, UPN, Mail, DisplayName string

	Control         adrules.UserAccountControl
	Expires         int64 // accountExpires as stored, FILETIME
	NoHours         bool  // logonHours allow no hour of the week
	PasswordLastSet int64 // pwdLastSet as stored, FILETIME
	Created         time.Time
	LastLogon       time.Time // zero: never, or not known

	Unmatched   string   // why match may not offer it to anyone, for where it is; "" where it may
	SelfWritten []string // keys of match that its user may write
	SelfUnknown bool     // who may write them cannot be read

	Values     schema.Attributes    // mapped attributes, and what match compares, by lower-case name
	Unread     map[string]bool      // of these, those that look empty and may have values that cannot be read
	MemberOf   map[adrules.SID]bool // mapped groups it is in, directly or as primary group; accounts share it
	Primary    adrules.SID          // its primary group, mapped or not; "" where not known
	Guarded    []string             // CNs of guarded groups that it is in by others, or that are not mapped
	OtherNames []string             // CNs of its other groups, for display
	Groups     []string             // DNs of all groups it is in directly
	Proxies    []string             // proxyAddresses, lower case, without "smtp:"
}

// Unseen is an object of the container that mapped groups name, and nothing else
// shows: most likely an account that the bound account may not list.
type Unseen struct {
	DN, Parent, CN string
	Groups         []string // CNs of those that name it
}

// Enabled reports whether the account is not disabled.
func (a *Account) Enabled() bool { return !a.Control.Disabled() }

// LogsOn reports whether one may log on with it: contacts and groups have no
// userAccountControl.
func (a *Account) LogsOn() bool { return a.Control != 0 && a.Enabled() }

// Ends is when the account expires; ok is false where it never does.
func (a *Account) Ends() (t time.Time, ok bool) { return adrules.TimeFromFileTime(a.Expires) }

// Anchor is the content of the anchor attribute.
type Anchor struct {
	ObjectGUID string // of the source, dashed; "" where the attribute is empty or foreign
	Domain     string // source domain, "" where the value has none
	Other      string // what else the attribute holds
}

// For reports whether it may be of this source domain, "" where that is not known.
func (a Anchor) For(source string) bool {
	foreign := a.Domain != "" && source != "" && !strings.EqualFold(a.Domain, source)
	return a.ObjectGUID != "" && !foreign
}

// Group is a mapped group of the target domain.
type Group struct {
	Name    string // as configured, relative to group_path
	Missing string // why it could not be read; the other fields are then zero, but SID where it is elsewhere now
	GUID    adrules.GUID
	SID     adrules.SID
	DN      string
	CN      string
	Listed  bool   // in restricted_groups
	Under   string // in which listed group it is nested, or in one that cannot be read; "" for none
	Why     string // why it is privileged; "" where it is not
	Within  []string
	Policy  bool          // brings a password policy of its own
	Reaches []adrules.SID // privileged groups that it is, or is nested in, sorted
}

// Guarded reports whether joining waits for a person.
func (g *Group) Guarded() bool { return g.Listed || g.Under != "" || g.Why != "" }

// EverybodysPrimary reports whether it is Domain Users, which every new account has as
// its primary group.
func (g *Group) EverybodysPrimary() bool { return g.SID != "" && g.SID.RID() == adrules.DomainUsersRID }

// Attribute is what the target's schema says of an attribute.
type Attribute struct {
	Name       string // lDAPDisplayName
	Missing    bool   // the schema doesn't know it
	Barred     string // why it may not be written by any rule; "" where it may
	NotOfUsers bool   // the class of users does not have it
	Single     bool
	Binary     bool
	Boolean    bool
	Integer    int // how many bits it has; 0: it is none
	RangeUpper int // of lengths, or of an integer; 0: none
	RangeLower int
}

// Memory is what the ledger knows of earlier runs.
type Memory struct {
	Accounts        map[adrules.GUID]Remembered
	Intended        map[string]time.Time  // keys of people whom a run meant to create (Person.Key: the anchor), since when
	Behind          string                // what this controller has not heard yet of what an import wrote; "" where it has
	Others          []OtherContainer      // where this container is new to the ledger
	Elsewhere       map[string]bool       // lower-case anchors of accounts that other containers of the ledger have, and this one has not
	Apart           map[string]bool       // objectGUIDs of other managed containers of the ledger
	Moved           map[string]bool       // lower-case anchors of accounts here that such a container had
	Stuck           string                // what it should have heard long ago, or has lost
	Unheard         map[string]string     // anchors of people whose account was made through another controller lately, with the words for it
	Names           map[string]FormerName // account names and UPNs that accounts of ours had and have no more
	Made            map[string]int        // accounts that were made, by CNDigest, as far as that is known
	Deleted         map[adrules.GUID]bool // accounts of ours that were taken for deleted, within ForgetAfter
	Asked           Asked                 // joins that earlier runs put to a person
	Finished        bool                  // a first run has finished
	AnchorAttribute string                // that held the anchors so far; "" where that is not known
	Recent          Lately
	Owed            Owed // what a first run had free and could not do

	AnchoredBefore map[adrules.GUID]string    // anchors that accounts carried when the ledger was lost, of those that are still asked about; "": it could not be read
	AnchoredGone   map[adrules.GUID]time.Time // of these, since when they are seen nowhere
}

// FormerName is whose a name was, and until when.
type FormerName struct {
	Anchor string    `json:"anchor"`
	Until  time.Time `json:"until"`
}

// NameRestsFor is how long a name is not given to someone else unasked (row 62).
const NameRestsFor = 2 * 365 * 24 * time.Hour

// How an account became managed. Only the first two prove that it is ours.
const (
	HowCreated = "created" // by an import
	HowAdopted = "adopted" // by an action of an import
	HowFound   = "found"   // by its prefix, or its anchor when the ledger was new
	HowOutside = "outside" // by its anchor, outside the container when the ledger was lost: inside, it is asked about
)

// Remembered is what the ledger knows of one managed account.
type Remembered struct {
	Anchor        string
	Domain        string  // source domain that the anchor named when it was seen first; "" where that is not known
	Meant         string  // anchor that a run means to write to it; it may have been killed before
	MeantKeeps    *Keeps  // what it was to keep then
	KeepsExpiry   bool    // a person let it keep the end it had when it was taken over
	FirstEnd      int64   // the first end it got when it was taken over; 0: as the lease was
	Source        *Source // what the file had then, where it keeps names or values; nil: nothing
	How           string
	Expires       int64   // accountExpires that was last written, 0: never written
	FormerExpires []int64 // that were written before that, the last ones
	Given         Given   // zero: none was given by a person
	DisabledFor   Reason  // why this program disabled it; "" where it did not
	DisabledAt    time.Time
	Enabled       bool      // when it was last seen through a controller that knew all, or by an action since
	WasEnabled    bool      // it was seen enabled, or enabled by this program
	Seen          Sight     // zero: by an earlier version of the ledger
	Gone          time.Time // since when it is seen nowhere, as far as earlier runs know
	Joined        Joins     // mapped groups that this program put it into
	PasswordAt    time.Time // when a person gave it a new password here last, and who
	PasswordBy    string
}
