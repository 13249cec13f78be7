package main

import (
	"fmt"
	"io"
	"strings"
)

// introduce prints what is served and how to talk to it. The credentials are the
// sandbox's own, the same for everybody, and no secret.
func introduce(stdout io.Writer, s *service, asJSON bool) error {
	if asJSON {
		return introduceJSON(stdout, s)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "reference page at %s/\n\n", s.origin)
	for _, box := range s.boxes {
		fmt.Fprintf(&b, "%s sandbox at %s\n", box.name, box.baseURL)
		export(&b, box.environment)
		if len(box.instead) > 0 {
			b.WriteString("or, with OAuth 2.0 in place of the key:\n")
			export(&b, box.instead)
		}
		b.WriteString("try:\n")
		for _, t := range box.tries {
			fmt.Fprintf(&b, "  %s:\n    %s\n", t.Shows, t.Line)
		}
		fmt.Fprintf(&b, "  verify it, with the variables from above:\n    %s\n\n", verifyLine(box))
	}
	b.WriteString("When KaiNexus refuses a call, the header Sandbox-Reason says why; curl -i shows it.\n")
	fmt.Fprintf(&b, "What administrators do is below %s/sandbox/kainexus and %s/sandbox/kinabase: docs/sandbox-admin.md has the calls.\n\n", s.origin, s.origin)
	b.WriteString("Press Ctrl-C to stop.\n")
	_, err := io.WriteString(stdout, b.String())
	return err
}

// introduceJSON prints an array with an element for each product.
func introduceJSON(stdout io.Writer, s *service) error {
	type entry struct {
		API         string            `json:"api"`
		BaseURL     string            `json:"baseURL"`
		Reference   string            `json:"reference"`
		Environment map[string]string `json:"environment"`
		Instead     map[string]string `json:"insteadOfTheKey,omitempty"`
		IDs         map[string]string `json:"ids"`
		Tries       []try             `json:"try"`
		Verify      string            `json:"verify"`
	}
	var list []entry
	for _, box := range s.boxes {
		list = append(list, entry{box.name, box.baseURL, s.origin + "/", box.environment, box.instead, box.target.IDs, box.tries, verifyLine(box)})
	}
	return writeJSON(stdout, list)
}

// verifyLine is a command that verifies the sandbox from outside. It reads the environment.
func verifyLine(box *sandbox) string {
	var ids []string
	for _, name := range sortedKeys(box.target.IDs) {
		ids = append(ids, name+"="+box.target.IDs[name])
	}
	return fmt.Sprintf("kaikina verify %s --target env --id %s", box.name, strings.Join(ids, ","))
}

// export writes lines for a shell. The values have no character that it minds.
func export(b *strings.Builder, environment map[string]string) {
	for _, name := range sortedKeys(environment) {
		fmt.Fprintf(b, "  export %s=%s\n", name, environment[name])
	}
}
