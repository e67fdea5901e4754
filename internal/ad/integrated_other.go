//go:build !windows

package ad

import "context"

// sealAvailable reports whether a logon can protect a connection.
func sealAvailable(a Auth) bool { return a == AuthKerberos || a == AuthIntegrated }

// integratedLogOn uses the running user's Kerberos tickets.
func integratedLogOn(ctx context.Context, w wire, o Options, r root) (string, error) {
	o.Password, o.Keytab = "", ""
	return kerberosLogOn(ctx, w, o, r)
}
