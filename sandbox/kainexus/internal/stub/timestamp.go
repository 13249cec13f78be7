// Package stub is the server side of the KaiNexus API as it is generated from the
// description: routes, the binding of parameters, and models.
package stub

// Timestamp is a moment as the API prints it.
type Timestamp = string

// NullableTimestamp is the element of properties that may be null too. The null itself is
// kept by the nullable.Nullable around it.
type NullableTimestamp = Timestamp
