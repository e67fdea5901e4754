package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema"
)

// connection says to which domain, when the configuration has no directory
// section, and for what.
type connection struct {
	config      *schema.Directory
	dn          string // a configured DN, whose DC components name the domain
	writable    bool
	environment bool   // the password may come from the environment
	section     string // of the configuration; "": directory
}

// connect binds to the domain. Who types a wrong password is asked again.
func (a *app) connect(c connection) (*ad.Client, error) {
	options, err := a.options(c)
	if err != nil {
		return nil, err
	}
	client, err := ad.Connect(a.ctx, options)
	for try := 2; try <= tries && errors.Is(err, ad.ErrPassword) && needsPassword(options) && a.typed(c.config, c.environment); try++ {
		fmt.Fprintln(a.std.err, schema.Visible(err.Error()))
		password, fault := a.prompt(fmt.Sprintf("Password of %s (try %d of %d): ", c.config.Username, try, tries))
		if a.ctx.Err() != nil {
			return nil, cmp.Or(fault, a.ctx.Err())
		}
		if fault != nil || password == "" {
			break
		}
		options.Password = ad.Password(password)
		client, err = ad.Connect(a.ctx, options)
	}
	return client, err
}

func (a *app) options(c connection) (ad.Options, error) {
	d := c.config
	if d == nil {
		d = &schema.Directory{}
	}
	o := ad.Options{
		Domain: d.Domain, Servers: d.Servers, Security: ad.Security(d.Security), CAFile: d.CAFile, Auth: ad.Auth(d.Auth),
		Username: d.Username, Keytab: d.Keytab, CCache: d.CCache, KRB5Conf: d.KRB5Conf, PageSize: d.PageSize,
		Timeout: d.Timeout.Duration, NeedWritable: c.writable,
	}
	if o.Domain == "" {
		dn, err := ad.ParseDN(c.dn)
		if err != nil {
			return o, usageError{err}
		}
		o.Domain = dn.DomainName()
	}
	if err := trusted(map[string]string{"ca_file": d.CAFile, "keytab": d.Keytab, "ccache": d.CCache}); err != nil {
		return o, err
	}
	if needsPassword(o) {
		password, err := a.bindPassword(d, c.environment)
		if err != nil {
			return o, err
		}
		o.Password = ad.Password(password)
	}
	o.Settings = a.settings(c, o)
	return o, nil
}

// settings say where a refused logon has its name and its secret from.
func (a *app) settings(c connection, o ad.Options) string {
	key := func(name string) string { return fmt.Sprintf("%q", cmp.Or(c.section, "directory")+"."+name) }
	secret := "the password was typed"
	_, atHand := os.LookupEnv(passwordVariable)
	switch d := c.config; {
	case o.Auth == ad.AuthIntegrated || d == nil || d.Username+d.Keytab+d.CCache == "":
		return key("username") + " is not used, so the logon is that of whoever runs this program"
	case d.Keytab != "":
		secret = fmt.Sprintf("the keytab is %s (%s)", key("keytab"), d.Keytab)
	case d.CCache != "":
		return fmt.Sprintf("the ticket cache is %s (%s)", key("ccache"), d.CCache)
	case d.PasswordFile != "":
		secret = fmt.Sprintf("the password is in %s (%s)", key("password_file"), d.PasswordFile)
	case c.environment && a.password == "" && atHand:
		secret = "the password is in the environment variable " + passwordVariable
	}
	return fmt.Sprintf("the account is %s, %s", key("username"), secret)
}

// needsPassword reports whether this logon is by name and password.
func needsPassword(o ad.Options) bool {
	switch o.Auth {
	case ad.AuthIntegrated:
		return false
	case ad.AuthKerberos:
		return o.Keytab == "" && o.CCache == "" && o.Username != ""
	}
	return o.Username != "" && o.Keytab == "" && o.CCache == ""
}

// approverOf is the connection of the person who decides, to the controller that
// the import uses, or, should that be lost, to the next one that the import
// knows, unless the configuration names servers.
func approverOf(cfg *schema.ImportConfig, controllers []string) connection {
	d := *cfg.ApprovalDirectory
	if len(d.Servers) == 0 {
		d.Servers = controllers
	}
	return connection{config: &d, dn: cfg.ManagedUserPath, writable: true, section: "approval_directory"}
}

// trusted checks files that decide whom to trust or who to be: they must exist,
// and no one else may write them.
func trusted(byKey map[string]string) error {
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		path := byKey[key]
		if path == "" {
			continue
		}
		info, err := os.Stat(path)
		if err != nil {
			return usageError{fmt.Errorf("%s: %w", key, err)}
		}
		if err := files.Readable(path, info); err != nil {
			return usageError{fmt.Errorf("%s: %s: %w", key, path, err)}
		}
		if err := private(path); err != nil {
			return usageError{fmt.Errorf("%s: %w", key, err)}
		}
	}
	return nil
}
