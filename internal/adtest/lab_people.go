package adtest

// person is one of the source domain's sample people.
type person struct {
	account, given, surname, department, title, manager string
	cn                                                  string // "": given name and surname
	groups                                              string // of OU=Groups, separated by blanks
	extra                                               string // further LDIF lines
}

// Values of attributes in person.extra.
const (
	disabled  = "userAccountControl: 514\n"
	expired   = "accountExpires: 133170048000000000\n" // 2023-01-01
	expiring  = "accountExpires: 143184672000000000\n" // 2054-09-26
	withPhoto = "thumbnailPhoto:: {{photo}}\n"
)

var people = []person{
	{account: "jdoe", given: "Jane", surname: "Doe", department: "Engineering", title: "Head of Engineering", groups: "t-Administrators t-Editors", extra: withPhoto},
	{account: "doe.j", given: "Jane", surname: "Doe", cn: "Doe, Jane", department: "Sales", title: "Account Manager", manager: "kweber", groups: "t-Viewers"},
	{account: "jmueller", given: "Jürgen", surname: "Müller", department: "Engineering", title: "Engineer", manager: "jdoe", groups: "t-Editors"},
	{account: "jmuller", given: "Jurgen", surname: "Muller", department: "Engineering", title: "Technician", manager: "jdoe", groups: "t-Viewers"},
	{account: "kweber", given: "Katharina", surname: "Weber", department: "Sales", title: "Head of Sales", manager: "boss", groups: "t-Editors t-Viewers"},
	{account: "boss", given: "Ada", surname: "Okonkwo", department: "Management", title: "Managing Director", groups: "t-Viewers"},
	{account: "ssharma", given: "Sunita", surname: "Sharma", department: "Engineering", title: "Engineer", manager: "jdoe", groups: "t-Editors"},
	{account: "wli", given: "伟", surname: "李", cn: "李伟", department: "Engineering", title: "工程师", manager: "jdoe", groups: "t-Viewers"},
	{account: "ytanaka", given: "陽子", surname: "田中", cn: "田中 陽子", department: "Quality", title: "Inspector", manager: "boss", groups: "t-Viewers"},
	{account: "bsoerensen", given: "Bjørn", surname: "Sørensen", department: "Logistics", title: "Planner", manager: "boss", groups: "t-Viewers"},
	{account: "lstrauss", given: "Lena", surname: "Strauß", department: "Logistics", title: "Head of Logistics", manager: "boss", groups: "t-Editors"},
	{account: "obrien", given: "Siobhán", surname: "O'Brien", department: "Legal", title: "Counsel", manager: "boss", groups: "t-Viewers"},
	{account: "rdupont", given: "René", surname: "Dupont", department: "Quality", title: "Head of Quality", manager: "boss", groups: "t-Editors"},
	{account: "pnowak", given: "Paweł", surname: "Nowak", department: "Maintenance", title: "Electrician", manager: "lstrauss", groups: "t-Viewers"},
	{account: "iivanov", given: "Иван", surname: "Иванов", department: "Maintenance", title: "Mechanic", manager: "lstrauss", groups: "t-Viewers"},
	{account: "gparty", given: "Gone", surname: "Party", department: "Sales", title: "Sales Representative", manager: "kweber", groups: "t-Viewers", extra: disabled},
	{account: "eold", given: "Ernst", surname: "Alt", department: "Sales", title: "Consultant", manager: "kweber", groups: "t-Viewers", extra: expired},
	{account: "mtemp", given: "Mia", surname: "Temp", department: "Sales", title: "Intern", manager: "kweber", groups: "t-Viewers", extra: expiring},
	{account: "ops1", given: "Omar", surname: "Haddad", department: "Operations", title: "Operator", manager: "jdoe", groups: "t-Operators"},
	{account: "ops2", given: "Olga", surname: "Petrova", department: "Operations", title: "Operator", manager: "jdoe", groups: "t-Operators"},
	{account: "a.very.long.name.20c", given: "Maximiliane-Alexandra", surname: "von und zu Hohenstein-Wittelsbach", department: "Legal", title: "Clerk", manager: "obrien", groups: "t-Viewers"},
	{account: "cplus", given: "Connor", surname: "Plus", cn: `Plus+Minus "Connor" <x>; \ #1`, department: "R&D / Lab = 1", title: "Researcher", manager: "jdoe", groups: "t-Viewers"},
	{account: "nomail", given: "Noah", surname: "Schmidt", department: "Maintenance", title: "Fitter", groups: "t-Viewers"},
	{account: "ngroup", given: "Nina", surname: "Keller", department: "Canteen", title: "Cook", manager: "boss"},
	{account: "zoé", given: "Zoé", surname: "Łęcka", department: "Quality", title: "Inspector", manager: "rdupont", groups: "t-Viewers t-Editors"},
}
