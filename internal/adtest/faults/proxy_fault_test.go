package faults

import (
	"fmt"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"

	"ad-user-sync/internal/adtest/ldapserver"
)

// Fault is what a controller, or what stands before it, does instead of
// answering as it should.
type Fault struct {
	Name string
	at   func(Kind) bool
	give func(*exchange) (answers []*ber.Packet, cut bool)
	then func(*exchange) (answers []*ber.Packet, cut bool) // at the next few requests of the kind
}

// At reports whether the fault can be given at a kind of request.
func (f Fault) At(kind Kind) bool { return f.at(kind) }

// Silent reports whether the client has to wait until its time is over.
func (f Fault) Silent() bool { return f.Name == "no-answer" || f.Name == "not-heard" || f.Gone() }

// Gone reports whether the controller is gone for good, so that another one has to
// take over.
func (f Fault) Gone() bool { return f.Name == "gone-before" || f.Name == "gone-after" }

// result is a code as Active Directory returns it (RFC 4511, appendix A, and
// MS-ADTS 3.1.1.3.1.9).
type result struct {
	name       string
	code       int
	diagnostic string
}

var results = []result{
	{"operations-error", 1, "00002020: SvcErr: DSID-02100B64, problem 5012 (DIR_ERROR), data 0"},
	{"time-limit", 3, "0000208C: SvcErr: DSID-031A0F2C, problem 5003 (WILL_NOT_PERFORM), data 0"},
	{"size-limit", 4, "00002023: SvcErr: DSID-031A0F2C, problem 5009 (ADMIN_LIMIT_EXCEEDED), data 0"},
	{"strong-auth", 8, "00002028: LdapErr: DSID-0C09027F, comment: The server requires binds to turn on integrity checking"},
	{"referral", 10, "0000202B: RefErr: DSID-031007F9, data 0, 1 access points"},
	{"admin-limit", 11, "00002024: SvcErr: DSID-02050AE5, problem 5008 (ADMIN_LIMIT_EXCEEDED), data -1009"},
	{"critical-extension", 12, "00000057: LdapErr: DSID-0C090786, comment: Error processing control, data 0"},
	{"no-such-object", 32, "0000208D: NameErr: DSID-0310028B, problem 2001 (NO_OBJECT), data 0, best match of: ''"},
	{"denied", 50, "00002098: SecErr: DSID-03150F94, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0"},
	{"busy", 51, "0000200E: SvcErr: DSID-031A11E2, problem 5001 (BUSY), data 0"},
	{"unavailable", 52, "0000200F: SvcErr: DSID-031A11E2, problem 5002 (UNAVAILABLE), data 0"},
	{"unwilling", 53, "0000209A: SvcErr: DSID-031A1236, problem 5003 (WILL_NOT_PERFORM), data 0"},
	{"other", 80, "0000001F: SvcErr: DSID-031A12D2, problem 5012 (DIR_ERROR), data 0"},
}

// late are the codes that come after what was asked for was done.
var late = map[int]bool{3: true, 4: true, 51: true, 52: true, 80: true}

// delay is a good while and no reason to give up.
const delay = 60 * time.Millisecond

// Faults are all of them.
func Faults() []Fault {
	any := func(Kind) bool { return true }
	var all []Fault
	for _, r := range results {
		name := fmt.Sprintf("%s-%d", r.name, r.code)
		all = append(all, Fault{Name: name, at: any, give: r.instead})
		if r.code == 51 {
			all = append(all, Fault{Name: name + "-stays", at: Kind.writes, give: r.afterwards, then: r.instead})
		}
		if late[r.code] {
			all = append(all, Fault{Name: name + "-late", at: Kind.searches, give: r.afterwards},
				Fault{Name: name + "-done", at: Kind.writes, give: r.afterwards})
		}
	}
	return append(all,
		Fault{Name: "no-answer", at: any, give: noAnswer}, Fault{Name: "not-heard", at: Kind.writes, give: notHeard},
		Fault{Name: "cut-before", at: any, give: cutBefore}, Fault{Name: "cut-after", at: any, give: cutAfter},
		Fault{Name: "gone-before", at: any, give: goneBefore}, Fault{Name: "gone-after", at: any, give: goneAfter},
		Fault{Name: "cut-midway", at: Kind.searches, give: cutMidway}, Fault{Name: "delay", at: any, give: delayed},
		Fault{Name: "page-cut-short", at: Kind.pages, give: func(e *exchange) ([]*ber.Packet, bool) { return e.cutShort(2) }},
		Fault{Name: "page-empty", at: Kind.pages, give: func(e *exchange) ([]*ber.Packet, bool) { return e.cutShort(0) }},
		Fault{Name: "no-paging", at: Kind.pages, give: noPaging},
		Fault{Name: "twice", at: Kind.searches, give: entries(twice)},
		Fault{Name: "reordered", at: Kind.searches, give: attributes(reordered)},
		Fault{Name: "another-case", at: Kind.searches, give: attributes(anotherCase)},
		Fault{Name: "options", at: Kind.searches, give: attributes(withOptions)},
		Fault{Name: "ranges", at: func(k Kind) bool { return k.pages() || k == Base }, give: attributes(inRanges)},
		Fault{Name: "reference", at: Kind.searches, give: entries(reference)},
	)
}

// instead returns the code, and the controller hears of nothing.
func (r result) instead(e *exchange) ([]*ber.Packet, bool) {
	return []*ber.Packet{ldapserver.Message(e.id(), ldapserver.Result(e.tag(), r.code, r.diagnostic))}, false
}

// afterwards returns the code at the end of what the controller answered; a good
// cookie stays.
func (r result) afterwards(e *exchange) ([]*ber.Packet, bool) {
	answers, cut := e.forward()
	if cut {
		return answers, cut
	}
	last := len(answers) - 1
	answers[last] = withOp(answers[last], ldapserver.Result(e.tag(), r.code, r.diagnostic), e.id())
	return answers, false
}

func noAnswer(e *exchange) ([]*ber.Packet, bool) {
	_, cut := e.forward()
	return nil, cut
}

func notHeard(*exchange) ([]*ber.Packet, bool) { return nil, false }

func cutBefore(*exchange) ([]*ber.Packet, bool) { return nil, true }

func cutAfter(e *exchange) ([]*ber.Packet, bool) {
	_, _ = e.forward()
	return nil, true
}

func goneBefore(e *exchange) ([]*ber.Packet, bool) {
	e.connection.proxy.leave()
	return nil, true
}

func goneAfter(e *exchange) ([]*ber.Packet, bool) {
	_, _ = e.forward()
	e.connection.proxy.leave()
	return nil, true
}

func cutMidway(e *exchange) ([]*ber.Packet, bool) {
	answers, _ := e.forward()
	return answers[:len(answers)/2], true
}

func delayed(e *exchange) ([]*ber.Packet, bool) {
	time.Sleep(delay)
	return e.forward()
}
