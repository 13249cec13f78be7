//go:build tools || generate

package kaikina

// The programs that this module is built and checked with. go.mod pins their versions
// in its tool lines; go generate runs from here, where the generate tag is set.
//
//go:generate go tool oapi-codegen -config gen/kainexusapi/config.yaml api/kainexus.yaml
//go:generate go tool oapi-codegen -config gen/kinabaseapi/config.yaml api/kinabase.yaml
//go:generate go tool oapi-codegen -config sandbox/kainexus/internal/stub/config.yaml api/kainexus.yaml
//go:generate go tool oapi-codegen -config sandbox/kinabase/internal/stub/config.yaml api/kinabase.yaml
//go:generate go run ./internal/operations kainexus
//go:generate go run ./internal/operations kinabase
//go:generate go run ./internal/choices
//go:generate go run ./internal/specjson

import (
	_ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
	_ "honnef.co/go/tools/cmd/staticcheck"
)
