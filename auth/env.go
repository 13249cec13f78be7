package auth

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// KaiNexusFromEnv makes a credential from KAINEXUS_BASE_URL and either
// KAINEXUS_API_KEY or both KAINEXUS_CLIENT_ID and KAINEXUS_CLIENT_SECRET. Each
// secret may be in a file instead, named by KAINEXUS_API_KEY_FILE or
// KAINEXUS_CLIENT_SECRET_FILE; one line break at the file's end is not part of
// it. An empty variable counts as not set. All that is missing is named in one
// [*MissingError]. The options are for the OAuth client; an API key does not
// need them.
func KaiNexusFromEnv(opts ...Option) (*Credential, error) {
	var env environment
	base := env.text("KAINEXUS_BASE_URL")
	key := env.secret("KAINEXUS_API_KEY")
	id := env.text("KAINEXUS_CLIENT_ID")
	secret := env.secret("KAINEXUS_CLIENT_SECRET")

	env.need(base)
	oauth := id.set || secret.set
	switch {
	case key.set && oauth:
		env.problems = append(env.problems,
			errors.New("auth: the environment has both a KAINEXUS_API_KEY and a KAINEXUS_CLIENT_ID or _SECRET; set one kind"))
	case oauth:
		env.need(id)
		env.need(secret)
	case !key.set:
		env.missing = append(env.missing,
			"KAINEXUS_API_KEY (or KAINEXUS_CLIENT_ID and KAINEXUS_CLIENT_SECRET)")
	}
	if err := env.err(); err != nil {
		return nil, err
	}
	if oauth {
		return kaiNexusOAuth(base.name, base.value, id.name, id.value, secret.name, NewSecret(secret.value), opts)
	}
	if _, err := settle("KaiNexusOAuth", opts, oauthOptions...); err != nil {
		return nil, err // a bad option is one whichever credential is set
	}
	return kaiNexusAPIKey(base.name, base.value, key.name, NewSecret(key.value))
}

// KinabaseFromEnv makes a credential from KINABASE_BASE_URL, KINABASE_APP_ID
// and KINABASE_APP_SECRET or KINABASE_APP_SECRET_FILE, by the same rules as
// [KaiNexusFromEnv].
func KinabaseFromEnv(opts ...Option) (*Credential, error) {
	var env environment
	base := env.text("KINABASE_BASE_URL")
	id := env.text("KINABASE_APP_ID")
	secret := env.secret("KINABASE_APP_SECRET")

	env.need(base)
	env.need(id)
	env.need(secret)
	if err := env.err(); err != nil {
		return nil, err
	}
	return kinabaseApp(base.name, base.value, id.name, id.value, secret.name, NewSecret(secret.value), opts)
}

// environment collects what is wrong, to report it all at once.
type environment struct {
	missing  []string
	problems []error
}

// variable is one setting and where it came from. It lives only while a
// constructor runs, so a secret may be in value.
type variable struct {
	name  string
	value string
	set   bool
}

func (env *environment) text(name string) variable {
	value := os.Getenv(name)
	return variable{name: name, value: value, set: value != ""}
}

func (env *environment) secret(name string) variable {
	direct, file := env.text(name), env.text(name+"_FILE")
	switch {
	case direct.set && file.set:
		env.problems = append(env.problems, fmt.Errorf("auth: the environment has both %s and %s; set one", name, file.name))
		return direct
	case !file.set:
		return direct
	}
	value, err := readSecret(file.value)
	if err != nil {
		env.problems = append(env.problems, fmt.Errorf("auth: %s: %w", file.name, err))
	}
	return variable{name: file.name, value: value, set: true}
}

func (env *environment) need(v variable) {
	if !v.set {
		env.missing = append(env.missing, v.name)
	}
}

func (env *environment) err() error {
	if len(env.missing) > 0 {
		env.problems = append([]error{&MissingError{Names: env.missing}}, env.problems...)
	}
	return errors.Join(env.problems...)
}

// readSecret reads a small file. Its errors leave out the path, for it is the
// secret itself when somebody confuses the two variables.
func readSecret(path string) (string, error) {
	const largest = 64 << 10 // bytes
	f, err := os.Open(path)
	if err != nil {
		return "", withoutPath(err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, largest+1))
	switch {
	case err != nil:
		return "", withoutPath(err)
	case len(content) > largest:
		return "", errors.New("the file is too large for a secret")
	}
	text := strings.TrimSuffix(string(content), "\n")
	return strings.TrimSuffix(text, "\r"), nil
}

func withoutPath(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
