package sandboxtest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const pagePath = "../../docs/sandbox-admin.md"

var (
	route = regexp.MustCompile("(?m)^- `([A-Z]+ /[^`]*)`")
	block = regexp.MustCompile("(?s)\n```sh\n(.*?)```")
)

// CheckAdminPage holds docs/sandbox-admin.md against what an emulator does: it names the
// routes of the product, each as GET /roles/{id}, and no others, and all of them are called
// by its lines of curl. These work in their order, and once more: then the routes in once,
// which make what cannot be deleted, answer 409. It gives what the page says about the
// product. It is for tests of packages in sandbox/.
func CheckAdminPage(t testing.TB, product string, routes []string, server http.Handler, once ...string) string {
	t.Helper()
	page, err := os.ReadFile(pagePath)
	require.NoError(t, err)
	beginning, _, _ := strings.Cut(string(page), "\n## ")
	_, text, found := strings.Cut(string(page), "\n## "+product+"\n")
	require.True(t, found)
	text, _, _ = strings.Cut(text, "\n## ")

	var named []string
	for _, match := range route.FindAllStringSubmatch(text, -1) {
		named = append(named, match[1])
	}
	assert.ElementsMatch(t, routes, named)

	sh := &shell{t: t, server: server, variables: map[string]string{}, prefix: "/sandbox/" + strings.ToLower(product)}
	sh.run(beginning)
	for round := range 2 {
		sh.called, sh.refused = nil, nil
		sh.run(text)
		if round == 0 {
			assert.Empty(t, sh.refused)
		} else {
			assert.Equal(t, once, sh.refused)
		}
	}
	for _, route := range routes {
		pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(route), `\{id\}`, "[^/]+") + "$")
		assert.True(t, slices.ContainsFunc(sh.called, pattern.MatchString), "no line calls %s", route)
	}
	return text
}

// shell understands as much of a shell, and of curl, as the page uses.
type shell struct {
	t         testing.TB
	server    http.Handler
	variables map[string]string
	prefix    string   // of what is called
	called    []string // such as GET /roles/7
	refused   []string // what was answered 409
}

// idOf is how the page takes an id out of an answer; id does it here.
const idOf = `id_of() { sed -n 's/.*"id":"*\([^",}]*\).*/\1/p'; }`

var (
	command  = regexp.MustCompile(`(?:'[^']*'|"[^"]*"|[^'"\n])+`)
	assigned = regexp.MustCompile(`^([A-Z]+)=([^$].*)$`)
	taken    = regexp.MustCompile(`(?s)^([A-Z]+)=\$\((.*) \| id_of\)$`)
	id       = regexp.MustCompile(`.*"id":"*([^",}]*)`)
)

// run carries out the blocks of a text.
func (sh *shell) run(text string) {
	sh.t.Helper()
	for _, block := range block.FindAllStringSubmatch(text, -1) {
		for _, line := range command.FindAllString(block[1], -1) {
			if line == idOf {
				continue
			}
			if match := assigned.FindStringSubmatch(line); match != nil {
				sh.variables[match[1]] = strings.Join(sh.words(match[2]), " ")
				continue
			}
			if match := taken.FindStringSubmatch(line); match != nil {
				found := id.FindStringSubmatch(sh.curl(match[2]))
				require.NotNil(sh.t, found, "%s: there is no id in the answer", line)
				sh.variables[match[1]] = found[1]
				continue
			}
			sh.curl(line)
		}
	}
}

var part = regexp.MustCompile(`'[^']*'|"[^"]*"|[^\s'"]+|\s+`)

// words are those of a line, without quotes and with the values of variables.
func (sh *shell) words(line string) []string {
	words, word := []string{}, ""
	for _, part := range part.FindAllString(line+" ", -1) {
		switch {
		case strings.TrimSpace(part) == "":
			words, word = append(words, word), ""
		case part[0] == '\'':
			word += strings.Trim(part, "'")
		default:
			word += os.Expand(strings.Trim(part, `"`), func(name string) string {
				value, ok := sh.variables[name]
				require.True(sh.t, ok, "%s: there is no variable %s", line, name)
				return value
			})
		}
	}
	return words
}

// curl makes the call of a line, which must work, and gives the body of the answer.
func (sh *shell) curl(line string) string {
	sh.t.Helper()
	words := sh.words(line)
	require.Equal(sh.t, "curl", words[0], "%s: only curl is understood", line)
	method, user, header, body, address := "", "", "", "", ""
	options := map[string]*string{"-X": &method, "-u": &user, "-H": &header, "-d": &body}
	for i := 1; i < len(words); i++ {
		switch option := options[words[i]]; {
		case words[i] == "-s":
		case option != nil:
			i++
			require.Less(sh.t, i, len(words), line)
			*option = words[i]
		default:
			require.Empty(sh.t, address, "%s: there are two addresses", line)
			address = words[i]
		}
	}
	if method == "" {
		method = map[bool]string{true: http.MethodPost, false: http.MethodGet}[body != ""]
	}
	request := httptest.NewRequest(method, address, strings.NewReader(body))
	require.Equal(sh.t, map[bool]string{true: "Content-Type: application/json", false: ""}[body != ""], header, line)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if name, password, ok := strings.Cut(user, ":"); ok {
		request.SetBasicAuth(name, password)
	}
	answer := httptest.NewRecorder()
	sh.server.ServeHTTP(answer, request)
	path, administers := strings.CutPrefix(request.URL.Path, sh.prefix)
	if administers {
		sh.called = append(sh.called, method+" "+path)
	}
	if administers && answer.Code == http.StatusConflict {
		sh.refused = append(sh.refused, method+" "+path)
	} else {
		assert.Less(sh.t, answer.Code, 300, "%s: %s", line, answer.Body)
	}
	return answer.Body.String()
}
