package transport

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/kaikina/kaikina/auth"
)

// Retry says what is sent again, how often and when.
//
// Sent again are requests whose answer is 408, 429, 500, 502, 503, 504 or a redirect that was
// not followed, and those that got no answer, or one that broke off before it was read (see
// [Temporary]). They must be
// safe to repeat: GET, HEAD, OPTIONS and DELETE are, and what is marked [Idempotent]. Others
// are sent again only when it is certain that nothing was carried out: no connection
// was had, no token was had, or the answer is 429, which a limiter gives in the place
// of whoever would carry it out. 503 is not certain, with a Retry-After or without.
//
// A body is sent again if the request has GetBody. 401 is not for here: the credential
// renews its token.
//
// When a request is not sent again, its last answer is returned as it is; where there is
// none, an [*AttemptsError].
type Retry struct {
	Attempts int // how often a request is sent at most: 4 if 0, 1 for never again

	// The wait before attempt n+1 is random, up to Base doubled n-1 times and at most Max:
	// 500 ms and 20 s if 0.
	Base, Max time.Duration

	// MaxRetryAfter is the longest Retry-After that is waited for: 2 minutes if 0. When the
	// server asks for more, its answer is returned. The wait is longer than what the server
	// asks for by up to Base, so that those it turned away do not come back all at once.
	MaxRetryAfter time.Duration

	// Budget is how many retries all calls of a client have together: 20 if 0, and no limit
	// if less than 0. A retry that leads to success gives back what it took, and a success
	// at the first attempt a tenth of that. So a server that is down is not asked four
	// times by everybody.
	Budget int
}

func (r Retry) settled() Retry {
	r.Attempts = cmp.Or(r.Attempts, 4)
	r.Base = cmp.Or(r.Base, 500*time.Millisecond)
	r.Max = cmp.Or(r.Max, 20*time.Second)
	r.MaxRetryAfter = cmp.Or(r.MaxRetryAfter, 2*time.Minute)
	r.Budget = cmp.Or(r.Budget, 20)
	return r
}

// AttemptsError says how often a request was sent before there was no point in sending it
// again. It unwraps to what the last attempt failed with.
type AttemptsError struct {
	Attempts int
	Err      error
}

func (e *AttemptsError) Error() string {
	if e.Attempts == 1 {
		return e.Err.Error()
	}
	return fmt.Sprintf("no answer after %d attempts: %v", e.Attempts, e.Err)
}

// Unwrap returns the last cause.
func (e *AttemptsError) Unwrap() error { return e.Err }

// Format keeps %#v from the fields of the cause.
func (e *AttemptsError) Format(to fmt.State, verb rune) { formatError(to, verb, e) }

func attemptsOf(err error) (int, bool) {
	if failed, ok := errors.AsType[*AttemptsError](err); ok {
		return failed.Attempts, true
	}
	return 0, false
}

// ErrNoRetry is what [Retry.Wait] returns when the policy allows no further attempt.
var ErrNoRetry = errors.New("transport: no further attempt")

// Wait is for those who make a call again themselves, such as the reader of a stream that
// broke off. It waits as long as there is to wait after attempt number attempt (1 is the
// first) has failed. The answer says whether the server asks for more, and may be nil. It
// returns ErrNoRetry, at once, when there are no attempts left, the server asks for more
// than MaxRetryAfter, or the context would end before; and the context's error when it ends.
// It does not look at Budget.
func (r Retry) Wait(ctx context.Context, attempt int, answer *http.Response) error {
	r = r.settled()
	if attempt >= r.Attempts {
		return ErrNoRetry
	}
	wait, ok := r.delay(attempt, RetryAfter(answer))
	if !ok || !fits(ctx, wait) {
		return ErrNoRetry
	}
	return sleep(ctx, wait)
}

// delay is how long to wait after an attempt. It is false when the server asks for too long.
func (r Retry) delay(attempt int, asked time.Duration) (time.Duration, bool) {
	if asked > 0 {
		return asked + min(upTo(r.Base), math.MaxInt64-asked), asked <= r.MaxRetryAfter
	}
	longest := r.Max
	if shift := max(min(attempt-1, 62), 0); r.Base <= r.Max>>shift {
		longest = r.Base << shift
	}
	return upTo(longest), true
}

// upTo is random. The policy may be one that nobody checked.
func upTo(d time.Duration) time.Duration {
	return time.Duration(rand.Uint64N(uint64(max(d, 0)) + 1))
}

// fits tells whether a context has this long.
func fits(ctx context.Context, wait time.Duration) bool {
	end, ok := ctx.Deadline()
	return !ok || time.Until(end) > wait
}

func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ended(ctx)
	}
}

// ended is why a context ended. It matches what the context says of itself too.
func ended(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if errors.Is(cause, err) {
		return cause
	}
	return fmt.Errorf("%w: %w", err, cause)
}

// RetryAfter is how long an answer asks to wait: the header in seconds or as a date, at most
// a year. It is 0 when there is none, when it is no such thing, and without an answer.
func RetryAfter(answer *http.Response) time.Duration {
	const longest = 365 * 24 * time.Hour
	if answer == nil {
		return 0
	}
	value := answer.Header.Get("Retry-After")
	var d time.Duration
	if n, err := strconv.ParseUint(value, 10, 64); err == nil {
		d = time.Duration(min(n, uint64(longest/time.Second))) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		d = time.Until(at)
	}
	return min(max(d, 0), longest)
}

func (r Retry) layer() Middleware {
	r = r.settled()
	return func(next Doer) Doer {
		return &retrier{policy: r, budget: newBudget(r.Budget), next: next}
	}
}

type retrier struct {
	policy Retry
	budget *budget
	next   Doer
}

func (r *retrier) Do(req *http.Request) (*http.Response, error) {
	try := numbered(req, req.Body, 1)
	for attempt := 1; ; attempt++ {
		answer, err := r.next.Do(try)
		if !again(req, answer, err) {
			r.budget.settle(attempt, err == nil && !temporaryAnswer(answer))
			return finish(try, attempt, answer, err)
		}
		wait, ok := r.plan(req, attempt, answer, err)
		if !ok {
			return finish(try, attempt, answer, err)
		}
		if answer != nil {
			_ = answer.Body.Close()
		}
		if err := sleep(req.Context(), wait); err != nil {
			return nil, &AttemptsError{attempt, err}
		}
		body, err := rewound(req)
		if err != nil {
			return nil, &AttemptsError{attempt, errors.New("transport: the body of the request cannot be read again (GetBody failed)")}
		}
		try = numbered(req, body, attempt+1)
	}
}

// again tells whether an attempt failed in a way that allows another.
func again(req *http.Request, answer *http.Response, err error) bool {
	if err != nil {
		return req.Context().Err() == nil && Temporary(err) && (repeatable(req) || notCarriedOut(err))
	}
	return temporaryAnswer(answer) && (repeatable(req) || answer.StatusCode == http.StatusTooManyRequests)
}

func temporaryAnswer(answer *http.Response) bool {
	return temporaryStatus(answer.StatusCode) || brokenOff(answer)
}

// notCarriedOut is certain.
func notCarriedOut(err error) bool {
	if _, ok := errors.AsType[*auth.TokenError](err); ok {
		return true // there was nothing to send the request with
	}
	f, ok := errors.AsType[*failure](err)
	return ok && f.neverSent
}

// plan tells how long to wait before another attempt, unless there must not be one. Only
// what is sent again takes from the budget.
func (r *retrier) plan(req *http.Request, attempt int, answer *http.Response, err error) (time.Duration, bool) {
	if attempt >= r.policy.Attempts || !rewindable(req) {
		return 0, false
	}
	wait, ok := r.policy.delay(attempt, asked(answer, err))
	return wait, ok && fits(req.Context(), wait) && r.budget.take()
}

func asked(answer *http.Response, err error) time.Duration {
	if token, ok := errors.AsType[*auth.TokenError](err); ok {
		return token.RetryAfter
	}
	return RetryAfter(answer)
}

func rewindable(req *http.Request) bool {
	return req.Body == nil || req.Body == http.NoBody || req.GetBody != nil
}

func rewound(req *http.Request) (io.ReadCloser, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return req.Body, nil
	}
	return req.GetBody()
}

// numbered is a request that says which attempt it is. The header of each attempt is its
// own: a transport may still be reading that of the one before, and a middleware may have
// added to it.
func numbered(req *http.Request, body io.ReadCloser, attempt int) *http.Request {
	try := req.WithContext(req.Context())
	try.Header = req.Header.Clone()
	try.Body = body
	try.Header.Set(AttemptHeader, strconv.Itoa(attempt))
	return try
}

// finish gives the outcome of the last attempt to the caller, with the number of attempts.
func finish(try *http.Request, attempt int, answer *http.Response, err error) (*http.Response, error) {
	if err == nil {
		if answer.Request == nil || answer.Request.Header.Get(AttemptHeader) == "" {
			answer.Request = try
		}
		return answer, nil
	}
	if held(err) {
		attempt--
	} else if ctx := try.Context(); ctx.Err() != nil {
		err = ended(ctx)
	}
	if attempt == 0 {
		return nil, err
	}
	return nil, &AttemptsError{attempt, err}
}

// held tells whether the last attempt was none, because a layer of this process stopped it.
func held(err error) bool {
	switch err.(type) {
	case *auth.OriginError, *ReadOnlyError, *heldBack:
		return true
	}
	return false
}
