package config

import (
	"time"

	"ad-user-sync/schema"
)

// defaultObserveFiles is what is looked at where nothing else was said.
const defaultObserveFiles = 10

// observe checks what needs no clock. How far away its end is only a run can say.
func (d *draft) observe(o *schema.Observe) {
	if o == nil {
		return
	}
	if d.root.Get("observe").Member("files") == nil {
		o.Files = defaultObserveFiles
	}
	if _, err := time.Parse(time.DateOnly, o.Until); err != nil && o.Until != "" {
		d.fault(at("observe", "until"), `"observe.until" %s is not a day such as 2026-12-31`, schema.Quoted(o.Until))
	}
}
