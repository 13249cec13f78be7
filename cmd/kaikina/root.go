package main

import (
	"encoding/json"
	"io"

	"github.com/spf13/cobra"
)

func newRoot(stdout, stderr io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "kaikina",
		Short: "Verify KaiNexus and Kinabase APIs against their descriptions",
		Long: `Kaikina tells whether a KaiNexus or Kinabase server still does what its OpenAPI
description says, holds bodies of JSON against descriptions, emulates both products so
that you can try it without an account, and exports what they hold to files.

Start with "kaikina verify", which needs nothing at all.

Exit codes: 0 conforms, 1 findings, 2 wrong usage or a tool error, 3 nothing was
tested, 130 interrupted.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version().Version,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.AddCommand(newVerify(stdout, stderr), newValidate(stdout, stderr), newSandbox(stdout, stderr), newExport(stdout, stderr), newSpec(stdout), newVersion(stdout))
	return root
}

// writeJSON writes one indented JSON document.
func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
