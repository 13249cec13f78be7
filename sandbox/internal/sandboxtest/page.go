package sandboxtest

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Line is a line of curl on a page. It has a body if and only if it says that this is JSON.
type Line struct{ Text, Method, Path, Body string }

var (
	route = regexp.MustCompile("(?m)^- `([A-Z]+ /[^`]*)`")
	line  = regexp.MustCompile(`(?m)^curl (?:-X ([A-Z]+) )?(?:-H "\$JSON" -d '([^']*)' )?\$[A-Z]+(/\S+)$`)
	set   = regexp.MustCompile(`(?m)^([A-Z_]*ID)=(\S+)`)
)

// CheckAdminPage holds docs/sandbox-admin.md against what an emulator does: it names the
// routes of the product, each as GET /roles/{id}, and no others, and all of them are called
// by its lines of curl, which work in their order. It gives what the page says about the
// product. It is for tests of packages in sandbox/.
func CheckAdminPage(t testing.TB, product string, routes []string, call func(Line) (status int, body string)) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/sandbox-admin.md")
	require.NoError(t, err)
	_, text, found := strings.Cut(string(page), "\n## "+product+"\n")
	require.True(t, found)
	text, _, _ = strings.Cut(text, "\n## ")

	var named []string
	for _, match := range route.FindAllStringSubmatch(text, -1) {
		named = append(named, match[1])
	}
	assert.ElementsMatch(t, routes, named)

	lines := linesOf(text)
	require.Len(t, lines, strings.Count(text, "$"+strings.ToUpper(product)+"/"), "every line can be read")
	for _, l := range lines {
		status, body := call(l)
		assert.Less(t, status, 300, "%s: %s", l.Text, body)
	}
	for _, route := range routes {
		pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(route), `\{id\}`, "[^/]+") + "$")
		called := slices.ContainsFunc(lines, func(l Line) bool { return pattern.MatchString(l.Method + " " + l.Path) })
		assert.True(t, called, "no line calls %s", route)
	}
	return text
}

// linesOf are the lines of curl in a text, with the ids that it sets.
func linesOf(text string) []Line {
	var ids []string
	for _, match := range set.FindAllStringSubmatch(text, -1) {
		ids = append(ids, "$"+match[1], match[2])
	}
	var lines []Line
	for _, match := range line.FindAllStringSubmatch(text, -1) {
		l := Line{Text: match[0], Method: match[1], Body: match[2], Path: strings.NewReplacer(ids...).Replace(match[3])}
		if l.Method == "" {
			l.Method = map[bool]string{true: "POST", false: "GET"}[l.Body != ""]
		}
		lines = append(lines, l)
	}
	return lines
}
