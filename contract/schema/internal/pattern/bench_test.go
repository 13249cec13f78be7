package pattern

import (
	"regexp"
	"testing"
)

// Each pattern beside package regexp, which is what it would cost otherwise.
func BenchmarkMatch(b *testing.B) {
	for _, bench := range []struct{ name, pattern, text string }{
		{"date", `^\d{4}-\d{2}-\d{2}$`, "2024-07-01"},
		{"timestamp", `^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{4}$`, "2019-04-29T16:30:40.000+0000"},
		{"either", `^(\d{2}/\d{2}/\d{4} \d{2}:\d{2}:\d{2} [+-]\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2}))$`, "18/08/2023 12:28:21 +00:00"},
		{"words", `^\p{L}+( \p{L}+)*$`, "größere Wörter und Sätze"},
		{"inside", `[A-Z]{2}-\d{3}`, "the part is called AB-123, it says"},
	} {
		compiled, err := Compile(bench.pattern)
		if err != nil {
			b.Fatal(err)
		}
		peer := regexp.MustCompile(bench.pattern)
		text := []byte(bench.text)
		for name, match := range map[string]func([]byte) bool{"pattern": compiled.Match, "regexp": peer.Match} {
			b.Run(bench.name+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if !match(text) {
						b.Fatal("no match")
					}
				}
			})
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, pattern := range []string{`^\d{4}-\d{2}-\d{2}$`, `^(\p{L}|\d){1,50}$`, `(a|b)*a(a|b){12}$`} {
		b.Run(pattern, func(b *testing.B) {
			for b.Loop() {
				if _, err := Compile(pattern); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
