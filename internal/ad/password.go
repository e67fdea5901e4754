package ad

import (
	"encoding/binary"
	"unicode/utf16"
)

// PasswordValue is a password as unicodePwd takes it: in quotation marks, in
// UTF-16LE (MS-ADTS 3.1.1.3.1.5.1).
func PasswordValue(password string) []byte {
	var value []byte
	for _, unit := range utf16.Encode([]rune(`"` + password + `"`)) {
		value = binary.LittleEndian.AppendUint16(value, unit)
	}
	return value
}
