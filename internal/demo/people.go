package demo

import "strings"

// person is a user of the source domain.
type person struct {
	account, given, surname string
	cn                      string // "": given name and surname
	department, title       string
	manager                 string // account name
	groups                  string // separated by blanks; "": not exported
	works                   bool   // in OU=Works, not OU=Office
	disabled                bool
}

func (p person) name() string {
	if p.cn != "" {
		return p.cn
	}
	return p.given + " " + p.surname
}

// mail has a Latin letter where the account name has a Cyrillic one.
func (p person) mail() string { return strings.ReplaceAll(p.account, "а", "a") + "@corp.example" }

// people of corp.example; those with groups are exported.
var people = []person{
	// Nothing special, but for names that are not ASCII.
	{account: "jdoe", given: "Jane", surname: "Doe", department: "Control room", title: "Head of Control Room", groups: "t-Viewers t-Operators"},
	{account: "jmueller", given: "Jörg", surname: "Müller", cn: "Müller, Jörg", department: "Control room", title: "Operator", manager: "jdoe", groups: "t-Operators"},
	{account: "tyamada", given: "太郎", surname: "山田", cn: "山田 太郎", department: "Quality", title: "Inspector", manager: "jdoe", groups: "t-Viewers"},
	{account: "zangstrom", given: "Zoë", surname: "Ångström", department: "Quality", title: "Inspector", groups: "t-Viewers"},
	{account: "okoval", given: "Олена", surname: "Коваль", cn: "Олена Коваль", department: "Quality", title: "Analyst", manager: "tyamada", groups: "t-Viewers"},
	// Two people with one name.
	{account: "dsmith", given: "David", surname: "Smith", department: "Finance", title: "Controller", groups: "t-Viewers"},
	{account: "dsmith2", given: "David", surname: "Smith", department: "Maintenance", title: "Electrician", groups: "t-Viewers", works: true},
	// Who is changed in the source after a week.
	{account: "akowalska", given: "Anna", surname: "Kowalska", department: "Logistics", title: "Planner", manager: "jdoe", groups: "t-Viewers"},
	{account: "jkim", given: "Ji-woo", surname: "Kim", cn: "Kim Ji-woo", department: "Logistics", title: "Planner", manager: "akowalska", groups: "t-Viewers"},
	{account: "jkim2", given: "Ji-won", surname: "Kim", cn: "Kim Ji-won", department: "Finance", title: "Accountant", groups: "t-Viewers"},
	{account: "sobrien", given: "Sinéad", surname: "O'Brien", department: "Legal", title: "Counsel", groups: "t-Viewers"},
	{account: "rsilva", given: "Rafael", surname: "Silva", department: "Maintenance", title: "Fitter", manager: "jdoe", groups: "t-Operators", works: true},
	{account: "loliveira", given: "Lucas", surname: "Oliveira", department: "Maintenance", title: "Contractor", groups: "t-Viewers", works: true},
	// Whose account is touched by hand in the target.
	{account: "aoyelaran", given: "Adébáyọ̀", surname: "Oyelaran", department: "Control room", title: "Operator", manager: "jdoe", groups: "t-Viewers", works: true},
	{account: "lhaddad", given: "ليلى", surname: "حداد", cn: "ليلى حداد", department: "Quality", title: "Auditor", manager: "tyamada", groups: "t-Viewers"},
	{account: "tnguyen", given: "Lan", surname: "Nguyễn", cn: "Nguyễn Thị Lan", department: "Logistics", title: "Dispatcher", groups: "t-Viewers"},
	// Who asks for more than everybody gets.
	{account: "kmensah", given: "Kofi", surname: "Mensah", department: "Control room", title: "Shift Lead", manager: "jdoe", groups: "t-ShiftLeads t-Viewers", works: true},
	{account: "praman", given: "Priya", surname: "Raman", department: "IT", title: "Systems Engineer", groups: "t-Administrators"},
	// Who cannot have the name that they have in the source.
	{account: "tbecker", given: "Thomas", surname: "Becker", department: "Finance", title: "Accountant", manager: "dsmith", groups: "t-Viewers"},
	{account: "mbianchi", given: "Mario", surname: "Bianchi", department: "IT", title: "Network Engineer", groups: "t-Viewers"},
	{account: "аbauer", given: "Anton", surname: "Bauer", department: "Legal", title: "Clerk", groups: "t-Viewers"}, // the first letter is Cyrillic
	{account: "mblack", given: "Mallory", surname: "Black", cn: "Mallory \u202EkcalB", department: "Sales", title: "Consultant", groups: "t-Viewers"},
	// Who have an account in the managed container before the first import.
	{account: "pwisniewski", given: "Piotr", surname: "Wiśniewski", department: "Maintenance", title: "Mechanic", manager: "jdoe", groups: "t-Operators", works: true},
	{account: "hvirtanen", given: "Hanna", surname: "Virtanen", department: "Sales", title: "Account Manager", groups: "t-Viewers"},
	{account: "elund", given: "Erik", surname: "Lund", department: "IT", title: "Head of IT", groups: "t-Viewers"},
	// Who has none, since the source says so.
	{account: "gholm", given: "Greta", surname: "Holm", department: "Finance", title: "Accountant", manager: "dsmith", groups: "t-Viewers", disabled: true},
	// Who is none of plant's business.
	{account: "canteen", given: "Nina", surname: "Keller", department: "Canteen", title: "Cook"},
	{account: "board", given: "Ada", surname: "Okonkwo", department: "Management", title: "Managing Director"},
}

// Who joins corp while the story goes on.
var (
	newcomer = person{account: "aokafor", given: "Amara", surname: "Okafor", department: "Control room", title: "Operator", manager: "jdoe", groups: "t-Operators"}
	trainer  = person{account: "imarin", given: "Ivo", surname: "Marin", department: "Sales", title: "Trainer", groups: "t-Viewers"}
)
