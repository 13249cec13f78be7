// Package stub is the server side of the Kinabase API as it is generated from the
// description: routes, the binding of parameters, and models.
package stub

// Timestamp is a moment as the API prints it.
type Timestamp = string
