package format

// idnEmail is an email whose local part may have characters beyond ASCII, anywhere but after
// a backslash, and whose domain may be an idn-hostname: RFC 6531, section 3.3.
func idnEmail(text []byte) bool {
	return mailbox(text, true, func(domain []byte) bool { return ldhName(domain) || idnHostname(domain) })
}
