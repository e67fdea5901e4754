package adtest

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/go-ldap/ldap/v3"
)

// fill puts the sample content into the stopped domain.
func (d Domain) fill() error {
	var faults error
	text := d.ldif(func(account string) string {
		password, err := d.newPassword(account)
		faults = errors.Join(faults, err)
		return password
	})
	if faults != nil {
		return faults
	}
	file := filepath.Join(d.root(), "fill.ldif")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return err
	}
	defer os.Remove(file)
	if err := d.tool("ldbmodify", "-H", d.samLDB(), file); err != nil {
		return err
	}
	return d.delegate()
}

// ldif is the content of the domain; password makes one for an account.
func (d Domain) ldif(password func(account string) string) string {
	var s strings.Builder
	// Kerberos clients ask for ldap/<controller>, which a controller without
	// its own DNS service does not register.
	fmt.Fprintf(&s, "dn: CN=DC1,OU=Domain Controllers,%s\nchangetype: modify\nadd: servicePrincipalName\n", d.Base)
	fmt.Fprintf(&s, "servicePrincipalName: ldap/%s\nservicePrincipalName: ldap/%s/%s\nservicePrincipalName: ldap/DC1\n\n", d.Host, d.Host, d.Name)
	fmt.Fprintf(&s, "dn: %s\nchangetype: modify\nreplace: minPwdAge\nminPwdAge: 0\n\n", d.Base)
	add(&s, "OU=Groups,"+d.Base, "objectClass: organizationalUnit\n")
	if d.NetBIOS == "CORP" {
		d.sourceLDIF(&s, password)
	} else {
		d.targetLDIF(&s, password)
	}
	return s.String()
}

func (d Domain) sourceLDIF(s *strings.Builder, password func(string) string) {
	ou := "OU=People," + d.Base
	add(s, ou, "objectClass: organizationalUnit\n")
	names := map[string]string{}
	for i, p := range people {
		dn := "CN=" + ldap.EscapeDN(p.name()) + "," + ou
		names[p.account] = dn
		add(s, dn, d.personLDIF(i, p))
	}
	for _, p := range people {
		if p.manager != "" {
			fmt.Fprintf(s, "dn:: %s\nchangetype: modify\nadd: manager\nmanager:: %s\n\n", b64(names[p.account]), b64(names[p.manager]))
		}
	}
	d.service(s, "svc-export", password)
	for _, group := range []string{"t-Viewers", "t-Editors", "t-Operators", "t-Administrators"} {
		var members []string
		for _, p := range people {
			if slices.Contains(strings.Fields(p.groups), group) {
				members = append(members, names[p.account])
			}
		}
		if group == "t-Administrators" {
			members = append(members, "CN=t-Operators,OU=Groups,"+d.Base)
		}
		d.group(s, group, members)
	}
}

func (d Domain) personLDIF(i int, p person) string {
	var s strings.Builder
	attribute := func(name, value string) { fmt.Fprintf(&s, "%s:: %s\n", name, b64(value)) }
	s.WriteString("objectClass: user\n")
	if p.extra != disabled {
		s.WriteString("userAccountControl: 512\n")
	}
	attribute("sAMAccountName", p.account)
	attribute("userPrincipalName", p.account+"@"+d.Name)
	attribute("givenName", p.given)
	attribute("sn", p.surname)
	attribute("displayName", p.name())
	attribute("department", p.department)
	attribute("title", p.title)
	attribute("company", "Corp Example")
	attribute("telephoneNumber", fmt.Sprintf("+49 89 1234-%d", 100+i))
	attribute("employeeNumber", fmt.Sprintf("%04d", 17*(i+1)))
	if p.account != "nomail" {
		attribute("mail", strings.ReplaceAll(p.account, "é", "e")+"@"+d.Name)
	}
	s.WriteString(strings.ReplaceAll(p.extra, "{{photo}}", photo()))
	return s.String()
}

func (d Domain) targetLDIF(s *strings.Builder, password func(string) string) {
	add(s, "OU=Managed,"+d.Base, "objectClass: organizationalUnit\n")
	d.service(s, "svc-import", password)
	d.service(s, "svc-approver", password)
	for _, group := range []string{"p-Viewers", "p-Editors", "p-Administrators"} {
		d.group(s, group, nil)
	}
	// Whoever is in p-Administrators administers the domain: a privileged group.
	fmt.Fprintf(s, "dn: CN=Domain Admins,CN=Users,%s\nchangetype: modify\nadd: member\nmember: CN=p-Administrators,OU=Groups,%s\n\n", d.Base, d.Base)
}

func (d Domain) service(s *strings.Builder, account string, password func(string) string) {
	add(s, "CN="+account+",CN=Users,"+d.Base, fmt.Sprintf(
		"objectClass: user\nsAMAccountName: %s\nuserPrincipalName: %s@%s\nuserAccountControl: 66048\nclearTextPassword:: %s\n",
		account, account, d.Name, base64.StdEncoding.EncodeToString(utf16LE(password(account)))))
}

func (d Domain) group(s *strings.Builder, name string, members []string) {
	var text strings.Builder
	fmt.Fprintf(&text, "objectClass: group\nsAMAccountName: %s\n", name)
	for _, m := range members {
		fmt.Fprintf(&text, "member:: %s\n", b64(m))
	}
	add(s, "CN="+name+",OU=Groups,"+d.Base, text.String())
}

// delegate grants the two accounts of the target their rights.
func (d Domain) delegate() error {
	if d.NetBIOS == "CORP" {
		return nil
	}
	return d.tool(d.rightsFile("delegate.py"), append(d.rights().arguments(), "-H", d.samLDB())...)
}

func (p person) name() string {
	if p.cn != "" {
		return p.cn
	}
	return p.given + " " + p.surname
}

func add(s *strings.Builder, dn, attributes string) {
	fmt.Fprintf(s, "dn:: %s\nchangetype: add\n%s\n", b64(dn), attributes)
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func utf16LE(s string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return b
}

// photo is a small valid JPEG picture in Base64.
func photo() string {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 48, 48)), nil)
	return base64.StdEncoding.EncodeToString(b.Bytes())
}
