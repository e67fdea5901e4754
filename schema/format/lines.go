package format

import (
	"bytes"
	"errors"
	"io"
)

// lines counts the line ends of what is read.
type lines struct {
	from io.Reader
	done func() int64 // up to where no one asks for a line any more
	read int64        // bytes
	fail error        // why reading ended, but for the end
	text bool         // there is something beside white space

	before int       // line ends that are not in ends
	ends   []lineEnd // later ones
}

// lineEnd may stand for several, the last of which is at.
type lineEnd struct {
	at    int64
	count int
}

// mostEnds bounds how many line ends are told apart: a gap between two tokens may have
// more.
const mostEnds = 1 << 14

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		l.fail = err
	}
	if len(l.ends) > mostEnds {
		l.at(l.done())
		l.join()
	}
	for at := 0; ; at++ {
		next := bytes.IndexByte(p[at:n], '\n')
		if next < 0 {
			break
		}
		at += next
		l.ends = append(l.ends, lineEnd{l.read + int64(at), 1})
	}
	l.read += int64(n)
	l.text = l.text || len(bytes.TrimSpace(p[:n])) > 0
	return n, err
}

// join makes one of all ends.
func (l *lines) join() {
	all := lineEnd{}
	for _, end := range l.ends {
		all = lineEnd{end.at, all.count + end.count}
	}
	l.ends = append(l.ends[:0], all)
}

// at is the line of an offset that is not before one that was asked for earlier.
func (l *lines) at(offset int64) int {
	past := 0
	for past < len(l.ends) && l.ends[past].at < offset {
		l.before += l.ends[past].count
		past++
	}
	l.ends = append(l.ends[:0], l.ends[past:]...)
	return 1 + l.before
}
