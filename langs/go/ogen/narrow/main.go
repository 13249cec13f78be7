// Command narrow writes the descriptions into a folder, without the two things that ogen
// does not generate yet: it stops at "complex anyOf", and at "form content encoding".
//
//	narrow SPECS FOLDER
//
// Everything else stays as it is. With its own option ignore_not_implemented, ogen would
// leave out the three operations altogether.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: narrow SPECS FOLDER")
		os.Exit(2)
	}
	err := errors.Join(
		narrow(os.Args[1], os.Args[2], "kainexus.json", forms),
		narrow(os.Args[1], os.Args[2], "kinabase.json", credentials),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "narrow:", err)
		os.Exit(1)
	}
}

type object = map[string]any

// narrow changes one description. A place that is gone is an error: the change has had its time.
func narrow(from, to, name string, change func(object) error) error {
	text, err := os.ReadFile(filepath.Join(from, name))
	if err != nil {
		return err
	}
	var description object
	if err := json.Unmarshal(text, &description); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := change(description); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if text, err = json.Marshal(description); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, name), text, 0o644)
}

// forms takes the media type of the part away from the import of charts. The program gives
// the part a header of its own.
func forms(description object) error {
	for _, method := range []string{"put", "post"} {
		form, err := at(description, "paths", "/api/public/v1/excel/multiChartImport", method, "requestBody", "content", "multipart/form-data")
		if err != nil {
			return err
		}
		if form["encoding"] == nil {
			return fmt.Errorf("the form of %s has no encoding", method)
		}
		delete(form, "encoding")
	}
	return nil
}

// credentials takes the first of the two forms of a token's request, the one to send.
func credentials(description object) error {
	request, err := at(description, "components", "schemas", "TokenRequest")
	if err != nil {
		return err
	}
	forms, ok := request["anyOf"].([]any)
	if !ok || len(forms) == 0 {
		return errors.New("TokenRequest is no anyOf")
	}
	first, ok := forms[0].(object)
	if !ok {
		return errors.New("TokenRequest has no schema in its anyOf")
	}
	clear(request)
	request["$ref"] = first["$ref"]
	return nil
}

// at is the object that some keys lead to.
func at(value object, keys ...string) (object, error) {
	for _, key := range keys {
		next, ok := value[key].(object)
		if !ok {
			return nil, fmt.Errorf("there is no %q where it was", key)
		}
		value = next
	}
	return value, nil
}
