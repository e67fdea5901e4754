package files

import "golang.org/x/sys/windows"

// Service reports whether this runs as a service or a scheduled task does, or as an
// account that no person has.
func Service() bool {
	token := windows.GetCurrentProcessToken()
	for _, kind := range []windows.WELL_KNOWN_SID_TYPE{windows.WinBatchSid, windows.WinServiceSid, windows.WinLocalServiceSid, windows.WinNetworkServiceSid} {
		sid, err := windows.CreateWellKnownSid(kind)
		if err != nil {
			continue
		}
		if member, err := windows.Token(0).IsMember(sid); err == nil && member {
			return true
		}
	}
	user, err := token.GetTokenUser()
	if err != nil {
		return false
	}
	name, _, _, err := user.User.Sid.LookupAccount("")
	return err == nil && len(name) > 0 && name[len(name)-1] == '$' // a managed service account
}
