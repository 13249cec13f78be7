// Package origin tells under which address an emulator is being called.
package origin

import "net/http"

// Of is the scheme and the host of the address that a request was sent to, such as
// http://127.0.0.1:8080. A proxy before the emulator is not asked.
func Of(r *http.Request) string {
	scheme, host := "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	// A request that never went over a socket says where it was meant to go.
	if r.URL.Scheme != "" {
		scheme = r.URL.Scheme
	}
	if host == "" {
		host = r.URL.Host
	}
	return scheme + "://" + host
}
