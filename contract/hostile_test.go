package contract_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract"
	"github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/sandbox/kinabase"
)

// twisted serves a Kinabase sandbox whose answers go through twist, and is its target.
func twisted(t *testing.T, sandbox *kinabase.Server, twist func(*http.Request, *httptest.ResponseRecorder)) contract.Target {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		sandbox.ServeHTTP(recorder, r)
		twist(r, recorder)
		for name, values := range recorder.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(recorder.Body.Bytes())
	}))
	t.Cleanup(server.Close)
	cred, err := auth.KinabaseApp(server.URL+kinabase.BasePath, sandbox.App().ID, auth.NewSecret(sandbox.App().Secret))
	require.NoError(t, err)
	return contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"collection": "purchase-orders"}}
}

func sandboxOf(t *testing.T, options ...kinabase.Option) *kinabase.Server {
	t.Helper()
	sandbox, err := kinabase.New(options...)
	require.NoError(t, err)
	return sandbox
}

// rewrite changes the JSON of a recorded answer.
func rewrite(recorder *httptest.ResponseRecorder, change func(map[string]any)) {
	var object map[string]any
	if json.Unmarshal(recorder.Body.Bytes(), &object) != nil {
		return
	}
	change(object)
	text, _ := json.Marshal(object)
	recorder.Body = bytes.NewBuffer(text)
	recorder.Header().Del("Content-Length")
}

func checksOf(report *contract.Report) []string {
	var list []string
	for _, f := range report.Findings {
		list = append(list, f.Check+" "+f.Operation)
	}
	return list
}

// Whatever id a server answers to a creation, somebody else's record is left alone.
func TestAWrongIDIsNotBelieved(t *testing.T) {
	sandbox := sandboxOf(t)
	clean := twisted(t, sandbox, func(*http.Request, *httptest.ResponseRecorder) {})
	before := everything(t, clean.Credential)
	var list []map[string]any
	require.NoError(t, json.Unmarshal([]byte(before), &list))
	target := twisted(t, sandbox, func(r *http.Request, recorder *httptest.ResponseRecorder) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/purchase-orders") {
			rewrite(recorder, func(record map[string]any) { record["id"] = list[3]["id"] })
		}
	})
	report, err := contract.Verify(t.Context(), target)
	require.NoError(t, err)
	assert.Contains(t, checksOf(report), "write_takes_effect createRecord")
	assert.True(t, before == everything(t, clean.Credential), "what was there is there, and no more")
}

func TestAnUpdateInPlaceOfACreationIsNotBelieved(t *testing.T) {
	sandbox, err := kainexus.New()
	require.NoError(t, err)
	var deletions atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/json/item") {
			sent, _ := io.ReadAll(r.Body)
			if strings.Contains(string(sent), `"DELETED"`) {
				deletions.Add(1)
			}
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"success":true,"results":[{"id":1003,"operation":"UPDATE"}]}`)
			return
		}
		sandbox.ServeHTTP(w, r)
	}))
	defer server.Close()
	cred, err := auth.KaiNexusAPIKey(server.URL, auth.NewSecret(sandbox.Credentials().APIKey))
	require.NoError(t, err)
	report, err := contract.Verify(t.Context(), contract.Target{API: contract.KaiNexus, Credential: cred, IDs: sandbox.IDs()})
	require.ErrorIs(t, err, contract.ErrLeftovers, "who knows what it did")
	assert.Contains(t, err.Error(), `something called "Contract check`)
	assert.Contains(t, checksOf(report), "write_takes_effect putItem")
	assert.NotEmpty(t, report.Leftovers)
	assert.Zero(t, deletions.Load())
}

// A redirect is an answer like any other: it is not followed, and not declared.
func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			var strayed atomic.Int32
			sandbox := sandboxOf(t)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case strings.Contains(r.URL.Path, "elsewhere"):
					strayed.Add(1)
				case strings.HasSuffix(r.URL.Path, "/status") || strings.HasSuffix(r.URL.Path, "/bulk"):
					http.Redirect(w, r, kinabase.BasePath+"/collections/elsewhere/record", status)
				default:
					sandbox.ServeHTTP(w, r)
				}
			}))
			defer server.Close()
			cred, err := auth.KinabaseApp(server.URL+kinabase.BasePath, sandbox.App().ID, auth.NewSecret(sandbox.App().Secret))
			require.NoError(t, err)
			report, err := contract.Verify(t.Context(), contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"collection": "purchase-orders"}})
			require.NoError(t, err)
			assert.Zero(t, strayed.Load())
			assert.Contains(t, checksOf(report), "status_declared getStatus")
			assert.Contains(t, checksOf(report), "status_declared createRecords")
		})
	}
}

// net/http quotes what it cannot parse, and a server can send back what it was sent.
func TestErrorsRepeatNoSecret(t *testing.T) {
	const secret = "hunter2-hunter2"
	for _, answer := range []string{"HTTP/1.1 %s\r\n\r\n", "%s\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n", "HTTP/1.1 307 Moved\r\nLocation: http://%s/\r\nContent-Length: 0\r\n\r\n"} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		go func() {
			for {
				connection, err := listener.Accept()
				if err != nil {
					return
				}
				_, _ = connection.Read(make([]byte, 64<<10))
				_, _ = fmt.Fprintf(connection, answer, secret)
				_ = connection.Close()
			}
		}()
		cred, err := auth.KinabaseApp("http://"+listener.Addr().String(), "app", auth.NewSecret(secret))
		require.NoError(t, err)
		report, err := contract.Verify(t.Context(), contract.Target{API: contract.Kinabase, Credential: cred})
		require.Error(t, err)
		text, _ := json.Marshal(report)
		assert.NotContains(t, err.Error()+string(text), secret)
		require.NoError(t, listener.Close())
	}
}

// A total that lies differently on each page hides neither itself nor a repeated record.
func TestUnsteadyTotals(t *testing.T) {
	decreasing := func(r *http.Request, recorder *httptest.ResponseRecorder) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/purchase-orders") {
			rewrite(recorder, func(page map[string]any) {
				page["totalRecords"] = page["totalRecords"].(float64) - page["pageIndex"].(float64)
			})
		}
	}
	report, err := contract.Verify(t.Context(), twisted(t, sandboxOf(t), decreasing))
	require.NoError(t, err)
	assert.Equal(t, []string{"pages_complete listRecords"}, checksOf(report))

	var first any
	report, err = contract.Verify(t.Context(), twisted(t, sandboxOf(t), func(r *http.Request, recorder *httptest.ResponseRecorder) {
		decreasing(r, recorder)
		rewrite(recorder, func(page map[string]any) {
			if records, ok := page["records"].([]any); ok && len(records) > 0 {
				if page["pageIndex"].(float64) == 0 {
					first = records[0]
				} else {
					records[0] = first
				}
			}
		})
	}))
	require.NoError(t, err)
	assert.Contains(t, checksOf(report), "pages_disjoint listRecords")

	var n float64
	report, err = contract.Verify(t.Context(), twisted(t, sandboxOf(t), func(r *http.Request, recorder *httptest.ResponseRecorder) {
		rewrite(recorder, func(page map[string]any) {
			if _, ok := page["totalRecords"]; ok {
				n++
				page["totalRecords"] = 25 + n
			}
		})
	}))
	require.NoError(t, err)
	assert.Empty(t, report.Findings, "it may be a busy collection")
	for _, op := range report.Operations {
		if op.ID == "listRecords" {
			assert.Contains(t, op.Note, "kept changing", "but that it was not judged is said")
		}
	}
}

// A conforming server gives no finding, however it looks, and is left as it was.
func TestConformingServers(t *testing.T) {
	record := func(n int) kinabase.Record {
		return kinabase.Record{Data: map[string]any{"name": fmt.Sprintf("Record no. %d", n), "due": "2026-03-02"}}
	}
	collection := func(n int) kinabase.Collection {
		c := kinabase.Collection{ID: "3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a01", Slug: "purchase-orders", Name: "Orders", Fields: kinabase.Keys("name", "due")}
		for i := range n {
			c.Records = append(c.Records, record(i))
		}
		return c
	}
	for _, n := range []int{0, 1, 2, 3, 9, 10, 11, 299, 300, 301, 901} {
		for _, edition := range []string{"today", "2023"} {
			t.Run(fmt.Sprintf("%d records, %s", n, edition), func(t *testing.T) {
				options := []kinabase.Option{kinabase.WithoutSeed(), kinabase.WithCollection(collection(n))}
				if edition == "2023" {
					options = append(options, kinabase.WithEdition2023())
				}
				target := twisted(t, sandboxOf(t, options...), func(*http.Request, *httptest.ResponseRecorder) {})
				before := everything(t, target.Credential)
				report, err := contract.Verify(t.Context(), target)
				require.NoError(t, err)
				assert.Empty(t, report.Findings)
				assert.True(t, before == everything(t, target.Credential))
			})
		}
	}
}

// A record that somebody adds while the collection is read is no finding.
func TestACollectionThatGrows(t *testing.T) {
	sandbox := sandboxOf(t)
	target := twisted(t, sandbox, func(*http.Request, *httptest.ResponseRecorder) {})
	add := func() {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, target.Credential.BaseURL()+"/collections/purchase-orders", strings.NewReader(`{"data":{"supplier":"New"}}`))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/json")
		response, err := target.Credential.Doer(nil).Do(request)
		require.NoError(t, err)
		response.Body.Close()
		require.Equal(t, http.StatusOK, response.StatusCode)
	}
	for after := 4; after < 14; after++ {
		calls := 0
		report, err := contract.Verify(t.Context(), target, contract.WithProgress(func(contract.Call) {
			if calls++; calls == after {
				add()
			}
		}))
		require.NoError(t, err)
		assert.Empty(t, report.Findings, "one was added after %d calls", after)
	}
}

// A server that refuses to delete leaves something behind, and that is said.
func TestLeftoversAreNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target, server := remoteTarget(t)
		target.AllowWrites = []string{"createRecords", "updateRecords", "deleteRecords"}
		sandbox := server.handler
		server.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodDelete {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusTooManyRequests)
				fmt.Fprint(w, `{"error":"busy"}`)
				return
			}
			sandbox.ServeHTTP(w, r)
		})
		report, err := contract.Verify(t.Context(), target, contract.WithDoer(server))
		require.ErrorIs(t, err, contract.ErrLeftovers)
		require.Len(t, report.Leftovers, 1)
		assert.Contains(t, report.Leftovers[0], "records of the collection purchase-orders, linked to kaikina-contract as contract-bulk-")
		deletions := 0
		for _, call := range server.calls {
			if strings.HasPrefix(call, http.MethodDelete) {
				deletions++
			}
		}
		assert.InDelta(t, 31, deletions, 1, "a busy server is asked again every two seconds, for a minute")
	})
}

// An interruption in the middle of a body is no finding.
func TestInterruptedInsideABody(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	sandbox := sandboxOf(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/all") {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `[{"id":`)
			w.(http.Flusher).Flush()
			cancel()
			<-r.Context().Done()
			return
		}
		sandbox.ServeHTTP(w, r)
	}))
	defer server.Close()
	cred, err := auth.KinabaseApp(server.URL+kinabase.BasePath, sandbox.App().ID, auth.NewSecret(sandbox.App().Secret))
	require.NoError(t, err)
	report, err := contract.Verify(ctx, contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"collection": "purchase-orders"}})
	require.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, report.Findings)
	assert.False(t, report.Complete)
}

func TestOddOptionsAndAnswers(t *testing.T) {
	target, server := remoteTarget(t)
	sandbox := server.handler
	server.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sandbox.ServeHTTP(w, r)
		if w.Header().Get("Content-Type") == "application/json" {
			w.Header().Set("Content-Type", "APPLICATION/JSON")
		}
	})
	report, err := contract.Verify(t.Context(), target, nil, contract.WithProgress(nil), contract.WithDoer(nil), contract.WithDoer(server))
	require.NoError(t, err)
	assert.Empty(t, report.Findings)

	report, err = contract.Verify(t.Context(), target, contract.WithDoer(bodiless{}))
	require.ErrorContains(t, err, "listRecords answered 401")
	assert.Contains(t, checksOf(report), "content_type_declared listRecords", "no panic, but a missing body")
}

// bodiless answers without a body, as a careless fake does.
type bodiless struct{}

func (bodiless) Do(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusUnauthorized, Header: http.Header{}, Request: r}, nil
}

// Keys are of the server's choosing, and may look like anything to a shell.
func TestKeysDoNotBreakOutOfACurlLine(t *testing.T) {
	for _, key := range []string{"0\x00$(touch pwned)\x00", `\u0000$(touch pwned)\u0000`, `'; touch pwned; '`, `"$(touch pwned)"`, "`touch pwned`"} {
		collection := kinabase.Collection{ID: "3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a01", Slug: "purchase-orders", Name: "Orders", Fields: kinabase.Keys(key),
			Records: []kinabase.Record{{Data: map[string]any{key: "Some text"}}}}
		target := twisted(t, sandboxOf(t, kinabase.WithoutSeed(), kinabase.WithCollection(collection)), func(r *http.Request, recorder *httptest.ResponseRecorder) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/purchase-orders") {
				recorder.Code = http.StatusTeapot
			}
		})
		report, err := contract.Verify(t.Context(), target)
		if err != nil {
			require.ErrorIs(t, err, contract.ErrLeftovers)
		}
		require.NotEmpty(t, report.Findings)
		for _, f := range report.Findings {
			shell := exec.CommandContext(t.Context(), "sh", "-c", `curl() { :; }; `+f.Curl)
			shell.Dir = t.TempDir()
			out, err := shell.CombinedOutput()
			require.NoError(t, err, "%q: %s", f.Curl, out)
			left, err := os.ReadDir(shell.Dir)
			require.NoError(t, err)
			assert.Empty(t, left, "%q", f.Curl)
		}
	}
}

// An interruption anywhere leaves nothing in KaiNexus, and raises no false alarm.
func TestAnInterruptedKaiNexusRunCleansUp(t *testing.T) {
	target := kaiNexusTarget(t)
	state := func() string {
		var all strings.Builder
		for _, path := range []string{"itemList?id=" + target.IDs["itemList"], "networkLocationList", "impactValueList?impactValueType=Product", "attributeValueList?attributeId=" + target.IDs["attribute"]} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target.Credential.BaseURL()+"/api/public/v1/json/"+path, nil)
			require.NoError(t, err)
			response, err := target.Credential.Doer(nil).Do(request)
			require.NoError(t, err)
			var envelope struct{ Items json.RawMessage }
			require.NoError(t, json.NewDecoder(response.Body).Decode(&envelope))
			response.Body.Close()
			all.Write(envelope.Items)
		}
		return all.String()
	}
	whole := 0
	_, err := contract.Verify(t.Context(), target, contract.WithProgress(func(contract.Call) { whole++ }))
	require.NoError(t, err)
	before := state() // an import rewrites the charts it was given
	for stop := 1; stop < whole; stop++ {
		ctx, cancel := context.WithCancel(t.Context())
		made := 0
		_, err := contract.Verify(ctx, target, contract.WithProgress(func(contract.Call) {
			if made++; made == stop {
				cancel()
			}
		}))
		cancel()
		require.ErrorIs(t, err, context.Canceled, "cut short after %d calls", stop)
		assert.NotErrorIs(t, err, contract.ErrLeftovers, "cut short after %d calls", stop)
		assert.True(t, before == state(), "cut short after %d calls", stop)
	}
}

// Deletions that are acknowledged and not done are noticed, and what they leave is named.
func TestDeletionsThatDoNothing(t *testing.T) {
	for _, part := range []string{"all of it", "the second record"} {
		t.Run(part, func(t *testing.T) {
			sandbox := sandboxOf(t)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodDelete {
					sent, _ := io.ReadAll(r.Body)
					var deletion struct{ RecordIDs []string }
					if part == "all of it" || json.Unmarshal(sent, &deletion) != nil || len(deletion.RecordIDs) == 0 {
						w.Header().Set("Content-Type", "application/json")
						fmt.Fprint(w, `{}`)
						return
					}
					body, _ := json.Marshal(map[string]any{"recordIds": deletion.RecordIDs[:1]})
					r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
				}
				sandbox.ServeHTTP(w, r)
			}))
			defer server.Close()
			cred, err := auth.KinabaseApp(server.URL+kinabase.BasePath, sandbox.App().ID, auth.NewSecret(sandbox.App().Secret))
			require.NoError(t, err)
			report, err := contract.Verify(t.Context(), contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"collection": "purchase-orders"}})
			require.ErrorIs(t, err, contract.ErrLeftovers)
			assert.NotEmpty(t, report.Leftovers)
			assert.Contains(t, strings.Join(checksOf(report), "\n"), "write_takes_effect getRecord")
		})
	}
}

// A creation whose answer never came, or that a gateway hid, may have happened.
func TestACreationWithoutAnAnswerIsNamed(t *testing.T) {
	for _, answer := range []string{"429", "cut"} {
		t.Run(answer, func(t *testing.T) {
			sandbox, err := kainexus.New()
			require.NoError(t, err)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/json/item") {
					sandbox.ServeHTTP(httptest.NewRecorder(), r)
					if answer == "cut" {
						panic(http.ErrAbortHandler)
					}
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(http.StatusTooManyRequests)
					fmt.Fprint(w, `{"success":false,"errorCode":"BUSY"}`)
					return
				}
				sandbox.ServeHTTP(w, r)
			}))
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			defer server.Close()
			cred, err := auth.KaiNexusAPIKey(server.URL, auth.NewSecret(sandbox.Credentials().APIKey))
			require.NoError(t, err)
			report, err := contract.Verify(t.Context(), contract.Target{API: contract.KaiNexus, Credential: cred, IDs: sandbox.IDs()})
			require.ErrorIs(t, err, contract.ErrLeftovers)
			assert.Len(t, report.Leftovers, 1)
		})
	}
}

// Whatever answers only /status has not been tested.
func TestAStatusAloneIsNoEvidence(t *testing.T) {
	target := twisted(t, sandboxOf(t), func(r *http.Request, recorder *httptest.ResponseRecorder) {
		if strings.Contains(r.URL.Path, "/collections") {
			recorder.Code = http.StatusUnauthorized
			recorder.Body = bytes.NewBufferString(`{"error":"no"}`)
			recorder.Header().Del("Content-Length")
		}
	})
	_, err := contract.Verify(t.Context(), target)
	require.ErrorIs(t, err, contract.ErrNothingTested)
}

// A listed record that is not found is a finding, unless it was deleted in between.
func TestListedButNotFound(t *testing.T) {
	notFound := func(recorder *httptest.ResponseRecorder) {
		recorder.Code = http.StatusNotFound
		recorder.Body = bytes.NewBufferString(`{"error":"not found"}`)
		recorder.Header().Del("Content-Length")
	}
	single := func(r *http.Request) bool {
		return r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/collections/purchase-orders/978b31fa-")
	}
	report, err := contract.Verify(t.Context(), twisted(t, sandboxOf(t), func(r *http.Request, recorder *httptest.ResponseRecorder) {
		if single(r) {
			notFound(recorder)
		}
	}))
	require.NoError(t, err)
	assert.Equal(t, []string{"list_agrees_with_get getRecord"}, checksOf(report))

	deleted := false
	report, err = contract.Verify(t.Context(), twisted(t, sandboxOf(t), func(r *http.Request, recorder *httptest.ResponseRecorder) {
		switch {
		case single(r):
			deleted = true
			notFound(recorder)
		case deleted:
			rewrite(recorder, func(page map[string]any) {
				if records, ok := page["records"].([]any); ok && page["pageIndex"] == 0.0 {
					page["records"], page["totalRecords"] = records[1:], page["totalRecords"].(float64)-1
				}
			})
		}
	}))
	require.NoError(t, err)
	assert.Empty(t, report.Findings)
}

// A server that says when to come again is asked then, and nothing is left behind.
func TestCleaningUpWaitsAsLongAsAsked(t *testing.T) {
	for name, retryAfter := range map[string]func() string{
		"seconds": func() string { return "20" },
		"a date":  func() string { return time.Now().Add(20 * time.Second).UTC().Format(http.TimeFormat) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				target, server := remoteTarget(t)
				target.AllowWrites = []string{"createRecords", "updateRecords", "deleteRecords"}
				sandbox := server.handler
				free := time.Time{} // until a deletion was refused
				server.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodDelete && (free.IsZero() || time.Now().Before(free)) {
						if free.IsZero() {
							free = time.Now().Add(19 * time.Second)
						}
						w.Header().Set("Retry-After", retryAfter())
						w.Header().Set("Content-Type", "application/json")
						w.WriteHeader(http.StatusTooManyRequests)
						fmt.Fprint(w, `{"error":"busy"}`)
						return
					}
					sandbox.ServeHTTP(w, r)
				})
				report, err := contract.Verify(t.Context(), target, contract.WithDoer(server))
				require.NoError(t, err)
				assert.Empty(t, report.Leftovers)
			})
		})
	}
}
