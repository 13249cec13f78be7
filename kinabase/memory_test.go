package kinabase_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/internal/peers"
	"github.com/kaikina/kaikina/kinabase"
	emulator "github.com/kaikina/kaikina/sandbox/kinabase"
)

// serve is the variable that makes the test program a sandbox for another one, so that the
// memory of the one is not that of the other.
const serve = "KINABASE_TEST_SERVE"

func TestMain(m *testing.M) {
	if os.Getenv(serve) != "" {
		if err := serveGenerated(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// generated is how many machines there are then, with those that every sandbox has.
const generated = 99_999

func serveGenerated() error {
	s, err := emulator.New(emulator.WithGeneratedRecords("machines", generated-4, 1))
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + listener.Addr().String() + emulator.BasePath)
	return http.Serve(listener, s)
}

// elsewhere is a client of a sandbox in another process.
func elsewhere(t *testing.T, opts ...kinabase.Option) *kinabase.Client {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	server := exec.CommandContext(t.Context(), program)
	server.Env = append(os.Environ(), serve+"=1")
	server.Stderr = os.Stderr
	out, err := server.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	at, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	app := start(t, nil).App()
	opts = append(opts, kinabase.WithApp(app.ID, auth.NewSecret(app.Secret)), kinabase.WithBaseURL(strings.TrimSpace(at)))
	client, err := kinabase.New(opts...)
	require.NoError(t, err)
	return client
}

// All records of a large collection go through little memory, however many there are.
func TestAllRecordsInLittleMemory(t *testing.T) {
	client := elsewhere(t)
	ours := peers.HeapGrowth(func() {
		count := 0
		for record, err := range client.AllRecords(t.Context(), "machines") {
			require.NoError(t, err)
			require.NotEmpty(t, record.ID)
			count++
		}
		assert.Equal(t, generated, count)
	})
	stock := peers.HeapGrowth(func() {
		response, err := client.API().ListAllRecordsWithResponse(t.Context(), "machines", nil)
		require.NoError(t, err)
		require.NotNil(t, response.JSON200)
		assert.Len(t, *response.JSON200, generated)
	})
	t.Logf("the heap grew by %.1f MiB, and by %.1f MiB with the generated client", float64(ours)/(1<<20), float64(stock)/(1<<20))
	assert.Less(t, ours, uint64(16<<20))
	assert.Greater(t, stock, 4*ours)
}

// Nor does validating them take more.
func TestAllRecordsValidatedInLittleMemory(t *testing.T) {
	client := elsewhere(t, validating(t, schema.Options{}, nil))
	grown := peers.HeapGrowth(func() {
		count := 0
		for record, err := range client.AllRecords(t.Context(), "machines") {
			require.NoError(t, err)
			require.NotEmpty(t, record.ID)
			count++
		}
		assert.Equal(t, generated, count)
	})
	t.Logf("the heap grew by %.1f MiB", float64(grown)/(1<<20))
	assert.Less(t, grown, uint64(16<<20))
}
