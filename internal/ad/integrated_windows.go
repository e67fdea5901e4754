package ad

import (
	"context"
	"errors"
	"runtime"

	"github.com/alexbrainman/sspi"
	"github.com/alexbrainman/sspi/kerberos"
	"github.com/go-ldap/ldap/v3/gssapi"
)

// integratedLogOn uses the running user's Windows logon: inside TLS with the
// connection's channel binding, without TLS signed and sealed.
func integratedLogOn(ctx context.Context, w wire, _ Options, r root) (string, error) {
	switch {
	case w.seal != nil:
		return "", sspiLogOn(ctx, w, r, beginContext)
	case w.leaf == nil:
		return "", &Error{Kind: ErrCredentials, Err: errors.New("the Windows logon is not used over a connection that nothing protects"),
			Hint: "set \"security\" to \"ldaps\", \"starttls\" or \"seal\""}
	}
	return "", interruptible(ctx, func() error {
		client, err := gssapi.NewSSPIClientWithChannelBinding(w.leaf)
		if err != nil {
			return err
		}
		defer client.Close()
		return w.conn.GSSAPIBind(client, "ldap/"+r.host(), "")
	})
}

// windowsContext keeps what the context rests on for as long as it is used.
type windowsContext struct {
	*kerberos.ClientContext
	credentials *sspi.Credentials
}

func beginContext(service string) (sspiContext, []byte, error) {
	const flags = sspi.ISC_REQ_MUTUAL_AUTH | sspi.ISC_REQ_INTEGRITY | sspi.ISC_REQ_CONFIDENTIALITY |
		sspi.ISC_REQ_REPLAY_DETECT | sspi.ISC_REQ_SEQUENCE_DETECT
	credentials, err := kerberos.AcquireCurrentUserCredentials()
	if err != nil {
		return nil, nil, err
	}
	context, _, token, err := kerberos.NewClientContextWithFlags(credentials, service, flags)
	if err != nil {
		_ = credentials.Release()
		return nil, nil, err
	}
	c := &windowsContext{context, credentials}
	runtime.SetFinalizer(c, func(c *windowsContext) {
		_ = c.Release()
		_ = c.credentials.Release()
	})
	return c, token, nil
}
