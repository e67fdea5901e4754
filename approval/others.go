package approval

import (
	"context"
	"slices"
	"strings"
	"time"

	"ad-user-sync/schema"
)

// lookAround tells page, terminal and log who else has a session open, whenever that
// changes. It may hang with a share, and no one waits for it.
func (s *session) lookAround(ctx context.Context) {
	if s.options.Others == nil {
		return
	}
	ticker := time.NewTicker(max(s.timing.round, s.timing.tick))
	defer ticker.Stop()
	for ctx.Err() == nil {
		if others := s.options.Others(); s.agenda.meet(others) && ctx.Err() == nil {
			s.log.Info().Strs("others", others).Msg("other approval sessions")
			s.say(inTouch(others))
			s.hub.send(event{Type: "others", Others: others})
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

func inTouch(others []string) string {
	if len(others) == 0 {
		return "No other approval session is open any more."
	}
	return "Another approval session is open: " + schema.Visible(strings.Join(others, "; ")) +
		". Both may go on: each question is answered once, and whoever comes second is told by whom."
}

// meet notes who else has a session open, and reports whether that has changed.
func (g *agenda) meet(others []string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if slices.Equal(g.others, others) {
		return false
	}
	g.others = others
	return true
}
