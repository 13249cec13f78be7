package scan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
)

// item is one element of a list as KaiNexus gives it: many short members, some objects.
const item = `{"id":%d,"type":"IMPROVEMENT","status":"ACTIVE","summary":"Move the label printer next to the packing station, so that nobody walks","description":"Today everybody walks \u2013 thirty metres \u2013 for each label.\nThe printer needs a socket only, and a \"shelf\".","private":false,"priority":null,"created":"2019-04-29T16:30:40.000+0000","updated":"2019-05-02T08:11:09.000+0000","dueDate":"2019-06-01","score":3.75,"savings":-1250.5,"author":{"id":%d,"firstName":"Zoë","lastName":"Müller","email":"zoe.mueller@example.com","active":true},"team":[{"role":"AUTHOR","user":{"id":2041,"name":"Zoë Müller"}},{"role":"RESPONSIBLE","user":{"id":77,"name":"J. Okafor"}}],"locations":[{"id":12,"name":"Hall 3"},{"id":340,"name":"Shipping"}],"attributes":[{"id":9001,"name":"Category","values":["5S","Motion"]},{"id":9002,"name":"Effort","values":["Low"]}],"likes":12,"comments":[]}`

func listOf(items int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString(`{"success":true,"items":[`)
	for i := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		line := fmt.Sprintf(item, i+1, 1000+i%50)
		// No two items have texts of the same lengths.
		for _, word := range []string{"the label printer", "everybody", "Hall", "Müller", "Okafor", "Motion"} {
			line = strings.ReplaceAll(line, word, word[:1+random.IntN(len(word)-1)]+strings.Repeat("x", random.IntN(12)))
		}
		b.WriteString(strings.ToValidUTF8(line, ""))
	}
	b.WriteString(`]}`)
	return []byte(b.String())
}

func indented(t testing.TB, body []byte) []byte {
	var b bytes.Buffer
	require.NoError(t, json.Indent(&b, body, "", "  "))
	return b.Bytes()
}

func scanAll(b testing.TB, s *Scanner) {
	for {
		kind, err := s.Next()
		if err != nil {
			b.Fatal(err)
		}
		if kind == 0 {
			return
		}
	}
}

func jsontextAll(b testing.TB, d *jsontext.Decoder) {
	for {
		if _, err := d.ReadToken(); err == io.EOF {
			return
		} else if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTokens reads the tokens of one body by turns with jsontext, and reports the median of
// both, in nanoseconds a body, and of their ratio, where less than 1 is faster than jsontext. The
// bodies come from a reader, as those of an API do.
func BenchmarkTokens(b *testing.B) {
	list := listOf(1000)
	for _, body := range []struct {
		name  string
		bytes []byte
	}{
		{"list", list},
		{"indented", indented(b, list)},
		{"numbers", []byte("[" + strings.Repeat("12345,1.5,-3,", 20_000) + "0]")},
		{"prose", []byte(`["` + strings.Repeat("plain words in a long string ", 20_000) + `"]`)},
		{"escapes", []byte(`["` + strings.Repeat(`a\n\"b\u00e9`, 20_000) + `"]`)},
		{"escapes only", []byte(`["` + strings.Repeat(`\u65e5\u672c\u8a9e`, 20_000) + `"]`)},
		{"wide", []byte(`["` + strings.Repeat("日本語の文章です。", 10_000) + `"]`)},
	} {
		b.Run(body.name+"/names compared", func(b *testing.B) { besideJSONText(b, body.bytes, false) })
		b.Run(body.name+"/names not compared", func(b *testing.B) { besideJSONText(b, body.bytes, true) })
	}
}

func besideJSONText(b *testing.B, body []byte, own bool) {
	r := bytes.NewReader(nil)
	s := New(r)
	s.OwnNames = own
	var d jsontext.Decoder
	var ours, theirs, ratios []float64
	b.SetBytes(2 * int64(len(body)))
	for b.Loop() {
		start := time.Now()
		r.Reset(body)
		s.Reset(r)
		scanAll(b, s)
		between := time.Now()
		r.Reset(body)
		d.Reset(r, jsontext.AllowDuplicateNames(own))
		jsontextAll(b, &d)
		end := time.Now()
		ours = append(ours, float64(between.Sub(start)))
		theirs = append(theirs, float64(end.Sub(between)))
		ratios = append(ratios, float64(between.Sub(start))/float64(end.Sub(between)))
	}
	b.ReportMetric(median(ours), "scan-ns")
	b.ReportMetric(median(theirs), "jsontext-ns")
	b.ReportMetric(median(ratios), "ratio")
}

// BenchmarkTake reads a list by turns with and without names that the caller foresees.
func BenchmarkTake(b *testing.B) {
	body := listOf(1000)
	r := bytes.NewReader(body)
	s := New(r)
	s.OwnNames = true
	var script []string // the names in their quotes, and "" for each other token
	for kind, err := s.Next(); kind != 0; kind, err = s.Next() {
		require.NoError(b, err)
		name := ""
		if s.Name() {
			name = string(s.Raw())
		}
		script = append(script, name)
	}
	var with, without []float64
	b.SetBytes(2 * int64(len(body)))
	for b.Loop() {
		start := time.Now()
		r.Reset(body)
		s.Reset(r)
		for _, name := range script {
			if name == "" || !s.Take(name) {
				if _, err := s.Next(); err != nil {
					b.Fatal(err)
				}
			}
		}
		between := time.Now()
		r.Reset(body)
		s.Reset(r)
		scanAll(b, s)
		with = append(with, float64(between.Sub(start)))
		without = append(without, float64(time.Since(between)))
	}
	b.ReportMetric(median(with), "foreseen-ns")
	b.ReportMetric(median(without), "unforeseen-ns")
	b.ReportMetric(median(with)/median(without), "ratio")
}

func median(numbers []float64) float64 {
	slices.Sort(numbers)
	return numbers[len(numbers)/2]
}
