package ad

import (
	"crypto/x509"
	"net"
	"time"
)

// Security is how a connection is protected.
type Security string

// The ways of protection. With SecurityDefault, LDAPS is tried with a verified
// certificate, and where a controller does not speak it and the logon is by
// Kerberos, SecuritySeal; neither where its certificate was not accepted, nor
// ever in plaintext.
const (
	SecurityDefault   Security = ""
	SecurityLDAPS     Security = "ldaps"
	SecurityStartTLS  Security = "starttls"
	SecuritySeal      Security = "seal" // Kerberos signs and seals on port 389 (RFC 4752)
	SecurityPlaintext Security = "insecure-plaintext"
)

// words say what protects a connection.
func (s Security) words() string {
	switch s {
	case SecurityLDAPS, SecurityStartTLS:
		return string(s) + " and the controller's certificate"
	case SecuritySeal:
		return "seal (Kerberos, without a certificate)"
	}
	return "nothing"
}

// Auth is how the client proves who it is.
type Auth string

// The ways to log on. With AuthDefault it is simple where there is a password,
// Kerberos where there is a keytab or ticket cache, else integrated.
const (
	AuthDefault    Auth = ""
	AuthSimple     Auth = "simple"
	AuthKerberos   Auth = "kerberos"   // by password, keytab or ticket cache
	AuthIntegrated Auth = "integrated" // the running user's own: Windows logon, or ticket cache
)

// Options say which controller to connect to, and how.
type Options struct {
	Domain       string   // DNS name; to find controllers where Servers is empty
	Servers      []string // "ldaps://dc1.plant.example:636", "dc1.plant.example"; tried in order
	Security     Security
	CAFile       string // PEM, or one certificate in DER; "": the system's trust store
	Auth         Auth
	Username     string // "PLANT\svc-import", "svc-import@plant.example" or a DN
	Password     Password
	Keytab       string
	CCache       string        // "": KRB5CCNAME, else the system's default
	KRB5Conf     string        // "": KRB5_CONFIG, else made from the domain and controller
	PageSize     int           // 0: 1000
	Timeout      time.Duration // of connecting, and for which nothing may come while an answer is awaited; 0: 30 s
	NeedWritable bool          // refuse a read-only domain controller
	Settings     string        // which settings say who logs on and with what; ends the hint of a refused logon
	Resolver     *net.Resolver // nil: the system's
}

// Password prints as stars whatever it is printed with.
type Password string

const stars = "***"

// String, GoString and MarshalText hide the password.
func (Password) String() string { return stars }

// GoString hides the password from %#v.
func (Password) GoString() string { return stars }

// MarshalText hides the password from encoders.
func (Password) MarshalText() ([]byte, error) { return []byte(stars), nil }

func (o Options) withDefaults() Options {
	if o.PageSize <= 0 {
		o.PageSize = 1000
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.Auth == AuthDefault {
		o.Auth = o.defaultAuth()
	}
	return o
}

func (o Options) defaultAuth() Auth {
	switch {
	case o.Keytab != "" || o.CCache != "":
		return AuthKerberos
	case o.Username != "" || o.Password != "":
		return AuthSimple
	}
	return AuthIntegrated
}

func (o Options) dialer() *net.Dialer { return &net.Dialer{Resolver: o.Resolver} }

// securities are the ways to try, in order.
func (o Options) securities() []Security {
	if o.Security != SecurityDefault {
		return []Security{o.Security}
	}
	if o.Auth != AuthSimple {
		return []Security{SecurityLDAPS, SecuritySeal}
	}
	return []Security{SecurityLDAPS}
}

// trust is the pool of authorities, nil for the system's.
func (o Options) trust() (*x509.CertPool, error) {
	if o.CAFile == "" {
		return nil, nil
	}
	return readAuthorities(o.CAFile)
}
