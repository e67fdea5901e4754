package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// What the rules of attributes make of the file's values.
func TestRulesValues(t *testing.T) {
	constant := "Partner Ltd"
	one := func(rule schema.AttributeRule) (*world, *schema.User, *plan.Account) {
		w := newWorld()
		u, a := w.both("Jane", "jane")
		w.cfg.Attributes = map[string]schema.AttributeRule{"department": rule}
		return w, u, a
	}
	t.Run("rule 35 a constant is written every time", func(t *testing.T) {
		w, _, a := one(schema.AttributeRule{Value: &constant})
		w.expect(t, "update Jane: differs [department >Partner Ltd]")
		a.Values.Set("department", schema.Value{List: []string{"by hand"}})
		w.expect(t, "update Jane: differs [department by hand>Partner Ltd]")
		a.Values.Set("department", schema.Value{List: []string{constant}})
		w.expect(t, "unchanged Jane")
		w.cfg.Attributes["department"] = schema.AttributeRule{Value: &constant, Keep: true}
		a.Values.Set("department", schema.Value{List: []string{"by hand"}})
		w.expect(t, "unchanged Jane")
	})
	t.Run("rule 35 a map", func(t *testing.T) {
		for from, want := range map[string][]string{
			"Vertrieb": {"update Jane: differs [department old>EXT Sales]"},
			"VERTRIEB": {"update Jane: differs [department old>EXT Sales]"},
			"Einkauf":  {"left out Jane: value not accepted", "unchanged Jane"},
			"intern":   {"update Jane: differs [department old>]"},
			"":         {"update Jane: differs [department old>]"},
		} {
			w, u, a := one(schema.AttributeRule{From: "ou", Map: map[string]string{"Vertrieb": "Sales", "intern": ""}, Prefix: "EXT "})
			a.Values.Set("department", schema.Value{List: []string{"old"}})
			u.Attributes.Set("ou", value(from))
			w.expect(t, want...)
		}
	})
	t.Run("rule 35 a prefix is put once", func(t *testing.T) {
		for from, want := range map[string]string{"IT": "EXT IT", "EXT IT": "EXT IT", "EXTRA": "EXT EXTRA"} {
			w, u, _ := one(schema.AttributeRule{Prefix: "EXT "})
			u.Attributes.Set("department", value(from))
			w.expect(t, "update Jane: differs [department >"+want+"]")
		}
	})
	t.Run("rule 35 a country", func(t *testing.T) {
		for from, want := range map[string]string{
			"DE": "c >DE, co >Germany, countryCode >276", "deu": "c >DE, co >Germany, countryCode >276", "Germany": "c >DE, co >Germany, countryCode >276",
			"276": "c >DE, co >Germany, countryCode >276", "UK": "c >GB, co >United Kingdom, countryCode >826", "40": "c >AT, co >Austria, countryCode >40",
			"Oz": "", "XX": "", "999": "", "0": "", "-1": "", "European Union": "", "None": "", "International": "",
		} {
			w := newWorld()
			u, _ := w.both("Jane", "jane")
			rule := schema.AttributeRule{From: "co", Country: true}
			w.cfg.Attributes = map[string]schema.AttributeRule{"c": rule, "co": rule, "countryCode": rule}
			w.schema = append(w.schema, plan.Attribute{Name: "countryCode", Single: true, Integer: 32, RangeUpper: 65535})
			u.Attributes.Set("co", value(from))
			if want == "" {
				w.expect(t, "left out Jane: value not accepted", "unchanged Jane")
				continue
			}
			w.expect(t, "update Jane: differs ["+want+"]")
		}
	})
	t.Run("rule 36 references", func(t *testing.T) {
		w := newWorld()
		jane, a := w.both("Jane", "jane")
		_, max := w.both("Max", "max")
		_, zoe := w.both("Zoe", "zoe")
		w.cfg.Attributes = map[string]schema.AttributeRule{"secretary": {}, "assistant": {}}
		w.schema = append(w.schema, plan.Attribute{Name: "secretary"}, plan.Attribute{Name: "assistant", Single: true})
		jane.Attributes.Set("secretary", value(anchor("zoe"), anchor("max"), anchor("no one"), anchor("max")))
		jane.Attributes.Set("assistant", value(anchor("zoe")))
		const others, all = "unchanged Zoe\nunchanged Max", "unchanged Zoe\nunchanged Max\nunchanged Jane"
		w.expect(t, "update Jane: differs [assistant >"+anchor("zoe")+"]", "update Jane: differs [secretary >"+anchor("zoe")+"|"+anchor("max")+"]", others)
		a.Values.Set("assistant", schema.Value{List: []string{zoe.DN}})
		a.Values.Set("secretary", schema.Value{List: []string{max.DN, zoe.DN}})
		w.expect(t, all)
		jane.Attributes.Set("secretary", value(anchor("zoe")))
		jane.Attributes.Set("assistant", value(anchor("zoe"), anchor("max")))
		w.expect(t, "update Jane: differs [secretary "+max.DN+"|"+zoe.DN+">"+anchor("zoe")+"]", "left out Jane: value not accepted", others)
		w.cfg.Attributes = map[string]schema.AttributeRule{"secretary": {Keep: true}}
		w.expect(t, all)
		a.Unread = map[string]bool{"secretary": true}
		a.Values.Delete("secretary")
		w.expect(t, all)
	})
}

func TestNoCountry(t *testing.T) {
	t.Run("rule 35 no country", func(t *testing.T) {
		for _, from := range []string{"n/a", "N.A.", "n / a", "-de-", "AN", "YU", "CS", "Serbia and Montenegro", "Netherlands Antilles", "530", "891"} {
			w := newWorld()
			u, _ := w.both("Jane", "jane")
			w.cfg.Attributes = map[string]schema.AttributeRule{"c": {From: "co", Country: true}}
			u.Attributes.Set("co", value(from))
			assert.Equal(t, []string{"left out Jane: value not accepted", "unchanged Jane"}, readable(w.plan()), from)
		}
	})
	t.Run("rule 35 a name with more than letters", func(t *testing.T) {
		w := newWorld()
		u, _ := w.both("Jane", "jane")
		w.cfg.Attributes = map[string]schema.AttributeRule{"c": {From: "co", Country: true}}
		u.Attributes.Set("co", value("Côte d'Ivoire"))
		w.expect(t, "update Jane: differs [c >CI]")
	})
}
