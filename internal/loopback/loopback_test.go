package loopback_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/kaikina/kaikina/internal/loopback"
)

func TestHost(t *testing.T) {
	for name, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.9.9.9": true, "::1": true, "::ffff:127.0.0.1": true,
		"": false, "localhost.": false, "prod.localhost": false, "localhost.example.test": false, "127.0.0.1.example.test": false,
		"127.1": false, "2130706433": false, "0177.0.0.1": false, "0.0.0.0": false, "::": false, "10.0.0.1": false, "api.kainexus.com": false,
	} {
		assert.Equal(t, want, loopback.Host(name), name)
	}
}
