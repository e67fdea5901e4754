package ad

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/go-ldap/ldap/v3"
)

// connectError puts a failed connection into words; of a refused logon it says
// whose it was, and which settings to look at.
func (o Options) connectError(e endpoint, err error) error {
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
	if errors.Is(result, ErrCredentials) {
		result.Doing = "log on as " + o.account() + " to"
		result.Hint = joined(result.Hint, o.Settings)
	}
	return result
}

// joined is one hint of two.
func joined(one, other string) string {
	if one == "" || other == "" {
		return one + other
	}
	return one + "; " + other
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
		return reasonError{"it closed the connection", err}, closedHint(e)
	}
	return err, ""
}

// closedHint: on the ports that are meant for it, it is not the port.
func closedHint(e endpoint) string {
	switch {
	case e.security == SecurityLDAPS && e.port == "636":
		return "a domain controller without a certificate ends connections to port 636: give it one; or something on the way ends them"
	case e.security != SecurityLDAPS && e.port == "389":
		return "the domain controller may be restarting, or a firewall on the way ends connections; run again, and look at the controller's event log"
	}
	return wrongPortHint
}

const wrongPortHint = "check the port: 636 speaks TLS at once (ldaps), 389 does not (starttls, seal)"
