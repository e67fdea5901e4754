package plan

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"ad-user-sync/internal/adrules"
)

// Keys of match that every account has in a field of its own.
const (
	accountNameAttribute = "sAMAccountName"
	upnAttribute         = "userPrincipalName"
)

// matchable reports whether match looks for an account of the person: someone active,
// for whom one would be made, and of whom the ledger knows none.
func (f *facts) matchable(p *person) bool {
	_, unheard := f.in.Memory.Unheard[p.user.ObjectGUID]
	return f.matching && p.active && !unheard && f.roster.goneOf[p] == nil && !f.roster.knows(p.user.ObjectGUID)
}

// keyOf is the one value that the file has for an attribute of the target, "" for none, and
// for what a user of the source may write himself: they could choose whom they are taken for.
func (x *attributes) keyOf(p *person, key string) string {
	text := ""
	if rule := x.ruleOf(key); rule != nil {
		if rule.OnCreate == nil && !rule.written {
			text = x.singleValue(p, rule)
		}
	} else if v, ok := x.fileValue(p.user, key); ok && len(v.List) == 1 && !v.Binary {
		text = v.List[0]
	}
	return strings.TrimSpace(text)
}

// KeyForm is equal for values that count as the same: case alone does not matter.
// "0042" and "42" are two.
func KeyForm(value string) string { return exact(strings.TrimSpace(value)) }

// keysOf are the values by which match finds an account.
func (k *names) keysOf(a *account, key string) (forms []string) {
	add := func(text string) {
		if form := KeyForm(text); form != "" && !slices.Contains(forms, form) {
			forms = append(forms, form)
		}
	}
	switch {
	case sameFold(key, accountNameAttribute):
		add(a.AccountName)
	case sameFold(key, upnAttribute):
		add(a.UPN)
	case sameFold(key, mailAttribute):
		add(a.Mail)
		for _, proxy := range a.Proxies {
			add(proxy)
		}
	default:
		for _, text := range a.value(key) {
			add(text)
		}
	}
	return forms
}

// longestKey is more than any of these attributes takes in practice.
const longestKey = 256

// noKey is what people type where there is no number, or no mailbox.
var noKey = regexp.MustCompile(`(?i)^(0+|9{3,}|x+|[\s?*#/_.-]*|n\.?\s?[/.]?\s?a\.?|none|null|nil|unknown|unbekannt|keine?|leer|empty|tbd|tba|todo|dummy|test\d*|temp|` +
	`no[-_.]?reply|do[-_.]?not[-_.]?reply|noemail|nomail|placeholder|example|admin|administrator|guest|user|info|office|postmaster|root)$`)

// noNumber is what they type where a number is missing, in letters and digits alone: as
// an account name or address, some of it is a person's.
var noNumber = regexp.MustCompile(`^(0+|9{3,}|x+|na|nan|nv|nvt|ka|no|nein|none|null|nil|undefined|unknown|not(available|applicable|assigned|known|set)|` +
	`unbekannt|keine?|keineangabe|nicht(vorhanden|bekannt)|ohne|leer|empty|missing|pending|external|extern|contractor|new|neu|aucun|inconnu|ninguno|nessuno|geen|onbekend|brak|нет)$`)

// noDomain are domains of mail of no one (RFC 2606, RFC 6761).
var noDomain = regexp.MustCompile(`(?i)@(.*\.)?(invalid|localhost|test\.invalid|example\.(com|net|org))$`)

// placeholder reports whether a value tells no one from others, whatever the
// directory has. Of addresses that is what stands before the @.
func (k *names) placeholder(key, value string) bool {
	bare := lettersAndDigits(value)
	if adrules.UTF16Len(value) > longestKey || bare == "" || isNumber(key) && (noNumber.MatchString(bare) || value == "-1") {
		return true
	}
	if sameFold(key, mailAttribute) && (value == "" || k.mailForm(value) != "" || noDomain.MatchString(value)) {
		return true
	}
	if sameFold(key, mailAttribute) || sameFold(key, upnAttribute) {
		value, _, _ = strings.Cut(value, "@")
	}
	return noKey.MatchString(value)
}

func lettersAndDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(text))
}

// isNumber reports whether a key is one that an employer gives: names and addresses
// change hands, and count as one however many of them agree.
func isNumber(key string) bool {
	return slices.ContainsFunc(numberAttributes, func(number string) bool { return sameFold(key, number) })
}

var numberAttributes = []string{"employeeID", "employeeNumber"}
