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
	"sync"
	"time"
)

// maxDiscovered bounds how many controllers found in DNS are asked and tried.
const maxDiscovered = 8

// pingTime is how long controllers are given to answer a ping; where UDP is
// blocked, finding one takes so much longer.
const pingTime = 600 * time.Millisecond

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

// discover asks DNS for the domain's controllers (MS-ADTS 6.3.2.3). One of them
// knows the site that this computer is in; those of that site come first, and
// last those that say of themselves that they are not what is wanted.
func (o Options) discover(ctx context.Context) ([]string, error) {
	if o.Domain == "" {
		return nil, &Error{Doing: "find", Object: "a domain controller", Kind: ErrUnreachable, Err: errors.New("neither a domain nor a server is named"),
			Hint: "name the domain or its servers in the configuration"}
	}
	found, err := o.records(ctx, "dc._msdcs."+o.Domain)
	if err != nil {
		return nil, discoveryError(o.Domain, err)
	}
	first := found[:min(len(found), maxDiscovered)]
	answers := map[string]netlogon{}
	o.ping(ctx, first, answers)
	if near := o.near(ctx, answers); len(near) > 0 {
		found = unique(append(near, found...))
		first = found[:min(len(found), maxDiscovered)]
		o.ping(ctx, first, answers)
	}
	slices.SortStableFunc(first, func(a, b controller) int {
		x, y := o.rank(answers, a), o.rank(answers, b)
		return cmp.Or(cmp.Compare(x/unfit, y/unfit), cmp.Compare(a.far, b.far), cmp.Compare(x, y))
	})
	var hosts []string
	for _, c := range first {
		hosts = append(hosts, c.host)
	}
	return hosts, nil
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
	_, records, err := o.Resolver.LookupSRV(ctx, "ldap", "tcp", name)
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

const unfit = 2

// rank: 0 answered and is fit, 1 is silent, unfit answered and is not.
func (o Options) rank(answers map[string]netlogon, c controller) int {
	answer, ok := answers[c.host]
	switch {
	case !ok:
		return 1
	case answer.flags&flagLDAP == 0, o.NeedWritable && answer.flags&flagWritable == 0:
		return unfit
	}
	return 0
}

// ping asks all that did not answer yet at once, and waits no longer than
// pingTime.
func (o Options) ping(ctx context.Context, controllers []controller, answers map[string]netlogon) {
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	var all sync.WaitGroup
	var mu sync.Mutex
	for _, c := range controllers {
		mu.Lock()
		_, known := answers[c.host]
		mu.Unlock()
		if known {
			continue
		}
		all.Go(func() {
			if answer, err := ping(ctx, o.dialer(), c.address(), o.Domain); err == nil {
				mu.Lock()
				answers[c.host] = answer
				mu.Unlock()
			}
		})
	}
	all.Wait()
}
