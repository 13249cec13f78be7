package auth

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkSecret refuses what a copied secret has too much: a space or line break
// at its ends, or invisible characters. Trimming it instead would hide that the
// same mistake is in the vault it came from. Errors begin with name.
func checkSecret(name string, s Secret) error { return checkID(name, s.Reveal()) }

// checkID is checkSecret for a part of a credential that is not secret. It does
// not print it either, since people do mix the two up.
func checkID(name, s string) error {
	switch {
	case s == "":
		return fmt.Errorf("auth: %s is empty", name)
	case !utf8.ValidString(s):
		return fmt.Errorf("auth: %s is not valid UTF-8", name)
	case strings.TrimSpace(s) != s:
		return fmt.Errorf("auth: %s begins or ends with white space", name)
	case strings.ContainsFunc(s, invisible):
		return fmt.Errorf("auth: %s holds a control character", name)
	}
	return nil
}

// invisible also covers format characters, such as the byte order mark that
// some editors put at the beginning of a file.
func invisible(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

// visibleASCII is what fits a bearer header without ending it. RFC 6750 section
// 2.1 allows fewer characters, but a server's token that is harmless goes
// through as it is.
func visibleASCII(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

var errTokenText = errors.New("is empty or holds characters that a header does not allow")

// checkClient checks what a token is asked for with, and where.
func checkClient(baseName, baseURL, idName, id, secretName string, secret Secret) (base string, at origin, err error) {
	base, at, err = parseBase(baseName, baseURL)
	if err == nil {
		err = checkID(idName, id)
	}
	if err == nil {
		err = checkSecret(secretName, secret)
	}
	return base, at, err
}
