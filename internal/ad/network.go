package ad

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/go-ldap/ldap/v3"
)

// connectError puts a failed connection into words.
func connectError(e endpoint, err error) error {
	result := &Error{Kind: ErrUnreachable, Err: err}
	var own *Error
	var answer *ldap.Error
	switch {
	case errors.As(err, &own):
		copied := *own
		result = &copied
	case errors.As(err, &answer) && answer.ResultCode < ldap.ErrorNetwork:
		result = logonError(answer)
	default:
		result.Err, result.Hint = networkFault(e, err)
	}
	result.Doing, result.Object = "connect to", e.String()
	return result
}

// Windows' number of a refused connection (WSAECONNREFUSED).
const windowsRefused = syscall.Errno(10061)

func networkFault(e endpoint, err error) (error, string) {
	var name *net.DNSError
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return reasonError{"it was given up", err}, ""
	case errors.As(err, &name) && name.IsTimeout:
		return reasonError{"DNS did not answer in time for the name " + name.Name, err},
			"check the DNS servers of this computer"
	case errors.As(err, &name):
		return reasonError{"the name " + name.Name + " is not known in DNS", err},
			"check the name, or use the DNS servers of the domain"
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, windowsRefused):
		return reasonError{"nothing listens on port " + e.port, err},
			"check the address and the port; ldaps is 636, starttls and seal are 389; a controller without a certificate does not listen on 636"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return reasonError{"it did not answer in time", err},
			"check the address, and that no firewall is in the way"
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.ErrUnexpectedEOF):
		return reasonError{"it closed the connection", err}, wrongPortHint
	}
	return err, ""
}

const wrongPortHint = "check the port: 636 speaks TLS at once (ldaps), 389 does not (starttls, seal)"

// tlsFault tells faults of a certificate from faults of the network.
func tlsFault(err error) error {
	if reason, hint := certificateFault(err); reason != "" {
		return &Error{Kind: ErrCertificate, Err: reasonError{reason, err}, Hint: hint}
	}
	var notTLS tls.RecordHeaderError
	if errors.As(err, &notTLS) {
		return &Error{Kind: ErrUnreachable, Err: reasonError{"it does not speak TLS on this port", err}, Hint: wrongPortHint}
	}
	return err
}

func certificateFault(err error) (reason, hint string) {
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var roots x509.SystemRootsError
	switch {
	case errors.As(err, &authority):
		return "it was signed by an unknown authority" + issuer(authority.Cert),
			"put the certificate of the domain's authority into a PEM file, and name that under \"ca_file\""
	case errors.As(err, &name):
		return nameFault(name)
	case errors.As(err, &invalid):
		return invalidFault(invalid)
	case errors.As(err, &roots):
		return "this computer has no trust store", "name the certificate of the domain's authority under \"ca_file\""
	case strings.Contains(err.Error(), "negative serial number"): // crypto/x509 has no type for it
		return "its serial number is negative, which RFC 5280 forbids and this program can not read",
			"give the domain controller a new certificate; Samba's own makes such numbers at times: delete its tls folder and restart, or set \"tls certfile\""
	}
	var other *tls.CertificateVerificationError
	if errors.As(err, &other) {
		return other.Err.Error(), ""
	}
	return "", ""
}

// UnknownAuthority tells whether a certificate was refused because nobody knows
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

func issuer(cert *x509.Certificate) string {
	if cert == nil {
		return ""
	}
	return fmt.Sprintf(" (issuer %q)", cert.Issuer.String())
}

func nameFault(fault x509.HostnameError) (reason, hint string) {
	cert := fault.Certificate
	valid := slices.Clone(cert.DNSNames)
	for _, ip := range cert.IPAddresses {
		valid = append(valid, ip.String())
	}
	if len(valid) == 0 {
		return fmt.Sprintf("it bears the name %q in its subject alone, which counts no longer", cert.Subject.CommonName),
			"give the domain controller a certificate with its DNS name as subject alternative name"
	}
	return fmt.Sprintf("it is not for %s but for %s", fault.Host, strings.Join(valid, ", ")),
		"write one of these names under \"servers\", or give the domain controller a certificate with this one"
}

func invalidFault(fault x509.CertificateInvalidError) (reason, hint string) {
	cert := fault.Cert
	if fault.Reason == x509.Expired && cert != nil {
		return fmt.Sprintf("it is valid from %s to %s", cert.NotBefore.Format("2006-01-02"), cert.NotAfter.Format("2006-01-02")),
			"renew the domain controller's certificate; if today is between these dates, the clock of this computer is wrong"
	}
	return fault.Error(), "give the domain controller a certificate for server authentication that the authority vouches for"
}

func lowerHex(s string) string { return strings.ToLower(s) }
