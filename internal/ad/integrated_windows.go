package ad

import (
	"context"
	"errors"

	"github.com/go-ldap/ldap/v3/gssapi"
)

// sealAvailable: Windows' own logon is used inside TLS only.
func sealAvailable(a Auth) bool { return a == AuthKerberos }

// integratedLogOn uses the running user's Windows logon.
func integratedLogOn(_ context.Context, w wire, o Options, r root) (string, error) {
	if w.leaf == nil {
		return "", &Error{Kind: ErrCredentials, Err: errors.New("the Windows logon is used inside TLS only"),
			Hint: "set \"security\" to \"ldaps\" or \"starttls\", or \"auth\" to \"kerberos\""}
	}
	sspi, err := gssapi.NewSSPIClientWithChannelBinding(w.leaf)
	if err != nil {
		return "", &Error{Kind: ErrCredentials, Err: err}
	}
	defer sspi.Close()
	if err := w.conn.GSSAPIBind(sspi, "ldap/"+r.host(), ""); err != nil {
		return "", o.kerberosError(err)
	}
	return "", nil
}
