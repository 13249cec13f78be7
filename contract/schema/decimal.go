package schema

import (
	"bytes"
	"fmt"
	"math/big"
	"strconv"
)

// decimal is a number of JSON, exactly: digits × 10^exponent. The digits have no zeros at
// either end, so that equal numbers have equal parts, however they are written. Zero has none.
type decimal struct {
	negative bool
	digits   []byte
	exponent int64
}

// farExponent is what an exponent too large for any use becomes: numbers beyond it are all
// equally far away.
const farExponent = 1 << 40

// parseDecimal reads a valid number of JSON. The digits are appended to scratch.
func parseDecimal(text, scratch []byte) decimal {
	var d decimal
	if len(text) > 0 && text[0] == '-' {
		d.negative = true
		text = text[1:]
	}
	mantissa := text
	if e := bytes.IndexAny(text, "eE"); e >= 0 {
		mantissa = text[:e]
		d.exponent = parseExponent(text[e+1:])
	}
	whole, fraction, _ := bytes.Cut(mantissa, []byte{'.'})
	d.digits = append(append(scratch, whole...), fraction...)
	d.exponent -= int64(len(fraction))
	d.digits = bytes.TrimLeft(d.digits, "0")
	all := len(d.digits)
	d.digits = bytes.TrimRight(d.digits, "0")
	d.exponent += int64(all - len(d.digits))
	if len(d.digits) == 0 {
		return decimal{digits: d.digits}
	}
	return d
}

func parseExponent(text []byte) int64 {
	sign := int64(1)
	switch text[0] {
	case '-':
		sign = -1
		fallthrough
	case '+':
		text = text[1:]
	}
	n := int64(0)
	for _, c := range text {
		n = min(n*10+int64(c-'0'), farExponent)
	}
	return sign * n
}

// decimalOf is the number that a description has. Its decoder keeps float64, whose shortest
// form is what the author wrote, up to 15 digits.
func decimalOf(value any) (decimal, error) {
	switch value := value.(type) {
	case float64:
		return parseDecimal(strconv.AppendFloat(nil, value, 'g', -1, 64), nil), nil
	case int, int64, uint64, int32:
		return parseDecimal(fmt.Append(nil, value), nil), nil
	case interface{ Float64() (float64, error) }: // json.Number
		return parseDecimal(fmt.Append(nil, value), nil), nil
	}
	return decimal{}, fmt.Errorf("%T is not a number", value)
}

func (d decimal) integer() bool { return d.exponent >= 0 }

func (d decimal) zero() bool { return len(d.digits) == 0 }

// int64 gives the number when it is an integer that fits.
func (d decimal) int64() (int64, bool) {
	if d.exponent < 0 || int64(len(d.digits))+d.exponent > 19 {
		return 0, d.zero()
	}
	limit, n := uint64(1)<<63, uint64(0)
	if !d.negative {
		limit--
	}
	for _, c := range d.digits {
		n = n*10 + uint64(c-'0')
	}
	for range d.exponent {
		n *= 10 // 19 digits fit into 64 bits
	}
	if n > limit {
		return 0, false
	}
	if d.negative {
		return -int64(n), true
	}
	return int64(n), true
}

// compare orders two numbers without rounding either.
func (d decimal) compare(other decimal) int {
	switch {
	case d.sign() != other.sign():
		return d.sign() - other.sign()
	case d.negative:
		return other.magnitude(d)
	}
	return d.magnitude(other)
}

func (d decimal) sign() int {
	switch {
	case d.zero():
		return 0
	case d.negative:
		return -1
	}
	return 1
}

func (d decimal) magnitude(other decimal) int {
	first, second := int64(len(d.digits))+d.exponent, int64(len(other.digits))+other.exponent
	switch {
	case first < second:
		return -1
	case first > second:
		return 1
	}
	return bytes.Compare(d.digits, other.digits)
}

// maxDivided is how many digits a number may have to be divided by multipleOf.
const maxDivided = 4096

// multipleOf tells whether the number is an integer times m, exactly. It is not decided for
// numbers of more than maxDivided digits.
func (d decimal) multipleOf(m decimal) (multiple, decided bool) {
	if d.zero() {
		return true, true
	}
	if len(d.digits) > maxDivided {
		return false, false
	}
	dividend, _ := new(big.Int).SetString(string(d.digits), 10)
	divisor, _ := new(big.Int).SetString(string(m.digits), 10)
	shift := d.exponent - m.exponent
	if shift >= 0 {
		// The power is taken modulo the divisor: an exponent of a million costs nothing.
		power := new(big.Int).Exp(big.NewInt(10), big.NewInt(shift), divisor)
		dividend.Mul(dividend, power)
		return dividend.Mod(dividend, divisor).Sign() == 0, true
	}
	if -shift > int64(len(d.digits)) {
		return false, true // smaller than m
	}
	divisor.Mul(divisor, new(big.Int).Exp(big.NewInt(10), big.NewInt(-shift), nil))
	return dividend.Mod(dividend, divisor).Sign() == 0, true
}

// shortInteger reads an integer of up to 18 digits without a fraction or an exponent, which
// almost every number of an answer is.
func shortInteger(text []byte) (int64, bool) {
	digits, negative := text, false
	if len(digits) > 0 && digits[0] == '-' {
		digits, negative = digits[1:], true
	}
	if len(digits) == 0 || len(digits) > 18 {
		return 0, false
	}
	n := int64(0)
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}
