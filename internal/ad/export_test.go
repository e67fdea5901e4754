package ad

import (
	"context"
	"net"
	"time"
)

func init() { busyPause = 5 * time.Millisecond }

// Lost reports whether the client's connection has ended.
func Lost(c *Client) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current == nil || c.current.conn.IsClosing()
}

// Idle makes the client believe that it sent nothing for a while.
func Idle(c *Client, since time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current.lastUse = time.Now().Add(-since)
}

// Discover returns the hosts of a domain's controllers in the order in which they
// are tried.
func Discover(ctx context.Context, o Options) ([]string, error) {
	hosts, _, err := o.withDefaults().discover(ctx)
	return hosts, err
}

// ParseNetlogon reads an answer to a ping.
func ParseNetlogon(b []byte) { _, _ = parseNetlogon(b) }

// Keeping is a connection that keeps entries back, and returns what it kept.
func Keeping(conn net.Conn) (net.Conn, func(ticket string) ([][]byte, bool)) {
	c := newEntryConn(conn)
	return c, c.take
}

// DecodeEntry takes an entry apart.
func DecodeEntry(raw []byte) (Entry, error) { return newEntry(raw, plainNames{}) }

// WithoutShortcut is the name as it is read where it is spelled in any way.
func WithoutShortcut(text string) (DN, error) {
	parsed, err := parseAny(text)
	return DN{text: text, parsed: parsed}, err
}

// TakesShortcut reports whether it is spelled as its parts are.
func TakesShortcut(text string) bool { return parsePlain(text) != nil }
