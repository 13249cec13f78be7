package table

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

// rowsOf is a list of objects.
func rowsOf(objects ...string) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		for _, object := range objects {
			if !yield(json.RawMessage(object), nil) {
				return
			}
		}
	}
}

func written(t *testing.T, format Format, o Options, objects ...string) (string, Summary) {
	t.Helper()
	var b bytes.Buffer
	summary, err := Write(t.Context(), &b, format, rowsOf(objects...), o)
	require.NoError(t, err)
	return b.String(), summary
}

func ExampleWrite() {
	rows := func(yield func(json.RawMessage, error) bool) {
		_ = yield(json.RawMessage(`{"data":{"supplier":"Ouse Paper","total":12.50},"id":"a1","external":[{"key":"erp"}]}`), nil) &&
			yield(json.RawMessage(`{"data":{"supplier":null,"total":9007199254740993},"id":"a2"}`), nil)
	}
	var file strings.Builder
	summary, err := Write(context.Background(), &file, CSV, rows, Options{})
	fmt.Print(strings.ReplaceAll(file.String(), "\r\n", "\n"))
	fmt.Println(summary.Rows, summary.Columns, err)
	// Output:
	// id,data.supplier,data.total,external
	// a1,Ouse Paper,12.50,"[{""key"":""erp""}]"
	// a2,,9007199254740993,
	// 2 4 <nil>
}

func TestColumns(t *testing.T) {
	for _, c := range []struct {
		name   string
		rows   []string
		header string
	}{
		{"first seen, id first", []string{`{"b":1,"a":1}`, `{"c":1,"id":1,"a":2}`}, "id,b,a,c"},
		{"an id that is not the object's own stays", []string{`{"a":{"id":1}}`}, "a.id"},
		{"dots and backslashes in names", []string{`{"a.b":1,"a":{"b":2},"a\\":{"b":3}}`}, `a\.b,a.b,a\\.b`},
		{"a name of nothing", []string{`{"":{"":1}}`, `{"":2}`}, `"",.`},
		{"null where others have an object", []string{`{"p":null,"id":1}`, `{"p":{"x":1}}`}, "id,p.x"},
		{"text where others have an object", []string{`{"p":"x"}`, `{"p":{"x":1}}`}, "p,p.x"},
		{"nothing but null", []string{`{"p":null}`}, "p"},
		{"an object without members", []string{`{"p":{}}`}, "p"},
		{"no rows", nil, "id"},
		{"no members", []string{`{}`, `{}`}, "id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, summary := written(t, CSV, Options{}, c.rows...)
			header, _, _ := strings.Cut(got, "\r\n")
			assert.Equal(t, c.header, header)
			assert.Equal(t, len(c.rows), summary.Rows)
		})
	}
}

func TestNDJSONKeepsObjectsAsTheyCame(t *testing.T) {
	got, summary := written(t, NDJSON, Options{}, "{\n  \"b\": 1.0,\n  \"a\": \"x\\u0041 \\/\"\n}", `{}`)
	assert.Equal(t, "{\"b\":1.0,\"a\":\"x\\u0041 \\/\"}\n{}\n", got)
	assert.Equal(t, Summary{Rows: 2}, summary)
}

func TestCSVCells(t *testing.T) {
	for _, c := range []struct{ name, value, cell string }{
		{"null", `null`, ``},
		{"the empty text", `""`, `""`},
		{"text", `"x"`, `x`},
		{"a comma", `"x,y"`, `"x,y"`},
		{"a quote", `"say \"x\""`, `"say ""x"""`},
		{"a line break", `"x\ny"`, "\"x\ny\""},
		{"a carriage return", `"x\ry"`, "\"x\ry\""},
		{"space around", `" x"`, `" x"`},
		{"a number as it came", `1.50e+3`, `1.50e+3`},
		{"a long number", `123456789012345678901234567890.10`, `123456789012345678901234567890.10`},
		{"a truth", `true`, `true`},
		{"a date", `"2019-04-29T16:30:40.000+0000"`, `2019-04-29T16:30:40.000+0000`},
		{"a list", `[1, {"a": "b"}]`, `"[1,{""a"":""b""}]"`},
		{"an empty list", `[]`, `[]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, _ := written(t, CSV, Options{}, `{"id":1,"v":`+c.value+`}`)
			assert.Equal(t, "id,v\r\n1,"+c.cell+"\r\n", got)
		})
	}
	t.Run("a row of one empty field is a row", func(t *testing.T) {
		got, _ := written(t, CSV, Options{}, `{"v":null}`, `{"v":"x"}`)
		assert.Equal(t, "v\r\n\"\"\r\nx\r\n", got)
	})
}

func TestFormulas(t *testing.T) {
	for _, c := range []struct {
		text     string
		computes bool
	}{
		{"=1+1", true}, {"@SUM(A1)", true}, {"+cmd|' /C calc'!A0", true}, {"-2+3", true}, {"\t=1", true}, {"\r\n=1", true},
		{"＝1+1", true}, {"＠x", true}, {"+44 1223 626261", true},
		{"-5", false}, {"+5.25", false}, {"a=1", false}, {" =1", false}, {"", false}, {"'=1", false}, {"\tx", false},
	} {
		t.Run(c.text, func(t *testing.T) {
			object, err := json.Marshal(map[string]any{"id": 1, "v": c.text})
			require.NoError(t, err)
			exact, summary := written(t, CSV, Options{}, `{"id":0}`, string(object))
			guarded, none := written(t, CSV, Options{ForSpreadsheets: true}, `{"id":0}`, string(object))
			assert.Equal(t, [][]string{{"id", "v"}, {"0", ""}, {"1", c.text}}, parseCSV(t, exact))
			assert.Zero(t, none.Formulas)
			want := c.text
			if c.computes {
				want = "'" + c.text
				assert.Equal(t, Cells{Count: 1, Row: 2, Column: "v"}, summary.Formulas)
			} else {
				assert.Zero(t, summary.Formulas)
			}
			assert.Equal(t, [][]string{{"id", "v"}, {"0", ""}, {"1", want}}, parseCSV(t, strings.TrimPrefix(guarded, "\ufeff")))
			assert.True(t, strings.HasPrefix(guarded, "\ufeff"))
		})
	}
	t.Run("in the header", func(t *testing.T) {
		_, summary := written(t, CSV, Options{}, `{"=1":-5}`)
		assert.Equal(t, Cells{Count: 1, Row: 0, Column: "=1"}, summary.Formulas)
	})
}

func TestXLSXLimits(t *testing.T) {
	for _, c := range []struct {
		name    string
		objects iter.Seq2[json.RawMessage, error]
		want    string
	}{
		{"rows", func(yield func(json.RawMessage, error) bool) {
			for range excelize.TotalRows {
				if !yield(json.RawMessage(`{"id":1}`), nil) {
					return
				}
			}
		}, "1048576 rows and a header are more than the 1048576 rows of a sheet: use the format csv"},
		{"characters", rowsOf(`{"id":1}`, `{"id":2,"data":{"notes":"`+strings.Repeat("x", 32_768)+`"}}`),
			"row 2: column data.notes: 32768 characters are more than the 32767 of a cell: use the format csv"},
		{"characters of two units", rowsOf(`{"id":"` + strings.Repeat("😀", 16_384) + `"}`),
			"row 1: column id: 32768 characters"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Write(t.Context(), io.Discard, XLSX, c.objects, Options{})
			assert.ErrorContains(t, err, c.want)
		})
	}
	t.Run("as much as there is room for", func(t *testing.T) {
		long := strings.Repeat("x", excelize.TotalCellChars)
		_, summary := written(t, XLSX, Options{}, `{"id":"`+long+`"}`)
		assert.Equal(t, Summary{Rows: 1, Columns: 1}, summary)
	})
}

func TestTooManyColumns(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"m0":0`)
	for i := 1; i < maxColumns; i++ {
		fmt.Fprintf(&b, `,"m%d":%d`, i, i)
	}
	for _, format := range []Format{CSV, XLSX, Parquet} {
		var out bytes.Buffer
		summary, err := Write(t.Context(), &out, format, rowsOf(b.String()+`}`), Options{})
		require.NoError(t, err)
		assert.Equal(t, maxColumns, summary.Columns)
		_, err = Write(t.Context(), io.Discard, format, rowsOf(b.String()+`,"x":1}`), Options{})
		assert.EqualError(t, err, "row 1: the objects have more than 16384 different members, too many for columns: use the format ndjson")
	}
}

func TestXLSXSaysWhatItReplaces(t *testing.T) {
	_, summary := written(t, XLSX, Options{}, `{"id":1,"v":"fine\r\n\t"}`, `{"id":2,"v":"bell \u0007"}`, `{"id":3,"v":"\uffff"}`)
	assert.Equal(t, Cells{Count: 2, Row: 2, Column: "v"}, summary.Replaced)
}

func TestErrors(t *testing.T) {
	broken := errors.New("the network is down")
	for _, c := range []struct {
		name string
		rows iter.Seq2[json.RawMessage, error]
		want string
	}{
		{"no object", rowsOf(`{}`, `[1]`), "row 2: this is no JSON object"},
		{"no JSON", rowsOf(`{"a":}`), "row 1: "},
		{"cut off", rowsOf(`{"a":1`), "row 1: "},
		{"two objects", rowsOf(`{} {}`), "row 1: "},
		{"a name twice", rowsOf(`{"a":1,"a":2}`), "row 1: "},
		{"from the list", func(yield func(json.RawMessage, error) bool) {
			_ = yield(json.RawMessage(`{}`), nil) && yield(nil, broken)
		}, broken.Error()},
	} {
		for _, format := range Formats {
			t.Run(c.name+" as "+string(format), func(t *testing.T) {
				_, err := Write(t.Context(), io.Discard, format, c.rows, Options{})
				assert.ErrorContains(t, err, c.want)
			})
		}
	}
	t.Run("lines that came before are written", func(t *testing.T) {
		var b bytes.Buffer
		summary, err := Write(t.Context(), &b, NDJSON, rowsOf(`{"a":1}`, `[]`), Options{})
		assert.Error(t, err)
		assert.Equal(t, "{\"a\":1}\n", b.String())
		assert.Equal(t, 1, summary.Rows)
	})
	t.Run("other objects the second time", func(t *testing.T) {
		for _, format := range []Format{CSV, XLSX, Parquet} {
			times := 0
			_, err := Write(t.Context(), io.Discard, format, func(yield func(json.RawMessage, error) bool) {
				times++
				yield(json.RawMessage([]string{`{"a":1}`, `{"b":1}`}[times-1]), nil)
			}, Options{})
			assert.ErrorContains(t, err, "row 1: it has a member b that was not there when the columns were looked for")
		}
	})
	t.Run("no such format", func(t *testing.T) {
		_, err := Write(t.Context(), io.Discard, "xls", rowsOf(), Options{})
		assert.EqualError(t, err, `there is no format "xls"`)
	})
}

// full is a disk with no room.
type full struct{ room int }

var errFull = errors.New("no space left on device")

func (f *full) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestAFullDiskIsAnError(t *testing.T) {
	for _, format := range Formats {
		for _, objects := range []int{1, 3_000} {
			for _, room := range []int{0, 1_000} {
				if objects == 1 && room > 0 {
					continue // it has room
				}
				t.Run(fmt.Sprintf("%s of %d with room for %d", format, objects, room), func(t *testing.T) {
					_, err := Write(t.Context(), &full{room: room}, format, many(objects), Options{})
					assert.ErrorIs(t, err, errFull)
				})
			}
		}
	}
}

func TestAnInterruptEndsWriting(t *testing.T) {
	for _, format := range Formats {
		for _, after := range []int{0, 1, 10, 15, 19} {
			t.Run(fmt.Sprintf("%s after %d", format, after), func(t *testing.T) {
				if format == NDJSON && after >= 10 {
					after -= 10 // it goes through the rows once
				}
				ctx, cancel := context.WithCancel(t.Context())
				seen := 0
				_, err := Write(ctx, io.Discard, format, func(yield func(json.RawMessage, error) bool) {
					for raw, err := range many(10) {
						if seen++; seen > after {
							cancel()
						}
						if !yield(raw, err) {
							return
						}
					}
				}, Options{})
				assert.ErrorIs(t, err, context.Canceled)
				assert.Equal(t, after+1, seen)
			})
		}
	}
}

func TestFormatsHaveNames(t *testing.T) {
	for _, f := range Formats {
		parsed, err := ParseFormat(string(f))
		require.NoError(t, err)
		assert.Equal(t, f, parsed)
		of, err := FormatOf("some/where.d/ORDERS." + strings.ToUpper(string(f)))
		require.NoError(t, err)
		assert.Equal(t, f, of)
	}
	_, err := ParseFormat("xls")
	assert.EqualError(t, err, `there is no format "xls"; there are ndjson, csv, xlsx and parquet`)
	_, err = FormatOf("orders.csv.gz")
	assert.ErrorContains(t, err, "the name ends with none of .ndjson, .jsonl, .csv, .xlsx and .parquet")
}

// many is a list of records of some 500 bytes, as they might be.
func many(count int) iter.Seq2[json.RawMessage, error] {
	filler := strings.Repeat("lorem ipsum ", 20)
	return func(yield func(json.RawMessage, error) bool) {
		for i := range count {
			record := fmt.Appendf(nil, `{"id":"%08d-6c1c-4f0e-8d0c-%012x","numericId":%d,"data":{"supplier":"Supplier %d","total":%d.%02d,"paid":%t,"notes":"%s%d","lines":[{"sku":"A-%d","count":3}]},"external":null}`,
				i, i*7919, i, i%100, i, i%100, i%2 == 0, filler, i, i%1000)
			if !yield(record, nil) {
				return
			}
		}
	}
}
