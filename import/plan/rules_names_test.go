package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// What names may look like.
func TestRulesNames(t *testing.T) {
	t.Run("rule 17 odd common names", func(t *testing.T) {
		for cn, want := range map[string]string{
			"Doe, Jane": "Doe, Jane", " Jane\u200b\u202e Doe\t": "Jane Doe", "Cafe\u0301": "Café",
			"\u200b": "odd", "漢字 😀": "漢字 😀", `a\b"c<d>;e=f#+`: `a\b"c<d>;e=f#+`,
			"0123456789012345678901234567890123456789012345678901234567890123456789": "0123456789012345678901234567890123456789012345678901234567890123",
		} {
			w := newWorld()
			w.user(cn, "odd")
			p := w.plan()
			if assert.Len(t, p.Actions, 1, "%q %v", cn, readable(p)) {
				assert.Equal(t, want, p.Actions[0].Person.CN)
			}
		}
	})
	t.Run("rule 17 a prefix is put once", func(t *testing.T) {
		for from, want := range map[string]string{"Jane": "EXT Jane", "EXT Jane": "EXT Jane", "EXTRA": "EXT EXTRA", " EXT\u00a0Jane": "EXT Jane"} {
			w := newWorld()
			w.cfg.PrefixCommonNames = "EXT "
			w.user(from, "jane")
			assert.Equal(t, want, w.plan().Actions[0].Person.CN, from)
		}
	})
	t.Run("rule 17 nobody is called by the prefix alone", func(t *testing.T) {
		w := newWorld()
		w.cfg.PrefixCommonNames, w.cfg.AccountNamePattern = "EXT ", "."
		w.user("\u200b\u202e", "odd")
		w.expect(t, "create EXT odd: new", "enable? EXT odd: new")
		w = newWorld()
		w.cfg.PrefixCommonNames, w.cfg.AccountNamePattern = "EXT ", "."
		w.user("\u200b", "\u200b")
		w.keep(plan.Name, w.users[0], func(r *schema.Resolution) { r.Accept, r.NewName = true, "odd" })
		w.expect(t, "failed : namesake")
	})
	t.Run("rule 17 account names", func(t *testing.T) {
		for name, taken := range map[string]bool{"jane": false, "j.doe-2_x": false, "root": true, "System": true, "ADMINISTRATOR": true, "guest": true,
			"krbtgt": true, "Everyone": true, "plant": true, "jane$": true, "jané": true, "-jane": true, "jane.": true, "pc1": true,
			"averyveryveryverylong": true} {
			w := newWorld()
			w.outside("PC1", "PC1$").Class = "computer"
			w.user("Jane", name)
			p := w.plan()
			assert.Equal(t, taken, len(p.Actions) == 0, "%s: %v", name, readable(p))
			assert.Equal(t, taken, p.Questions[0].Kind == plan.Name, name)
		}
	})
	t.Run("rule 17 names collide as in a directory", func(t *testing.T) {
		for held, wanted := range map[string]string{"jose": "José", "bjorn": "bjørn", "anna": "ＡＮＮＡ"} {
			w := newWorld()
			w.cfg.AccountNamePattern = "."
			w.outside("Somebody", held)
			w.user("Jane", wanted)
			w.expect(t, "name? Jane: name taken")
		}
	})
}
