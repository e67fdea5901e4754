package plan

// closing is what is said of all that was decided, and what becomes of answers.
type closing struct {
	*facts
	draft   *draft
	owners  *owners
	naming  *naming
	leaving *leaving
}

func conclude(decided *deciding) *closing {
	l := decided.leaving
	m := &closing{facts: l.facts, draft: l.draft, owners: l.owners, naming: l.naming, leaving: l}
	m.waitForMigration()
	m.showQuestions()
	m.linkQuestions()
	m.listManaged()
	m.letGoSources()
	m.reportRest()
	m.noticeUnused()
	m.noticePrefix()
	m.noticeUnusedSources()
	m.noticeMissing()
	m.draft.noticeConcerned()
	m.rememberAsked()
	m.holdRejections()
	m.finishAnswers()
	m.noticeLapsed()
	m.holdBack()
	m.offer()
	return m
}

// linkQuestions tells of each action which question it comes from.
func (m *closing) linkQuestions() {
	for i := range m.draft.plan.Actions {
		if a := &m.draft.plan.Actions[i]; a.Answer != nil {
			a.Question = a.Answer.ID
		}
	}
}
