// Package stub is the server side of the KaiNexus API as it is generated from the
// description: routes, the binding of parameters, and models.
package stub

import "github.com/oapi-codegen/nullable"

// Timestamp is a moment as the API prints it.
type Timestamp = string

// NullableTimestamp is a moment as the API prints it, or null, or absent.
type NullableTimestamp = nullable.Nullable[string]
