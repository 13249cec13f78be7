package validate_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/contract/validate"
)

// A program with an HTTP client of its own can validate too.
func ExampleValidator_Validate() {
	v, err := validate.Kinabase(schema.Options{})
	if err != nil {
		panic(err)
	}
	response := &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(strings.NewReader(`{"id": 17, "data": {}}`)),
	}
	body := v.Validate("getRecord", response, func(finding error, offset int64) {
		f := finding.(*validate.Finding)
		fmt.Println(f.Pointer, f.Message, "at byte", offset)
	})
	defer body.Close()
	text, err := io.ReadAll(body) // or decode it
	fmt.Println(string(text), err)
	// Output:
	// /id number, where string is declared at byte 7
	// {"id": 17, "data": {}} <nil>
}
