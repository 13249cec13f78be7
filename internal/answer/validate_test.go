package answer

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/transport"
)

// marks finds each ! in a body.
type marks struct {
	finding func(offset int64) error
	asked   []string
}

func (m *marks) Validate(operation string, response *http.Response, found func(error, int64)) io.ReadCloser {
	m.asked = append(m.asked, fmt.Sprint(operation, " ", response.StatusCode))
	return &marking{ReadCloser: response.Body, m: m, found: found}
}

type marking struct {
	io.ReadCloser
	m     *marks
	found func(error, int64)
	read  int64
}

func (m *marking) Read(p []byte) (int, error) {
	n, err := m.ReadCloser.Read(p)
	for i := range n {
		if p[i] == '!' {
			m.found(m.m.finding(m.read+int64(i)), m.read+int64(i))
		}
	}
	m.read += int64(n)
	return n, err
}

// namer is a finding that holds a name of the body's.
type namer struct{ name string }

func (n *namer) Error() string { return n.name + " is wrong" }
func (n *namer) Redacted(redact func(string) string) error {
	return &namer{redact(n.name)}
}

func checking(report func(*transport.Error) error) (*API, *marks) {
	m := &marks{finding: func(offset int64) error { return fmt.Errorf("wrong at %d", offset) }}
	checking := *api
	checking.Validation = &Validation{Validator: m, Report: report}
	return &checking, m
}

// What comes before a finding is given away, in whatever pieces it comes.
func TestOpenEndsAtAFinding(t *testing.T) {
	for name, pieces := range map[string]func(io.Reader) io.Reader{
		"whole": func(r io.Reader) io.Reader { return r }, "bytes": iotest.OneByteReader, "halves": iotest.HalfReader, "end with the data": iotest.DataErrReader,
	} {
		t.Run(name, func(t *testing.T) {
			a, m := checking(nil)
			response, b := answered(200, "application/json", "[1,2,!,4,!]")
			b.Reader = pieces(b.Reader)
			opened, err := a.Open("listRecords", response, nil, "application/json")
			require.NoError(t, err)
			text, err := io.ReadAll(opened.Body)
			assert.Equal(t, "[1,2,", string(text))
			assert.EqualError(t, err, "kinabase: listRecords: 200 OK: wrong at 5")
			_, again := opened.Body.Read(make([]byte, 10))
			assert.Equal(t, err, again, "it has ended")
			require.NoError(t, opened.Body.Close())
			assert.True(t, b.closed)
			assert.Equal(t, []string{"listRecords 200"}, m.asked)
		})
	}
}

// A report decides: what it lets pass changes nothing.
func TestReportDecides(t *testing.T) {
	var told []string
	a, _ := checking(func(e *transport.Error) error {
		if told = append(told, e.Error()); len(told) == 2 {
			return e
		}
		return nil
	})
	response, _ := answered(200, "application/json", "[1,!,3,!,5,!]")
	opened, err := a.Open("listRecords", response, nil, "application/json")
	require.NoError(t, err)
	text, err := io.ReadAll(opened.Body)
	assert.Equal(t, "[1,!,3,", string(text))
	require.EqualError(t, err, "kinabase: listRecords: 200 OK: wrong at 7")
	assert.Equal(t, []string{"kinabase: listRecords: 200 OK: wrong at 3", "kinabase: listRecords: 200 OK: wrong at 7"}, told)
}

// Every call that reads an answer of success holds it against its description.
func TestEveryAnswerIsValidated(t *testing.T) {
	for name, call := range map[string]func(*API, *http.Response) error{
		"JSON": func(a *API, r *http.Response) error { return a.JSON("getRecord", r, nil, new(any)) },
		"Body": func(a *API, r *http.Response) error { return fault(a.Body("getRecord", r, nil)) },
		"Done": func(a *API, r *http.Response) error { return a.Done("getRecord", r, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			a, m := checking(nil)
			response, b := answered(200, "application/json", `{"id":"!"}`)
			assert.EqualError(t, call(a, response), "kinabase: getRecord: 200 OK: wrong at 7")
			assert.True(t, b.closed)

			response, _ = answered(200, "application/json", `{"id":"!","success":false,"code":"DENIED"}`)
			assert.EqualError(t, call(a, response), "kinabase: getRecord: 200 OK: DENIED", "it says no, which counts first")

			response, _ = answered(404, "application/json", `{"error":"gone!"}`)
			assert.EqualError(t, call(a, response), "kinabase: getRecord: 404 Not Found: gone!")
			assert.Equal(t, []string{"getRecord 200", "getRecord 200"}, m.asked, "a refusal is not asked about")

			a, _ = checking(func(*transport.Error) error { return nil })
			response, _ = answered(200, "application/json", `{"id":"!"}`)
			assert.NoError(t, call(a, response))
		})
	}
}

func fault(_ []byte, err error) error { return err }

// A stream of nothing broke off: that is for its reader to tell.
func TestNothingIsNoFinding(t *testing.T) {
	a, _ := checking(nil)
	response, _ := answered(200, "application/json", "")
	a.Validation.Validator = atOnce{}
	opened, err := a.Open("listRecords", response, nil, "application/json")
	require.NoError(t, err)
	_, err = io.ReadAll(opened.Body)
	require.NoError(t, err)
	response, _ = answered(200, "application/json", "")
	assert.EqualError(t, a.Done("deleteRecord", response, nil), "kinabase: deleteRecord: 200 OK: at once")
}

type atOnce struct{}

func (atOnce) Validate(_ string, response *http.Response, found func(error, int64)) io.ReadCloser {
	found(errors.New("at once"), 0)
	return response.Body
}

// A server may repeat the credential as a name, and a validator of any kind tell it.
func TestFindingsAreRedacted(t *testing.T) {
	for name, finding := range map[string]error{
		"one that knows how": &namer{"s3cret"},
		"any other":          errors.New("s3cret is wrong"),
	} {
		t.Run(name, func(t *testing.T) {
			var heard *transport.Error
			a, m := checking(func(e *transport.Error) error { heard = e; return e })
			m.finding = func(int64) error { return finding }
			response, _ := answered(200, "application/json", "[!]")
			err := a.JSON("getRecord", response, nil, new(any))
			require.Equal(t, error(heard), err)
			told := fmt.Sprintf("%v %#v %+v", err, heard.Err, heard.Err)
			assert.NotContains(t, told, "s3c")
			assert.Contains(t, told, "... is wrong")
			_, kept := errors.AsType[*namer](err)
			assert.Equal(t, strings.Contains(name, "knows"), kept)
		})
	}
}
