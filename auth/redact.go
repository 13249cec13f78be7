package auth

import (
	"bytes"
	"net/url"
)

// Redact replaces every secret that the credential knows in text by "[redacted]": key or
// client secret, their form in HTTP Basic, and the tokens of now and before, each as it is
// and in the spellings of URLs, JSON, Go and base64, in upper and lower case. It is for
// texts of a server that may repeat what it was sent.
func (c *Credential) Redact(text string) string {
	if c == nil {
		return text
	}
	for _, secret := range c.secrets() {
		if secret.IsZero() {
			continue
		}
		for _, spelling := range spellings(secret.Reveal()) {
			text = replaceFold(text, spelling, shownSet)
		}
	}
	return text
}

func (c *Credential) secrets() []Secret {
	var list []Secret
	if c.fixed != nil {
		list = append(list, c.fixed.secrets...)
	}
	if !c.clientSecret.IsZero() {
		list = append(list, c.clientSecret,
			basic(url.QueryEscape(c.clientID), url.QueryEscape(c.clientSecret.Reveal())))
	}
	if c.tokens != nil {
		list = append(list, c.tokens.known()...)
	}
	return list
}

// known are the newest token there ever was and the one before it.
func (c *cache) known() []Secret {
	c.mu.Lock()
	defer c.mu.Unlock()
	return []Secret{c.last, c.previous}
}

// replaceFold is strings.ReplaceAll for text in any mix of cases. Only ASCII is folded, as
// in base64 and hosts, which keeps every byte in its place.
func replaceFold(text, old, by string) string {
	folded, wanted := foldASCII(text), foldASCII(old)
	var out []byte
	done := 0
	for {
		at := bytes.Index(folded[done:], wanted)
		if at < 0 {
			break
		}
		out = append(out, text[done:done+at]...)
		out = append(out, by...)
		done += at + len(old)
	}
	if done == 0 {
		return text
	}
	return string(append(out, text[done:]...))
}

func foldASCII(s string) []byte {
	folded := []byte(s)
	for i, b := range folded {
		if 'A' <= b && b <= 'Z' {
			folded[i] = b + 'a' - 'A'
		}
	}
	return folded
}
