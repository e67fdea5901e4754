package importer

import (
	"fmt"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

func (s *situation) reconcileJoins() {
	if n := s.record.ReconcileJoins(s.obs); n > 0 {
		s.notices = append(s.notices, fmt.Sprintf("from now on it is recorded who agrees that a person joins a guarded group; what is there already counts as agreed; memberships of guarded groups: %d", n))
	}
}

// listAccepted tells who agreed to what was done, and who gave the account name that
// was written. Who was put out of a group was rejected, and is with the rejections.
func (im *Import) listAccepted(a plan.Action) {
	if a.NamedBy != "" {
		im.report.Accepted = append(im.report.Accepted, schema.Accepted{Type: string(plan.Name), User: a.Person.CN, By: a.NamedBy, Subject: subject(a.Person)})
	}
	if a.Answer == nil || !a.Answer.Accept || a.Then || a.Kind == plan.Rename { // a rename is the rest of a taking over
		return
	}
	accepted := schema.Accepted{Type: string(a.Kind), User: a.Person.CN, By: a.Answer.By, Subject: subject(a.Person)}
	if a.Group != nil {
		accepted.Group = a.Group.CN
	}
	im.report.Accepted = append(im.report.Accepted, accepted)
}
