package kinabase

import (
	"fmt"
	"log/slog"
)

// App is an app registration, under which a program asks for tokens. Formatting one
// with fmt or logging it with slog leaves the secret out.
type App struct {
	ID     string // a UUID in the real service
	Secret string // 64 bytes in base64 in the real service
}

// sandboxApp is the registration of a Server that was given no other. It opens
// nothing but an emulator, hence it may stand here.
var sandboxApp = App{
	ID:     "6f1c2b9e-58a3-4a37-9d0c-2f6f0c7a4d15",
	Secret: "S2Fpa2luYSBzYW5kYm94LCBub3QgYSBzZWNyZXQ6IHRoZXNlIDY0IGJ5dGVzIG9wZW4gbm90aGluZyByZWFsLg==",
}

// Format implements [fmt.Formatter] for every verb.
func (a App) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "app %s (secret redacted)", a.ID) }

// LogValue implements [slog.LogValuer].
func (a App) LogValue() slog.Value { return slog.GroupValue(slog.String("id", a.ID)) }
