package ad

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// integrated is how the running user logs on here.
var integrated = integratedLogOn

// logOn proves who the client is, and returns the name as it is known here.
func logOn(ctx context.Context, w wire, o Options, r root) (identity string, err error) {
	if w.seal != nil && o.Auth == AuthSimple {
		return "", &Error{Kind: ErrCredentials, Err: errors.New("only Kerberos can seal a connection"),
			Hint: "set \"auth\" to \"kerberos\" or \"integrated\", or \"security\" to \"ldaps\""}
	}
	switch o.Auth {
	case AuthSimple:
		return o.Username, simpleBind(w, o)
	case AuthKerberos:
		return kerberosLogOn(ctx, w, o, r)
	case AuthIntegrated:
		return integrated(ctx, w, o, r)
	}
	return "", &Error{Kind: ErrCredentials, Err: fmt.Errorf("%q is not a way to log on", o.Auth)}
}

func simpleBind(w wire, o Options) error {
	switch {
	case o.Username == "":
		return &Error{Kind: ErrCredentials, Err: errors.New("no user name is given"), Hint: "set \"username\""}
	case o.Password == "": // an empty one would be an anonymous logon (RFC 4513, 5.1.2)
		return &Error{Kind: ErrCredentials, Err: errors.New("no password is given"), Hint: "set \"password_file\""}
	}
	return w.conn.Bind(o.Username, string(o.Password))
}

// principal splits a configured user name into a Kerberos name and realm.
func principal(username, domain string) (name, realm string) {
	name, realm = username, strings.ToUpper(domain)
	if _, after, found := strings.Cut(name, `\`); found {
		return after, realm
	}
	if i := strings.LastIndexByte(name, '@'); i > 0 {
		return name[:i], strings.ToUpper(name[i+1:])
	}
	return name, realm
}
