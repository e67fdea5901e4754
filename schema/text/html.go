package text

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"ad-user-sync/schema"
)

//go:embed report.html
var page string

var pageTemplate = template.Must(template.New("report").Parse(page))

// block is what stands together in the text: a heading and what is below it, or
// lines without one.
type block struct {
	Heading string
	Lines   []string
}

// HTML writes the text of the report as one page without scripts, and without
// anything that it would have to load.
func HTML(w io.Writer, r schema.Report) error {
	var out bytes.Buffer
	if err := Report(&out, r); err != nil {
		return err
	}
	err := pageTemplate.Execute(w, struct {
		Run, Started string
		Blocks       []block
	}{schema.Visible(r.Run), minute(r.Started), blocks(out.String())})
	if err != nil {
		return fmt.Errorf("writing the report as HTML: %w", err)
	}
	return nil
}

func blocks(text string) (all []block) {
	for part := range strings.SplitSeq(strings.Trim(text, "\n"), "\n\n") {
		b := block{Lines: strings.Split(part, "\n")}
		if len(b.Lines) > 1 && strings.HasPrefix(b.Lines[1], "  ") {
			b.Heading, b.Lines = b.Lines[0], b.Lines[1:]
			for i, line := range b.Lines {
				b.Lines[i] = strings.TrimPrefix(line, "  ")
			}
		}
		all = append(all, b)
	}
	return all
}
