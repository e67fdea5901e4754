package plan

import (
	"encoding/json"
	"strconv"
	"strings"
)

// appendJSON writes what encoding/json would. There are several digests for each person
// of a first run.
func (d digested) appendJSON(b []byte) []byte {
	b = append(b, `{"version":`...)
	b = strconv.AppendInt(b, int64(d.Version), 10)
	b = appendText(append(b, `,"kind":`...), string(d.Kind))
	b = appendText(append(b, `,"container":`...), d.Container)
	b = appendText(append(b, `,"target":`...), d.Target)
	b = append(b, `,"fields":`...)
	if d.Fields == nil {
		return append(b, "null}"...)
	}
	b = append(b, '[')
	for i := range d.Fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = d.Fields[i].appendJSON(b)
	}
	return append(b, "]}"...)
}

func (f *fieldValue) appendJSON(b []byte) []byte {
	b = appendText(append(b, `{"name":`...), f.Name)
	if len(f.Before) > 0 {
		b = appendTexts(append(b, `,"before":`...), f.Before)
	}
	b = appendTexts(append(b, `,"after":`...), f.After)
	return append(b, '}')
}

func appendTexts(b []byte, texts []string) []byte {
	if texts == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i, text := range texts {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, text)
	}
	return append(b, ']')
}

// escaped are the bytes that a text of JSON may not have as they are, and those of
// characters beyond ASCII.
var escaped = func() (list [256]bool) {
	for c := range list {
		list[c] = c < ' ' || c >= 0x80 || strings.IndexByte(`"\<>&`, byte(c)) >= 0
	}
	return list
}()

func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if escaped[text[i]] {
			quoted, err := json.Marshal(text)
			if err != nil { // not reachable: text only
				panic(err)
			}
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}
