package schema

import (
	"encoding/binary"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Attributes are values by the name of their attribute, sorted by it. Of a hundred thousand
// people a map for each would take a kilobyte of each; here those who have the same
// attributes share the names.
type Attributes struct {
	slots  []slot // never changed in place
	values []string
}

// slot is an attribute: its values end where those of the next one begin.
type slot struct {
	name                string
	end                 int32
	null, multi, binary bool
}

// AttributesOf are those of a map.
func AttributesOf(values map[string]Value) (a Attributes) {
	for name, v := range values {
		a.Set(name, v)
	}
	return a
}

// Len is the number of attributes.
func (a Attributes) Len() int { return len(a.slots) }

// Get is the value of an attribute; ok is false where it has no such attribute.
func (a Attributes) Get(name string) (v Value, ok bool) {
	i, ok := a.find(name)
	if ok {
		v = a.at(i)
	}
	return v, ok
}

// List are the values of an attribute.
func (a Attributes) List(name string) []string {
	v, _ := a.Get(name)
	return v.List
}

// All are the attributes by name.
func (a Attributes) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for i := range a.slots {
			if !yield(a.slots[i].name, a.at(i)) {
				return
			}
		}
	}
}

func (a Attributes) find(name string) (at int, found bool) {
	return slices.BinarySearchFunc(a.slots, name, func(s slot, name string) int { return strings.Compare(s.name, name) })
}

func (a Attributes) begin(i int) int {
	if i == 0 {
		return 0
	}
	return int(a.slots[i-1].end)
}

func (a Attributes) at(i int) Value {
	s := &a.slots[i]
	v := Value{Multi: s.multi, Binary: s.binary}
	if !s.null {
		if v.List = a.values[a.begin(i):s.end:s.end]; v.List == nil {
			v.List = []string{}
		}
	}
	return v
}

// Set sets a value in place of a former one.
func (a *Attributes) Set(name string, v Value) {
	a.slots, a.values = slices.Clone(a.slots), slices.Clone(a.values)
	a.set(name, v)
}

// Delete takes an attribute away.
func (a *Attributes) Delete(name string) {
	if i, found := a.find(name); found {
		a.slots, a.values = slices.Clone(a.slots), slices.Clone(a.values)
		a.remove(i)
	}
}

func (a *Attributes) set(name string, v Value) {
	i, found := a.find(name)
	if found {
		a.remove(i)
	}
	begin := a.begin(i)
	a.values = slices.Insert(a.values, begin, v.List...)
	a.slots = slices.Insert(a.slots, i, slot{name, int32(begin), v.List == nil, v.Multi, v.Binary})
	a.shift(i, len(v.List))
}

func (a *Attributes) remove(i int) {
	begin, end := a.begin(i), int(a.slots[i].end)
	a.values, a.slots = slices.Delete(a.values, begin, end), slices.Delete(a.slots, i, i+1)
	a.shift(i, begin-end)
	if len(a.values) == 0 {
		a.values = nil // as where there never were any
	}
}

func (a *Attributes) shift(from, by int) {
	for i := from; i < len(a.slots); i++ {
		a.slots[i].end += int32(by)
	}
}

// String is that of a map.
func (a Attributes) String() string {
	values := map[string]Value{}
	for name, v := range a.All() {
		values[name] = v
	}
	return fmt.Sprintf("%+v", values)
}

// NamesOf are the names of the attributes that users have. Who share them are looked at once.
func NamesOf(users []User) map[string]bool {
	names, known := map[string]bool{}, map[*slot]bool{}
	for i := range users {
		slots := users[i].Attributes.slots
		if len(slots) == 0 || known[&slots[0]] {
			continue
		}
		known[&slots[0]] = true
		for _, s := range slots {
			names[s.name] = true
		}
	}
	return names
}

// Packer makes the attributes of one after the other, who share their names.
type Packer struct {
	next   Attributes
	key    []byte
	shapes map[string][]slot
}

// maxShapes bounds how many combinations of attributes are remembered.
const maxShapes = 10_000

// Set sets an attribute of who is next. The values are copied.
func (p *Packer) Set(name string, v Value) { p.next.set(name, v) }

// Len is how many attributes who is next has so far.
func (p *Packer) Len() int { return len(p.next.slots) }

// Take returns what was set since it was called last.
func (p *Packer) Take() Attributes {
	if p.Len() == 0 {
		return Attributes{}
	}
	p.key = p.key[:0]
	for _, s := range p.next.slots {
		p.key = binary.AppendUvarint(append(append(p.key, s.name...), 0, flag(s.null), flag(s.multi), flag(s.binary)), uint64(s.end))
	}
	shape, known := p.shapes[string(p.key)]
	if !known {
		shape = slices.Clone(p.next.slots)
		if p.shapes == nil {
			p.shapes = map[string][]slot{}
		}
		if len(p.shapes) < maxShapes {
			p.shapes[string(p.key)] = shape
		}
	}
	a := Attributes{slots: shape}
	if len(p.next.values) > 0 {
		a.values = append(make([]string, 0, len(p.next.values)), p.next.values...)
	}
	clear(p.next.values)
	p.next.slots, p.next.values = p.next.slots[:0], p.next.values[:0]
	return a
}

func flag(is bool) byte {
	if is {
		return 1
	}
	return 0
}
