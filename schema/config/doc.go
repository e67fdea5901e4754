// Package config loads the two configurations, from JSON or YAML, and writes
// new ones. What is wrong is one *Error that lists every fault with its line.
//
// The JSON Schemas (2020-12) of all documents are in this folder. Configurations
// are validated with theirs; the other documents are read by code that is
// stricter than a schema can say.
package config
