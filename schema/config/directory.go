package config

import (
	"cmp"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"ad-user-sync/schema"
)

// Defaults of a directory.
const (
	defaultPageSize = 1000 // MaxPageSize of a controller's default policy
	defaultTimeout  = 30 * time.Second
)

// directory fills in what was not given and checks what the schema can't.
func (d *draft) directory(key string, dir *schema.Directory) {
	if dir == nil {
		return
	}
	dir.PageSize = cmp.Or(dir.PageSize, defaultPageSize)
	if n := d.root.Get(key); n.Get("timeout") == nil {
		dir.Timeout = schema.Period{Duration: defaultTimeout}
	} else if dir.Timeout.Months != 0 || dir.Timeout.Days != 0 || dir.Timeout.Duration <= 0 {
		d.fault(at(key, "timeout"), `"%s.timeout" must be a time of hours, minutes and seconds above zero, such as PT30S`, key)
	}
	d.ticketCache(key, dir)
	d.absolute(&dir.CAFile, &dir.PasswordFile, &dir.Keytab, &dir.CCache, &dir.KRB5Conf)
	d.bind(key, dir)
	d.addresses(key, dir)
	d.protection(key, dir)
	d.globalCatalog(key, dir)
	if dir.Security == "insecure-plaintext" {
		d.warn(`"%s.security" is insecure-plaintext: everybody on the network can read and change what is sent, the password included`, key)
	}
}

// ticketCache takes the name of a cache as KRB5CCNAME has it.
func (d *draft) ticketCache(key string, dir *schema.Directory) {
	kind, file, found := strings.Cut(dir.CCache, ":")
	if !found || len(kind) == 1 { // a drive letter
		return
	}
	if !strings.EqualFold(kind, "FILE") {
		d.fault(at(key, "ccache"), `"%s.ccache" is %s, and only files can be read; run kinit with KRB5CCNAME=FILE:/path, and write that path`, key, schema.Quoted(dir.CCache))
		return
	}
	dir.CCache = file
}

// bind finds contradictions between the ways to log on.
func (d *draft) bind(key string, dir *schema.Directory) {
	switch {
	case dir.Auth == "integrated" && (dir.Username != "" || dir.PasswordFile != "" || dir.Keytab != "" || dir.CCache != ""):
		d.fault(at(key, "auth"), `"%s.auth" integrated takes the running user's own logon; leave out username, password_file, keytab and ccache`, key)
	case dir.Auth == "simple" && (dir.Keytab != "" || dir.CCache != ""):
		d.fault(at(key, "auth"), `"%s.auth" simple takes a password; keytab and ccache are for kerberos`, key)
	case dir.Auth == "simple" && dir.Username == "":
		d.fault(at(key, "auth"), `"%s.auth" simple needs "username"`, key)
	case dir.Username == "" && dir.PasswordFile != "":
		d.fault(at(key, "password_file"), `"%s.password_file" needs "username"`, key)
	case dir.Username == "" && dir.Keytab != "":
		d.fault(at(key, "keytab"), `"%s.keytab" needs "username"`, key)
	case dir.Auth == "simple" && dir.Security == "seal":
		d.fault(at(key, "security"), `"%s.security" seal is a way of Kerberos; with "auth" simple use ldaps or starttls`, key)
	}
}

// addresses finds servers whose host or port cannot be.
func (d *draft) addresses(key string, dir *schema.Directory) {
	for _, server := range dir.Servers {
		_, rest, found := strings.Cut(server, "://")
		if !found {
			rest = server
		}
		if !isAddress(strings.TrimSuffix(rest, "/")) {
			d.fault(at(key, "servers"), `"%s.servers" has %s, which is no address: write the name of a domain controller, with a port from 1 to 65535 where it is another one`, key, schema.Quoted(server))
		}
	}
}

// isAddress reports whether a text is a host, with or without a port.
func isAddress(text string) bool {
	if strings.Contains(text, "://") {
		return false
	}
	if ip, err := netip.ParseAddr(text); err == nil && ip.Is6() {
		return true
	}
	u, err := url.Parse("//" + text)
	if err != nil || u.User != nil || u.Host != text || u.Hostname() == "" || strings.HasSuffix(text, ":") || text[0] != '[' && strings.Count(text, ":") > 1 {
		return false
	}
	port, err := strconv.ParseUint(cmp.Or(u.Port(), "1"), 10, 16)
	return err == nil && port > 0
}

// protection finds servers that are written as plaintext where it is not.
func (d *draft) protection(key string, dir *schema.Directory) {
	for _, server := range dir.Servers {
		if strings.HasPrefix(strings.ToLower(server), "ldap://") && (dir.Security == "" || dir.Security == "ldaps") {
			d.fault(at(key, "servers"), `"%s.servers" has %s, which is plain ldap://, and the connection must be ldaps; write ldaps://, or set "security" to starttls or seal`, key, schema.Quoted(server))
		}
	}
}

// globalCatalogPorts of a controller (MS-ADTS 3.1.1.3.1.10).
var globalCatalogPorts = []string{"3268", "3269"}

// globalCatalog finds servers that are written as a global catalog. It holds a
// part of the attributes only: accountExpires is not among them, so that no one
// would seem to expire.
func (d *draft) globalCatalog(key string, dir *schema.Directory) {
	for _, server := range dir.Servers {
		_, rest, found := strings.Cut(server, "://")
		if !found {
			rest = server
		}
		u, err := url.Parse("//" + rest)
		if err != nil || !slices.Contains(globalCatalogPorts, strings.TrimLeft(u.Port(), "0")) {
			continue
		}
		d.fault(at(key, "servers"), `"%s.servers" has %s, which is a global catalog. A global catalog holds only a part of the attributes (accountExpires, for one, is missing, so that no account would seem to expire); name the same domain controller as ldaps://%s, without these ports`, key, schema.Quoted(server), strings.TrimSuffix(u.Host, ":"+u.Port()))
	}
}
