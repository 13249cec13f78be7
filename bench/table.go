package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"
)

// machine says what the figures depend on.
func machine() string {
	experiment := "v1"
	if jsonV2 {
		experiment = "v1 on top of v2 (GOEXPERIMENT=jsonv2)"
	}
	return fmt.Sprintf("%s, %s/%s, %d cores; encoding/json is %s", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), experiment)
}

// table prints the rows of a body. Ratios are to the first row, which is lenient unless it was
// left out.
func table(out io.Writer, b body, all []*measured) error {
	_, _ = fmt.Fprintf(out, "\n%s: %s bytes, %s %s\n", b.name, grouped(len(b.text)), b.product, b.operation)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(w, "row\tmedian\tMB/s\tratio\tCPU\tCPU ratio\tallocs/call\tbytes/call\tpeak heap\tcalls\t")
	for _, m := range all {
		took := median(m.times)
		_, _ = fmt.Fprintf(w, "%s\t%v\t%.0f\t%.2f\t%v\t%.2f\t%s\t%s\t%.1f MB\t%s\t\n",
			m.row, rounded(took), float64(len(b.text))/took.Seconds()/1e6, ratio(m.times, all[0].times),
			rounded(median(m.cpu)), ratio(m.cpu, all[0].cpu),
			grouped(int(median(m.allocs))), grouped(int(median(m.bytes))), float64(m.heap)/1e6, grouped(m.calls))
	}
	return w.Flush()
}

// rounded keeps four digits or so.
func rounded(d time.Duration) time.Duration {
	unit := time.Nanosecond
	for unit*10_000 < d {
		unit *= 10
	}
	return d.Round(unit)
}

func grouped(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// goal bounds a row of ours in times of another.
type goal struct {
	row, of string
	most    float64
}

var timeGoals = []goal{
	{"lenient", "kin-openapi", 0.1},
	{"lenient", "jsontext", 1},
	{"lenient", "typed", 0.25},
	{"strict", "lenient", 1.15},
}

// mostHeap is how many bytes the heap may grow by.
const mostHeap = 4 << 20

// goals prints what each goal came to, as far as its rows were measured.
func goals(out io.Writer, all []*measured) {
	byName := map[string]*measured{}
	for _, m := range all {
		byName[m.row] = m
	}
	for _, g := range timeGoals {
		if a, b := byName[g.row], byName[g.of]; a != nil && b != nil {
			byClock, byCPU := ratio(a.times, b.times), ratio(a.cpu, b.cpu)
			_, _ = fmt.Fprintf(out, "  %-40s %7.3f  %-7s  by CPU %.3f\n", fmt.Sprintf("%s at most %v of %s", g.row, g.most, g.of), byClock, verdict(byClock <= g.most), byCPU)
		}
	}
	for _, name := range []string{"lenient", "strict"} {
		if m := byName[name]; m != nil {
			allocs := median(m.allocs)
			_, _ = fmt.Fprintf(out, "  %-40s %7.0f  %s\n", name+" allocates nothing", allocs, verdict(allocs < 1))
			_, _ = fmt.Fprintf(out, "  %-40s %4.1f MB  %s\n", name+" takes at most 4 MB", float64(m.heap)/1e6, verdict(m.heap <= mostHeap))
		}
	}
}

func verdict(reached bool) string {
	if reached {
		return "reached"
	}
	return strings.ToUpper("missed")
}

// jsonV2 tells whether encoding/json is built on encoding/json/v2.
var jsonV2 = func() bool {
	return strings.Contains(experiments(), "jsonv2")
}()

// since is how long something took, for the progress on standard error.
func since(began time.Time) time.Duration { return time.Since(began).Round(time.Second) }
