package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/kainexus"
)

// seen is what a client sees of an answer.
type seen struct {
	status        int
	length        int64
	contentType   string
	body          string
	failed, broke bool // instead of an answer, in the middle of its body
}

func see(t *testing.T, doer interface {
	Do(*http.Request) (*http.Response, error)
}, method, url, body string) seen {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("X-Sent", "yes")
	response, err := doer.Do(request)
	if err != nil {
		return seen{failed: true}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if method == http.MethodHead {
		response.ContentLength = -1 // of a body that is not sent: nobody relies on it
	}
	return seen{
		status: response.StatusCode, length: response.ContentLength,
		contentType: response.Header.Get("Content-Type"), body: string(text), broke: err != nil,
	}
}

// Whatever a handler does, a client sees the same of it with and without a socket.
func TestDoerIsLikeASocket(t *testing.T) {
	write := func(w http.ResponseWriter, texts ...string) {
		for _, text := range texts {
			_, _ = io.WriteString(w, text)
		}
	}
	typed := func(w http.ResponseWriter) { w.Header().Set("Content-Type", "application/json") }
	long := strings.Repeat("0123456789", 1000)
	tests := map[string]http.HandlerFunc{
		"nothing at all": func(http.ResponseWriter, *http.Request) {},
		"a short body":   func(w http.ResponseWriter, _ *http.Request) { typed(w); write(w, "{}") },
		"a long body":    func(w http.ResponseWriter, _ *http.Request) { typed(w); write(w, long, long) },
		"a status": func(w http.ResponseWriter, _ *http.Request) {
			typed(w)
			w.WriteHeader(http.StatusTeapot)
			write(w, "short and stout")
		},
		"a second status": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			w.WriteHeader(http.StatusOK)
		},
		"early hints": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(404) },
		"a header too late": func(w http.ResponseWriter, _ *http.Request) {
			typed(w)
			w.WriteHeader(200)
			w.Header().Set("Content-Type", "text/plain")
		},
		"no content": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204); write(w, "dropped") },
		"a flush": func(w http.ResponseWriter, _ *http.Request) {
			typed(w)
			write(w, "a")
			w.(http.Flusher).Flush()
			write(w, "b")
		},
		"a declared length": func(w http.ResponseWriter, _ *http.Request) {
			typed(w)
			w.Header().Set("Content-Length", "3")
			write(w, "abc")
		},
		"more than declared": func(w http.ResponseWriter, _ *http.Request) {
			typed(w)
			w.Header().Set("Content-Length", "3")
			write(w, "abc", "d")
		},
		"less than declared": func(w http.ResponseWriter, _ *http.Request) {
			typed(w)
			w.Header().Set("Content-Length", "30")
			write(w, "abc")
		},
		"less than a long one declared": func(w http.ResponseWriter, _ *http.Request) {
			typed(w)
			w.Header().Set("Content-Length", "30000")
			write(w, long)
		},
		"an abort": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"an abort in the middle": func(w http.ResponseWriter, _ *http.Request) {
			typed(w)
			write(w, "half")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		},
		"what was sent": func(w http.ResponseWriter, r *http.Request) {
			text, err := io.ReadAll(r.Body)
			typed(w)
			fmt.Fprint(w, r.Method, r.URL.Path, r.URL.RawPath, r.URL.RawQuery, r.RequestURI, r.Header.Get("X-Sent"), r.Proto, string(text), err)
		},
	}
	for name, handler := range tests {
		for _, method := range []string{"GET", "HEAD", "PUT"} {
			t.Run(name+", "+method, func(t *testing.T) {
				server := httptest.NewServer(handler)
				defer server.Close()
				url := server.URL + "/a%2Fb/c?q=1&q=%20"
				want := see(t, server.Client(), method, url, "sent")
				assert.Equal(t, want, see(t, sandbox.NewDoer(handler), method, url, "sent"))
				client := &http.Client{Transport: sandbox.NewDoer(handler)}
				assert.Equal(t, want, see(t, client, method, url, "sent"))
			})
		}
	}
}

func TestDoerStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const chunk = 1 << 10
		var written atomic.Int64
		doer := sandbox.NewDoer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				n, err := w.Write(make([]byte, chunk))
				written.Add(int64(n))
				if err != nil {
					return
				}
			}
		}))
		request, err := http.NewRequestWithContext(t.Context(), "GET", "http://sandbox.example/", nil)
		require.NoError(t, err)
		response, err := doer.Do(request)
		require.NoError(t, err)
		_, err = io.CopyN(io.Discard, response.Body, 100*chunk)
		require.NoError(t, err)
		synctest.Wait()
		assert.LessOrEqual(t, written.Load(), int64(105*chunk), "the handler runs ahead of its client")
		require.NoError(t, response.Body.Close())
		synctest.Wait() // the handler ends, or the bubble would not
	})
}

func TestDoerStopsWithItsContext(t *testing.T) {
	mine := errors.New("had enough")
	waiting := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	t.Run("before the answer", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			request, err := http.NewRequestWithContext(ctx, "GET", "http://sandbox.example/", nil)
			require.NoError(t, err)
			go func() { synctest.Wait(); cancel(mine) }()
			_, err = sandbox.NewDoer(waiting).Do(request)
			assert.ErrorIs(t, err, mine)
		})
	})
	t.Run("in the middle of the body", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			request, err := http.NewRequestWithContext(ctx, "GET", "http://sandbox.example/", nil)
			require.NoError(t, err)
			response, err := sandbox.NewDoer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, "begun")
				w.(http.Flusher).Flush()
				waiting(w, r)
			})).Do(request)
			require.NoError(t, err)
			defer response.Body.Close()
			_, err = io.ReadFull(response.Body, make([]byte, len("begun")))
			require.NoError(t, err)
			cancel(mine)
			_, err = response.Body.Read(make([]byte, 1))
			assert.ErrorIs(t, err, mine)
		})
	})
}

// A handler that ends its goroutine, as a failed assertion in it does, keeps nobody waiting.
func TestDoerOutlivesTheGoroutineOfAHandler(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"before the answer": func(http.ResponseWriter, *http.Request) { runtime.Goexit() },
		"in the middle of the body": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, "begun")
			w.(http.Flusher).Flush()
			runtime.Goexit()
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(handler)
			defer server.Close()
			want := see(t, server.Client(), http.MethodGet, server.URL, "")
			assert.Equal(t, want, see(t, sandbox.NewDoer(handler), http.MethodGet, server.URL, ""))
		})
	}
}

// Reading a body ends with the context even where the handler does not look at it.
func TestReadingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		release := make(chan struct{})
		request, err := http.NewRequestWithContext(ctx, "GET", "http://sandbox.example/", nil)
		require.NoError(t, err)
		response, err := sandbox.NewDoer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.(http.Flusher).Flush()
			<-release
		})).Do(request)
		require.NoError(t, err)
		go func() { synctest.Wait(); cancel() }()
		_, err = response.Body.Read(make([]byte, 1))
		require.ErrorIs(t, err, context.Canceled)
		close(release)
		require.NoError(t, response.Body.Close())
	})
}

// What net/http would not send, or not like this, does not pass here either.
func TestDoerSendsWhatASocketSends(t *testing.T) {
	got := func(t *testing.T, doer interface {
		Do(*http.Request) (*http.Response, error)
	}, url string, change func(*http.Request)) string {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, strings.NewReader("abc"))
		require.NoError(t, err)
		request.Header["User-Agent"] = []string{"test"}
		change(request)
		response, err := doer.Do(request)
		if err != nil {
			return "refused"
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return string(text)
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		fmt.Fprint(w, r.Header["Authorization"], r.Header["X-A"], r.ContentLength, string(text), err)
	})
	server := httptest.NewServer(handler)
	defer server.Close()
	for name, change := range map[string]func(*http.Request){
		"a plain request":        func(*http.Request) {},
		"a line break":           func(r *http.Request) { r.Header.Set("Authorization", "Bearer x\n") },
		"a header with a space":  func(r *http.Request) { r.Header["X A"] = []string{"1"} },
		"a header in small case": func(r *http.Request) { r.Header["authorization"] = []string{"Bearer x"} },
		"spaces around a value":  func(r *http.Request) { r.Header["X-A"] = []string{" a ", "b"} },
		"too long a length":      func(r *http.Request) { r.ContentLength = 10 },
		"too short a length":     func(r *http.Request) { r.ContentLength = 2 },
		"a length not told":      func(r *http.Request) { r.ContentLength = 0 },
		"no body":                func(r *http.Request) { r.Body, r.ContentLength = nil, 0 },
		"user and password":      func(r *http.Request) { r.URL.User = url.UserPassword("user", "pass") },
		"both":                   func(r *http.Request) { r.URL.User = url.User("user"); r.Header.Set("Authorization", "Bearer x") },
	} {
		t.Run(name, func(t *testing.T) {
			want := got(t, server.Client(), server.URL, change)
			assert.Equal(t, want, got(t, sandbox.NewDoer(handler), server.URL, change))
			assert.Equal(t, want, got(t, &http.Client{Transport: sandbox.NewDoer(handler)}, server.URL, change))
		})
	}
}

// The address that a request names is what a handler learns, scheme included.
func TestDoerKeepsTheAddress(t *testing.T) {
	server, err := kainexus.New()
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), "GET", "https://sandbox.example/.well-known/oauth-authorization-server", nil)
	require.NoError(t, err)
	response, err := server.Doer().Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"https://sandbox.example/oauth2/token"`)
}

// A RoundTripper closes the body that it was given, whatever happens.
func TestDoerClosesWhatItSends(t *testing.T) {
	handlers := map[string]http.HandlerFunc{
		"after an answer": func(http.ResponseWriter, *http.Request) {},
		"after an abort":  func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"after a panic":   func(http.ResponseWriter, *http.Request) { panic("a defect") },
	}
	for name, handler := range handlers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				body := &watched{Reader: strings.NewReader("sent")}
				request, err := http.NewRequestWithContext(t.Context(), "PUT", "http://sandbox.example/", body)
				require.NoError(t, err)
				response, err := sandbox.NewDoer(handler).Do(request)
				if err == nil {
					require.NoError(t, response.Body.Close())
				}
				synctest.Wait()
				assert.True(t, body.closed)
			})
		})
	}
	t.Run("of a request for nothing", func(t *testing.T) {
		body := &watched{Reader: strings.NewReader("sent")}
		_, err := sandbox.NewDoer(handlers["after an answer"]).Do(&http.Request{Body: body})
		assert.ErrorContains(t, err, "no URL")
		assert.True(t, body.closed)
	})
}

type watched struct {
	io.Reader
	closed bool
}

func (w *watched) Close() error { w.closed = true; return nil }

func ExampleDoer() {
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "no socket led to ", r.URL.Path) })
	client := &http.Client{Transport: sandbox.NewDoer(hello)}
	response, err := client.Get("http://sandbox.example/here")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	fmt.Println(string(text), err)
	// Output: no socket led to /here <nil>
}
