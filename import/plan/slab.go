package plan

import "strings"

// slab is memory for many short lists: a plan has millions, and the fewer pieces its
// memory has, the faster it is looked through for garbage. What is taken from it stays as
// long as anything beside it.
type slab[T any] struct{ free []T }

// atOnce is how many elements are allocated together.
const atOnce = 1024

// take is a list of n zero values, nil for none. Who appends to it gets a copy.
func (s *slab[T]) take(n int) []T {
	if n == 0 {
		return nil
	}
	if n > len(s.free) {
		s.free = make([]T, max(n, atOnce))
	}
	list := s.free[:n:n]
	s.free = s.free[n:]
	return list
}

// list is a copy.
func (s *slab[T]) list(elements ...T) []T {
	list := s.take(len(elements))
	copy(list, elements)
	return list
}

// one is a copy.
func (s *slab[T]) one(element T) *T { return &s.list(element)[0] }

// slabs are those of what a plan consists of.
type slabs struct {
	texts   slab[string]
	lists   slab[[]string]
	fields  slab[Field]
	changes slab[Change]
	people  slab[Person]
}

// shown are fields of one value each.
func (s *slabs) shown(codes []FieldCode, values []string) []Field {
	if len(codes) == 0 {
		return nil
	}
	list, texts := s.fields.take(len(codes)), s.texts.list(values...)
	for i, code := range codes {
		list[i] = Field{Code: code, After: texts[i : i+1 : i+1]}
	}
	return list
}

// texts are short ones that share memory.
type texts struct{ memory strings.Builder }

func (t *texts) of(text []byte) string {
	if t.memory.Len()+len(text) > t.memory.Cap() {
		t.memory = strings.Builder{}
		t.memory.Grow(max(len(text), 64<<10))
	}
	t.memory.Write(text)
	return t.memory.String()[t.memory.Len()-len(text):]
}
