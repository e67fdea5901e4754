package setup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/files"
)

// reached is what the tests on the way to a controller found.
type reached struct {
	security  ad.Security
	authority string // who issued the certificate; "" where it is trusted
	own       string // who the running user is in the domain; "" where the domain does not know
}

// connectionQuestions are the same on both sides.
func (w *wizard) connectionQuestions() []question {
	return []question{
		{key: "directory.domain", why: "DNS name of the domain.", offer: offerDomain, accept: takeDomain},
		{key: "directory.servers", why: "Domain controllers, tried in order, as ldaps://dc1.corp.example. Left out where DNS names them.",
			skip: controllersInDNS, accept: takeServers},
		{key: "directory.security", why: "How the connection is protected.", quiet: true,
			offer:  func(w *wizard) offer { return offer{standard: string(w.found.security)} },
			accept: func(_ *wizard, text string) (any, error) { return text, nil }},
		{key: "directory.ca_file", why: "Certificates (PEM) of the authorities that this program trusts, instead of those this machine trusts.",
			skip: trustedAlready, accept: takeAuthorities},
		{key: "directory.username", why: `Account to log on with, as DOMAIN\name; it needs no more rights than its job does.`, optional: true,
			skip: otherLogon, offer: offerUsername, accept: takeUsername},
		{key: "directory.password_file", why: "File with the password of that account; without one it comes from the environment variable " + w.program.PasswordVariable + ", or is asked for.",
			optional: true, skip: noPassword, offer: offerPassword, accept: takePassword},
		// no question: a logon that needs no password was not tried yet
		{key: "", optional: true, skip: func(w *wizard) bool { return w.dir != nil }, quiet: true,
			accept: func(w *wizard, _ string) (any, error) { return nil, w.connectAs("") }},
	}
}

// resolving is how long DNS is asked.
const resolving = 5 * time.Second

// offerDomain is that of a place that was given beforehand, else the first
// domain this machine is in that has controllers.
func offerDomain(w *wizard) offer {
	for _, key := range []string{"managed_user_path", "user_path", "group_path"} {
		if dn, err := ad.ParseDN(w.draft.given[key]); err == nil && dn.DomainName() != "" {
			return offer{standard: dn.DomainName()}
		}
	}
	for _, domain := range machineDomains() {
		if found, _ := controllers(w.ctx, domain); len(found) > 0 {
			return offer{standard: domain}
		}
	}
	return offer{}
}

// machineDomains come from the logon on Windows, the machine's name and its
// search list.
func machineDomains() []string {
	all := []string{os.Getenv("USERDNSDOMAIN")}
	if host, err := os.Hostname(); err == nil {
		_, domain, _ := strings.Cut(host, ".")
		all = append(all, domain)
	}
	if text, err := files.ReadLimited("/etc/resolv.conf", 64<<10); err == nil {
		for line := range strings.Lines(string(text)) {
			if words := strings.Fields(line); len(words) > 1 && (words[0] == "search" || words[0] == "domain") {
				all = append(all, words[1:]...)
			}
		}
	}
	var domains []string
	for _, d := range all {
		if d = strings.ToLower(strings.Trim(d, ".")); d != "" {
			domains = append(domains, d)
		}
	}
	return domains
}

// controllers of a domain by DNS (MS-ADTS 6.3.2.3).
func controllers(ctx context.Context, domain string) ([]*net.SRV, error) {
	ctx, cancel := context.WithTimeout(ctx, resolving)
	defer cancel()
	_, records, err := net.DefaultResolver.LookupSRV(ctx, "ldap", "tcp", "dc._msdcs."+domain)
	return records, err
}

func takeDomain(w *wizard, text string) (any, error) {
	text = strings.ToLower(strings.Trim(text, "."))
	if !strings.Contains(text, ".") || strings.ContainsAny(text, " ,=/\\@") {
		return nil, errors.New("this is not a DNS name of a domain, as corp.example")
	}
	return text, nil
}

// controllersInDNS reports whether one that DNS names can be reached, so that
// none need be named, and no earlier configuration names any.
func controllersInDNS(w *wizard) bool {
	if w.draft.answered("directory.servers") != "" {
		return false
	}
	domain := w.draft.text("directory.domain")
	if found, _ := controllers(w.ctx, domain); len(found) == 0 {
		w.console.say("  DNS knows no controllers of " + domain)
		return false
	}
	if err := w.reach(nil, ""); err != nil {
		w.console.say("  " + err.Error())
		w.console.hint(err)
		return false
	}
	return true
}

func takeServers(w *wizard, text string) (any, error) {
	servers, err := w.draft.takeList("directory.servers", strings.ReplaceAll(text, ",", ";"))
	if err == nil && len(servers) == 0 {
		err = errors.New("name at least one")
	}
	if err != nil {
		return nil, err
	}
	if err := w.reach(servers, w.draft.inFolder(w.draft.given["directory.ca_file"])); err != nil {
		return nil, err
	}
	w.draft.put("directory.security", string(w.found.security), "") // servers are judged by it; it is asked about next
	scheme := "ldap://"
	if w.found.security == ad.SecurityLDAPS {
		scheme = "ldaps://"
	}
	for i, server := range servers {
		if !strings.Contains(server, "://") {
			servers[i] = scheme + server
		}
	}
	return servers, nil
}

// reach tries the ways to protect a connection, the best first, and remembers
// the first that works as far as one can see before a logon. An authority that
// is not trusted is asked about later.
func (w *wizard) reach(servers []string, caFile string) error {
	ways := []ad.Security{ad.SecurityLDAPS, ad.SecurityStartTLS, ad.SecuritySeal}
	if given := w.draft.given["directory.security"]; given != "" {
		ways = []ad.Security{ad.Security(given)}
	}
	var first error
	for _, way := range ways {
		err := w.knock(ad.Options{Domain: w.draft.text("directory.domain"), Servers: servers, Security: way, CAFile: caFile})
		if err == nil {
			if w.found.security = way; way != ways[0] {
				w.console.say(fmt.Sprintf("  %s was not answered, %s is", ways[0], way))
			}
			return nil
		}
		if first == nil {
			first = err
		}
		if !errors.Is(err, ad.ErrUnreachable) {
			break // it was reached, and is not to be believed or not wanted
		}
	}
	return first
}

// knock goes to the controllers one step after the other, up to the logon. A
// certificate of an authority that is not trusted is not a fault yet.
func (w *wizard) knock(o ad.Options) error {
	o.Timeout, o.NeedWritable = 10*time.Second, w.draft.side == "import"
	var fault error
	at, authority := "", ""
	client := ad.Diagnose(w.ctx, o, func(s ad.Step) {
		issuer, unknown := ad.UnknownAuthority(s.Err)
		switch {
		case s.Name == "logon" || s.Name == "pages":
		case unknown && at == "":
			at, authority = s.Object, issuer
			w.console.say("  " + s.Object + " " + s.Text)
		case s.Err != nil:
			fault = cmp.Or(fault, s.Err)
		case s.Name == "controller":
			at, authority = s.Object, ""
			w.console.say("  " + s.Object + " " + s.Text)
		case s.Name == "tls":
			w.console.say("  " + s.Object + " " + s.Text)
		}
	})
	w.found.own = ""
	if client != nil {
		w.found.own = client.Domain().Identity
		_ = client.Close()
	}
	if at == "" {
		return cmp.Or(fault, errors.New("no controller answered"))
	}
	w.found.authority = authority
	return nil
}

func trustedAlready(w *wizard) bool {
	if w.found.authority == "" {
		return w.draft.answered("directory.ca_file") == ""
	}
	w.console.say("\n" + w.console.wrap(fmt.Sprintf("The controller's certificate was issued by %q, which this machine does not trust, so the controller could be anybody. "+
		"Get the certificate of that authority from whoever runs it, not from this connection: on the authority itself \"certutil -ca.cert ca.cer\" and then "+
		"\"certutil -encode ca.cer ca.pem\"; of a Samba domain it is private/tls/ca.pem. Put it beside the configuration, and name it here.", w.found.authority)))
	return false
}

func takeAuthorities(w *wizard, text string) (any, error) {
	if text == "" {
		return nil, errors.New("a controller that no authority vouches for is not trusted; name the file")
	}
	if err := w.program.Trusted(map[string]string{"ca_file": w.draft.inFolder(text)}); err != nil {
		return nil, err
	}
	if w.found.authority == "" && text == w.draft.given["directory.ca_file"] && w.draft.text("directory.ca_file") == "" && len(w.draft.list("directory.servers")) > 0 {
		return text, nil // the servers were tried with it
	}
	o := w.draft.directory()
	o.Security, o.CAFile = w.found.security, w.draft.inFolder(text)
	err := w.knock(o)
	if err == nil && w.found.authority != "" {
		err = fmt.Errorf("%s does not hold the certificate of %q", text, w.found.authority)
	}
	return text, err
}
