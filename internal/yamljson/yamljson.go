// Package yamljson writes YAML as JSON with keys in their order, which a map of Go
// would lose. [Convert] takes a whole document, [Write] a tree that was changed before.
package yamljson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Convert gives the JSON of a document of YAML, indented, with a line end behind it.
func Convert(text []byte) ([]byte, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("yamljson: %w", err)
	}
	if document.Kind != yaml.DocumentNode {
		return nil, errors.New("yamljson: there is no document")
	}
	var compact, indented bytes.Buffer
	if err := Write(&compact, document.Content[0]); err != nil {
		return nil, err
	}
	if err := json.Indent(&indented, compact.Bytes(), "", "  "); err != nil {
		return nil, fmt.Errorf("yamljson: %w", err)
	}
	indented.WriteByte('\n')
	return indented.Bytes(), nil
}

// Write writes a tree of YAML. What JSON has no word for, such as an infinite number, is an
// error that names the line. So is an alias, which may stand for what it is a part of.
func Write(b *bytes.Buffer, node *yaml.Node) error {
	switch node.Kind {
	case yaml.MappingNode:
		b.WriteByte('{')
		for i := 0; i < len(node.Content); i += 2 {
			if i > 0 {
				b.WriteByte(',')
			}
			// A key of JSON is text, as in "200", however it was written.
			if err := writeScalar(b, node.Content[i].Value); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := Write(b, node.Content[i+1]); err != nil {
				return err
			}
		}
		b.WriteByte('}')
		return nil
	case yaml.SequenceNode:
		b.WriteByte('[')
		for i, element := range node.Content {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := Write(b, element); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	case yaml.AliasNode:
		return fmt.Errorf("yamljson: line %d: JSON has no aliases: write out what *%s stands for", node.Line, node.Value)
	}
	// JSON has no dates: they are texts.
	if node.ShortTag() == "!!timestamp" {
		return writeScalar(b, node.Value)
	}
	var scalar any
	if err := node.Decode(&scalar); err != nil {
		return fmt.Errorf("yamljson: line %d: %w", node.Line, err)
	}
	if err := writeScalar(b, scalar); err != nil {
		return fmt.Errorf("yamljson: line %d: %w", node.Line, err)
	}
	return nil
}

// writeScalar leaves < and & as they are: the result is no part of a page.
func writeScalar(b *bytes.Buffer, scalar any) error {
	encoder := json.NewEncoder(b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(scalar); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the line end
	return nil
}
