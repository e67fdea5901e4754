package main

import (
	"encoding/json"
	"path/filepath"
)

// withoutWaiting is a resolutions file without the passwords that wait in it: an
// entry of the older tool keeps its own until it is carried out, and from then on
// one is where it is not to be. Any other file is as it is.
func withoutWaiting(name string, text []byte) []byte {
	if filepath.Base(temporary.ReplaceAllString(name, "/$1")) != "resolutions.json" {
		return text
	}
	var file struct {
		Resolutions []map[string]any `json:"resolutions"`
	}
	if json.Unmarshal(text, &file) != nil {
		return text
	}
	for _, entry := range file.Resolutions {
		if accepted, done := entry["accept"] == true, entry["done"] == true; accepted && !done && entry["type"] == "enable" {
			delete(entry, "password")
		}
	}
	rest, err := json.Marshal(file)
	if err != nil { // not reachable: it was read from a document
		return text
	}
	return rest
}
