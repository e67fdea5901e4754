package ad

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// Failover leaves the present controller for the next one that works. What was
// read before has to be read again, since this one may know less or more. The
// error wraps ErrUnreachable where there is no other one.
func (c *Client) Failover(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	had := c.domain
	if c.closed {
		return &Error{Doing: "replace", Object: had.Controller, Kind: ErrUnreachable, Err: errors.New("the connection was closed here")}
	}
	if c.over != nil {
		return c.over
	}
	others := c.others()
	if len(others) == 0 {
		return &Error{Doing: "replace", Object: had.Controller, Kind: ErrUnreachable, Err: errors.New("no other domain controller is known"),
			Hint: "name a second domain controller under \"servers\""}
	}
	s, err := c.open(ctx, others)
	if err != nil {
		return c.refused(err)
	}
	if err := c.sameIdentity(s); err != nil {
		return err
	}
	if err := sameDomain(had, s.domain); err != nil {
		s.close()
		return &Error{Doing: "connect to", Object: s.endpoint.String(), Kind: ErrUnreachable, Err: err}
	}
	c.current.close()
	c.current, c.domain, c.swapped = s, s.domain, false
	return nil
}

// Controllers are the present controller and the others of this client, as they
// can be named under "servers", in the order in which they are tried.
func (c *Client) Controllers() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := []string{c.domain.Controller}
	for _, e := range c.others() {
		if standard := e.port == "389" || e.port == "636"; standard && e.host != c.domain.Controller && !slices.Contains(all, e.host) {
			all = append(all, e.host)
		}
	}
	return all
}

// others are the endpoints of other hosts, from the present one on. Where one
// name stands for several controllers, that is its own successor.
func (c *Client) others() []endpoint {
	present := c.current.endpoint
	i := slices.Index(c.endpoints, present)
	others := slices.DeleteFunc(slices.Concat(c.endpoints[i+1:], c.endpoints[:i]), func(e endpoint) bool {
		return strings.EqualFold(e.host, present.host) && e.port == present.port
	})
	if c.swapped {
		others = append(others, present)
	}
	return others
}
