package config

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"ad-user-sync/schema"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed *.schema.json
var schemaFiles embed.FS

const schemaSuffix = ".schema.json"

// schemaNames lists the documents that have a JSON Schema, sorted.
func schemaNames() []string {
	files, _ := schemaFiles.ReadDir(".") // embedded
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f.Name(), schemaSuffix)
	}
	return names
}

// Schema is the JSON Schema (2020-12) of a document.
func Schema(name string) ([]byte, error) {
	if !slices.Contains(schemaNames(), name) {
		return nil, fmt.Errorf("there is no schema %s; there are %s", schema.Quoted(name), strings.Join(schemaNames(), ", "))
	}
	return schemaFiles.ReadFile(name + schemaSuffix)
}

// compiled returns the compiled schema of a document that exists.
var compiled = func() func(string) *jsonschema.Schema {
	var mutex sync.Mutex
	known := map[string]*jsonschema.Schema{}
	return func(name string) *jsonschema.Schema {
		mutex.Lock()
		defer mutex.Unlock()
		if known[name] == nil {
			known[name] = compile(name)
		}
		return known[name]
	}
}()

const schemaAddress = "https://ad-user-sync.invalid/schema/"

func compile(name string) *jsonschema.Schema {
	text, err := Schema(name)
	if err != nil {
		panic(err) // names are constants
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		panic(err) // embedded and tested
	}
	c := jsonschema.NewCompiler()
	c.RegisterFormat(&jsonschema.Format{Name: "duration", Validate: checkDuration})
	c.AssertFormat()
	address := schemaAddress + name // a name alone would be one of the working folder
	if err := c.AddResource(address, document); err != nil {
		panic(err)
	}
	return c.MustCompile(address)
}

func checkDuration(v any) error {
	text, ok := v.(string)
	if !ok {
		return nil
	}
	_, err := schema.ParsePeriod(text)
	return err
}
