package userfile

import (
	"fmt"
	"strings"

	"ad-user-sync/schema"
)

func (d *decoder) migrated(m *schema.Migrated) error {
	return d.members("migrated", func(key string) error {
		switch key {
		case "from":
			return d.nameText("migrated.from", &m.From)
		case "file":
			return d.nameText("migrated.file", &m.File)
		case "users":
			return d.list("migrated.users", func(i int) error {
				if i >= MaxUsers {
					return d.in.Stop(fmt.Sprintf("migrated.users has more than %d entries", MaxUsers))
				}
				var u schema.MigratedUser
				err := d.migratedUser(&u)
				m.Users = append(m.Users, u)
				return err
			})
		}
		return d.unknown("migrated." + key)
	})
}

func (d *decoder) migratedUser(u *schema.MigratedUser) error {
	return d.members("migrated.users", func(key string) error {
		to := map[string]*string{"objectGUID": &u.ObjectGUID, "former": &u.Former}[key]
		switch {
		case key == "by":
			return d.nameText("migrated.users.by", &u.By)
		case to == nil:
			return d.unknown("migrated.users." + key)
		}
		var text string
		faults := len(d.faults)
		if err := d.nameText("migrated.users."+key, &text); err != nil || len(d.faults) > faults {
			return err
		}
		return d.guid("migrated.users."+key, text, to)
	})
}

// checkMigrated wants users of the file, and each of them and each of the former ones
// once.
func (d *decoder) checkMigrated() error {
	m := d.file.Migrated
	switch {
	case m == nil || len(d.faults) > 0:
		return nil
	case d.file.Source == nil || !d.file.Anchored():
		return d.faultAt(0, "it says who comes from another domain, but has no source and objectGUIDs")
	case m.From == "" || strings.EqualFold(m.From, d.file.Source.Domain):
		return d.faultAt(0, "migrated.from %s is not another domain than its own", schema.Quoted(m.From))
	}
	there, former := make(map[string]bool, len(d.file.Users)), make(map[string]bool, len(m.Users))
	for i := range d.file.Users {
		there[d.file.Users[i].ObjectGUID] = true
	}
	for _, u := range m.Users {
		fault := ""
		switch {
		case u.By != schema.BySIDHistory && u.By != schema.ByEmployeeID:
			fault = fmt.Sprintf("by is %s, and may be %s or %s", schema.Quoted(u.By), schema.BySIDHistory, schema.ByEmployeeID)
		case u.Former == "" || former[u.Former]:
			fault = fmt.Sprintf("former %s is missing, or there twice", schema.Quoted(u.Former))
		case !there[u.ObjectGUID]:
			fault = fmt.Sprintf("objectGUID %s is no user of the file, or there twice", schema.Quoted(u.ObjectGUID))
		}
		if fault != "" {
			return d.faultAt(0, "migrated.users: %s", fault)
		}
		delete(there, u.ObjectGUID)
		former[u.Former] = true
	}
	return nil
}
