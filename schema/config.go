package schema

// ExportConfig is the configuration of the source side, with defaults filled
// in and paths made absolute. The keys are documented in
// export_config.schema.json.
type ExportConfig struct {
	ExportFile   string              `json:"export_file"` // "": stdout
	UserPath     string              `json:"user_path"`
	GroupPath    string              `json:"group_path"`
	SearchGroups []string            `json:"search_groups"`
	NestedGroups bool                `json:"nested_groups"`
	Queries      []Query             `json:"queries"`
	Exclude      map[string][]string `json:"exclude"`
	Attributes   []string            `json:"attributes"`
	SourceAnchor bool                `json:"source_anchor"`
	HMAC         *Secret             `json:"hmac"` // nil: not given
	HMACFile     string              `json:"hmac_file"`
	Directory    *Directory          `json:"directory"` // nil: from the DNs
	Log
}

// Keys are the one that the configuration has, or none.
func (c *ExportConfig) Keys() []Secret {
	if c.HMAC == nil {
		return nil
	}
	return []Secret{*c.HMAC}
}

// Query is one search for users.
type Query struct {
	Base   string `json:"base"`
	Scope  string `json:"scope"`  // "subtree", "onelevel" or "base"
	Filter string `json:"filter"` // "" for all users
}

// ImportConfig is the configuration of the target side, with defaults filled
// in and paths made absolute. The keys are documented in
// import_config.schema.json.
type ImportConfig struct {
	InputFile                 string                   `json:"input_file"`
	ManagedUserPath           string                   `json:"managed_user_path"`
	GroupPath                 string                   `json:"group_path"`
	GroupMap                  map[string]OneOrMore     `json:"group_map"`
	RestrictedGroups          []string                 `json:"restricted_groups"`
	PrefixCommonNames         string                   `json:"prefix_common_names"`
	ExpirationTime            *Period                  `json:"expiration_time"` // nil: never touched
	TimeZone                  TimeZone                 `json:"time_zone"`
	ExpirationRefresh         Period                   `json:"expiration_refresh"`
	SourceExpiry              string                   `json:"source_expiry"` // "cap" or "ignore"
	UsersCanNotChangePassword bool                     `json:"users_can_not_change_password"`
	UsersMustChangePassword   bool                     `json:"users_must_change_password"`
	ResolutionsFile           string                   `json:"resolutions_file"`
	Attributes                map[string]AttributeRule `json:"attributes"` // the safe table where not given
	UPN                       UPN                      `json:"upn"`
	Names                     Names                    `json:"names"`
	AnchorAttribute           string                   `json:"anchor_attribute"` // "": match by CN
	Match                     *Match                   `json:"match"`            // nil: none
	Observe                   *Observe                 `json:"observe"`          // nil: an import writes
	Approve                   Approve                  `json:"approve"`
	Limits                    map[string]Limit         `json:"limits"` // every kind, defaults filled in
	AccountNamePattern        string                   `json:"account_name_pattern"`
	MailDomains               []string                 `json:"mail_domains"`
	Expect                    Expect                   `json:"expect"`
	AcceptFromFile            bool                     `json:"accept_from_file"`
	MaxAge                    *Period                  `json:"max_age"`      // nil: no limit
	ExpectEvery               *Period                  `json:"expect_every"` // nil: a file is never overdue
	Notify                    *Notify                  `json:"notify"`       // nil: no one is told
	OnFinish                  []string                 `json:"on_finish"`    // a program and its arguments; nil: none
	ReportDir                 string                   `json:"report_dir"`
	ReportDays                int                      `json:"report_days"`
	HMAC                      []Secret                 `json:"hmac"` // nil: not given; several for rotation
	HMACFile                  string                   `json:"hmac_file"`
	Directory                 *Directory               `json:"directory"`          // nil: from the DNs
	ApprovalDirectory         *Directory               `json:"approval_directory"` // nil: as directory
	Session
	Log
}

// OneOrMore is a list that may be written as a single string.
type OneOrMore []string

// AttributeRule says how an attribute of the target gets its value.
type AttributeRule struct {
	From     string            `json:"from"`      // attribute of the user file; "": the same name
	Template string            `json:"template"`  // in place of From; "": none
	Map      map[string]string `json:"map"`       // value of the file to the one that is written; nil: as it is
	Country  bool              `json:"country"`   // of CountryAttributes: made of one value, which names a country
	Prefix   string            `json:"prefix"`    // unless the value has it already
	Value    *string           `json:"value"`     // a constant
	OnCreate *string           `json:"on_create"` // a constant, written at create only
	Keep     bool              `json:"keep"`      // written only while the target has no value
}

// UPN says where userPrincipalName comes from: "<account name>@<Suffix>" or
// the file.
type UPN struct {
	Suffix   string `json:"suffix"` // "": the target domain's DNS name
	FromFile bool   `json:"from_file"`
}

// Names are the templates of names (package template), "" where the user file
// says them. An account name and a UPN are made with the account, and stay.
type Names struct {
	AccountName string `json:"account_name"`
	UPN         string `json:"upn"` // what is before the @
	CommonName  string `json:"common_name"`
	SelfWritten bool   `json:"self_written"` // fields that users may write themselves decide names, too
}

// Approve lists what is asked beyond what is always asked.
type Approve struct {
	Disable bool `json:"disable"`
	Leave   bool `json:"leave"`
}

// Limit trips when Count and Percent are both exceeded, or Max
// alone. A nil limit is not looked at.
type Limit struct {
	Count   *int `json:"count"`
	Percent *int `json:"percent"`
	Max     *int `json:"max"`
}

// Expect pins where files must come from, instead of trusting the first.
type Expect struct {
	Domain       string `json:"domain"`
	Scope        string `json:"scope"`
	MigratedFrom string `json:"migrated_from"` // former domain, whose files are accepted until a person agreed to the new one
}

// Session configures the approval session.
type Session struct {
	Port                    int    `json:"port"`               // 0: a random one
	HeartbeatInterval       int    `json:"heartbeat_interval"` // seconds
	TerminateOnBrowserClose bool   `json:"terminate_on_browser_close"`
	PasswordWordlist        string `json:"password_wordlist"` // "" or "en", "eff", "de", or a file
	PasswordWordCount       int    `json:"password_word_count"`
	PasswordSuffix          string `json:"password_suffix"`
	LetterTemplate          string `json:"letter_template"` // "", "en", "de", or a file
}

// LetterFile is the template of letters where it is a file, and "" where it is built in.
func (s Session) LetterFile() string {
	if s.LetterTemplate == "en" || s.LetterTemplate == "de" {
		return ""
	}
	return s.LetterTemplate
}

// WordFile is the list of words where it is a file, and "" where it is built in.
func (s Session) WordFile() string {
	switch s.PasswordWordlist {
	case "en", "eff", "de":
		return ""
	}
	return s.PasswordWordlist
}

// Directory says how to reach and bind to a domain.
type Directory struct {
	Domain       string   `json:"domain"`
	Servers      []string `json:"servers"`
	Security     string   `json:"security"` // "", "ldaps", "starttls", "seal", "insecure-plaintext"
	CAFile       string   `json:"ca_file"`
	Auth         string   `json:"auth"` // "", "simple", "kerberos", "integrated"
	Username     string   `json:"username"`
	Password     *Secret  `json:"-"` // from the environment or a prompt, never from the configuration
	PasswordFile string   `json:"password_file"`
	Keytab       string   `json:"keytab"`
	CCache       string   `json:"ccache"`
	KRB5Conf     string   `json:"krb5_conf"`
	PageSize     int      `json:"page_size"`
	Timeout      Period   `json:"timeout"`
}

// Log configures logging.
type Log struct {
	LogFile        string `json:"log_file"`
	LogLevel       string `json:"log_level"`
	LogMaxBytes    int    `json:"log_max_bytes"`
	LogBackupCount int    `json:"log_backup_count"`
	LogWindows     bool   `json:"log_windows"`
}

// DefaultAnchorAttribute keeps the source anchor where the configuration names
// no other.
const DefaultAnchorAttribute = "adminDescription"

// Secret is a password or key. It prints as stars, in logs and in JSON, too.
type Secret string

const Stars = "********"

// String hides the secret.
func (Secret) String() string { return Stars }

// GoString hides the secret from %#v.
func (Secret) GoString() string { return Stars }

// MarshalText hides the secret from encoders.
func (Secret) MarshalText() ([]byte, error) { return []byte(Stars), nil }

// Reveal returns the secret itself, for the one place that needs it.
func (s Secret) Reveal() string { return string(s) }
