package stub

import "github.com/oapi-codegen/nullable"

// Timestamp is a moment as the API prints it.
type Timestamp = string

// NullableTimestamp is a moment as the API prints it, or null, or absent.
type NullableTimestamp = nullable.Nullable[string]
