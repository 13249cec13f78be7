package format

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestNumbers(t *testing.T) {
	zeros := strings.Repeat("0", 400)
	malformed := []string{"", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "1e1.5", "0x1", "1_000", " 1", "1 ", "NaN ", "one", "١"}
	join := func(lists ...[]string) (all []string) {
		for _, list := range lists {
			all = append(all, list...)
		}
		return all
	}
	huge := []string{"1e400", "1e99999999999999999999", "-1e99999999999999999999", "1" + zeros}
	fractions := []string{"1.5", "-0.1", "1e-1", "1e-99999999999999999999", "10.01"}
	run(t, []vectors{
		{"int8", []string{"0", "-0", "127", "-128", "1.0", "1e2", "1.2e1", "1200e-2", "0e99999999999999999999", "0.0", "100" + "." + zeros}, join(malformed, huge, fractions, []string{"128", "-129", "1e3"})},
		{"int16", []string{"32767", "-32768", "3.2767e4"}, join(malformed, huge, fractions, []string{"32768", "-32769"})},
		{"int32", []string{"2147483647", "-2147483648", "2147483647.000"}, join(malformed, huge, fractions, []string{"2147483648", "-2147483649"})},
		{"int64", []string{"9223372036854775807", "-9223372036854775808", "9.223372036854775807e18", "9223372036854775807" + "." + zeros}, join(malformed, huge, fractions, []string{"9223372036854775808", "-9223372036854775809", "9223372036854775807.5", "1e19"})},
		{"uint8", []string{"0", "-0", "255", "2.55e2"}, join(malformed, huge, fractions, []string{"256", "-1"})},
		{"uint16", []string{"65535"}, join(malformed, huge, fractions, []string{"65536", "-1"})},
		{"uint32", []string{"4294967295"}, join(malformed, huge, fractions, []string{"4294967296", "-1"})},
		{"uint64", []string{"18446744073709551615", "1e19", "-0.0"}, join(malformed, huge, fractions, []string{"18446744073709551616", "99999999999999999999", "-1", "1e20"})},
		{"double-int", []string{"9007199254740991", "-9007199254740991", "1e15"}, join(malformed, huge, fractions, []string{"9007199254740992", "9007199254740993"})},
		{"unixtime", []string{"0", "-1", "1720000000", "1720000000.25"}, malformed},
		{"float", []string{"0", "0.1", "-1.5", "16777217", "3.4028235e38", "340282356779733661637539395458142568447", "340282356779733661637539395458142568447.99", "-340282346638528859811704183484516925440", "3.40282356e38", "1e-400", "0e400", "0." + zeros + "1"}, join(malformed, huge, []string{"340282356779733661637539395458142568448", "340282356779733661637539395458142568448.01", "3.4028236e38", "1e39", "-1e39"})},
		{"double", []string{"0.1", "1e39", "1.7976931348623157e308", "1e-400", "17976931348623157" + zeros[:292]}, join(malformed, huge, []string{"1.7976931348623159e308", "-1e309"})},
		{"decimal", join([]string{"0", "0.10", "-12.345", "1e400"}, fractions), malformed},
		{"decimal128", []string{"NaN", "INF", "-INF", "0", "0e99999", "1.234567890123456789012345678901234", "9999999999999999999999999999999999e6111", "1e6144", "1e-6176", "10" + zeros}, join(malformed, []string{"nan", "Infinity", "12345678901234567890123456789012345", "1e6145", "1e-6177", "1.5e-6176"})},
		{"sf-decimal", []string{"0", "1", "1.5", "-999999999999.999", "1e3", "0.125", "1.5000"}, join(malformed, []string{"1e12", "0.1234", "1000000000000"})},
		{"sf-integer", []string{"0", "-999999999999999", "1.0", "0.000"}, join(malformed, []string{"1000000000000000", "1.5", "1e15"})},
	})
}

// The value counts, not the way it is written: exactly, as math/big computes it.
func FuzzNumber(f *testing.F) {
	for _, seed := range []string{"0", "-9223372036854775808", "1.50e2", "184467440737095516150e-1", "3.4028235e38"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, ok := parseNumber([]byte(text))
		require.Equal(t, text == strings.TrimSpace(text) && strings.Trim(text, "-+.eE0123456789") == "" && json.Valid([]byte(text)), ok, "%q", text)
		if !ok || n.exponent > 10_000 || n.exponent < -10_000 {
			return
		}
		exact, ok := new(big.Rat).SetString(text)
		require.True(t, ok, "%q", text)
		isInt64 := exact.IsInt() && exact.Num().IsInt64()
		assert.Equal(t, isInt64, int64Range([]byte(text)), "%q", text)
		assert.Equal(t, exact.IsInt() && exact.Num().IsUint64(), uint64Range([]byte(text)), "%q", text)
		assert.Equal(t, isInt64 && exact.Num().Int64() == int64(int16(exact.Num().Int64())), int16Range([]byte(text)), "%q", text)
		for bits, check := range map[int]func([]byte) bool{32: float, 64: double} {
			_, err := strconv.ParseFloat(text, bits)
			assert.Equal(t, err == nil, check([]byte(text)), "%q", text)
		}
	})
}

// Moving the point does not change a number.
func TestNumbersByValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := strconv.FormatInt(rapid.Int64().Filter(func(n int64) bool { return n != 0 }).Draw(t, "value"), 10)
		shift := rapid.IntRange(1, 30).Draw(t, "shift")
		assert.True(t, int64Range([]byte(value+strings.Repeat("0", shift)+"e-"+strconv.Itoa(shift))))
		assert.True(t, int64Range([]byte(value+"."+strings.Repeat("0", shift))))
		assert.False(t, int64Range([]byte(value+"."+strings.Repeat("0", shift)+"1")))
	})
}
