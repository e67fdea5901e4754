package ad

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/go-ldap/ldap/v3"
	"github.com/jcmturner/gokrb5/v8/client"
	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/keytab"
)

// kerberosLogOn binds by SASL GSSAPI (RFC 4752): inside TLS with the
// connection's channel binding, without TLS signed and sealed by Kerberos.
func kerberosLogOn(w wire, e endpoint, o Options, r root) (string, error) {
	tickets, err := kerberosClient(o, e, r.domain().Name)
	if err != nil {
		return "", &Error{Kind: ErrCredentials, Err: err}
	}
	defer tickets.Destroy()
	context := &securityContext{tickets: tickets, seal: w.seal, bindings: channelBindings(w.leaf)}
	if err := w.conn.GSSAPIBind(context, "ldap/"+r.host(), ""); err != nil {
		return "", kerberosError(err)
	}
	if w.seal != nil {
		w.seal.arm(context)
	}
	return tickets.Credentials.UserName() + "@" + tickets.Credentials.Domain(), nil
}

func kerberosClient(o Options, e endpoint, domain string) (*client.Client, error) {
	conf, err := kerberosConfig(o, e, domain)
	if err != nil {
		return nil, err
	}
	settings := client.DisablePAFXFAST(true)
	name, realm := principal(o.Username, domain)
	switch {
	case o.Keytab != "":
		keys, err := keytab.Load(o.Keytab)
		if err != nil {
			return nil, fmt.Errorf("read the keytab %s: %w", o.Keytab, err)
		}
		return client.NewWithKeytab(name, realm, keys, conf, settings), nil
	case o.Password != "" && o.CCache == "":
		return client.NewWithPassword(name, realm, string(o.Password), conf, settings), nil
	}
	file, err := ticketCache(o.CCache)
	if err != nil {
		return nil, err
	}
	cache, err := credentials.LoadCCache(file)
	if err != nil {
		return nil, fmt.Errorf("read the Kerberos ticket cache %s (kinit makes one): %w", file, err)
	}
	return client.NewFromCCache(cache, conf, settings)
}

// ticketCache is the file of a cache as KRB5CCNAME names it. Only files can be
// read.
func ticketCache(name string) (string, error) {
	if name == "" {
		name = os.Getenv("KRB5CCNAME")
	}
	if name == "" {
		return fmt.Sprintf("/tmp/krb5cc_%d", os.Getuid()), nil
	}
	kind, file, found := strings.Cut(name, ":")
	if found && len(kind) > 1 { // not a drive letter
		if !strings.EqualFold(kind, "FILE") {
			return "", fmt.Errorf("the Kerberos ticket cache %s is no file; run kinit with KRB5CCNAME=FILE:/path, or use a keytab", name)
		}
		return file, nil
	}
	return name, nil
}

// kerberosConfig without a file knows the realm's controller that is already
// connected, and finds other realms in DNS.
func kerberosConfig(o Options, e endpoint, domain string) (*config.Config, error) {
	file := o.KRB5Conf
	if file == "" {
		file = os.Getenv("KRB5_CONFIG")
	}
	if file != "" {
		conf, err := config.Load(file)
		var unsupported config.UnsupportedDirective
		if err != nil && !errors.As(err, &unsupported) {
			return nil, fmt.Errorf("read the Kerberos configuration %s: %w", file, err)
		}
		return conf, nil
	}
	realm := strings.ToUpper(domain)
	return config.NewFromString(fmt.Sprintf(`[libdefaults]
 default_realm = %[1]s
 dns_lookup_kdc = true
 udp_preference_limit = 1
[realms]
 %[1]s = {
  kdc = %[2]s:88
 }
[domain_realm]
 %[3]s = %[1]s
 .%[3]s = %[1]s
`, realm, e.host, domain))
}

var _ ldap.GSSAPIClient = (*securityContext)(nil)
