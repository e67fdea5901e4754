package schema

import (
	"slices"
	"strconv"
	"strings"
)

// safeAttributes are imported where the configuration has no attributes.
var safeAttributes = []string{
	"c", "co", "company", "countryCode", "department", "description", "displayName", "employeeID", "employeeNumber",
	"employeeType", "facsimileTelephoneNumber", "givenName", "initials", "l", "mail", "mobile", "physicalDeliveryOfficeName",
	"postalCode", "preferredLanguage", "sn", "st", "streetAddress", "telephoneNumber", "title",
}

// SafeAttributes lists the attributes that are imported where the
// configuration names none, sorted.
func SafeAttributes() []string { return slices.Clone(safeAttributes) }

// CountryAttributes name one country together.
var CountryAttributes = []string{"c", "co", "countryCode"}

// Reference is an attribute whose values are other users of the user file:
// objectGUIDs there, DNs in the directory. Such attributes are written once
// everybody has an account.
type Reference struct {
	Attribute             string
	Article, Noun, Plural string // what people call whom it refers to
}

// References are the ones that cross from domain to domain.
var References = []Reference{
	{"assistant", "an", "assistant", "assistants"},
	{"manager", "a", "manager", "managers"},
	{"secretary", "a", "secretary", "secretaries"},
}

// ReferenceOf is what an attribute refers to; ok is false where it refers to no user.
func ReferenceOf(attribute string) (r Reference, ok bool) {
	i := slices.IndexFunc(References, func(r Reference) bool { return strings.EqualFold(r.Attribute, attribute) })
	if i < 0 {
		return r, false
	}
	return References[i], true
}

// IsReference reports whether the values of an attribute are users of the user file.
func IsReference(attribute string) bool {
	_, ok := ReferenceOf(attribute)
	return ok
}

// barredAttributes may be the target of no rule, by lower case, with the
// reason. The directory's own schema bars more at run time.
var barredAttributes = barred(map[string]string{
	"is set by the program itself": `cn name distinguishedName sAMAccountName userPrincipalName accountExpires
		userAccountControl objectGUID memberOf member unicodePwd pwdLastSet`,
	keptByDirectory: `objectSid objectCategory objectClass whenCreated whenChanged uSNCreated uSNChanged
		instanceType sAMAccountType primaryGroupID sIDHistory isCriticalSystemObject systemFlags showInAdvancedViewOnly
		isDeleted isRecycled lastKnownParent replPropertyMetaData dSCorePropagationData canonicalName structuralObjectClass
		allowedAttributes allowedAttributesEffective allowedChildClasses allowedChildClassesEffective nTSecurityDescriptor
		tokenGroups tokenGroupsGlobalAndUniversal tokenGroupsNoGCAcceptable badPasswordTime lockoutTime
		operatorCount codePage supplementalCredentials`,
	"decides what the account may do": `adminCount servicePrincipalName altSecurityIdentities userCertificate
		userCert userSMIMECertificate userPKCS12 userPassword dBCSPwd lmPwdHistory ntPwdHistory mS-DS-CreatorSID
		securityIdentifier groupType managedBy managedObjects directReports accountNameHistory`,
	"belongs to the logon (property set Logon-Information or Account-Restrictions)": `scriptPath profilePath homeDirectory homeDrive
		userParameters userWorkstations logonWorkstation logonHours badPwdCount lastLogon lastLogoff lastLogonTimestamp
		logonCount`,
	"belongs to the property set Remote-Access": `msNPAllowDialin msNPCallingStationID msNPSavedCallingStationID
		msRADIUSCallbackNumber msRADIUSFramedIPAddress msRADIUSFramedRoute msRADIUSServiceType msRASSavedCallbackNumber
		msRASSavedFramedIPAddress msRASSavedFramedRoute`,
	"gives an identity on Unix systems": `uidNumber gidNumber unixHomeDirectory loginShell`,
	"decides whose mail goes where, or opens a mailbox to others": `targetAddress proxyAddresses legacyExchangeDN altRecipient
		deliverAndRedirect publicDelegates authOrig unauthOrig dLMemSubmitPerms dLMemRejectPerms`,
})

const keptByDirectory = "is kept by the directory itself"

// KeptByDirectory reports whether the attribute is one that people never see.
func KeptByDirectory(name string) bool {
	return barredAttributes[strings.ToLower(name)] == keptByDirectory
}

func barred(lists map[string]string) map[string]string {
	all := map[string]string{}
	for why, names := range lists {
		for _, name := range strings.Fields(names) {
			all[strings.ToLower(name)] = why
		}
	}
	return all
}

// barredPrefixes are families of attributes, lower case.
var barredPrefixes = []string{"msds-", "mspki", "msexch", "ms-mcs", "mslaps", "msts", "msnp", "msradius", "msras"}

// BarredAttribute tells why no rule may write an attribute; "" where one may.
// The anchor attribute is barred, too, by whoever knows which it is.
func BarredAttribute(name string) (why string) {
	lower := strings.ToLower(name)
	if why := barredAttributes[lower]; why != "" {
		return why
	}
	if prefix := barredPrefix(lower); prefix != "" {
		return "is one of " + prefix + "*, which hold rights and secrets"
	}
	return ""
}

// MayHoldSecrets reports whether values of the attribute must not be shown.
func MayHoldSecrets(name string) bool { return barredPrefix(strings.ToLower(name)) != "" }

func barredPrefix(lower string) string {
	for _, prefix := range barredPrefixes {
		if strings.HasPrefix(lower, prefix) {
			return prefix
		}
	}
	return ""
}

// personalInformation are the attributes users may write themselves: members
// of the property sets Personal-Information and Web-Information, which SELF may
// write by default (MS-ADTS 3.1.1.2.3.3), lower case.
var personalInformation = strings.Fields(strings.ToLower(`assistant c facsimileTelephoneNumber homePhone homePostalAddress info
	internationalISDNNumber ipPhone l mobile mSMQDigests mSMQSignCertificates otherFacsimileTelephoneNumber otherHomePhone
	otherIpPhone otherMobile otherPager otherTelephone pager personalTitle physicalDeliveryOfficeName postalAddress postalCode
	postOfficeBox preferredDeliveryMethod primaryInternationalISDNNumber primaryTelexNumber publicDelegates registeredAddress
	st street streetAddress telephoneNumber teletexTerminalIdentifier telexNumber thumbnailPhoto userCert userCertificate
	userSharedFolder userSharedFolderOther userSMIMECertificate x121Address wWWHomePage url`))

// cloudExtensionAttribute is the family msDS-cloudExtensionAttribute1 to 20,
// members of Personal-Information.
const cloudExtensionAttribute = "msds-cloudextensionattribute"

// SelfWritable reports whether users may write the attribute of their own
// account by default, so that it proves nothing.
func SelfWritable(name string) bool {
	lower := strings.ToLower(name)
	if slices.Contains(personalInformation, lower) {
		return true
	}
	number, isCloud := strings.CutPrefix(lower, cloudExtensionAttribute)
	n, err := strconv.Atoi(number)
	return isCloud && err == nil && n >= 1 && n <= 20
}

// spokenFor are attributes that people or other programs read, beside the safe
// table, references and what is barred: an anchor in them would be taken for something else.
var spokenFor = strings.Fields(strings.ToLower(`thumbnailPhoto jpegPhoto photo thumbnailLogo audio comment notes
	displayNamePrintable generationQualifier middleName division departmentNumber roomNumber carLicense secretary
	employeeID employeeNumber employeeType uid otherMailbox mailNickname legacyExchangeDN homeMDB homeMTA
	textEncodedORAddress dNQualifier userClass uniqueIdentifier`))

// UnfitAnchor tells why an attribute cannot keep the source anchor; "" where
// it can, as far as that is known without the directory's schema.
func UnfitAnchor(name string) (why string) {
	taken := func(list []string) bool {
		return slices.ContainsFunc(list, func(other string) bool { return strings.EqualFold(other, name) })
	}
	switch why := BarredAttribute(name); {
	case SelfWritable(name):
		return "may be written by the users themselves, who could take another's identity"
	case why != "":
		return why
	case taken(safeAttributes), taken(spokenFor), IsReference(name):
		return "has a meaning of its own, and is read as that"
	}
	return ""
}
