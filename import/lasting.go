package importer

import (
	"context"
	"time"
)

// inFlight is how long the action at work may go on once the run is ended. A
// request that is given up may still be carried out.
const inFlight = 10 * time.Second

// lasting is the context of one action: the end of the run lets its requests,
// and what reads them back, finish.
func lasting(run context.Context) (ctx context.Context, done func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(run))
	stop := context.AfterFunc(run, func() {
		select {
		case <-time.After(inFlight):
			cancel()
		case <-ctx.Done():
		}
	})
	return ctx, func() { stop(); cancel() }
}
