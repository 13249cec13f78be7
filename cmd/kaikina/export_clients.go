package main

import (
	"github.com/kaikina/kaikina/gen/kainexusapi"
	"github.com/kaikina/kaikina/gen/kinabaseapi"
	"github.com/kaikina/kaikina/kainexus"
	"github.com/kaikina/kaikina/kinabase"
	"github.com/kaikina/kaikina/transport"
)

func kinabaseClient(a *account) (kinabaseapi.ClientInterface, error) {
	client, err := kinabase.New(kinabase.WithCredential(a.credential), kinabase.WithTransport(a.transport()))
	if err != nil {
		return nil, err
	}
	return client.API().ClientInterface, nil
}

func kaiNexusClient(a *account) (kainexusapi.ClientInterface, error) {
	client, err := kainexus.New(kainexus.WithCredential(a.credential), kainexus.WithTransport(a.transport()))
	if err != nil {
		return nil, err
	}
	return client.API().ClientInterface, nil
}

// transport sends as fast as the rate allows, and nothing that writes.
func (a *account) transport() transport.Config {
	cfg := transport.Config{ReadOnly: transport.NewReadOnly()}
	if a.rate > 0 {
		cfg.Limiter = transport.NewLimiter(a.rate, 1)
	}
	return cfg
}
