package sandbox

// An AdminError is why an emulator did not do what an administrator asked for. It says so
// in words, and holds no secret. The errors of the Admin of either emulator wrap one,
// unless it was the [Storage] that failed: those wrap the error of the Storage.
type AdminError struct {
	// Status is what the same answers over HTTP: 400 for what is wrong in itself, 404 for
	// what is not there, 409 for what is in the way of something else.
	Status  int
	Message string
}

func (e *AdminError) Error() string { return e.Message }
