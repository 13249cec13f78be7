package kaikina_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/kaikina/kaikina"

// pkg is what go list tells about a package.
type pkg struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
	Standard   bool
}

func list(t *testing.T, args ...string) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-json=ImportPath,Dir,GoFiles,Imports,Standard"}, args...)...)
	out, err := cmd.Output()
	require.NoError(t, err)
	var packages []pkg
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		err := decoder.Decode(&p)
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		packages = append(packages, p)
	}
	require.NotEmpty(t, packages)
	return packages
}

// rules says what the packages below a folder may import besides the standard
// library. The first folder that a package is in counts. Imports run downwards: what
// consumers link stays light, and no checker can lean on what it checks.
var rules = []struct {
	folder  string
	imports []string
}{
	{"api", nil},
	{"gen", []string{"github.com/oapi-codegen/runtime", "github.com/oapi-codegen/nullable"}},
	{"auth", []string{module + "/internal/loopback"}},
	{"transport", []string{module + "/auth", "golang.org/x/time/rate"}},
	{"kainexus", []string{module + "/auth", module + "/gen/kainexusapi", module + "/transport", module + "/internal", "github.com/go-json-experiment/json", "github.com/oapi-codegen/nullable"}},
	{"kinabase", []string{module + "/auth", module + "/gen/kinabaseapi", module + "/transport", module + "/internal", "github.com/go-json-experiment/json", "github.com/oapi-codegen/nullable"}},
	{"internal/paging", nil},
	{"internal/answer", []string{module + "/internal/jsonstream", module + "/transport", "github.com/go-json-experiment/json"}},
	{"internal/jsonstream", []string{"github.com/go-json-experiment/json"}},
	{"internal/soak", []string{module + "/auth", module + "/kainexus", module + "/kinabase", module + "/transport", module + "/sandbox"}},
	// What users start from uses what users have.
	{"examples", []string{module + "/auth", module + "/kainexus", module + "/kinabase", module + "/transport"}},
	{"internal/table", []string{"github.com/go-json-experiment/json/jsontext", "github.com/parquet-go/parquet-go", "github.com/xuri/excelize/v2"}},
	{"internal/spool", []string{"github.com/go-json-experiment/json/jsontext", module + "/internal/table"}},
	{"internal/rawlist", []string{
		module + "/gen", module + "/internal/answer", module + "/internal/jsonstream", module + "/internal/paging", module + "/transport",
		"github.com/go-json-experiment/json",
	}},
	{"internal/peers", nil},
	{"internal/closest", nil},
	{"internal/position", nil},
	{"internal/operations", []string{module + "/internal/openapi"}},
	{"internal/loopback", nil},
	{"internal/choices", []string{module + "/internal/openapi"}},
	{"internal/specjson", []string{module + "/api", module + "/internal/yamljson"}},
	{"internal/yamljson", []string{"go.yaml.in/yaml/v3"}},
	// Runs other programs, and so needs none of the module's packages.
	{"internal/langs", nil},
	{"internal/openapi", []string{"github.com/getkin/kin-openapi/openapi3", module + "/api"}},
	{"internal/speccheck", []string{"github.com/getkin/kin-openapi/openapi3", module + "/internal/openapi", module + "/contract/schema"}},
	{"contract/schema/internal/scan", nil},
	{"contract/schema/internal/pattern", nil},
	// The tables of Unicode that international host names need.
	{"contract/schema/internal/format", []string{module + "/contract/schema/internal/pattern", "golang.org/x/net/idna"}},
	{"contract/schema", []string{
		"github.com/getkin/kin-openapi/openapi3", module + "/contract/schema/internal",
	}},
	// The clients take it by an interface of theirs, and it knows neither of them.
	{"contract/validate", []string{
		"github.com/getkin/kin-openapi/openapi3", module + "/contract/schema", module + "/internal/openapi",
	}},
	{"contract/report", []string{module + "/contract", "github.com/jedib0t/go-pretty/v6"}},
	{"contract", []string{
		module + "/auth", module + "/gen", module + "/internal/openapi", module + "/internal/loopback", module + "/contract/schema",
		"github.com/getkin/kin-openapi/openapi3", "github.com/oapi-codegen/nullable",
	}},
	// What tests of the sandboxes share; nothing else imports them.
	{"sandbox/internal/spectest", []string{module + "/api", module + "/sandbox", module + "/contract/schema", "github.com/getkin/kin-openapi/openapi3", "github.com/stretchr/testify", "pgregory.net/rapid"}},
	{"sandbox/internal/sandboxtest", []string{module + "/sandbox", "github.com/stretchr/testify"}},
	{"sandbox/sqlite", []string{module + "/sandbox", "modernc.org/sqlite"}},
	{"sandbox/fault", []string{module + "/internal/openapi", module + "/internal/closest"}},
	{"sandbox/reference", []string{module + "/api", module + "/internal/yamljson", "go.yaml.in/yaml/v3"}},
	{"sandbox", []string{
		module + "/api", module + "/sandbox",
		"github.com/oapi-codegen/runtime", "github.com/oapi-codegen/nullable",
		"github.com/golang-jwt/jwt/v5", "github.com/google/uuid", "github.com/xuri/excelize/v2",
		"golang.org/x/time/rate", "golang.org/x/net/http/httpguts",
	}},
	// The Go program that those of the other languages are compared with.
	{"langs/go/oapi-codegen", []string{module + "/gen"}},
	{"cmd", []string{
		module, "github.com/getkin/kin-openapi/openapi3", "github.com/spf13/cobra",
		"github.com/jedib0t/go-pretty/v6", "golang.org/x/term",
	}},
	{"", nil},
}

func TestImportsRunDownwards(t *testing.T) {
	for _, p := range list(t, "./...") {
		folder := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		at := slices.IndexFunc(rules, func(r struct {
			folder  string
			imports []string
		}) bool {
			return r.folder == folder || strings.HasPrefix(folder, r.folder+"/")
		})
		if !assert.GreaterOrEqual(t, at, 0, "%s: give it a rule here", p.ImportPath) {
			continue
		}
		for _, imported := range p.Imports {
			first, _, _ := strings.Cut(imported, "/")
			allowed := !strings.Contains(first, ".") || slices.ContainsFunc(rules[at].imports, func(prefix string) bool {
				return imported == prefix || strings.HasPrefix(imported, prefix+"/")
			})
			assert.True(t, allowed, "%s must not import %s", p.ImportPath, imported)
		}
	}
}

// Whoever imports a client or auth links these modules and no others: no parser of
// descriptions, no command line, no test library.
func TestConsumersLinkLittle(t *testing.T) {
	allowed := []string{
		module,
		"github.com/oapi-codegen/runtime",    // how parameters are written into URLs
		"github.com/oapi-codegen/nullable",   // null, absent and value apart
		"github.com/google/uuid",             // of runtime
		"github.com/apapsch/go-jsonmerge/v2", // of runtime, for unions
		"github.com/go-json-experiment/json", // large answers element by element
		"golang.org/x/time/rate",             // the pace of requests
	}
	for _, p := range list(t, "-deps", "./gen/...", "./auth", "./transport", "./kainexus", "./kinabase") {
		if p.Standard {
			continue
		}
		for _, heavy := range []string{"/sandbox", "/contract", "/internal/openapi"} {
			assert.False(t, strings.HasPrefix(p.ImportPath, module+heavy), "a consumer would link %s", p.ImportPath)
		}
		assert.True(t, slices.ContainsFunc(allowed, func(prefix string) bool {
			return p.ImportPath == prefix || strings.HasPrefix(p.ImportPath, prefix+"/")
		}), "a consumer would link %s", p.ImportPath)
	}
}

func TestEveryPackageHasOneComment(t *testing.T) {
	for _, p := range list(t, "./...") {
		var documented []string
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.PackageClauseOnly|parser.ParseComments)
			require.NoError(t, err)
			// A generated file brings a line of its own, which says nothing of the product.
			if file.Doc != nil && !ast.IsGenerated(file) {
				documented = append(documented, name)
				start := "Package " + file.Name.Name + " "
				if file.Name.Name == "main" {
					start = "Command "
				}
				assert.True(t, strings.HasPrefix(file.Doc.Text(), start), "%s: the comment in %s starts with %q", p.ImportPath, name, start)
			}
		}
		assert.Len(t, documented, 1, "%s: files with a package comment", p.ImportPath)
	}
}

// The functions that the README shows are those that run as examples.
func TestREADMEFunctionsAreTested(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	examples, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	shown := 0
	for _, block := range regexp.MustCompile("(?s)```go\n(.*?)```").FindAllSubmatch(readme, -1) {
		if code := string(block[1]); strings.Contains(code, "\nfunc ") {
			assert.Contains(t, string(examples), code)
			shown++
		}
	}
	assert.Equal(t, 3, shown)
}

// Each feature that the README claims is held by the tests that it names.
func TestREADMENamesTestsThatExist(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	functions := map[string]bool{}
	require.NoError(t, filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, found := range regexp.MustCompile(`(?m)^func (\w+)\(`).FindAllSubmatch(text, -1) {
			functions[string(found[1])] = true
		}
		return err
	}))
	rows := 0
	for _, row := range regexp.MustCompile(`(?m)^\| [^|]+ \| [^|]+ \| (.*`+"`(?:Test|Example|Fuzz)"+`.*) \|$`).FindAllSubmatch(readme, -1) {
		rows++
		for _, name := range regexp.MustCompile("`(\\w+)`").FindAllSubmatch(row[1], -1) {
			assert.True(t, functions[string(name[1])], "the README names %s", name[1])
		}
	}
	assert.Equal(t, 23, rows)
}

// What the generator makes reads like Go: initialisms in capitals, enum constants with the
// name of their type, no struct without a name.
func TestGeneratedNames(t *testing.T) {
	initialism := regexp.MustCompile(`(Id|Ids|Url|Uri|Api|Json|Http|Oauth|Jwt)([A-Z]|$)`)
	exempt := map[string]bool{"HttpRequestDoer": true} // the generator's own, the same in every client
	for _, name := range []string{"gen/kainexusapi/kainexusapi.gen.go", "gen/kinabaseapi/kinabaseapi.gen.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		enums := map[string]bool{}
		for _, decl := range file.Decls {
			general, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range general.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					assert.True(t, exempt[spec.Name.Name] || !initialism.MatchString(spec.Name.Name), spec.Name.Name)
					structure, ok := spec.Type.(*ast.StructType)
					if !ok {
						continue
					}
					for _, field := range structure.Fields.List {
						for _, name := range field.Names {
							assert.False(t, initialism.MatchString(name.Name), "%s.%s", spec.Name.Name, name.Name)
						}
						ast.Inspect(field.Type, func(node ast.Node) bool {
							_, nameless := node.(*ast.StructType)
							assert.False(t, nameless, "%s has a struct without a name", spec.Name.Name)
							return true
						})
					}
				case *ast.ValueSpec:
					if kind, ok := spec.Type.(*ast.Ident); ok && general.Tok == token.CONST {
						enums[kind.Name] = true
						assert.True(t, strings.HasPrefix(spec.Names[0].Name, kind.Name), "%s wants the prefix %s", spec.Names[0].Name, kind.Name)
					}
				}
			}
		}
		if strings.Contains(name, "kainexus") {
			assert.Subset(t, slices.Collect(maps.Keys(enums)), []string{"ItemStatus", "WriteOperation"})
		}
	}
}
