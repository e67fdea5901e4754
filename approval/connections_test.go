package approval

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Another user of the machine opens connections and never closes one.
func TestStrangersLeaveConnectionsForThePage(t *testing.T) {
	for name, says := range map[string]string{"silent": "", "idle": "GET / HTTP/1.1\r\nHost: %s\r\n\r\n",
		"slow": "POST /session HTTP/1.1\r\nHost: %[1]s\r\nOrigin: http://%[1]s\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, &paperDesk{view: sample()}, brisk)
			token := s.insider()
			page := http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}, Timeout: patience}
			state := func() int {
				r, err := http.NewRequestWithContext(t.Context(), "GET", "http://"+s.host+"/api/state", nil)
				require.NoError(t, err)
				as(token)(r)
				answer, err := page.Do(r)
				require.NoError(t, err)
				defer answer.Body.Close()
				_, _ = io.Copy(io.Discard, answer.Body)
				return answer.StatusCode
			}
			require.Equal(t, 200, state())

			var held []net.Conn
			for range 5 * maxStrangers {
				c, err := net.Dial("tcp4", s.host)
				require.NoError(t, err)
				defer c.Close()
				if says != "" {
					_, _ = fmt.Fprintf(c, says, s.host)
				}
				held = append(held, c)
			}
			for _, c := range held[:4*maxStrangers] { // these were closed by the program
				require.NoError(t, c.SetReadDeadline(time.Now().Add(patience)))
				_, err := io.Copy(io.Discard, c)
				timeout, is := err.(net.Error)
				require.False(t, is && timeout.Timeout(), "an old one is still open")
			}
			assert.Equal(t, 200, state(), "the page goes on")
			assert.Equal(t, 200, s.call("GET", "/api/state", "", as(token)).StatusCode, "and gets new ones")
			s.signIn(codeOf(s.enter()))
		})
	}
}
