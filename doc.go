// Package kaikina is the root of a module of typed clients for the KaiNexus and
// Kinabase APIs, and of a suite that tells whether those APIs still do what their
// descriptions say. It holds no code of its own. Start with one of these:
//
//   - [github.com/kaikina/kaikina/kainexus] and [github.com/kaikina/kaikina/kinabase] are the
//     clients, and [github.com/kaikina/kaikina/transport] says how they send;
//   - [github.com/kaikina/kaikina/auth] turns credentials into what a client sends;
//   - [github.com/kaikina/kaikina/gen/kainexusapi] and
//     [github.com/kaikina/kaikina/gen/kinabaseapi] are the generated clients beneath them;
//   - [github.com/kaikina/kaikina/contract] verifies a server, from a Go test or
//     through the command kaikina;
//   - [github.com/kaikina/kaikina/sandbox/kainexus] and
//     [github.com/kaikina/kaikina/sandbox/kinabase] emulate both products in process.
package kaikina
