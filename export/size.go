package export

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"ad-user-sync/schema"
	"ad-user-sync/schema/userfile"
)

// fileLimit is what an import takes; tests lower it.
var fileLimit int64 = userfile.MaxFile

var errTooLarge = errors.New("the user file would be larger than an import takes")

// limited passes on no more than an import would read.
type limited struct {
	w    io.Writer
	left int64
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= int64(len(p)); l.left < 0 {
		return 0, errTooLarge
	}
	return l.w.Write(p)
}

// tooMany doubts a user with more values than an import takes; "" where it does.
func tooMany(u schema.User) *doubt {
	name, n := "memberOf", len(u.MemberOf)
	for other, value := range u.Attributes.All() {
		if values := len(value.List); values > userfile.MaxValues && (n <= userfile.MaxValues || other < name) {
			name, n = other, values
		}
	}
	if n <= userfile.MaxValues {
		return nil
	}
	return &doubt{
		text: fmt.Sprintf("%s of %%s has %d values, and an import takes at most %d of one attribute", name, n, userfile.MaxValues),
		rule: fmt.Sprintf("%s has more than the %d values that an import takes", name, userfile.MaxValues),
		hint: fmt.Sprintf(`take %s out of "attributes" or "search_groups", or leave these users out by "exclude"`, name),
	}
}

// weigh notes what takes room in the file.
func (e *run) weigh(u schema.User) {
	for name, value := range u.Attributes.All() {
		for _, text := range value.List {
			n := int64(len(text))
			if value.Binary {
				n = (n + 2) / 3 * 4 // base64
			}
			e.weights[name] += n
		}
	}
}

// mostWeights are named where the file is too large.
const mostWeights = 3

// explain puts into words what made a file too large.
func (e *run) explain(err error) error {
	switch {
	case errors.Is(err, userfile.ErrFull):
		return fmt.Errorf("%w; that much is reached with %d users. Export fewer users, by several configurations, or take what is not needed out of \"attributes\"", err, e.result.Users)
	case !errors.Is(err, errTooLarge):
		return err
	}
	names := slices.SortedFunc(maps.Keys(e.weights), func(a, b string) int {
		return cmp.Or(cmp.Compare(e.weights[b], e.weights[a]), strings.Compare(a, b))
	})
	var largest []string
	for _, name := range names[:min(len(names), mostWeights)] {
		largest = append(largest, fmt.Sprintf("%s %s", name, mebibytes(e.weights[name])))
	}
	text := fmt.Sprintf("%s, which is %s; that much is reached with %d users", errTooLarge, mebibytes(fileLimit), e.result.Users)
	if len(largest) > 0 {
		text += fmt.Sprintf(`, of which the largest attributes are %s. Take %s out of "attributes", or export fewer users`, strings.Join(largest, ", "), names[0])
	} else {
		text += ". Export fewer users, by several configurations"
	}
	return errors.New(text)
}

func mebibytes(n int64) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }
