package ad

import "time"

// Lost tells whether the client's connection has ended.
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
