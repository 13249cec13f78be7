package auth

import (
	"net/http"
	"testing"
)

// BenchmarkDoer compares a call through a credential with the same call that has its
// Authorization set by hand, both answered from memory: the difference is what the
// origin check, the copy of the request and the cache cost.
func BenchmarkDoer(b *testing.B) {
	wire := doerFunc(func(req *http.Request) (*http.Response, error) {
		return answer(req, http.StatusOK, `{"token":"a-token"}`), nil
	})
	cred, err := KinabaseApp("https://api.test", "id", NewSecret("a-secret"), TokenClient(wire))
	if err != nil {
		b.Fatal(err)
	}
	for _, peer := range []struct {
		name string
		doer Doer
		set  func(*http.Request)
	}{
		{"by-hand", wire, func(req *http.Request) { req.Header.Set("Authorization", "Bearer a-token") }},
		{"credential", cred.Doer(wire), func(*http.Request) {}},
	} {
		b.Run(peer.name, func(b *testing.B) {
			for b.Loop() {
				req, err := http.NewRequest(http.MethodGet, "https://api.test/x", nil)
				if err != nil {
					b.Fatal(err)
				}
				peer.set(req)
				resp, err := peer.doer.Do(req)
				if err != nil {
					b.Fatal(err)
				}
				resp.Body.Close()
			}
		})
	}
}
