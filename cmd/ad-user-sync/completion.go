package main

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

//go:embed completion
var completionScripts embed.FS

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish,powershell" help:"One of: bash, zsh, fish, powershell."`
}

// Run prints the script by which a shell asks completeCommand.
func (c completionCommand) Run(a *app) error {
	text, err := completionScripts.ReadFile("completion/" + c.Shell)
	if err != nil {
		return err
	}
	_, err = a.std.out.Write(text)
	return err
}

// completeCommand takes the word apart from those before it, because Windows
// PowerShell drops an empty argument.
type completeCommand struct {
	Word   string   `help:"What is typed of the word."`
	Before []string `arg:"" optional:"" passthrough:"" help:"The words before it."`
}

// Run prints what may stand there: a word on each line, a tab, and what it
// means. It prints nothing where a file or any text may stand.
func (c completeCommand) Run(k *kong.Context, a *app) error {
	if len(c.Before) > 0 && c.Before[0] == "--" {
		c.Before = c.Before[1:]
	}
	for _, found := range completions(k.Model.Node, c.Before, c.Word) {
		if _, err := fmt.Fprintf(a.std.out, "%s\t%s\n", found.word, found.help); err != nil {
			return err
		}
	}
	return nil
}

type completion struct{ word, help string }

// completions are what may follow the words before, and begins with word.
func completions(root *kong.Node, before []string, word string) []completion {
	at := reached(root, before)
	name, _, joined := strings.Cut(word, "=")
	var all []completion
	switch flag := at.flag(name); {
	case at.value != nil:
		all = values(at.value, "")
	case joined && flag != nil:
		all = values(flag.Value, name+"=")
	case strings.HasPrefix(word, "-"):
		all = at.flags()
	case len(at.node.Children) > 0:
		for _, child := range at.node.Children {
			if !child.Hidden && at.arguments == 0 {
				all = append(all, completion{child.Name, child.Help})
			}
		}
	case at.arguments < len(at.node.Positional):
		all = values(at.node.Positional[at.arguments], "")
	}
	return slices.DeleteFunc(all, func(c completion) bool { return !strings.HasPrefix(c.word, word) })
}

// position is where the words before lead to.
type position struct {
	node      *kong.Node
	value     *kong.Value // of a flag that waits for it
	arguments int
}

func reached(root *kong.Node, before []string) position {
	at := position{node: root}
	for _, word := range before {
		switch {
		case word == "=": // bash breaks --flag=value into three
		case at.value != nil:
			at.value = nil
		case strings.HasPrefix(word, "-"):
			if flag := at.flag(word); flag != nil && !flag.IsBool() {
				at.value = flag.Value
			}
		case !at.descend(word):
			at.arguments++
		}
	}
	return at
}

func (at *position) descend(word string) bool {
	for _, child := range at.node.Children {
		if child.Name == word {
			at.node = child
			return true
		}
	}
	return false
}

func (at *position) flag(word string) *kong.Flag {
	for _, group := range at.node.AllFlags(false) {
		for _, flag := range group {
			if word == "--"+flag.Name || flag.Short != 0 && word == "-"+string(flag.Short) {
				return flag
			}
		}
	}
	return nil
}

func (at *position) flags() []completion {
	var all []completion
	for _, group := range at.node.AllFlags(true) {
		for _, flag := range group {
			all = append(all, completion{"--" + flag.Name, flag.Help})
		}
	}
	return all
}

func values(v *kong.Value, prefix string) []completion {
	var all []completion
	for _, value := range slices.Sorted(maps.Keys(v.EnumMap())) {
		if value != "" {
			all = append(all, completion{prefix + value, ""})
		}
	}
	return all
}
