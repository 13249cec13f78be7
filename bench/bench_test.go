package main

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func made(t testing.TB, names string) []body {
	list, err := bodies(names)
	require.NoError(t, err)
	return list
}

// BenchmarkOurs is there to be profiled: go test -bench Ours -cpuprofile cpu.out.
func BenchmarkOurs(b *testing.B) {
	for _, body := range made(b, "items-20,records-300") {
		for _, mode := range []string{"lenient", "strict"} {
			b.Run(body.name+"/"+mode, func(b *testing.B) {
				call, err := ours(body, mode == "strict")
				require.NoError(b, err)
				b.SetBytes(int64(len(body.text)))
				b.ReportAllocs()
				for b.Loop() {
					if err := call(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// A row that refused a body would be fast for the wrong reason.
func TestEveryRowTakesEveryBody(t *testing.T) {
	for _, body := range made(t, "items-20,records-300") {
		for _, row := range rows {
			t.Run(body.name+"/"+row.name, func(t *testing.T) {
				call, err := row.make(body)
				require.NoError(t, err)
				require.NoError(t, call())
			})
		}
	}
}

// And one that accepted anything would be too.
func TestEveryRowRefusesWhatItCanSee(t *testing.T) {
	broken := made(t, "items-20")[0]
	broken.text = bytes.Replace(broken.text, []byte(`"templateId":`), []byte(`"templateId":true,"was":`), 1)
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			call, err := row.make(broken)
			require.NoError(t, err)
			if err := call(); row.name == "jsontext" {
				assert.NoError(t, err)
			} else {
				assert.Error(t, err)
			}
		})
	}
}

func TestBodies(t *testing.T) {
	list := made(t, bodyNames())
	assert.Greater(t, len(list[2].text), 40_000_000)
	for _, again := range made(t, bodyNames()) {
		same := false
		for _, b := range list {
			same = same || b.name == again.name && bytes.Equal(b.text, again.text)
		}
		assert.True(t, same, "%s differs from run to run", again.name)
	}
	// No item is like another.
	seen := map[string]bool{}
	for _, part := range bytes.Split(made(t, "items-20")[0].text, []byte(`{"templateId":`)) {
		assert.False(t, seen[string(part)])
		seen[string(part)] = true
	}
}

// In the steady state nothing is allocated for a body, however long.
func TestAllocatesNothing(t *testing.T) {
	for _, body := range made(t, bodyNames()) {
		for _, mode := range []string{"lenient", "strict"} {
			call, err := ours(body, mode == "strict")
			require.NoError(t, err)
			assert.Zero(t, testing.AllocsPerRun(3, func() { _ = call() }), "%s %s", body.name, mode)
		}
	}
}

// A machine that is busy in one turn is so for both.
func TestRatioIsOfTurns(t *testing.T) {
	assert.InDelta(t, 0.5, ratio([]time.Duration{10, 200, 30}, []time.Duration{20, 400, 60}), 1e-9)
	assert.InDelta(t, 1.0, ratio([]time.Duration{10, 200, 30}, []time.Duration{10, 100, 60}), 1e-9)
}

func TestCPUTimeGrows(t *testing.T) {
	began := cpuTime()
	for cpuTime()-began < time.Millisecond {
	}
}

func TestRun(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run([]string{"-bodies", "items-20", "-rows", "lenient,strict,jsontext", "-turns", "1"}, &out, io.Discard))
	for _, want := range []string{"items-20: ", "lenient", "strict at most 1.15 of lenient", "lenient allocates nothing"} {
		assert.Contains(t, out.String(), want)
	}
	assert.NotContains(t, out.String(), "of kin-openapi", "a goal whose rows were not measured")
}

func TestRunRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"an unknown body": {[]string{"-bodies", "items-7"}, `there is no body "items-7": want some of items-20,`},
		"an unknown row":  {[]string{"-rows", "fastest"}, `there is no row "fastest": want some of lenient,`},
		"no turns":        {[]string{"-turns", "0"}, "want at least 1 of each"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.ErrorContains(t, run(c.args, io.Discard, io.Discard), c.want)
		})
	}
}
