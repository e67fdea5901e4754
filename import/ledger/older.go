package ledger

import "ad-user-sync/import/plan"

// codesSince is the first version of the ledger whose reasons are codes. Those
// before held sentences.
const codesSince = 3

// sentences are all that an older ledger may hold.
var sentences = map[plan.Reason]plan.Reason{
	"missing in file":    plan.MissingInFile,
	"disabled in source": plan.DisabledInSource,
	"taken over":         plan.TakenOver,
}

// speakCodes puts codes for the sentences. One that is not known stays, and counts
// as every other reason of this program.
func (l *Ledger) speakCodes() {
	for _, r := range l.Containers {
		for guid, known := range r.Accounts {
			for _, why := range []*plan.Reason{&known.DisabledFor, &known.MeantDisable} {
				if code, ok := sentences[*why]; ok {
					*why = code
				}
			}
			r.Accounts[guid] = known
		}
	}
}
