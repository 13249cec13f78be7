package format

import (
	"net/mail"
	"net/netip"
	"strings"
	"testing"

	googleuuid "github.com/google/uuid"
	"github.com/stretchr/testify/assert"
)

func TestAddresses(t *testing.T) {
	label := strings.Repeat("a", 63)
	longest := label + "." + label + "." + label + "." + label[:61] // 253 bytes
	run(t, []vectors{
		{"hostname",
			[]string{"example.com", "a", "1.2.3.4", "3com.com", "a-b.c--d.e", "EXAMPLE.com", label + ".com", longest, "xn--bcher-kva.example", "XN--BCHER-KVA.example", "xn--nxasmq6b"},
			[]string{"", ".", "a.", ".a", "a..b", "-a", "a-", "a-.b", "a.-b", "a_b", "a b", "bücher.example", label + "a.com", longest + "a", "xn--", "xn--X", "xn--a", "XN--aa---o47jg78q", "a\n"}},
		{"idn-hostname",
			[]string{"example.com", "EXAMPLE.com", "bücher.example", "faß.de", "실례.테스트", "a。b", "a．b｡c", "l·l", "α͵β", "א׳ב", "א״ב", "・ぁ", "・ァ", "・丈", "ب٠ب", "۰0", "क्\u200dष", "क्\u200cष", "بي\u200cبي", "ßς་〇", "۽۾", "xn--ihqwcrb4cv8a8dqg056pqjye", "Example.faß"},
			[]string{"", "。", "a。", "。a", "Bücher.example", "a·l", "l·a", "·l", "l·", "α͵S", "α͵", "A׳ב", "׳ב", "A״ב", "״ב", "def・abc", "・", "ب٠۰", "क\u200dष", "\u200dष", "\u0300a", "\u0903a", "\u0488a", "실〮례.테스트", "ـߺ", "〱〲", "☃.example", "a b", "-ü", "ü-", "xn--X", "ﬁ.example", "bu\u0308cher.example", strings.Repeat("ü", 64), "ü_a.example", strings.Repeat("실", 500), "a_ü"}},
		{"email",
			[]string{"joe@example.com", "a.b.c@example.com", "!#$%&'*+-/=?^_`{|}~@x", `"a b"@example.com`, `""@example.com`, `"a@b"@example.com`, `"a\"b\\"@example.com`, "a@[127.0.0.1]", "a@[IPv6:2001:db8::1]", "a@[ipv6:::1]", "a@1.2.3.4", "a@c--n.com", strings.Repeat("a", 64) + "@b"},
			[]string{"", "@", "a", "a@", "@b", ".a@b", "a.@b", "a..b@c", "a b@c", "a@b@c", `a"b@c`, `"a@b`, `"a"b@c`, `"a\"@b`, "\"a\x00\"@b", `"é"@b`, "a@b_c", "a@-b", "a@b.", "a@.b", "a@[1.2.3]", "a@[]", "a@[x:1]", "a@[IPv6:1.2.3.4]", "a@[1.2.3.4", "Joe <a@b>", "a(c)@b", "é@b", "a@é.b", "a@b\n", "a,b@c", strings.Repeat("a", 65) + "@b", `"@b`, "\"\\é\"@b"}},
		{"idn-email",
			[]string{"joe@example.com", "josé@example.com", "실례@실례.테스트", `"é ü"@example.com`, "a@bücher.example", "é@[127.0.0.1]"},
			[]string{"", "é", "é@", "é..é@b", "a@☃.example", "a@Bücher.example", "é é@b", "é@b@c"}},
		{"ipv4",
			[]string{"0.0.0.0", "255.255.255.255", "127.0.0.1", "8.8.8.8"},
			[]string{"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.04", "01.2.3.4", "1.2.3.", ".1.2.3", "1..2.3", "0x7f.0.0.1", "2130706433", "1.2.3.4 ", "1.2.3.4/8", "1.2.3.٤", "1.2.3.1000"}},
		{"ipv6",
			[]string{"::", "::1", "1::", "2001:db8::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "ABCD::ef01", "::1.2.3.4", "::ffff:192.0.2.1", "1:2:3:4:5:6:1.2.3.4", "1::5:11.22.33.44"},
			[]string{"", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "1::2::3", "12345::", "g::", ":1::", "1:", "1::2:", "::1.2.3", "::1.2.3.256", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4", "fe80::1%eth0", "::1/64", "[::1]", "::1 ", "1:2:3:4:5:6::1.2.3.4.5", "::1.2.3.04", "1:2:3:4:5:6:7::8:9"}},
		{"uuid",
			[]string{"123e4567-e89b-12d3-a456-426614174000", "00000000-0000-0000-0000-000000000000", "FFFFFFFF-ffff-FFFF-ffff-FFFFFFFFFFFF", "01890a5d-ac96-774b-bcce-b302099a8057", "99c17cbb-656f-f64a-940f-1a4568f03487"},
			[]string{"", "123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}", "urn:uuid:123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-42661417400", "123e4567-e89b-12d3-a456-42661417400g", "123e45678e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a4560426614174000"}},
	})
}

func FuzzIP(f *testing.F) {
	f.Add("127.0.0.1")
	f.Add("1:2::ffff:1.2.3.4")
	f.Fuzz(func(t *testing.T, text string) {
		address, err := netip.ParseAddr(text)
		assert.Equal(t, err == nil && address.Is4(), ipv4([]byte(text)))
		assert.Equal(t, err == nil && address.Is6() && address.Zone() == "", ipv6([]byte(text)))
	})
}

func FuzzUUID(f *testing.F) {
	f.Add("123e4567-e89b-12d3-a456-426614174000")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := googleuuid.Parse(text)
		assert.Equal(t, err == nil && len(text) == 36, uuid([]byte(text)))
	})
}

// What is a mailbox for SMTP is an address for headers too, but for the rules of net/mail
// that are its own: it wants something in quotes, and reads no domain in brackets.
func FuzzEmail(f *testing.F) {
	f.Add("joe.bloggs@example.com")
	f.Add(`"a\"b c"@x-y.z`)
	f.Fuzz(func(t *testing.T, text string) {
		if !email([]byte(text)) || strings.HasPrefix(text, `""@`) || strings.HasSuffix(text, "]") {
			return
		}
		parsed, err := mail.ParseAddress(text)
		if assert.NoError(t, err, "%q", text) {
			assert.True(t, strings.HasSuffix(text, parsed.Address[strings.LastIndexByte(parsed.Address, '@'):]))
		}
	})
}
