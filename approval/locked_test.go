package approval

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What a page asked for before it was locked holds names, and new passphrases: it is
// not answered after that.
func TestAPageThatWasLockedMeanwhileIsNotAnswered(t *testing.T) {
	desk := &paperDesk{view: sample()}
	s := serve(t, desk, brisk)
	token := s.insider()
	s.call("GET", "/api/state", "", as(token)) // what was read while the browser started
	desk.mu.Lock()
	desk.reading = make(chan struct{})
	desk.mu.Unlock()

	status := make(chan int)
	go func() { status <- s.call("GET", "/api/state", "", as(token)).StatusCode }()
	<-desk.reading
	s.leaveIdle(brisk.idle)
	s.read("The page was idle and is locked.")
	desk.reading <- struct{}{}
	assert.Equal(t, 401, <-status)
}
