package schema

// Notify says who is told of what by mail.
type Notify struct {
	Server       string   `json:"server"`   // host, or host:port
	Security     string   `json:"security"` // "starttls" or "tls"
	CAFile       string   `json:"ca_file"`
	Username     string   `json:"username"`
	PasswordFile string   `json:"password_file"`
	From         string   `json:"from"`
	To           []string `json:"to"`
	Names        bool     `json:"names"` // people are named in the text

	Questions bool `json:"questions"`
	Limit     bool `json:"limit"`
	File      bool `json:"file"`
	Failed    bool `json:"failed"`
	Leases    bool `json:"leases"`
	Well      bool `json:"well"`
	Weekly    bool `json:"weekly"`
}
