package plan_test

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"

	"ad-user-sync/import/plan"
	"ad-user-sync/schema"
)

// fieldsOf are the fields of a struct in the order in which they are written: once, Keep
// was the last of a change.
func fieldsOf(v reflect.Value) (list []int) {
	for i := range v.NumField() {
		list = append(list, i)
	}
	if _, change := v.Interface().(plan.Change); change {
		n := len(list)
		list[n-2], list[n-1] = n-1, n-2
	}
	return list
}

// wasRead reports whether a struct is an account of the observation: its values are
// listed also where there are none.
func wasRead(v reflect.Value) bool {
	a, account := v.Interface().(plan.Account)
	return account && !a.Created.IsZero()
}

// dump writes all of a value, what no JSON shows included, and follows pointers.
// Fields that hold nothing are left out, so that a new one changes nothing where
// it is not set.
func dump(value any) []byte { return dumpTo(nil, reflect.ValueOf(value)) }

func dumpTo(text []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return append(text, "nil"...)
		}
		if _, shared := v.Interface().(*plan.Person); shared || v.Elem().Kind() == reflect.Slice {
			return dumpTo(text, v.Elem()) // as if each had its own
		}
		return dumpTo(append(text, '&'), v.Elem())
	case reflect.Struct:
		if a, ok := v.Interface().(schema.Attributes); ok {
			values := map[string][]string{}
			for name, value := range a.All() {
				values[name] = value.List
			}
			return dumpTo(text, reflect.ValueOf(values))
		}
		if t, ok := v.Interface().(time.Time); ok {
			return t.UTC().AppendFormat(text, time.RFC3339Nano)
		}
		text = append(text, '{')
		for _, i := range fieldsOf(v) {
			if !v.Field(i).IsZero() || v.Type().Field(i).Name == "Values" && wasRead(v) {
				text = append(dumpTo(append(append(text, v.Type().Field(i).Name...), ':'), v.Field(i)), ' ')
			}
		}
		return append(text, '}')
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Array && v.Type().Elem().Kind() == reflect.Uint8 { // a GUID
			return fmt.Appendf(text, "%x", v.Interface())
		}
		text = append(text, '[')
		for i := range v.Len() {
			text = append(dumpTo(text, v.Index(i)), ',')
		}
		return append(text, ']')
	case reflect.Map:
		var entries []string
		for _, key := range v.MapKeys() {
			entries = append(entries, string(dumpTo(append(dumpTo(nil, key), ':'), v.MapIndex(key))))
		}
		slices.Sort(entries)
		for _, e := range entries {
			text = append(append(text, e...), ',')
		}
		return text
	case reflect.String:
		return strconv.AppendQuote(text, v.String())
	default:
		return fmt.Appendf(text, "%v", v.Interface())
	}
}
