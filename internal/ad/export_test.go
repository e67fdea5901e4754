package ad

// Lost tells whether the client's connection has ended.
func Lost(c *Client) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current == nil || c.current.conn.IsClosing()
}
