package ad

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
)

// maxSilent bounds how many controllers are tried that DNS knows and that did
// not answer when all were asked.
const maxSilent = 8

// endpoints lists what to try, in order, and tells how many more DNS knows.
func (o Options) endpoints(ctx context.Context) (all []endpoint, more int, err error) {
	servers := o.Servers
	if len(servers) == 0 {
		servers, more, err = o.discover(ctx)
		if err != nil {
			return nil, 0, err
		}
	}
	for _, security := range o.securities() {
		for _, server := range servers {
			e, err := parseEndpoint(server, security)
			if err != nil {
				if security != o.securities()[0] { // "ldaps://host:636" cannot be sealed
					continue
				}
				return nil, 0, &Error{Doing: "connect to", Object: server, Kind: ErrUnreachable, Err: err}
			}
			all = append(all, e)
		}
	}
	return all, more, nil
}

// discover asks DNS for the domain's controllers (MS-ADTS 6.3.2.3), and asks all
// of them at once. One of them knows the site that this computer is in; those of
// that site come first, and last those that say of themselves that they are not
// what is wanted. It tells how many more there are, none of which answered.
func (o Options) discover(ctx context.Context) (hosts []string, more int, err error) {
	if o.Domain == "" {
		return nil, 0, &Error{Doing: "find", Object: "a domain controller", Kind: ErrUnreachable, Err: errors.New("neither a domain nor a server is named"),
			Hint: "name the domain or its servers in the configuration"}
	}
	found, err := o.records(ctx, "dc._msdcs."+o.Domain)
	if err != nil {
		return nil, 0, discoveryError(o.Domain, err)
	}
	r := &roll{options: o, answers: map[string]netlogon{}, open: map[string]bool{}}
	r.call(ctx, found)
	if near := o.near(ctx, r.answers); len(near) > 0 {
		found = unique(append(near, found...))
		r.call(ctx, found)
	}
	slices.SortStableFunc(found, func(a, b controller) int {
		x, y := r.rank(a), r.rank(b)
		return cmp.Or(cmp.Compare(x/unfit, y/unfit), cmp.Compare(a.far, b.far), cmp.Compare(x, y))
	})
	silent := 0
	for _, c := range found {
		if r.rank(c) == quiet {
			if silent++; silent > maxSilent {
				more++
				continue
			}
		}
		hosts = append(hosts, c.host)
	}
	return hosts, more, nil
}

// controller is one that DNS knows.
type controller struct {
	host, port string
	far        int // 1: of another site than this computer
}

func (c controller) address() string { return net.JoinHostPort(c.host, c.port) }

// records are in the order of their priority, and by weight.
func (o Options) records(ctx context.Context, name string) ([]controller, error) {
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	records, err := o.services(ctx, name)
	if err != nil {
		return nil, errors.Join(ctx.Err(), err)
	}
	if len(records) == 0 {
		return nil, &net.DNSError{Err: "no such record", Name: "_ldap._tcp." + name, IsNotFound: true}
	}
	var found []controller
	for _, record := range records {
		found = append(found, controller{host: strings.TrimSuffix(record.Target, "."), port: strconv.Itoa(int(record.Port)), far: 1})
	}
	return unique(found), nil
}

// services ends with ctx; LookupSRV heeds a deadline alone.
func (o Options) services(ctx context.Context, name string) ([]*net.SRV, error) {
	done := make(chan struct{})
	var found []*net.SRV
	var failed error
	go func() {
		_, found, failed = o.Resolver.LookupSRV(ctx, "ldap", "tcp", name)
		close(done)
	}()
	select {
	case <-done:
		return found, failed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func unique(all []controller) []controller {
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(c controller) bool {
		key := strings.ToLower(c.host)
		defer func() { seen[key] = true }()
		return seen[key]
	})
}

func discoveryError(domain string, err error) error {
	e := &Error{Doing: "find domain controllers of", Object: domain, Kind: ErrUnreachable,
		Hint: "use the DNS servers of the domain, or name the domain controllers under \"servers\""}
	var fault *net.DNSError
	switch {
	case errors.Is(err, context.Canceled):
		e.Err, e.Hint = reasonError{"it was given up", err}, ""
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &fault) && fault.IsTimeout:
		e.Err = reasonError{"DNS did not answer in time", err}
	case errors.As(err, &fault) && fault.IsNotFound:
		e.Err = reasonError{fmt.Sprintf("DNS knows no _ldap._tcp.dc._msdcs.%s", domain), err}
	default:
		e.Err = err
	}
	return e
}

// near are the controllers of the site that this computer is in, as the first
// answer has it; none where that is unknown.
func (o Options) near(ctx context.Context, answers map[string]netlogon) []controller {
	for _, host := range slices.Sorted(maps.Keys(answers)) {
		site := answers[host].clientSite
		if site == "" {
			continue
		}
		found, _ := o.records(ctx, site+"._sites.dc._msdcs."+o.Domain)
		for i := range found {
			found[i].far = 0
		}
		return found
	}
	return nil
}
