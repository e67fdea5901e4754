package ad

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"
)

// tlsFault tells faults of a certificate from those of TLS and of the network.
func tlsFault(err error) error {
	if reason, hint := certificateFault(err); reason != "" {
		return &Error{Kind: ErrCertificate, Err: reasonError{reason, err}, Hint: hint}
	}
	var notTLS tls.RecordHeaderError
	reason, hint := "", ""
	switch {
	case errors.As(err, &notTLS):
		reason, hint = "it does not speak TLS on this port", wrongPortHint
	case says(err, "protocol version not supported", "unsupported protocol version"):
		reason, hint = "it speaks no TLS 1.2 or newer", "allow TLS 1.2 on the domain controller"
	case says(err, "handshake failure", "unconfigured cipher suite"):
		reason, hint = "it offers no encryption that this program takes", "allow AES-GCM cipher suites with ECDHE on the domain controller"
	default:
		return err
	}
	return &Error{Kind: ErrUnreachable, Err: reasonError{reason, err}, Hint: hint}
}

// says looks for alerts of the other side, for which crypto/tls has no type.
func says(err error, texts ...string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(err.Error(), text) })
}

func certificateFault(err error) (reason, hint string) {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var roots x509.SystemRootsError
	var other *tls.CertificateVerificationError
	_ = errors.As(err, &other)
	switch {
	case errors.As(err, &authority):
		return authorityFault(authority, other)
	case errors.As(err, &name):
		return nameFault(name)
	case errors.As(err, &invalid):
		return invalidFault(invalid)
	case errors.As(err, &roots):
		return "this computer has no trust store", "name the certificate of the domain's authority under \"ca_file\""
	case strings.Contains(err.Error(), "negative serial number"): // crypto/x509 has no type for it
		return "its serial number is negative, which RFC 5280 forbids and this program cannot read",
			"give the domain controller a new certificate; Samba's own makes such numbers at times: delete its tls folder and restart, or set \"tls certfile\""
	case other != nil:
		return other.Err.Error(), "give the domain controller another certificate"
	}
	return "", ""
}

const authorityHint = "put the certificate of the domain's authority into a PEM file, and name that under \"ca_file\""

// authorityFault looks at what the controller sent: the issuer that is missing
// is that of the last certificate.
func authorityFault(fault x509.UnknownAuthorityError, sent *tls.CertificateVerificationError) (reason, hint string) {
	cert := fault.Cert
	if sent != nil && len(sent.UnverifiedCertificates) > 0 {
		cert = sent.UnverifiedCertificates[len(sent.UnverifiedCertificates)-1]
	}
	switch {
	case cert == nil:
		return "it was signed by an unknown authority", authorityHint
	case strings.Contains(fault.Error(), "insecure algorithm"):
		return fmt.Sprintf("it is signed by %s, which is not safe any more", cert.SignatureAlgorithm), "have the authority issue it anew, with SHA-256"
	case strings.Contains(fault.Error(), "candidate authority certificate"):
		return fmt.Sprintf("it does not fit the authority (issuer %q): an authority of that name is trusted, with another key", cert.Issuer.String()),
			"the authority was renewed; put its present certificate under \"ca_file\", beside the former one"
	case string(cert.RawIssuer) == string(cert.RawSubject) && (sent == nil || len(sent.UnverifiedCertificates) == 1):
		return "it is self-signed, and not trusted here",
			"give the domain controller a certificate of the domain's authority; to trust this very one, name it under \"ca_file\""
	case string(cert.RawIssuer) == string(cert.RawSubject):
		return fmt.Sprintf("it was signed by an unknown authority (issuer %q)", cert.Issuer.String()), authorityHint
	}
	return fmt.Sprintf("it was signed by an unknown authority (issuer %q), whose own certificate the controller does not send along", cert.Issuer.String()),
		authorityHint + ", the issuing authority's, too, unless the controller sends it"
}

// UnknownAuthority reports whether a certificate was refused because no one knows
// who issued it, and who that says it is.
func UnknownAuthority(err error) (issuer string, unknown bool) {
	var authority x509.UnknownAuthorityError
	if !errors.As(err, &authority) {
		return "", false
	}
	if authority.Cert == nil {
		return "an authority without a name", true
	}
	return authority.Cert.Issuer.String(), true
}

func nameFault(fault x509.HostnameError) (reason, hint string) {
	cert := fault.Certificate
	valid := namesOf(cert)
	if len(valid) == 0 {
		return fmt.Sprintf("it has the name %q in its subject only, which no longer counts", cert.Subject.CommonName),
			"give the domain controller a certificate with its DNS name as subject alternative name"
	}
	if net.ParseIP(fault.Host) != nil && slices.Contains(cert.DNSNames, fault.Host) {
		return fmt.Sprintf("it has the IP address %s as a DNS name, where it does not count", fault.Host),
			"write the domain controller's DNS name under \"servers\", or give it a certificate with this address as an IP address (subject alternative name)"
	}
	return fmt.Sprintf("it is not for %s but for %s", fault.Host, strings.Join(valid, ", ")),
		"write one of these names under \"servers\", or give the domain controller a certificate with this one"
}

// namesOf are the hosts that a certificate is for.
func namesOf(cert *x509.Certificate) []string {
	names := slices.Clone(cert.DNSNames)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}

func invalidFault(fault x509.CertificateInvalidError) (reason, hint string) {
	cert := fault.Cert
	switch {
	case fault.Reason == x509.Expired && cert != nil:
		return fmt.Sprintf("it is valid from %s to %s, and today is %s", cert.NotBefore.Format(time.DateOnly), cert.NotAfter.Format(time.DateOnly), time.Now().Format(time.DateOnly)),
			"renew the domain controller's certificate; if that date is wrong, set the clock of this computer"
	case fault.Reason == x509.IncompatibleUsage:
		return "it is not meant for servers (extended key usage)", "give the domain controller a certificate for server authentication (template Kerberos Authentication or Domain Controller)"
	}
	return fault.Error(), "give the domain controller a certificate for server authentication that the authority vouches for"
}
