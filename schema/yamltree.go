package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxNodes bounds what aliases of a YAML document may grow to.
const maxNodes = 100_000

func readYAMLTree(body []byte) (*node, []Fault) {
	decoder := yaml.NewDecoder(bytes.NewReader(body))
	var document, more yaml.Node
	if err := decoder.Decode(&document); err != nil {
		return nil, []Fault{yamlFault(err)}
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, []Fault{{Line: more.Line, Text: "a second YAML document follows"}}
	}
	b := &yamlTree{}
	n := b.read(document.Content[0], 1)
	if b.stopped {
		return nil, b.faults
	}
	return n, b.faults
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?`)

func yamlFault(err error) Fault {
	if errors.Is(err, io.EOF) {
		return Fault{Text: "the file is empty"}
	}
	text := err.Error()
	m := yamlLine.FindStringSubmatch(text)
	line, _ := strconv.Atoi(m[1]) // 0 where there is none
	text = "not valid YAML: " + Visible(text[len(m[0]):])
	if strings.Contains(text, "escape character") || strings.Contains(text, "hexdecimal number") {
		text += "; " + wayOutOfEscapes
	}
	return Fault{Line: line, Text: text}
}

type yamlTree struct {
	nodes   int
	faults  []Fault
	stopped bool
}

func (b *yamlTree) stop(line int, text string) *node {
	if !b.stopped {
		b.faults = append(b.faults, Fault{line, text})
	}
	b.stopped = true
	return &node{line: line}
}

func (b *yamlTree) read(y *yaml.Node, depth int) *node {
	b.nodes++
	switch {
	case b.stopped:
		return &node{}
	case depth > maxDepth:
		return b.stop(y.Line, fmt.Sprintf("nested more than %d levels deep", maxDepth))
	case b.nodes > maxNodes:
		return b.stop(y.Line, "aliases make the document too large")
	}
	n := &node{line: y.Line}
	switch y.Kind {
	case yaml.AliasNode:
		return b.read(y.Alias, depth+1)
	case yaml.MappingNode:
		b.mapping(n, y, depth)
	case yaml.SequenceNode:
		n.kind = listNode
		for _, item := range y.Content {
			n.items = append(n.items, b.read(item, depth+1))
		}
	case yaml.ScalarNode:
		b.scalar(n, y)
	}
	return n
}

func (b *yamlTree) mapping(n *node, y *yaml.Node, depth int) {
	n.kind = objectNode
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := y.Content[i]
		if key.Kind != yaml.ScalarNode {
			b.stop(key.Line, "a key must be text")
			return
		}
		n.add(member{name: key.Value, line: key.Line, value: b.read(y.Content[i+1], depth+1)})
	}
}

func (b *yamlTree) scalar(n *node, y *yaml.Node) {
	n.kind, n.text = textNode, y.Value
	if y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		n.text = strings.TrimRight(n.text, "\n") // the end of the block, not of the text
	}
	if y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return
	}
	if y.Style&yaml.TaggedStyle != 0 {
		b.stop(y.Line, "tags such as !!str are not supported; put text in quotes")
		return
	}
	n.plain = y.Value
	switch y.ShortTag() {
	case "!!null":
		n.kind, n.text = nullNode, ""
	case "!!bool":
		n.kind, n.text = boolNode, strings.ToLower(y.Value)
	case "!!int":
		var v int64
		if y.Decode(&v) == nil {
			n.kind, n.text = numberNode, strconv.FormatInt(v, 10)
		}
	case "!!float":
		if text, err := yamlFloat(y); err == nil {
			n.kind, n.text = numberNode, text
		}
	}
}

// yamlFloat is a number as JSON has it; not a number and infinity stay text.
func yamlFloat(y *yaml.Node) (string, error) {
	var v float64
	if err := y.Decode(&v); err != nil {
		return "", err
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "", errors.New("no JSON number")
	}
	return strconv.FormatFloat(v, 'g', -1, 64), nil
}
