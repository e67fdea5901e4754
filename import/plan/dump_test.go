package plan_test

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"
)

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
		return dumpTo(append(text, '&'), v.Elem())
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			return t.UTC().AppendFormat(text, time.RFC3339Nano)
		}
		text = append(text, '{')
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
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
