package importer

import "fmt"

func (s *situation) reconcileJoins() {
	if n := s.record.ReconcileJoins(s.obs); n > 0 {
		s.notices = append(s.notices, fmt.Sprintf("from now on it is recorded who agrees that a person joins a guarded group; what is there already counts as agreed; memberships of guarded groups: %d", n))
	}
}
