package ad

import (
	"context"
	"fmt"
	"strings"
)

// maxDiscovered bounds how many controllers found in DNS are tried.
const maxDiscovered = 8

// endpoints lists what to try, in order.
func (o Options) endpoints(ctx context.Context) ([]endpoint, error) {
	servers := o.Servers
	if len(servers) == 0 {
		found, err := o.discover(ctx)
		if err != nil {
			return nil, err
		}
		servers = found
	}
	var all []endpoint
	for _, security := range o.securities() {
		for _, server := range servers {
			e, err := parseEndpoint(server, security)
			if err != nil {
				if security != o.securities()[0] { // "ldaps://host:636" can not be sealed
					continue
				}
				return nil, &Error{Doing: "connect to", Object: server, Kind: ErrUnreachable, Err: err}
			}
			all = append(all, e)
		}
	}
	return all, nil
}

// discover asks DNS for the domain's controllers (MS-ADTS 6.3.2.3), in the
// order of their priority.
func (o Options) discover(ctx context.Context) ([]string, error) {
	if o.Domain == "" {
		return nil, &Error{Doing: "find", Object: "a domain controller", Kind: ErrUnreachable,
			Hint: "name the domain or its servers in the configuration"}
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	_, records, err := o.Resolver.LookupSRV(ctx, "ldap", "tcp", "dc._msdcs."+o.Domain)
	if err == nil && len(records) == 0 {
		err = fmt.Errorf("DNS knows no _ldap._tcp.dc._msdcs.%s", o.Domain)
	}
	if err != nil {
		return nil, &Error{Doing: "find controllers of", Object: o.Domain, Kind: ErrUnreachable, Err: err,
			Hint: "use the DNS servers of the domain, or name the domain controllers under \"servers\""}
	}
	var hosts []string
	for _, record := range records[:min(len(records), maxDiscovered)] {
		hosts = append(hosts, strings.TrimSuffix(record.Target, "."))
	}
	return hosts, nil
}
