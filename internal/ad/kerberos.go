package ad

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"
	"github.com/jcmturner/gokrb5/v8/client"
	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/iana/nametype"
	"github.com/jcmturner/gokrb5/v8/types"
)

// kerberosLogOn binds by SASL GSSAPI (RFC 4752): inside TLS with the
// connection's channel binding, without TLS signed and sealed by Kerberos.
func kerberosLogOn(ctx context.Context, w wire, o Options, r root) (string, error) {
	ticket, err := o.ticket(ctx, w.tracked.RemoteAddr(), r.domain().Name, w.services(r))
	if err != nil {
		return "", err
	}
	context := &securityContext{ticket: ticket, sealing: w.seal != nil, bindings: channelBindings(w.leaf)}
	if err := w.conn.GSSAPIBind(context, "ldap/"+r.host(), ""); err != nil {
		return "", o.kerberosError(err)
	}
	if w.seal != nil {
		w.seal.arm(context)
	}
	return ticket.owner.UserName() + "@" + ticket.owner.Domain(), nil
}

// services are the names to ask a ticket for, until Kerberos knows one. Without
// TLS, nothing but the ticket proves that this is a controller: any computer of
// the domain has the key to an ldap/<host> of its own, and only controllers have
// ldap/<host>/<domain> (MS-ADTS 2.2.3.2). The host is the one that was asked for,
// or, where that is an alias, the one that the controller claims to be.
func (w wire) services(r root) []string {
	if w.seal == nil {
		return []string{"ldap/" + r.host()}
	}
	domain := r.domain().Name
	claimed := "ldap/" + r.host() + "/" + domain
	if asked := strings.ToLower(strings.TrimSuffix(w.host, ".")); asked != r.host() && net.ParseIP(asked) == nil {
		return []string{"ldap/" + asked + "/" + domain, claimed}
	}
	return []string{claimed}
}

// load reads a file with the library, which panics over malformed ones.
func load[T any](file string, read func(string) (T, error)) (value T, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("it is malformed")
		}
	}()
	return read(file)
}

// fromCache is a client with the tickets of kinit.
func fromCache(file string, conf *config.Config, settings func(*client.Settings)) (*client.Client, error) {
	cache, err := load(file, credentials.LoadCCache)
	if err != nil {
		return nil, &Error{Kind: ErrCredentials, Err: fmt.Errorf("read the Kerberos ticket cache %s: %w", file, err), Hint: "kinit makes one; it has to be run as the user who runs this program"}
	}
	own, found := cache.GetEntry(types.NewPrincipalName(nametype.KRB_NT_SRV_INST, "krbtgt/"+cache.GetClientRealm()))
	switch {
	case !found:
		return nil, &Error{Kind: ErrCredentials, Err: fmt.Errorf("the Kerberos ticket cache %s has no ticket-granting ticket", file), Hint: "run kinit again, or use a keytab"}
	case time.Now().After(own.EndTime):
		return nil, &Error{Kind: ErrCredentials, Err: fmt.Errorf("the Kerberos ticket in %s has expired on %s", file, own.EndTime.UTC().Format(time.DateTime)), Hint: kerberosFaults["KRB_AP_ERR_TKT_EXPIRED"].hint}
	}
	return client.NewFromCCache(cache, conf, settings)
}

// ticketCache is the file of a cache as KRB5CCNAME names it. Only files can be
// read. Windows keeps tickets elsewhere.
func ticketCache(system, name string) (string, error) {
	if name = cmp.Or(name, os.Getenv("KRB5CCNAME")); name == "" {
		if system == "windows" {
			return "", &Error{Kind: ErrCredentials, Err: errors.New("no password, keytab or ticket cache is given for the Kerberos logon"),
				Hint: "set \"auth\" to \"integrated\" to log on as whoever runs this program, or give \"username\" with \"password_file\" or \"keytab\""}
		}
		return fmt.Sprintf("/tmp/krb5cc_%d", os.Getuid()), nil
	}
	kind, file, found := strings.Cut(name, ":")
	if found && len(kind) > 1 { // not a drive letter
		if !strings.EqualFold(kind, "FILE") {
			return "", &Error{Kind: ErrCredentials, Err: fmt.Errorf("the Kerberos ticket cache %s is not a file", name), Hint: "run kinit with KRB5CCNAME=FILE:/path, or use a keytab"}
		}
		return file, nil
	}
	return name, nil
}

// kerberosConfig without a file knows the realm's controller that is already
// connected, and finds other realms in DNS.
func kerberosConfig(o Options, controller net.Addr, domain string) (*config.Config, error) {
	if file := cmp.Or(o.KRB5Conf, os.Getenv("KRB5_CONFIG")); file != "" {
		conf, err := config.Load(file)
		var unsupported config.UnsupportedDirective
		if err != nil && !errors.As(err, &unsupported) {
			return nil, fmt.Errorf("read the Kerberos configuration %s: %w", file, err)
		}
		return conf, nil
	}
	realm := strings.ToUpper(domain)
	host, _, _ := net.SplitHostPort(controller.String())
	return config.NewFromString(fmt.Sprintf(`[libdefaults]
 default_realm = %[1]s
 dns_lookup_kdc = true
 udp_preference_limit = 1
[realms]
 %[1]s = {
  kdc = %[2]s
 }
[domain_realm]
 %[3]s = %[1]s
 .%[3]s = %[1]s
`, realm, net.JoinHostPort(host, "88"), domain))
}

var _ ldap.GSSAPIClient = (*securityContext)(nil)
