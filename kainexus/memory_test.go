package kainexus

import (
	"bufio"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/gen/kainexusapi"
	"github.com/kaikina/kaikina/internal/peers"
	emulator "github.com/kaikina/kaikina/sandbox/kainexus"
)

// manyItems are more than 40 MiB of JSON, in two pages.
const manyItems = 32_000

// serveVariable makes this test program a server of many items, so that its memory is not
// that of the client.
const serveVariable = "KAIKINA_TEST_SERVE_ITEMS"

func TestMain(m *testing.M) {
	if os.Getenv(serveVariable) == "" {
		os.Exit(m.Run())
	}
	server, err := emulator.New(emulator.WithGeneratedItems(manyItems, 1))
	if err != nil {
		panic(err)
	}
	listener := httptest.NewServer(server)
	fmt.Println(listener.URL)
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent ends
}

// elsewhere is a client of many items that another process serves.
func elsewhere(t testing.TB) *Client {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	child := exec.CommandContext(t.Context(), program)
	child.Env = append(os.Environ(), serveVariable+"=1")
	child.Stderr = os.Stderr
	_, err = child.StdinPipe()
	require.NoError(t, err)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	t.Cleanup(func() { _ = child.Process.Kill(); _ = child.Wait() })
	url, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	server, err := emulator.New() // its credentials are those of every sandbox
	require.NoError(t, err)
	client, err := New(WithAPIKey(auth.NewSecret(server.Credentials().APIKey)), WithBaseURL(url[:len(url)-1]))
	require.NoError(t, err)
	return client
}

const mebibyte = 1 << 20

// TestItemsInLittleMemory reads pages of the largest size, and logs what the generated client
// takes for the first of them.
func TestItemsInLittleMemory(t *testing.T) {
	client := elsewhere(t)
	ours := peers.HeapGrowth(func() {
		items := 0
		for item, err := range client.Items(ctx(t), 700) {
			require.NoError(t, err)
			assert.NotNil(t, item.ID)
			items++
		}
		assert.Equal(t, manyItems, items)
	})
	var size int
	generated := peers.HeapGrowth(func() {
		answer, err := client.API().ListItemsWithResponse(ctx(t), &kainexusapi.ListItemsParams{ID: 700})
		require.NoError(t, err)
		require.Len(t, answer.JSON200.Items, MaxPageSize)
		size = len(answer.Body) * manyItems / MaxPageSize
	})
	t.Logf("%d items in some %.1f MiB of JSON: the heap grew by %.1f MiB, and by %.1f MiB with the generated client, for the first %d",
		manyItems, float64(size)/mebibyte, float64(ours)/mebibyte, float64(generated)/mebibyte, MaxPageSize)
	assert.Greater(t, size, 40*mebibyte)
	assert.Less(t, ours, uint64(16*mebibyte))
	assert.Greater(t, generated, ours)
}
