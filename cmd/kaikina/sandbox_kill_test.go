package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// kills is how often the process is killed.
const kills = 50

// perWrite is how many records one call writes: all of them are there, or none.
const perWrite = 3

// What a sandbox with a file has acknowledged is there after kill -9, and nothing is half
// there.
func TestKillLosesNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sandbox.db")
	acknowledged := map[string]bool{}
	sent := 0
	for kill := range kills {
		box := startProcess(t, file)
		assertKept(t, box, acknowledged)
		if t.Failed() {
			t.Fatalf("after %d kills and %d acknowledged writes", kill, len(acknowledged))
		}
		for tag, ok := range box.writeUntilKilled(t, sent) {
			sent++
			if ok {
				acknowledged[tag] = true
			}
		}
	}
	box := startProcess(t, file)
	assertKept(t, box, acknowledged)
	require.NoError(t, box.cmd.Process.Kill())
	t.Logf("%d kills, %d writes sent, %d acknowledged and all there", kills, sent, len(acknowledged))
	assert.Greater(t, len(acknowledged), 2*kills, "too few writes to show anything")
	assert.Less(t, len(acknowledged), sent, "no kill hit a write that was under way")
}

// process is a sandbox in a process of its own.
type process struct {
	cmd            *exec.Cmd
	kainexus, key  string
	kinabase, bear string
}

func startProcess(t *testing.T, file string) *process {
	t.Helper()
	p := &process{cmd: exec.CommandContext(t.Context(), "kaikina", "sandbox", "--json", "--data", file)}
	var stderr bytes.Buffer
	p.cmd.Stderr = &stderr
	stdout, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); _ = p.cmd.Wait() })
	var services []struct {
		BaseURL     string
		Environment map[string]string
	}
	if err := json.NewDecoder(stdout).Decode(&services); err != nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		require.NoError(t, err, stderr.String())
	}
	p.kainexus, p.key = services[0].BaseURL, services[0].Environment["KAINEXUS_API_KEY"]
	p.kinabase = services[1].BaseURL
	status, body, err := p.call(http.MethodPost, p.kinabase+"/token", fmt.Sprintf(`{"appId":%q,"secret":%q}`,
		services[1].Environment["KINABASE_APP_ID"], services[1].Environment["KINABASE_APP_SECRET"]))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, body)
	var token struct{ Token string }
	require.NoError(t, json.Unmarshal([]byte(body), &token))
	p.bear = token.Token
	return p
}

func (p *process) call(method, url, body string) (status int, text string, err error) {
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	request.Header.Set("Content-Type", "application/json")
	if strings.HasPrefix(url, p.kinabase) {
		request.Header.Set("Authorization", "Bearer "+p.bear)
	} else {
		request.SetBasicAuth("api", p.key)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, string(answer), err
}

// writeUntilKilled writes from many sides, and kills the process at some moment. It tells
// which writes were sent, and which of them were acknowledged.
func (p *process) writeUntilKilled(t *testing.T, first int) map[string]bool {
	writes := map[string]bool{}
	var mu sync.Mutex
	var writers sync.WaitGroup
	next := first
	for side := range 4 {
		writers.Go(func() {
			for {
				mu.Lock()
				tag := fmt.Sprintf("w%d", next)
				next++
				writes[tag] = false
				mu.Unlock()
				status, body, err := p.write(side%2 == 0, tag)
				if err != nil {
					return // killed
				}
				assert.Equal(t, http.StatusOK, status, body)
				mu.Lock()
				writes[tag] = true
				mu.Unlock()
			}
		})
	}
	time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond)
	assert.NoError(t, p.cmd.Process.Kill())
	writers.Wait()
	_ = p.cmd.Wait()
	return writes
}

// write adds records that bear a tag, in one call.
func (p *process) write(kinabase bool, tag string) (status int, body string, err error) {
	if kinabase {
		record := fmt.Sprintf(`{"data":{"notes":"kinabase %s"}}`, tag)
		return p.call(http.MethodPost, p.kinabase+"/collections/purchase-orders/bulk", `{"records":[`+repeat(record)+`]}`)
	}
	item := fmt.Sprintf(`{"templateId":45,"summary":"kainexus %s","authors":[{"id":301}]}`, tag)
	return p.call(http.MethodPut, p.kainexus+"/api/public/v1/json/itemList", `{"items":[`+repeat(item)+`]}`)
}

func repeat(element string) string {
	return strings.TrimSuffix(strings.Repeat(element+",", perWrite), ",")
}

// assertKept looks for every acknowledged write, and for half of any.
func assertKept(t *testing.T, p *process, acknowledged map[string]bool) {
	t.Helper()
	found := map[string]int{}
	count := func(url, separator string) {
		status, body, err := p.call(http.MethodGet, url, "")
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status)
		for _, after := range strings.Split(body, separator)[1:] {
			tag, _, _ := strings.Cut(after, `"`)
			found[tag]++
		}
	}
	count(p.kinabase+"/collections/purchase-orders/all", `"notes":"kinabase `)
	count(p.kainexus+"/api/public/v1/json/itemList?id=640", `"summary":"kainexus `)
	for tag := range acknowledged {
		assert.Equal(t, perWrite, found[tag], "the acknowledged write %s", tag)
	}
	for tag, n := range found {
		assert.Equal(t, perWrite, n, "half of the write %s", tag)
	}
}
