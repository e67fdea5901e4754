package setup

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"ad-user-sync/internal/ad"
	"ad-user-sync/internal/files"
	"ad-user-sync/schema/config"
)

// otherLogon reports whether --set has another way to log on.
func otherLogon(w *wizard) bool {
	auth := w.set["directory.auth"]
	return auth == string(ad.AuthIntegrated) || w.set["directory.ccache"] != ""
}

func offerUsername(w *wizard) offer {
	if w.found.own != "" {
		w.say("\n  The domain knows whoever runs this as " + w.found.own + "; no name is needed where the task runs as this account.")
	}
	return offer{needed: w.found.own == ""}
}

func takeUsername(w *wizard, text string) (any, error) {
	switch {
	case text == "" && w.found.own == "":
		return nil, fmt.Errorf("the domain does not know the running user, so an account is needed, as %s\\svc-%s", strings.ToUpper(firstLabel(w.text("directory.domain"))), w.side)
	case text == "":
		return nil, nil
	case !strings.ContainsAny(text, `\@=`):
		return nil, errors.New(`write it as DOMAIN\name or name@domain`)
	}
	w.sealed("directory")
	return text, nil
}

// sealed says that only Kerberos seals, where that is how the connection is
// protected.
func (w *wizard) sealed(directory string) {
	if w.text("directory.security") == string(ad.SecuritySeal) && w.set[directory+".auth"] == "" {
		w.forget(directory + ".auth")
		w.items = append(w.items, config.Item{Key: directory + ".auth", Value: string(ad.AuthKerberos)})
	}
}

func firstLabel(domain string) string {
	label, _, _ := strings.Cut(domain, ".")
	return label
}

func noPassword(w *wizard) bool {
	return w.text("directory.username") == "" || w.set["directory.keytab"] != ""
}

func offerPassword(w *wizard) offer {
	if name := w.side + ".password"; files.Exists(w.inFolder(name)) {
		return offer{standard: name}
	}
	return offer{}
}

// takePassword takes the name of a file. Without one, a person may type the
// password, which is written to a file only where that is wanted.
func takePassword(w *wizard, text string) (any, error) {
	if text != "" {
		password, err := w.program.ReadSecret("password_file", w.inFolder(text))
		if err != nil {
			return nil, err
		}
		return text, w.connectAs(password)
	}
	if password, set := os.LookupEnv(w.program.PasswordVariable); set {
		return nil, w.connectAs(password)
	}
	if w.yes {
		return nil, fmt.Errorf("no password: give --set directory.password_file=FILE, or the environment variable %s", w.program.PasswordVariable)
	}
	password, err := w.hidden("Password of " + w.text("directory.username") + ": ")
	if err != nil {
		return nil, err
	}
	if err := w.connectAs(password); err != nil {
		return nil, err
	}
	return w.keepPassword(password)
}

func (w *wizard) keepPassword(password string) (any, error) {
	name := w.side + ".password"
	if files.Exists(w.inFolder(name)) {
		w.say("  " + name + " exists with another password, and is not replaced; the job will need the environment variable " + w.program.PasswordVariable)
		return nil, nil
	}
	keep, err := w.agree("Write the password to " + name + ", which only this account can read, so that the job can run unattended?")
	if err != nil || !keep {
		return nil, err
	}
	w.later = append(w.later, func() error { return writeSecret(w.inFolder(name), password) })
	return name, nil
}

// writeSecret never replaces a file.
func writeSecret(path, text string) error {
	if files.Exists(path) {
		return fmt.Errorf("%s exists by now, and is not replaced", path)
	}
	return files.Replace(path, 0o600, func(w io.Writer) error {
		_, err := io.WriteString(w, text+"\n")
		return err
	})
}

// connectAs logs on; a refusal leads back to the account's name.
func (w *wizard) connectAs(password string) error {
	o := ad.Options{
		Domain: w.text("directory.domain"), Servers: w.servers(), Security: ad.Security(w.text("directory.security")),
		CAFile: w.inFolder(w.text("directory.ca_file")), Username: w.text("directory.username"), Password: ad.Password(password),
		Auth: ad.Auth(cmp.Or(w.text("directory.auth"), w.set["directory.auth"])), Keytab: w.inFolder(w.set["directory.keytab"]), CCache: w.inFolder(w.set["directory.ccache"]),
		KRB5Conf: w.inFolder(w.set["directory.krb5_conf"]), NeedWritable: w.side == "import",
	}
	dir, err := ad.Connect(w.ctx, o)
	if errors.Is(err, ad.ErrCredentials) {
		return again{"directory.username", err}
	}
	if err != nil {
		return err
	}
	w.dir, w.password = dir, password
	w.say(fmt.Sprintf("  %s was accepted by %s", dir.Domain().Identity, dir.Domain().Controller))
	return nil
}

// ownAuth is how the running user logs on.
func ownAuth() string {
	if runtime.GOOS == "windows" {
		return string(ad.AuthIntegrated)
	}
	return string(ad.AuthKerberos)
}
