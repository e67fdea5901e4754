package main

import (
	"os"
	"runtime/debug"
)

// importMemory has garbage collected before memory grows beyond what an import of so many
// people keeps, and of a thousand at least. A session keeps all that it showed, so that it
// would collect garbage all the time: a person waits for it, and it has no limit. GOMEMLIMIT of the environment says otherwise.
func importMemory(people int, session bool) {
	const program, each, least = 14 << 20, 7400, 1000 // bytes; what is mapped of the program itself is not counted
	if os.Getenv("GOMEMLIMIT") == "" && !session {
		debug.SetMemoryLimit(program + each*int64(max(people, least)))
	}
}

// exportMemory has garbage collected early: what an export keeps is little, and holds no
// pointers, so that to look at it costs nothing. What is returned is to live as long as the
// export: it counts as what is kept, so that garbage may gather where little is; it is never
// touched, and so takes no memory.
func exportMemory() (ballast []byte) {
	const percent, size = 50, 8 << 20
	debug.SetGCPercent(percent)
	return make([]byte, size)
}
