package adrules

// UserAccountControl is the bit field of the same name (MS-ADTS 2.2.16).
type UserAccountControl uint32

// The flags this program reads or writes.
const (
	AccountDisable      UserAccountControl = 0x2
	LockedOut           UserAccountControl = 0x10 // computed alone (MS-ADTS 3.1.1.4.5.17)
	PasswordNotRequired UserAccountControl = 0x20
	NormalAccount       UserAccountControl = 0x200
	InterdomainTrust    UserAccountControl = 0x800
	WorkstationTrust    UserAccountControl = 0x1000
	ServerTrust         UserAccountControl = 0x2000
	DontExpirePassword  UserAccountControl = 0x10000
	SmartcardRequired   UserAccountControl = 0x40000
)

// Disabled reports whether the account is disabled.
func (u UserAccountControl) Disabled() bool { return u&AccountDisable != 0 }

// Enable clears ACCOUNTDISABLE and PASSWD_NOTREQD and keeps every other bit.
func (u UserAccountControl) Enable() UserAccountControl {
	return u &^ (AccountDisable | PasswordNotRequired)
}

// Disable sets ACCOUNTDISABLE and keeps every other bit.
func (u UserAccountControl) Disable() UserAccountControl { return u | AccountDisable }

// Machine reports whether the account is a computer's or a trust's.
func (u UserAccountControl) Machine() bool {
	return u&(InterdomainTrust|WorkstationTrust|ServerTrust) != 0
}
