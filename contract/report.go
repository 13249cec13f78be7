package contract

import "time"

// Verdict is what the run showed about an operation.
type Verdict string

// The verdicts. Undeclared means that the server answers in a way the description
// does not mention, while nothing that it does mention was broken.
const (
	Conforms       Verdict = "conforms"
	Violates       Verdict = "violates"
	Undeclared     Verdict = "undeclared"
	NeverEvidenced Verdict = "never-evidenced"
)

// Report is what a run saw.
type Report struct {
	API     API    `json:"api"`
	BaseURL string `json:"baseURL"`
	// Writable says that the target is on this machine, so that no write was refused.
	Writable bool `json:"writable"`
	// Allowed are the operations that might change data all the same.
	Allowed []string `json:"allowedWrites"`
	// Complete says that the run came to its end.
	Complete bool `json:"complete"`
	// Leftovers name what the run wrote and could not undo.
	Leftovers  []string          `json:"leftovers,omitempty"`
	Started    time.Time         `json:"started"`
	Duration   time.Duration     `json:"durationNanoseconds"`
	Totals     Totals            `json:"totals"`
	Operations []OperationReport `json:"operations"`
	Findings   []Finding         `json:"findings"`
}

// Totals are the sums of a report.
type Totals struct {
	Operations int `json:"operations"`
	// Called counts the operations that were called at least once.
	Called int `json:"called"`
	Calls  int `json:"calls"`
	Checks int `json:"checks"`
	// Findings counts distinct ones.
	Findings int `json:"findings"`
	// Blocked counts calls that the read-only rule kept from leaving the process.
	Blocked int `json:"blocked"`
}

// OperationReport is what a run saw of one operation.
type OperationReport struct {
	ID     string `json:"id"`
	Method string `json:"method"`
	Path   string `json:"path"`
	Calls  int    `json:"calls"`
	// Checks counts the checks that were applied to its answers.
	Checks   int     `json:"checks"`
	Findings int     `json:"findings"`
	Verdict  Verdict `json:"verdict"`
	// Statuses are the HTTP statuses seen, ascending.
	Statuses []int `json:"statuses"`
	// Note says why an operation was not called, was never answered with success, or could
	// not be judged in full.
	Note string `json:"note,omitempty"`

	evidenced bool
}
