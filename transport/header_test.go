package transport

import (
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatEveryRequestHas(t *testing.T) {
	own := "kaikina/" + version() + " (" + runtime.Version() + ")"
	tests := []struct {
		name   string
		cfg    Config
		given  http.Header
		agent  string
		accept string
	}{
		{"nothing given", Config{}, nil, own, "application/json"},
		{"an agent's name", Config{UserAgent: "sync/1.4"}, nil, "sync/1.4 " + own, "application/json"},
		{"accept", Config{}, http.Header{"Accept": {"text/csv"}}, own, "text/csv"},
		{"agent", Config{UserAgent: "sync/1.4"}, http.Header{"User-Agent": {"mine"}}, "mine", "application/json"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.cfg.Base = steps(status(200))
			r := request(t, t.Context(), "GET", "/status")
			r.Header = test.given
			_, err := newChain(t, test.cfg).Do(r)
			require.NoError(t, err)
			sent := test.cfg.Base.(*script).sent[0].Header
			assert.Equal(t, []string{test.agent}, sent["User-Agent"])
			assert.Equal(t, []string{test.accept}, sent["Accept"])
		})
	}
}

func TestVersion(t *testing.T) {
	of := func(path, version string) debug.Module { return debug.Module{Path: path, Version: version} }
	dep := func(m debug.Module) []*debug.Module {
		return []*debug.Module{{Path: "x.test/y", Version: "v9.9.9"}, &m}
	}
	replaced := of(module, "v1.0.0")
	replaced.Replace = &debug.Module{Path: "../kaikina"}
	tests := []struct {
		name string
		info debug.BuildInfo
		want string
	}{
		{"a dependency", debug.BuildInfo{Main: of("x.test/z", "v2.0.0"), Deps: dep(of(module, "v0.3.0"))}, "v0.3.0"},
		{"the program's own module", debug.BuildInfo{Main: of(module, "v0.4.0")}, "v0.4.0"},
		{"a checkout", debug.BuildInfo{Main: of(module, "(devel)")}, "devel"},
		{"replaced by a folder", debug.BuildInfo{Deps: dep(replaced)}, "devel"},
		{"not there", debug.BuildInfo{Main: of("x.test/z", "v2.0.0")}, "devel"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, versionIn(&test.info)) })
	}
}

func TestRequestID(t *testing.T) {
	assert.Empty(t, RequestID(nil))
	assert.Equal(t, "7f2c", RequestID(http.Header{"X-Correlation-Id": {"7f2c"}}))
	assert.Equal(t, "first", RequestID(http.Header{"X-Request-Id": {"first"}, "X-Correlation-Id": {"second"}}))
	assert.Equal(t, `a\x1b[2Jb`, RequestID(http.Header{"X-Request-Id": {"a\x1b[2Jb"}}))
	assert.Equal(t, strings.Repeat("x", 100)+"...", RequestID(http.Header{"X-Request-Id": {strings.Repeat("x", 999)}}))
}

func TestAttemptsOfNothing(t *testing.T) {
	assert.Zero(t, AttemptsOf(nil, nil))
	assert.Zero(t, AttemptsOf(&http.Response{}, nil))
}
