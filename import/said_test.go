package importer

import (
	"reflect"

	"ad-user-sync/schema"
)

// said leaves of entries of a report what older programs read: no codes, and people
// by their common names.
func said[T any](list []T) []T {
	list = append([]T{}, list...)
	for i := range list {
		entry := reflect.ValueOf(&list[i]).Elem()
		entry.FieldByName("Subject").SetZero()
		if cause := entry.FieldByName("Cause"); cause.IsValid() {
			own := *cause.Interface().(*schema.Cause)
			cause.Set(reflect.ValueOf(&own))
		}
		if code := entry.FieldByName("Code"); code.IsValid() {
			code.SetString("")
		}
	}
	return list
}
