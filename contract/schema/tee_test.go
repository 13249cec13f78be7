package schema

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// closing is the body under a tee, which remembers whether it was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

// drawn gives a body away in pieces of any size, as a connection does.
type drawn struct {
	rest string
	next func() int
}

func (d *drawn) Read(p []byte) (int, error) {
	n := copy(p[:min(len(p), d.next())], d.rest)
	if d.rest = d.rest[n:]; d.rest == "" && n > 0 && d.next()%2 == 0 {
		return n, io.EOF
	}
	if n == 0 && d.rest == "" {
		return 0, io.EOF
	}
	return n, nil
}

var teeBodies = []string{
	`{"x":[0], "records": [ {"id": 1, "tags":["a"]}, {"id":"two"} , 3], "total": 3}`,
	`{"records":[{"id":1},{"id":2,"id":3},{"tags":["a",0,"b"]}]}`,
	`{"records":[],"total":1.5} `,
	`{"records":{},"total":null}]`,
	`{"records":[{"id":01}]}`,
	`12`,
	` `,
}

// However a body comes, a tee gives all its bytes away, finds what the validator finds, and
// has told of a value when its last byte is given away.
func TestTee(t *testing.T) {
	v, err := Compile(load(t, listSchema), Options{})
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.SampledFrom(teeBodies).Draw(t, "body")
		want, err := v.ValidateBytes(t.Context(), []byte(body))
		require.NoError(t, err)
		require.NotEmpty(t, want)

		var found []Finding
		var read []byte
		size := func() int { return rapid.IntRange(1, 9).Draw(t, "size") }
		under := &closing{Reader: &drawn{rest: body, next: size}}
		tee := Tee(under, v, func(f Finding) { found = append(found, f) })
		for err == nil {
			piece, n := make([]byte, size()), 0
			n, err = tee.Read(piece)
			read = append(read, piece[:n]...)
			for i, f := range want {
				// What it is about ends behind its offset, but for a number, whose end only the
				// next byte shows.
				if int64(len(read)) > f.Offset+int64(len(`"two"`)) {
					require.Greater(t, len(found), i, "%s after %q", f, read)
				}
			}
		}
		require.Equal(t, io.EOF, err)
		require.Equal(t, body, string(read))
		require.Equal(t, want, found)
		require.NoError(t, tee.Close())
		require.True(t, under.closed)
	})
}

// A body that breaks off is told as such, and nothing is held against it.
func TestTeeOfABodyThatBreaksOff(t *testing.T) {
	v, err := Compile(load(t, listSchema), Options{})
	require.NoError(t, err)
	whole := `{"records":[{"id":1,"tags":["a"]}],"total":1}`
	reset := errors.New("reset")
	for cut := 1; cut < len(whole); cut++ {
		for want, under := range map[error]io.Reader{
			io.ErrUnexpectedEOF: strings.NewReader(whole[:cut]),
			reset:               io.MultiReader(strings.NewReader(whole[:cut]), iotest.ErrReader(reset)),
		} {
			tee := Tee(io.NopCloser(under), v, func(f Finding) { t.Errorf("%d: %s", cut, f) })
			got, err := io.ReadAll(tee)
			assert.Equal(t, want, err, "%d", cut)
			assert.Equal(t, whole[:cut], string(got))
			require.NoError(t, tee.Close())
		}
	}
}

// What is beyond a limit passes, and not unseen.
func TestTeeBeyondLimits(t *testing.T) {
	for _, test := range []struct {
		name, body string
		options    Options
		want       []string
	}{
		{"findings", `{"total":1,"records":[0,1,2,3]}`, Options{MaxFindings: 2}, []string{
			"/records/0 type", "/records/1 type", "/records limit",
		}},
		{"the first", `{"total":1,"records":[0,1,2,3]}`, Options{FirstOnly: true}, []string{"/records/0 type"}},
		{"depth", `{"total":1,"records":[{"x":[[[0]]]}]}`, Options{MaxDepth: 4}, []string{"/records/0/x limit"}},
		{"length", `{"total":1,"records":[{"x":""}]}`, Options{MaxBytes: 12}, []string{" limit"}},
		{"a token", `{"total":1,"records":[{"x":"` + strings.Repeat("x", 100<<10) + `"}]}`, Options{MaxToken: 100}, []string{"/records/0/x limit"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			v, err := Compile(load(t, listSchema), test.options)
			require.NoError(t, err)
			var found []Finding
			tee := Tee(io.NopCloser(strings.NewReader(test.body)), v, func(f Finding) { found = append(found, f) })
			got, err := io.ReadAll(tee)
			require.NoError(t, err)
			assert.Equal(t, test.body, string(got))
			var told []string
			for _, f := range found {
				told = append(told, fmt.Sprint(f.Pointer, " ", f.Keyword))
				assert.Equal(t, f.Keyword == "limit", f.Class == Unchecked)
			}
			assert.Equal(t, test.want, told)
			require.NoError(t, tee.Close())
		})
	}
}

// One that is closed midway leaves nothing behind, neither a goroutine nor a state that a
// later one would meet.
func TestTeeClosedMidway(t *testing.T) {
	v, err := Compile(load(t, listSchema), Options{})
	require.NoError(t, err)
	before := runtime.NumGoroutine()
	for range 100 {
		under := &closing{Reader: strings.NewReader(teeBodies[0])}
		tee := Tee(under, v, func(f Finding) { t.Errorf("%s", f) })
		_, err := io.ReadFull(tee, make([]byte, 30))
		require.NoError(t, err)
		require.NoError(t, tee.Close())
		require.NoError(t, tee.Close())
		assert.True(t, under.closed)
	}
	require.NoError(t, Tee(&closing{Reader: strings.NewReader("")}, v, nil).Close())
	assert.LessOrEqual(t, runtime.NumGoroutine(), before)
	findings, err := v.ValidateBytes(t.Context(), []byte(`{"records":[{"id":1}],"total":1}`))
	require.NoError(t, err)
	assert.Empty(t, findings)
}

func ExampleTee() {
	v, err := Compile(openapi3.NewArraySchema().WithItems(openapi3.NewIntegerSchema()).NewRef(), Options{})
	if err != nil {
		panic(err)
	}
	body := Tee(io.NopCloser(strings.NewReader(`[1, 2, "three"]`)), v, func(f Finding) { fmt.Println(f) })
	defer body.Close()
	text, err := io.ReadAll(body)
	fmt.Println(string(text), err)
	// Output:
	// /2: string, where integer is declared (type)
	// [1, 2, "three"] <nil>
}

// Closing a body is how to end a read that waits, so another goroutine than the reader does it,
// in the middle of a validation too.
func TestTeeIsClosedWhileItIsRead(t *testing.T) {
	v, err := Compile(load(t, listSchema), Options{})
	require.NoError(t, err)
	text := "[" + strings.Repeat(`{"id":1},`, 1<<14)
	for range 20 {
		given, ended := make(chan struct{}), make(chan struct{})
		tee := Tee(&announced{strings.NewReader(text), given}, v, func(Finding) {})
		go func() {
			defer close(ended)
			_, _ = tee.Read(make([]byte, len(text)))
		}()
		<-given // so that it is validated now
		require.NoError(t, tee.Close())
		<-ended
		_, err := v.ValidateBytes(t.Context(), []byte(text))
		require.NoError(t, err)
	}
}

// announced tells of its first read.
type announced struct {
	io.Reader
	given chan struct{}
}

func (a *announced) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	close(a.given)
	return n, err
}

func (a *announced) Close() error { return nil }
