package plan

import (
	"encoding/binary"
	"encoding/json"
	"strconv"
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

// appendText is one string.
func appendText(b []byte, text string) []byte {
	if !plain(text) {
		quoted, err := json.Marshal(text)
		if err != nil { // not reachable: text only
			panic(err)
		}
		return append(b, quoted...)
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}

// Eight bytes that are looked at together.
const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// plain reports whether a text is of ASCII, and has nothing that encoding/json escapes.
func plain(text string) bool {
	for ; len(text) >= 8; text = text[8:] {
		if special(binary.LittleEndian.Uint64([]byte(text[:8]))) {
			return false
		}
	}
	var rest [8]byte
	for i := range rest {
		rest[i] = ' '
	}
	copy(rest[:], text)
	return !special(binary.LittleEndian.Uint64(rest[:]))
}

// special reports whether one of eight bytes is a control character, beyond ASCII, or one
// of "\<>&. A subtraction reaches below zero in the lowest byte that is one, if any.
func special(bytes uint64) bool {
	found := bytes | (bytes - ' '*ones)
	for _, c := range [...]uint64{'"', '\\', '<', '>', '&'} {
		found |= (bytes ^ c*ones) - ones
	}
	return found&highs != 0
}
