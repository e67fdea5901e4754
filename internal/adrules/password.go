package adrules

import (
	"fmt"
	"strings"
	"unicode"
)

// PasswordPolicy is a domain's own (MS-ADA1 minPwdLength, pwdProperties).
type PasswordPolicy struct {
	MinLength int  // characters
	Complex   bool // DOMAIN_PASSWORD_COMPLEX (MS-SAMR 2.2.3.1)
	History   int  // former passwords that a person cannot take again
}

// PasswordRule is one rule of a policy and whether a password keeps it.
type PasswordRule struct {
	Text string
	Kept bool
}

// complexCategories is how many of the five kinds of characters a complex
// password has (MS-SAMR 3.1.1.7.2).
const complexCategories = 3

// Check judges a password by the policy; names are the account name and the
// display name, parts of which a complex password must not contain.
func (p PasswordPolicy) Check(password string, names ...string) []PasswordRule {
	rules := []PasswordRule{{
		Text: fmt.Sprintf("at least %d characters", max(p.MinLength, 1)),
		Kept: UTF16Len(password) >= max(p.MinLength, 1),
	}}
	if !p.Complex {
		return rules
	}
	return append(rules,
		PasswordRule{"three of: capital letter, small letter, digit, other character", categories(password) >= complexCategories},
		PasswordRule{"no part of the person's name", !containsName(password, names)})
}

// Broken lists the rules that the password does not keep.
func (p PasswordPolicy) Broken(password string, names ...string) []string {
	var broken []string
	for _, rule := range p.Check(password, names...) {
		if !rule.Kept {
			broken = append(broken, rule.Text)
		}
	}
	return broken
}

func categories(password string) int {
	var upper, lower, digit, other, letter int
	for _, r := range password {
		switch {
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsLower(r):
			lower = 1
		case r >= '0' && r <= '9':
			digit = 1
		case unicode.IsLetter(r):
			letter = 1
		default:
			other = 1
		}
	}
	return upper + lower + digit + other + letter
}

// containsName follows MS-SAMR 3.1.1.7.2: the whole account name, and every
// part of the display name of three characters or more.
func containsName(password string, names []string) bool {
	password = strings.ToLower(password)
	for i, name := range names {
		parts := []string{name}
		if i > 0 {
			parts = strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(",.-_ #\t", r) })
		}
		for _, part := range parts {
			if len([]rune(part)) >= 3 && strings.Contains(password, strings.ToLower(part)) {
				return true
			}
		}
	}
	return false
}
