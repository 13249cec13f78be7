package table

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// What any program reads out of a file is what the objects held. The expectation is worked
// out of the objects by the standard library, in another way than the writers do.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objects := rapid.SliceOfN(rapid.Custom(drawObject), 0, 6).Draw(t, "objects")
		var want []map[string]leaf
		for _, object := range objects {
			want = append(want, leavesOf(t, object))
		}
		for format, read := range map[Format]func(require.TestingT, []byte) []map[string]string{CSV: readCSV, XLSX: readXLSX, Parquet: readParquet} {
			var b bytes.Buffer
			summary, err := Write(t.Context(), &b, format, rowsOf(objects...), Options{})
			require.NoError(t, err)
			require.Equal(t, len(objects), summary.Rows)
			got := read(t, b.Bytes())
			for format == XLSX && len(got) < len(objects) {
				got = append(got, nil) // the reader drops rows without cells at the end
			}
			require.Len(t, got, len(objects), "%s", format)
			for i := range want {
				compare(t, format, want[i], got[i])
			}
		}
	})
}

// leaf is a value as the standard library reads it.
type leaf struct {
	text   string
	number bool
	null   bool
}

func compare(t *rapid.T, format Format, want map[string]leaf, got map[string]string) {
	cells := maps.Clone(got)
	for name, w := range want {
		if format == XLSX {
			name = strings.Map(inXML, name)
		}
		cell, there := cells[name]
		delete(cells, name)
		switch {
		case w.null:
			require.Empty(t, cell, "%s %q", format, name)
		case w.number:
			require.True(t, there)
			require.Zero(t, rational(w.text).Cmp(rational(cell)), "%s %q: %s became %s", format, name, w.text, cell)
		case format == XLSX:
			require.Equal(t, strings.Map(inXML, w.text), cell, "%s %q", format, name)
		default:
			require.True(t, there, "%s %q", format, name)
			require.Equal(t, w.text, cell, "%s %q", format, name)
		}
	}
	for name, cell := range cells {
		require.Empty(t, cell, "%s %q", format, name)
	}
}

func rational(text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return big.NewRat(-987654321, 1)
	}
	return r
}

// leavesOf flattens an object.
func leavesOf(t require.TestingT, object string) map[string]leaf {
	var members map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(object), &members))
	leaves := map[string]leaf{}
	for name, raw := range members {
		name = strings.ReplaceAll(strings.ReplaceAll(name, `\`, `\\`), `.`, `\.`)
		if inner := string(raw); inner[0] == '{' && inner != "{}" {
			for below, l := range leavesOf(t, inner) {
				leaves[name+"."+below] = l
			}
			continue
		}
		l := leaf{text: string(raw), null: string(raw) == "null", number: strings.ContainsAny(string(raw[:1]), "-0123456789")}
		if raw[0] == '"' {
			require.NoError(t, json.Unmarshal(raw, &l.text))
		}
		leaves[name] = l
	}
	return leaves
}

// drawObject draws an object with names that collide, and with values at every edge.
func drawObject(t *rapid.T) string { return objectOf(t, 3) }

func objectOf(t *rapid.T, depth int) string {
	names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"id", "a", "b", "a.b", `\`, `a\.b`, "", "=x", "data", "x,y", `"`, "é", "Ab"}), 0, 5, rapid.ID[string]).Draw(t, "names")
	var parts []string
	for _, name := range names {
		key, _ := json.Marshal(name)
		parts = append(parts, string(key)+":"+valueOf(t, depth))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func valueOf(t *rapid.T, depth int) string {
	switch kind := rapid.IntRange(0, 9).Draw(t, "kind"); {
	case kind == 0:
		return "null"
	case kind == 1:
		return strconv.FormatBool(rapid.Bool().Draw(t, "bool"))
	case kind == 2:
		return strconv.FormatInt(rapid.Int64().Draw(t, "int"), 10)
	case kind == 3:
		return rapid.SampledFrom([]string{"0", "-0", "1.0", "0.1", "-1e-7", "9007199254740993", "9223372036854775808", "123456789012345678",
			"0.1234567890123456789", "1E400", "1e-400", "1.5e300", "999999999999999", "1234567890123456", "100000000000000000000"}).Draw(t, "number")
	case kind == 4:
		return rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?`).Draw(t, "any number")
	case kind == 5 && depth > 0:
		return "[" + valueOf(t, depth-1) + "," + objectOf(t, depth-1) + "]"
	case kind <= 7 && depth > 0:
		return objectOf(t, depth-1)
	}
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", " x ", "a,b", "say \"x\"", "x\r\ny", "\r", "=1+1", "_x0041_", "_x005F_", "\u0001", "null", "5", "2019-04-29T16:30:40.000+0000", "\ufeff", "\uffff"})).Draw(t, "text")
	encoded, err := json.Marshal(strings.ToValidUTF8(text, ""))
	require.NoError(t, err)
	return string(encoded)
}

func readCSV(t require.TestingT, file []byte) (rows []map[string]string) {
	records := parseCSV(t, string(file))
	for _, record := range records[1:] {
		require.Len(t, record, len(records[0]))
		row := map[string]string{}
		for i, cell := range record {
			row[records[0][i]] = cell
		}
		require.Len(t, row, len(records[0]), "a name stands for two columns")
		rows = append(rows, row)
	}
	return rows
}

// parseCSV reads RFC 4180 to the letter, where encoding/csv changes line breaks in fields.
func parseCSV(t require.TestingT, file string) (records [][]string) {
	record := []string{}
	for len(file) > 0 {
		var field strings.Builder
		if file[0] == '"' {
			for file = file[1:]; ; {
				before, after, ok := strings.Cut(file, `"`)
				require.True(t, ok, "a quote does not end")
				field.WriteString(before)
				if file = after; !strings.HasPrefix(file, `"`) {
					break
				}
				field.WriteByte('"')
				file = file[1:]
			}
		} else {
			end := strings.IndexAny(file, ",\r\n\"")
			require.GreaterOrEqual(t, end, 0)
			field.WriteString(file[:end])
			file = file[end:]
		}
		record = append(record, field.String())
		if rest, ok := strings.CutPrefix(file, "\r\n"); ok {
			records, record, file = append(records, record), []string{}, rest
			continue
		}
		require.True(t, strings.HasPrefix(file, ","), "neither a comma nor CR and LF after a field")
		file = file[1:]
	}
	require.Empty(t, record, "the last line does not end")
	return records
}

func readXLSX(t require.TestingT, file []byte) (rows []map[string]string) {
	f, err := excelize.OpenReader(bytes.NewReader(file))
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	stored, err := f.Rows("Sheet1")
	require.NoError(t, err)
	var header []string
	for stored.Next() {
		cells, err := stored.Columns(excelize.Options{RawCellValue: true})
		require.NoError(t, err)
		if header == nil {
			header = append([]string{}, cells...)
			continue
		}
		row := map[string]string{}
		for i, cell := range cells {
			reference, err := excelize.CoordinatesToCellName(i+1, len(rows)+2)
			require.NoError(t, err)
			kind, err := f.GetCellType("Sheet1", reference)
			require.NoError(t, err)
			if kind == excelize.CellTypeBool {
				cell = map[string]string{"0": "false", "1": "true"}[cell]
			}
			if i < len(header) {
				row[header[i]] = cell
			} else {
				row[""] = cell // the reader drops empty names at the end of the header
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func readParquet(t require.TestingT, file []byte) (rows []map[string]string) {
	f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	var names []string
	for _, c := range f.Root().Columns() {
		names = append(names, c.Name())
	}
	for _, group := range f.RowGroups() {
		reader := group.Rows()
		buffer := make([]parquet.Row, 4)
		for {
			n, err := reader.ReadRows(buffer)
			for _, stored := range buffer[:n] {
				row := map[string]string{}
				for _, v := range stored {
					if !v.IsNull() {
						row[names[v.Column()]] = v.String()
					}
				}
				rows = append(rows, row)
			}
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
		}
		require.NoError(t, reader.Close())
	}
	return rows
}

func TestParquetTypes(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []string
		want   string
	}{
		{"truths", []string{"true", "null", "false"}, "optional boolean v"},
		{"integers", []string{"1", "-9223372036854775808"}, "optional int64 v (INT(64,true))"},
		{"integers beyond int64", []string{"1", "10000000000000000000"}, "optional double v"},
		{"integers that a double rounds, beyond int64", []string{"9223372036854775809"}, "optional binary v (STRING)"},
		{"minus zero", []string{"-0"}, "optional double v"},
		{"decimals", []string{"1", "0.1", "1e3"}, "optional double v"},
		{"a decimal that a double rounds", []string{"0.1", "0.12345678901234567890"}, "optional binary v (STRING)"},
		{"decimals beside an integer that a double rounds", []string{"0.5", "9007199254740993"}, "optional binary v (STRING)"},
		{"text", []string{`"x"`, "null"}, "optional binary v (STRING)"},
		{"text and numbers", []string{`"x"`, "1"}, "optional binary v (STRING)"},
		{"truths and numbers", []string{`true`, "1"}, "optional binary v (STRING)"},
		{"lists", []string{`[1]`, "null"}, "optional binary v (STRING)"},
		{"nothing", []string{"null"}, "optional binary v (STRING)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var objects []string
			for _, v := range c.values {
				objects = append(objects, `{"v":`+v+`}`)
			}
			file, _ := written(t, Parquet, Options{}, objects...)
			f, err := parquet.OpenFile(strings.NewReader(file), int64(len(file)))
			require.NoError(t, err)
			require.Contains(t, f.Root().String(), c.want)
			for i, row := range readParquet(t, []byte(file)) {
				if c.values[i] == "null" {
					require.Empty(t, row)
				} else if c.values[i][0] != '"' && !strings.Contains(c.want, "double") {
					require.Equal(t, c.values[i], row["v"])
				}
			}
		})
	}
}

// Rows come back in their order when they fill many groups.
func TestParquetRowGroups(t *testing.T) {
	var b bytes.Buffer
	_, err := Write(t.Context(), &b, Parquet, many(60_000), Options{})
	require.NoError(t, err)
	f, err := parquet.OpenFile(bytes.NewReader(b.Bytes()), int64(b.Len()))
	require.NoError(t, err)
	require.Greater(t, len(f.RowGroups()), 1)
	rows := readParquet(t, b.Bytes())
	require.Len(t, rows, 60_000)
	for i, row := range rows {
		require.Equal(t, strconv.Itoa(i), row["numericId"])
	}
}

func FuzzWrite(f *testing.F) {
	for _, seed := range []string{`{"id":1}`, `{"a":{"b":[1,2,{"c":null}]},"a.b":"=1"}`, `{"a":1e999}`, `{"":{"":{}}}`, `{`, `[]`, `{"a":"\ud800"}`, "{}\n{}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, object []byte) {
		for _, format := range Formats {
			var b bytes.Buffer
			summary, err := Write(t.Context(), &b, format, rowsOf(string(object)), Options{})
			if err != nil {
				continue
			}
			if summary.Rows != 1 || !json.Valid(object) {
				t.Fatalf("%s took %q for an object", format, object)
			}
			switch format {
			case CSV:
				require.Len(t, parseCSV(t, b.String()), 2)
			case Parquet:
				require.Len(t, readParquet(t, b.Bytes()), 1)
			}
		}
	})
}
