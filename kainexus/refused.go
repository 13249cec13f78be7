package kainexus

import (
	"errors"
	"net"
	"net/http"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/transport"
)

// stateOf is the state of records whose call failed. A refusal is an answer that says no; with
// any other failure the call may have been carried out.
func stateOf(err error, repeatable bool) State {
	e, ok := errors.AsType[*transport.Error](err)
	switch {
	case !ok || neverSent(e, repeatable):
		return NotSent
	case e.Status >= 400 && e.Status < 500 && e.Status != http.StatusRequestTimeout:
		return Refused
	case e.Status == http.StatusOK && e.Err == nil:
		return Refused // success: false
	}
	return Unknown
}

// neverSent is certain: the transport let nothing through, or had no token or no connection
// to send it by. What is repeatable may have been sent by an attempt before.
func neverSent(e *Error, repeatable bool) bool {
	if e.Attempts == 0 && e.Status == 0 {
		return true
	}
	if repeatable && e.Attempts > 1 || e.Status != 0 {
		return false
	}
	_, noToken := errors.AsType[*auth.TokenError](e.Err)
	dial, ok := errors.AsType[*net.OpError](e.Err)
	return noToken || ok && dial.Op == "dial"
}

// goesOn tells whether other records may fare better after a call that failed: it was refused
// for what was in it, and not for who sent it, or where, or how often.
func goesOn(err error) bool {
	e, ok := errors.AsType[*transport.Error](err)
	if !ok {
		return false
	}
	switch e.Status {
	case http.StatusOK:
		return e.Err == nil
	case http.StatusBadRequest, http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return true
	}
	return false
}
