package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"ad-user-sync/schema"
	"ad-user-sync/schema/format"

	"go.yaml.in/yaml/v3"
)

// maxNodes bounds what aliases of a YAML document may grow to.
const maxNodes = 100_000

func readYAMLTree(body []byte) (*format.Node, []schema.Fault) {
	decoder := yaml.NewDecoder(bytes.NewReader(body))
	var document, more yaml.Node
	if err := decoder.Decode(&document); err != nil {
		return nil, []schema.Fault{yamlFault(err)}
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, []schema.Fault{{Line: more.Line, Text: "a second YAML document follows"}}
	}
	b := &yamlTree{}
	n := b.read(document.Content[0], 1)
	if b.stopped {
		return nil, b.faults
	}
	return n, b.faults
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?`)

func yamlFault(err error) schema.Fault {
	if errors.Is(err, io.EOF) {
		return schema.Fault{Text: "the file is empty"}
	}
	text := err.Error()
	m := yamlLine.FindStringSubmatch(text)
	line, _ := strconv.Atoi(m[1]) // 0 where there is none
	text = "not valid YAML: " + schema.Visible(text[len(m[0]):])
	if strings.Contains(text, "escape character") || strings.Contains(text, "hexdecimal number") {
		text += "; " + format.WayOutOfEscapes
	}
	return schema.Fault{Line: line, Text: text}
}

type yamlTree struct {
	nodes   int
	faults  []schema.Fault
	stopped bool
}

func (b *yamlTree) stop(line int, text string) *format.Node {
	if !b.stopped {
		b.faults = append(b.faults, schema.Fault{Line: line, Text: text})
	}
	b.stopped = true
	return format.NullAt(line)
}

func (b *yamlTree) read(y *yaml.Node, depth int) *format.Node {
	b.nodes++
	switch {
	case b.stopped:
		return format.NullAt(0)
	case depth > format.MaxDepth:
		return b.stop(y.Line, fmt.Sprintf("nested more than %d levels deep", format.MaxDepth))
	case b.nodes > maxNodes:
		return b.stop(y.Line, "aliases make the document too large")
	}
	n := &format.Node{Line: y.Line}
	switch y.Kind {
	case yaml.AliasNode:
		return b.read(y.Alias, depth+1)
	case yaml.MappingNode:
		b.mapping(n, y, depth)
	case yaml.SequenceNode:
		n.Kind = format.ListNode
		for _, item := range y.Content {
			n.Items = append(n.Items, b.read(item, depth+1))
		}
	case yaml.ScalarNode:
		b.scalar(n, y)
	}
	return n
}

func (b *yamlTree) mapping(n *format.Node, y *yaml.Node, depth int) {
	n.Kind = format.ObjectNode
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := y.Content[i]
		if key.Kind != yaml.ScalarNode {
			b.stop(key.Line, "a key must be text")
			return
		}
		n.Add(format.Member{Name: key.Value, Line: key.Line, Value: b.read(y.Content[i+1], depth+1)})
	}
}

func (b *yamlTree) scalar(n *format.Node, y *yaml.Node) {
	n.Kind, n.Text = format.TextNode, y.Value
	if y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		n.Text = strings.TrimRight(n.Text, "\n") // the end of the block, not of the text
	}
	if y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return
	}
	if y.Style&yaml.TaggedStyle != 0 {
		b.stop(y.Line, "tags such as !!str are not supported; put text in quotes")
		return
	}
	n.Plain = y.Value
	switch y.ShortTag() {
	case "!!null":
		n.Kind, n.Text = format.NullNode, "null"
	case "!!bool":
		n.Kind, n.Text = format.BoolNode, strings.ToLower(y.Value)
	case "!!int":
		var v int64
		if y.Decode(&v) == nil {
			n.Kind, n.Text = format.NumberNode, strconv.FormatInt(v, 10)
		}
	case "!!float":
		if text, err := yamlFloat(y); err == nil {
			n.Kind, n.Text = format.NumberNode, text
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

// readTree reads a document: JSON where it begins with a brace, else YAML.
// Where there are faults, the tree is nil.
func readTree(body []byte) (*format.Node, []schema.Fault) {
	switch first := bytes.TrimLeft(body, " \t\r\n"); {
	case len(first) == 0:
		return nil, []schema.Fault{{Text: "the file is empty"}}
	case !utf8.Valid(body):
		return nil, []schema.Fault{{Text: "the text is neither UTF-8 nor Windows-1252; save the file as UTF-8"}}
	case first[0] == '{':
		return format.ReadTree(body)
	}
	return readYAMLTree(body)
}
