//go:build !windows

package ad

import "context"

// integratedLogOn uses the running user's Kerberos tickets.
func integratedLogOn(ctx context.Context, w wire, o Options, r root) (string, error) {
	o.Password, o.Keytab = "", ""
	return kerberosLogOn(ctx, w, o, r)
}
