package admin

// Show answers what there is one of.
func Show[A, T any](show func(A) T) Do[A] {
	return func(a A, _ *Call) (any, error) { return show(a), nil }
}

// List answers {noun: [...]}, and [] for nil.
func List[A, T any](noun string, list func(A) []T) Do[A] {
	return Show(func(a A) map[string][]T { return map[string][]T{noun: append([]T{}, list(a)...)} })
}

// Get answers what the path names.
func Get[A any, K Key, T any](get func(A, K) (T, error)) Do[A] {
	return func(a A, c *Call) (any, error) {
		k, err := key[K](c)
		if err != nil {
			return nil, err
		}
		return get(a, k)
	}
}

// ListOf answers a list that belongs to what the path names.
func ListOf[A any, K Key, T any](noun string, list func(A, K) ([]T, error)) Do[A] {
	return Get(func(a A, k K) (map[string][]T, error) {
		listed, err := list(a, k)
		return map[string][]T{noun: append([]T{}, listed...)}, err
	})
}

// Send does something with a body.
func Send[A, Body, T any](do func(A, Body) (T, error)) Do[A] {
	return func(a A, c *Call) (any, error) {
		var body Body
		if err := c.read(&body); err != nil {
			return nil, err
		}
		return do(a, body)
	}
}

// SendTo does something with a body to what the path names.
func SendTo[A any, K Key, Body, T any](do func(A, K, Body) (T, error)) Do[A] {
	return func(a A, c *Call) (any, error) {
		k, err := key[K](c)
		if err != nil {
			return nil, err
		}
		return Send(func(a A, body Body) (T, error) { return do(a, k, body) })(a, c)
	}
}

// Delete takes away what the path names.
func Delete[A any, K Key](remove func(A, K) error) Do[A] {
	return Get(func(a A, k K) (any, error) { return nil, remove(a, k) })
}

// Clear takes away all there is.
func Clear[A any](clear func(A) error) Do[A] {
	return func(a A, _ *Call) (any, error) { return nil, clear(a) }
}

// Put puts what a body has in the place of what is there, unless the body has nothing.
func Put[T any](there, sent *T) {
	if sent != nil {
		*there = *sent
	}
}
