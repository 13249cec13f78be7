package stub

// Timestamp is a moment as the API prints it.
type Timestamp = string
