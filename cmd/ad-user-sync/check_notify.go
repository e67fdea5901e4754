package main

import (
	"fmt"

	"ad-user-sync/schema"
)

// notify looks at what mail needs of this computer; whether it arrives is for
// notify --test to show.
func (i *inspection) notify(n *schema.Notify) {
	const step = "notify"
	if n == nil {
		return
	}
	if n.PasswordFile != "" {
		if _, err := i.app.readSecret("notify.password_file", n.PasswordFile); err != nil {
			i.fault(partFiles, step, err)
			return
		}
	}
	i.say(partFiles, step, schema.CheckOK, fmt.Sprintf("mail goes to %s by %s; whether it arrives is shown by: ad-user-sync notify --test",
		schema.Plural(len(n.To), "address"), n.Server), "")
}
