//go:build browser

package reference_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A real browser reads the page that the command serves, and calls the sandbox from it.
// The pictures that it takes are in $KAIKINA_ARTIFACTS, or else in artifacts.
func TestInABrowser(t *testing.T) {
	browser := startBrowser(t)
	services := startSandbox(t)
	kainexus, kinabase := services[0], services[1]

	t.Run("KaiNexus with an API key", func(t *testing.T) {
		p := open(t, browser, kainexus.Reference, "KaiNexus")
		p.authorize("basicAuth", "api", kainexus.Environment["KAINEXUS_API_KEY"])
		p.tryOut("Items", "listItems")
		p.fill(block("Items", "listItems", `tr[data-param-name="id"] input`), kainexus.IDs["itemList"])
		answer := p.execute("Items", "listItems")
		assert.Contains(t, answer, `"items": [`)
		assert.Contains(t, answer, `"summary": "`)
		p.finish("kainexus-basic")
		assert.Contains(t, p.asked(), "GET "+kainexus.BaseURL+"/api/public/v1/json/itemList")
	})
	t.Run("KaiNexus with OAuth 2.0", func(t *testing.T) {
		p := open(t, browser, kainexus.Reference, "KaiNexus")
		p.authorize("oauth2", kainexus.Instead["KAINEXUS_CLIENT_ID"], kainexus.Instead["KAINEXUS_CLIENT_SECRET"])
		p.tryOut("Items", "listItems")
		p.fill(block("Items", "listItems", `tr[data-param-name="id"] input`), kainexus.IDs["itemList"])
		assert.Contains(t, p.execute("Items", "listItems"), `"items": [`)
		p.finish("kainexus-oauth")
		assert.Contains(t, p.asked(), "POST "+kainexus.BaseURL+"/oauth2/token")
	})
	t.Run("Kinabase with a token", func(t *testing.T) {
		p := open(t, browser, kinabase.Reference, "Kinabase")
		p.tryOut("Auth", "createToken")
		credentials, err := json.Marshal(map[string]string{
			"appId": kinabase.Environment["KINABASE_APP_ID"], "secret": kinabase.Environment["KINABASE_APP_SECRET"],
		})
		require.NoError(t, err)
		p.fill(block("Auth", "createToken", "textarea.body-param__text"), string(credentials))
		token := regexp.MustCompile(`"token": "([^"]+)"`).FindStringSubmatch(p.execute("Auth", "createToken"))
		require.NotNil(t, token)
		p.authorize("bearerAuth", token[1])
		p.tryOut("Records", "listRecords")
		answer := p.execute("Records", "listRecords")
		assert.Contains(t, answer, `"orderNumber": "PO-001"`)
		assert.Contains(t, answer, `"totalRecords": 25`)
		p.finish("kinabase-bearer")
	})
}

// service is what the command prints about one product.
type service struct {
	API         string
	BaseURL     string
	Reference   string
	Environment map[string]string
	Instead     map[string]string `json:"insteadOfTheKey"`
	IDs         map[string]string
}

// startSandbox runs the command as a user does.
func startSandbox(t *testing.T) []service {
	t.Helper()
	program := filepath.Join(t.TempDir(), "kaikina")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../../cmd/kaikina").CombinedOutput()
	require.NoError(t, err, string(out))
	cmd := exec.Command(program, "sandbox", "--json")
	cmd.Stderr = t.Output()
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		assert.NoError(t, cmd.Process.Signal(os.Interrupt))
		_, _ = io.Copy(io.Discard, stdout)
		assert.NoError(t, cmd.Wait())
	})
	var services []service
	require.NoError(t, json.NewDecoder(stdout).Decode(&services))
	require.Len(t, services, 2)
	return services
}

// browsers are the commands that Chromium goes by.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless_shell", "chrome"}

func startBrowser(t *testing.T) context.Context {
	t.Helper()
	at := slices.IndexFunc(browsers, func(name string) bool { _, err := exec.LookPath(name); return err == nil })
	require.GreaterOrEqual(t, at, 0, "there is no browser: install Chromium so that one of %s is on the PATH (apt-get install chromium)", strings.Join(browsers, ", "))
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(browsers[at]), chromedp.WindowSize(1280, 1600),
		// A proxy of the machine's is not for loopback.
		chromedp.Flag("no-proxy-server", true))
	if os.Geteuid() == 0 {
		// Chromium has no sandbox of its own for root, and does not start with it.
		options = append(options, chromedp.NoSandbox)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx), "start %s", browsers[at])
	return ctx
}

// page is a tab that shows the reference page.
type page struct {
	t      *testing.T
	ctx    context.Context
	origin string

	mu         sync.Mutex
	requests   []string
	complaints []string
}

// open shows the page in a tab of its own, and picks a product.
func open(t *testing.T, browser context.Context, address, product string) *page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	p := &page{t: t, ctx: ctx, origin: strings.TrimSuffix(address, "/")}
	require.NoError(t, chromedp.Listen(ctx, p.watch))
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	require.NoError(t, err)
	p.do("open the page", chromedp.Navigate(address))
	p.shows("KaiNexus")
	// The first product is shown to begin with. It is picked by leaving it and coming back.
	p.pick("Kinabase", kb.ArrowDown)
	if product == "KaiNexus" {
		p.pick("KaiNexus", kb.ArrowUp)
	}
	return p
}

func (p *page) pick(product, key string) {
	p.t.Helper()
	p.do("pick "+product, chromedp.Focus(chromedp.CSS(".topbar select:enabled")), chromedp.KeyEvent(key))
	p.shows(product)
}

// shows waits until the page shows the operations of a product.
func (p *page) shows(product string) {
	p.t.Helper()
	p.do("show "+product, chromedp.WaitVisible(chromedp.Search(`//*[@class="title"][contains(., "`+product+` API")]`)),
		chromedp.WaitVisible(chromedp.CSS(".topbar select:enabled")), chromedp.WaitVisible(chromedp.CSS(".opblock")))
}

// watch keeps what the page asks for and what the browser complains about.
func (p *page) watch(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, event.Request.Method+" "+event.Request.URL)
	case *runtime.EventConsoleAPICalled:
		if event.Type == runtime.ConsoleAPICalledTypeError || event.Type == runtime.ConsoleAPICalledTypeWarning || event.Type == runtime.ConsoleAPICalledTypeAssert {
			text, _ := json.Marshal(event.Args)
			p.complaints = append(p.complaints, string(text))
		}
	case *runtime.EventExceptionThrown:
		p.complaints = append(p.complaints, event.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if event.Entry.Level == log.EntryLevelError || event.Entry.Level == log.EntryLevelWarning {
			p.complaints = append(p.complaints, event.Entry.Text+" "+event.Entry.URL)
		}
	}
}

// do fails the test with a picture of where it stood.
func (p *page) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.picture("failed")
		p.t.Fatalf("%s: %v\n%s", what, err, strings.Join(p.complaints, "\n"))
	}
}

// authorize fills the dialog's part for one scheme, and closes the dialog.
func (p *page) authorize(scheme string, values ...string) {
	p.t.Helper()
	part := `//div[@class="auth-container"][.//h4[starts-with(normalize-space(.), "` + scheme + `")]]`
	p.do("open the dialog", chromedp.Click(chromedp.CSS(".auth-wrapper .btn.authorize")), chromedp.WaitVisible(chromedp.Search(part)))
	for i, value := range values {
		field := chromedp.Search(fmt.Sprintf(`(%s//input[@type="text" or @type="password"])[%d]`, part, i+1))
		p.do(fmt.Sprintf("fill field %d of %s", i+1, scheme), chromedp.Click(field), chromedp.KeyEvent(value))
	}
	p.do("authorize with "+scheme, chromedp.Click(chromedp.Search(part+`//button[text()="Authorize"]`)),
		chromedp.WaitVisible(chromedp.Search(part+`//button[text()="Logout"]`)),
		chromedp.Click(chromedp.CSS(".modal-ux .btn-done")), chromedp.WaitNotPresent(chromedp.CSS(".modal-ux")))
}

func block(tag, operation, inside string) chromedp.CSS {
	return chromedp.CSS("#operations-" + tag + "-" + operation + " " + inside)
}

// tryOut opens an operation and makes its fields writable.
func (p *page) tryOut(tag, operation string) {
	p.t.Helper()
	p.do("try out "+operation, chromedp.Click(block(tag, operation, ".opblock-summary-control")),
		chromedp.Click(block(tag, operation, ".try-out__btn")), chromedp.WaitVisible(block(tag, operation, ".execute")))
}

// fill replaces what a field holds, as somebody who types does.
func (p *page) fill(field chromedp.CSS, value string) {
	p.t.Helper()
	p.do("fill "+string(field), chromedp.Click(field), chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)), chromedp.KeyEvent(value))
}

// execute sends the call and gives the body of the answer, as the page shows it.
func (p *page) execute(tag, operation string) string {
	p.t.Helper()
	shown := block(tag, operation, ".live-responses-table tbody .highlight-code")
	p.do("execute "+operation, chromedp.Click(block(tag, operation, ".execute")), chromedp.WaitVisible(shown))
	status, err := chromedp.Run(p.ctx, chromedp.Text(block(tag, operation, ".live-responses-table tbody .response-col_status")))
	require.NoError(p.t, err)
	body, err := chromedp.Run(p.ctx, chromedp.Text(shown))
	require.NoError(p.t, err)
	require.Equal(p.t, "200", strings.Fields(status)[0], body)
	p.do("scroll to the answer", chromedp.ScrollIntoView(block(tag, operation, ".live-responses-table")))
	return body
}

// asked are the calls that the page made, without their parameters.
func (p *page) asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []string
	for _, request := range p.requests {
		address, _, _ := strings.Cut(request, "?")
		list = append(list, address)
	}
	return list
}

// finish takes a picture, and looks at where the page went and what the browser thought.
func (p *page) finish(name string) {
	p.t.Helper()
	p.picture(name)
	p.mu.Lock()
	defer p.mu.Unlock()
	assert.Empty(p.t, p.complaints, "the console is clean")
	assert.NotEmpty(p.t, p.requests)
	for _, request := range p.requests {
		_, address, _ := strings.Cut(request, " ")
		u, err := url.Parse(address)
		require.NoError(p.t, err)
		if u.Scheme != "data" {
			assert.Equal(p.t, p.origin, u.Scheme+"://"+u.Host, "no other host is asked for anything")
		}
	}
}

func (p *page) picture(name string) {
	p.t.Helper()
	folder := os.Getenv("KAIKINA_ARTIFACTS")
	if folder == "" {
		folder = filepath.Join("..", "..", "artifacts")
	}
	require.NoError(p.t, os.MkdirAll(folder, 0o755))
	// The context of a failed action may be over, but the tab's is not.
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Logf("no picture: %v", err)
		return
	}
	require.NoError(p.t, os.WriteFile(filepath.Join(folder, "reference-"+name+".png"), png, 0o644))
}
