package kainexus

import (
	"context"
	"errors"
	"io"

	"github.com/kaikina/kaikina/transport"
)

// again waits before an answer that broke off is asked for again, by the client's policy for
// retries, or returns err if there is no point in that. Answers that failed before their body
// began were retried by the transport, and are not again.
func (c *Client) again(ctx context.Context, failures int, err error) error {
	e, broke := brokeOff(err)
	if !broke {
		return err
	}
	switch waited := c.retry.Wait(ctx, failures, nil); {
	case waited == nil:
		return nil
	case errors.Is(waited, transport.ErrNoRetry):
		return err
	default: // the context ended
		return transport.ErrorOf(e.API, e.Operation, nil, waited)
	}
}

// brokeOff tells whether an answer that began well ended too early. Its header came, so that
// a body that is complete and wrong is none.
func brokeOff(err error) (*Error, bool) {
	e, ok := errors.AsType[*Error](err)
	return e, ok && e.Status/100 == 2 && (transport.Temporary(e.Err) || errors.Is(e.Err, io.ErrUnexpectedEOF))
}
