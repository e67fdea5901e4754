//go:build !windows

package ad

// sealAvailable tells whether a logon can protect a connection.
func sealAvailable(a Auth) bool { return a == AuthKerberos || a == AuthIntegrated }

// integratedLogOn uses the running user's Kerberos tickets.
func integratedLogOn(w wire, e endpoint, o Options, r root) (string, error) {
	o.Password, o.Keytab = "", ""
	return kerberosLogOn(w, e, o, r)
}
