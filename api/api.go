// Package api holds the OpenAPI descriptions of the two products as they are
// written by hand: [KaiNexus] and [Kinabase]. It imports nothing but embed, so a
// program can carry the descriptions without carrying a parser for them.
package api

import _ "embed"

// KaiNexus is the OpenAPI 3.0.3 description of the KaiNexus public REST API, as YAML.
//
//go:embed kainexus.yaml
var KaiNexus []byte

// Kinabase is the OpenAPI 3.0.3 description of the Kinabase API, as YAML.
//
//go:embed kinabase.yaml
var Kinabase []byte
