package fault

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// redirects answer instead of carrying the call out.
var redirects = []Fault{
	{
		ID: "redirect", Kind: "redirect", Class: Transport, Operation: every,
		Doc:   "Redirects to the same host, which carries the call out when it comes back.",
		Value: "301, 302, 303, 307 or 308; 307 unless given",
		start: func(value string) (effect, error) {
			status := http.StatusTemporaryRedirect
			if value != "" {
				n, err := strconv.Atoi(value)
				if err != nil || !slices.Contains([]int{301, 302, 303, 307, 308}, n) {
					return effect{}, errors.New("want 301, 302, 303, 307 or 308")
				}
				status = n
			}
			return before(func(x *exchange) { redirectOnce(x, status) }), nil
		},
	},
	{
		ID: "redirect-elsewhere", Kind: "redirect", Class: Transport, Operation: every,
		Doc:   "Redirects to the same path of another host, with 307.",
		Value: "an origin; https://elsewhere.example unless given",
		start: func(value string) (effect, error) {
			if value == "" {
				value = "https://elsewhere.example"
			}
			u, err := url.Parse(value)
			if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
				return effect{}, errors.New("want an origin, such as https://elsewhere.example")
			}
			return before(func(x *exchange) { redirect(x, http.StatusTemporaryRedirect, value+x.request.URL.RequestURI()) }), nil
		},
	},
	transport("redirect-downgrade", "redirect", "Redirects to the same path of the same host, by http without TLS, with 307.", before(func(x *exchange) {
		redirect(x, http.StatusTemporaryRedirect, "http://"+x.request.Host+x.request.URL.RequestURI())
	})),
	transport("redirect-loop", "redirect", "Redirects to where the caller is already, again and again, with 307.", before(func(x *exchange) {
		redirect(x, http.StatusTemporaryRedirect, x.request.URL.RequestURI())
	})),
	transport("redirect-nowhere", "redirect", "Redirects with 307, and does not say where to.", before(func(x *exchange) {
		redirect(x, http.StatusTemporaryRedirect, "")
	})),
}

// redirected is a query parameter that calls have which were redirected once.
const redirected = "redirected"

// redirectOnce redirects a call, and knows it when it comes back.
//
// Choice(redirect-marker): The redirect to the same host leads to the same path with the query parameter
// redirected=1. A call that has it is carried out as if it had not.
func redirectOnce(x *exchange, status int) {
	target := *x.request.URL
	query := target.Query()
	came := query.Has(redirected)
	if came {
		query.Del(redirected)
	} else {
		query.Set(redirected, "1")
	}
	target.RawQuery = query.Encode()
	if came {
		x.request.URL = &target
		x.request.RequestURI = target.RequestURI()
		return
	}
	redirect(x, status, target.RequestURI())
}

func redirect(x *exchange, status int, location string) {
	x.refuse(status, "text/plain; charset=utf-8", http.StatusText(status)+"\n")
	if location != "" {
		x.answer.header.Set("Location", location)
	}
}
