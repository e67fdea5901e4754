package ad

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/jcmturner/gokrb5/v8/client"
	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/iana/nametype"
	"github.com/jcmturner/gokrb5/v8/keytab"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"
)

// ticket asks one Kerberos service after the other, for as long as they are
// silent: the library asks each of them for five seconds, whatever time is left.
func (o Options) ticket(ctx context.Context, controller net.Addr, domain string, services []string) (ticket serviceTicket, err error) {
	conf, err := kerberosConfig(o, controller, domain)
	if err != nil {
		return ticket, withKind(err)
	}
	several := inTurn(conf)
	for i, conf := range several {
		limited, cancel := context.WithTimeout(ctx, share(ctx, len(several)-i))
		ticket, err = o.ticketFrom(limited, conf, domain, services)
		cancel()
		if err == nil || !errors.Is(err, ErrUnreachable) || ctx.Err() != nil {
			break
		}
	}
	return ticket, err
}

// inTurn returns configurations with one Kerberos service for each realm.
func inTurn(conf *config.Config) []*config.Config {
	most := 1
	for _, realm := range conf.Realms {
		most = max(most, len(realm.KDC))
	}
	var several []*config.Config
	for i := range most {
		one := *conf
		one.Realms = slices.Clone(conf.Realms)
		for j, realm := range conf.Realms {
			if n := len(realm.KDC); n > 0 {
				one.Realms[j].KDC = realm.KDC[i%n : i%n+1]
			}
		}
		several = append(several, &one)
	}
	return several
}

// share is the time for one of n tries.
func share(ctx context.Context, n int) time.Duration {
	deadline, limited := ctx.Deadline()
	if !limited {
		return time.Hour
	}
	return time.Until(deadline) / time.Duration(n)
}

// withKind makes an error of what is on this machine one of the logon.
func withKind(err error) error {
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	return &Error{Kind: ErrCredentials, Err: err}
}

// serviceTicket lets its owner talk to one service.
type serviceTicket struct {
	messages.Ticket
	key   types.EncryptionKey
	owner *credentials.Credentials
}

// obtain asks the Kerberos service for a ticket to the first service that it
// knows. The library cannot be
// interrupted, and waits five seconds for each answer: whoever gives up leaves
// it to end by itself.
func obtain(ctx context.Context, tickets *client.Client, services []string) (serviceTicket, error) {
	type outcome struct {
		serviceTicket
		err error
	}
	answered := make(chan outcome, 1)
	go func() {
		defer tickets.Destroy()
		owner := tickets.Credentials
		var o outcome
		for _, service := range services {
			o.owner = owner
			if o.Ticket, o.key, o.err = tickets.GetServiceTicket(service); o.err == nil || !strings.Contains(o.err.Error(), unknownService) {
				break
			}
		}
		answered <- o
	}()
	select {
	case <-ctx.Done():
		return serviceTicket{}, kerberosSilence(ctx.Err())
	case o := <-answered:
		return o.serviceTicket, o.err
	}
}

// ticketFrom tries the ways to read a user name.
func (o Options) ticketFrom(ctx context.Context, conf *config.Config, domain string, services []string) (ticket serviceTicket, err error) {
	var unknown error // the first answer of a Kerberos service; that of another realm may not be found
	for _, name := range o.principals(conf, domain) {
		tickets, fault := o.client(conf, name)
		if fault != nil {
			return ticket, withKind(fault)
		}
		ticket, err = obtain(ctx, tickets, services)
		if unknown != nil && noService(err) {
			err = unknown
		}
		if err == nil || !unknownUser(err) {
			break
		}
		unknown = err
	}
	if o.Keytab != "" && noService(err) {
		return ticket, &Error{Kind: ErrCredentials, Err: reasonError{"no Kerberos service was found for the realm of " + o.Username, err},
			Hint: "write the user name as the keytab has it (klist -k), with the realm of the domain: name@" + strings.ToUpper(domain)}
	}
	if err != nil {
		err = o.kerberosError(err)
	}
	return ticket, err
}

// principals are what Kerberos may call the user. A userPrincipalName may have a
// suffix that is not a realm, which the domain's own Kerberos service knows as an
// enterprise name (RFC 6806, 5).
func (o Options) principals(conf *config.Config, domain string) []*credentials.Credentials {
	name, realm := principal(o.Username, domain)
	plain := credentials.New(name, realm)
	known := slices.ContainsFunc(conf.Realms, func(r config.Realm) bool { return strings.EqualFold(r.Realm, realm) })
	if known || o.Password == "" || strings.EqualFold(realm, domain) {
		return []*credentials.Credentials{plain}
	}
	enterprise := credentials.New(o.Username, strings.ToUpper(domain))
	enterprise.SetCName(types.PrincipalName{NameType: nametype.KRB_NT_ENTERPRISE, NameString: []string{o.Username}})
	return []*credentials.Credentials{enterprise, plain}
}

// unknownUser reports whether Kerberos knows no account under that name, so that no
// password was tried.
func unknownUser(err error) bool {
	return strings.Contains(err.Error(), "KDC_ERR_C_PRINCIPAL_UNKNOWN") || strings.Contains(err.Error(), "KDC_ERR_WRONG_REALM")
}

// noService reports whether there is no Kerberos service of a realm to ask.
func noService(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "no KDCs defined in configuration") || strings.Contains(err.Error(), "lookup _kerberos."))
}

func (o Options) client(conf *config.Config, who *credentials.Credentials) (*client.Client, error) {
	settings := client.DisablePAFXFAST(true)
	switch {
	case o.Keytab != "":
		keys, err := load(o.Keytab, keytab.Load)
		if err != nil {
			return nil, &Error{Kind: ErrCredentials, Err: fmt.Errorf("read the keytab %s: %w", o.Keytab, err), Hint: keytabHint}
		}
		return named(client.NewWithKeytab(who.UserName(), who.Domain(), keys, conf, settings), who), nil
	case o.Password != "" && o.CCache == "":
		return named(client.NewWithPassword(who.UserName(), who.Domain(), string(o.Password), conf, settings), who), nil
	}
	file, err := ticketCache(runtime.GOOS, o.CCache)
	if err != nil {
		return nil, err
	}
	return fromCache(file, conf, settings)
}

// named: the library takes no kind of name but one.
func named(c *client.Client, who *credentials.Credentials) *client.Client {
	c.Credentials.SetCName(who.CName())
	return c
}
