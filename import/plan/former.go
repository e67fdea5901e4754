package plan

// former reports whether an account is one that the ledger knows by an anchor of the
// former domain, or that carried it when the ledger was lost. One that the file has as it is,
// is not; nor what anyone has written to an account that the ledger does not know.
func (l *ledger) former(a *account) bool {
	if l.in.Migrating.From == "" || a.Anchor.ObjectGUID == "" || a.Class != "user" {
		return false
	}
	known, ok := l.remembered(a)
	of := sameFold(a.Anchor.Domain, l.in.Migrating.From) || a.Anchor.Domain == "" && !l.present[a.Anchor.ObjectGUID] || l.reworded(a)
	return of && (ok && known.Anchor == a.Anchor.ObjectGUID || !ok && l.in.Memory.AnchoredBefore[a.GUID] == a.Anchor.ObjectGUID)
}

// reworded reports whether someone gave the anchor of a user of the former domain the name of
// another one: it is still theirs. That it was theirs the ledger knows; or, of the new domain,
// the file.
func (l *ledger) reworded(a *account) bool {
	source, guid := l.in.File.Source, a.Anchor.ObjectGUID
	if known, ok := l.remembered(a); ok && known.Anchor == guid && sameFold(known.Domain, l.in.Migrating.From) {
		return a.Anchor.Domain != "" && !sameFold(a.Anchor.Domain, l.in.Migrating.From) && !l.present[guid]
	}
	return source != nil && sameFold(a.Anchor.Domain, source.Domain) && l.formers[guid] && !l.present[guid]
}

func (l *ledger) listPresent() {
	if l.in.Migrating.From == "" {
		return
	}
	l.present, l.formers = map[string]bool{}, map[string]bool{}
	for i := range l.in.File.Users {
		l.present[l.in.File.Users[i].ObjectGUID] = true
	}
	if l.in.File.Migrated != nil {
		for i := range l.in.File.Migrated.Users {
			l.formers[l.in.File.Migrated.Users[i].Former] = true
		}
	}
}

func (r *roster) listMigrated() {
	r.migrated = map[string]*person{}
	if r.in.Migrating.From == "" || r.in.File.Migrated == nil {
		return
	}
	for i := range r.in.File.Migrated.Users {
		u := &r.in.File.Migrated.Users[i]
		if p := r.byAnchor[u.ObjectGUID]; p != nil {
			p.migrated, r.migrated[u.Former] = u, p
		}
	}
}
