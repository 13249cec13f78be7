package jsonstream

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Nullable lets a generated nullable value be read straight from a stream. Its own method
// would read what is inside by other rules than those of this package.
func Nullable[N ~map[bool]T, T any]() *json.Unmarshalers {
	return json.UnmarshalFromFunc(func(decoder *jsontext.Decoder, v *N) error {
		var value T
		if decoder.PeekKind() == 'n' {
			*v = N{false: value}
			return decoder.SkipValue()
		}
		if err := json.UnmarshalDecode(decoder, &value); err != nil {
			return err
		}
		*v = N{true: value}
		return nil
	})
}
