package format

import (
	"math/big"
	"strings"
)

// float is a number in the range of an IEEE 754 binary32. Digits beyond its precision are no
// fault, for most fractions have them, nor is a number so small that it becomes zero.
func float(text []byte) bool { return inRange(text, overflow32) }

// The first numbers that round to infinity: half a unit of the last bit above the largest.
var (
	overflow32 = powers(128, 103)
	overflow64 = powers(1024, 970)
)

// powers is the difference of two powers of two, in digits.
func powers(high, low uint) string {
	one := big.NewInt(1)
	return new(big.Int).Sub(new(big.Int).Lsh(one, high), new(big.Int).Lsh(one, low)).String()
}

// inRange compares digit by digit, so a number of any length takes no memory.
func inRange(text []byte, overflow string) bool {
	n, ok := parseNumber(text)
	if !ok || n.zero() || n.magnitude() != len(overflow)-1 {
		return ok && (n.zero() || n.magnitude() < len(overflow))
	}
	// Where the coefficient ends there are zeros, which only the other's trailing ones match.
	rest := strings.TrimRight(overflow, "0")
	for _, c := range n.coefficient {
		if c == '.' {
			continue
		}
		if rest == "" {
			return false
		}
		if c != rest[0] {
			return c < rest[0]
		}
		rest = rest[1:]
	}
	return rest != ""
}
