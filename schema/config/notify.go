package config

import (
	"net/mail"
	"path/filepath"
	"strings"

	"ad-user-sync/schema"
)

// notify fills in what was not given, and checks what the schema cannot.
func (d *draft) notify(n *schema.Notify) {
	if n == nil {
		return
	}
	table := d.root.Get("notify")
	for key, on := range map[string]*bool{"questions": &n.Questions, "limit": &n.Limit, "file": &n.File, "failed": &n.Failed, "leases": &n.Leases, "well": &n.Well} {
		if table.Member(key) == nil {
			*on = true
		}
	}
	if n.Security == "" {
		n.Security = "starttls"
	}
	if n.Server != "" && !isAddress(n.Server) {
		d.fault(at("notify", "server"), `"notify.server" is %s, which is no address: write the name of the mail server, with a port from 1 to 65535 where it is another one`, schema.Quoted(n.Server))
	}
	for _, address := range append([]string{n.From}, n.To...) {
		if parsed, err := mail.ParseAddress(address); address != "" && (err != nil || parsed.Address != address) {
			d.fault(at("notify"), `"notify" has %s, which is no plain address of mail`, schema.Quoted(address))
		}
	}
	if (n.Username == "") != (n.PasswordFile == "") {
		d.fault(at("notify"), `"notify" needs "username" and "password_file" together, or neither`)
	}
	d.absolute(&n.CAFile, &n.PasswordFile)
}

// onFinish takes programs alone: Windows gives a batch file to a shell, which reads
// arguments in its own way.
func (d *draft) onFinish(command []string) {
	if len(command) == 0 {
		return
	}
	switch program := command[0]; strings.ToLower(filepath.Ext(program)) {
	case ".bat", ".cmd":
		d.fault(at("on_finish"), `"on_finish" names the batch file %s, which a shell would run; name a program`, schema.Quoted(program))
	default:
		if !filepath.IsAbs(program) {
			d.fault(at("on_finish"), `"on_finish" must begin with the full path of a program, and %s is none`, schema.Quoted(program))
		}
	}
}
