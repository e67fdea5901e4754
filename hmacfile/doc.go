// Package hmacfile turns bytes into trusted bytes: it reads and writes files
// that end with an HMAC trailer. What the bytes mean is none of its business.
//
// A sealed file is
//
//	<body> LF <hex>
//
// where hex is HMAC-SHA256 over the bytes of body: 64 hexadecimal digits, lower
// case. Nothing is written after it. When reading, spaces, tabs, CR and LF may
// follow.
//
// A file has a trailer exactly when, after these are cut off its end, its last
// 64 bytes are hexadecimal digits of either case and the byte before them is
// LF. Digits in upper case are a trailer that never matches, so that no byte
// of a sealed file can change unnoticed.
//
// Files of an older tool on Windows have CRLF line ends and may be in
// Windows-1252, while their MAC was taken over the same text with LF in UTF-8.
// OpenFile tries the exact bytes first, then CRLF as LF, then, only where the bytes
// are no valid UTF-8, both again in the Windows-1252 reading, and hands on the
// form that the MAC proves. Nothing is parsed before.
//
// A file is read in pieces, more than once: first all of it, then for the MAC, then
// for who wants its content. The first time a digest of each piece is kept; a piece
// that has another one later is not handed on, so that a file that is written to
// meanwhile is refused. Memory takes 32 bytes for each 64 KiB.
//
// A file that was saved again as UTF-16, with a byte order mark, or with a
// Ctrl-Z at its end is refused by that name, signed or not.
//
// The MAC is shared: who can check a file can make one. The content stays
// readable to everybody.
package hmacfile
