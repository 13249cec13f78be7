package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract"
	"github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/sandbox/kinabase"
)

// sandbox is one emulator, and what there is to say about it.
type sandbox struct {
	name string
	// path is where its operations start: "" or "/api/v1".
	path    string
	baseURL string
	target  contract.Target
	// environment is what programs read the credential from; instead, where it is not
	// empty, takes the place of what is not the base URL.
	environment, instead map[string]string
	tries                []try
	// proof is a request that the printed credential lets in.
	proof *http.Request
}

// try is a line for a shell that works as it is, after those before it.
type try struct {
	Shows string `json:"shows"`
	Line  string `json:"line"`
}

// makers make the sandboxes of a service.
var makers = map[string]func(*service, sandboxOptions) (*sandbox, http.Handler, error){
	"kainexus": kaiNexusSandbox,
	"kinabase": kinabaseSandbox,
}

func kaiNexusSandbox(s *service, o sandboxOptions) (*sandbox, http.Handler, error) {
	const name = "kainexus"
	options := []kainexus.Option{kainexus.WithRateLimit(o.rate)}
	if o.items > 0 {
		options = append(options, kainexus.WithGeneratedItems(o.items, o.seed))
	}
	if s.file != nil {
		options = append(options, kainexus.WithStorage(s.storage(name)))
	}
	server, err := kainexus.New(options...)
	if err != nil {
		return nil, nil, err
	}
	known, limited, origin := server.Credentials(), server.LimitedCredentials(), s.origin
	proof, err := http.NewRequest(http.MethodGet, origin+"/api/public/v1/json/itemList?id="+server.IDs()["itemList"], nil)
	if err != nil {
		return nil, nil, err
	}
	proof.SetBasicAuth("api", known.APIKey)
	cred, err := auth.KaiNexusOAuth(origin, known.ClientID, auth.NewSecret(known.ClientSecret))
	if err != nil {
		return nil, nil, err
	}
	ids := server.IDs()
	list := fmt.Sprintf("'%s/api/public/v1/json/itemList?id=%s&limit=2'", origin, ids["itemList"])
	return &sandbox{
		name:    name,
		baseURL: origin,
		proof:   proof,
		target:  contract.Target{API: contract.KaiNexus, Credential: cred, IDs: ids},
		environment: map[string]string{
			"KAINEXUS_BASE_URL": origin,
			"KAINEXUS_API_KEY":  known.APIKey,
		},
		instead: map[string]string{
			"KAINEXUS_CLIENT_ID":     known.ClientID,
			"KAINEXUS_CLIENT_SECRET": known.ClientSecret,
		},
		tries: []try{
			{"two items, with the API key", fmt.Sprintf("curl -sS -u 'api:%s' %s", known.APIKey, list)},
			{"an OAuth 2.0 token, kept in a variable", fmt.Sprintf(
				`KAINEXUS_TOKEN=$(curl -sS -u '%s:%s' -d grant_type=client_credentials %s/oauth2/token | %s)`,
				known.ClientID, known.ClientSecret, origin, textOf("access_token"))},
			{"two items, with the token", fmt.Sprintf(`curl -sS -H "Authorization: Bearer $KAINEXUS_TOKEN" %s`, list)},
			{"the same list for an account that sees a part of it: fewer in totalCount", fmt.Sprintf("curl -sS -u 'api:%s' %s", limited.APIKey, list)},
		},
	}, server, nil
}

func kinabaseSandbox(s *service, o sandboxOptions) (*sandbox, http.Handler, error) {
	const name = "kinabase"
	options := []kinabase.Option{kinabase.WithRateLimit(o.rate)}
	if o.items > 0 {
		options = append(options,
			kinabase.WithCollection(generatedCollection), kinabase.WithGeneratedRecords(generatedCollection.Slug, o.items, o.seed))
	}
	if o.edition2023 {
		options = append(options, kinabase.WithEdition2023())
	}
	if o.strictHeaders {
		options = append(options, kinabase.WithStrictHeaders())
	}
	if s.file != nil {
		options = append(options, kinabase.WithStorage(s.storage(name)))
	}
	server, err := kinabase.New(options...)
	if err != nil {
		return nil, nil, err
	}
	app := server.App()
	base := s.origin + kinabase.BasePath
	proof, err := http.NewRequest(http.MethodPost, base+"/token", strings.NewReader(fmt.Sprintf(`{"appId":%q,"secret":%q}`, app.ID, app.Secret)))
	if err != nil {
		return nil, nil, err
	}
	proof.Header.Set("Content-Type", "application/json")
	proof.Header.Set("Accept", "application/json")
	get := `curl -sS -H "Authorization: Bearer $KINABASE_TOKEN"`
	if o.strictHeaders {
		get += ` -H 'Content-Type: application/json'`
	}
	cred, err := auth.KinabaseApp(base, app.ID, auth.NewSecret(app.Secret))
	if err != nil {
		return nil, nil, err
	}
	return &sandbox{
		name:    name,
		path:    kinabase.BasePath,
		baseURL: base,
		proof:   proof,
		target:  contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"collection": "purchase-orders"}},
		environment: map[string]string{
			"KINABASE_BASE_URL":   base,
			"KINABASE_APP_ID":     app.ID,
			"KINABASE_APP_SECRET": app.Secret,
		},
		tries: []try{
			{"a token, kept in a variable", fmt.Sprintf(
				`KINABASE_TOKEN=$(curl -sS -H 'Content-Type: application/json' -d '{"appId":"%s","secret":"%s"}' %s/token | %s)`,
				app.ID, app.Secret, base, textOf("token"))},
			{"two records", fmt.Sprintf(
				`%s '%s/collections/purchase-orders?pageSize=2'`, get, base)},
			{"the same, by the id of the collection", fmt.Sprintf(
				`%s '%s/collections/%s?pageSize=2'`, get, base, seededID(server))},
			{"a 400, since the key of the field is supplier, and case matters", fmt.Sprintf(
				`curl -sS -i -H "Authorization: Bearer $KINABASE_TOKEN" -H 'Content-Type: application/json' -d '{"data":{"Supplier":"Ouse Paper"}}' %s/collections/purchase-orders`, base)},
		},
	}, server, nil
}

// seededID is the id of the collection of purchase orders.
func seededID(server *kinabase.Server) string {
	for _, c := range server.Admin().Collections() {
		if c.Slug == "purchase-orders" {
			return c.ID
		}
	}
	return "purchase-orders"
}

// generatedCollection has what --items adds.
var generatedCollection = kinabase.Collection{
	ID: "3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2aff", Slug: "generated", Name: "Generated records",
	Fields: []kinabase.Field{
		{Label: "Title", Kind: kinabase.KindText},
		{Label: "Amount", Kind: kinabase.KindNumber},
		{Label: "Due Date", Kind: kinabase.KindDate},
		{Label: "Priority", Kind: kinabase.KindSelect, Options: []string{"Low", "Medium", "High"}},
		{Label: "Done", Kind: kinabase.KindYesNo},
	},
}

// textOf is a command that takes the text under a key out of JSON.
func textOf(key string) string {
	return fmt.Sprintf(`sed 's/.*"%s": *"\([^"]*\)".*/\1/'`, key)
}
