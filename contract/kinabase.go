package contract

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/kaikina/kaikina/gen/kinabaseapi"
)

// kinabase is one verification of Kinabase.
type kinabase struct {
	*run
	client     *kinabaseapi.ClientWithResponses
	collection string
	// field is the key of a text field that the collection has, and guessed that nobody
	// named it.
	field   string
	guessed bool
	// listed are the ids on the pages: records of somebody else.
	listed map[string]bool
	// read reads the pages.
	read func() walk
}

func verifyKinabase(ctx context.Context, r *run) error {
	anonymous, err := kinabaseClient(r, r.anonymous())
	if err != nil {
		return err
	}
	client, err := kinabaseClient(r, r.authorized())
	if err != nil {
		return err
	}
	defer r.cleanUp(ctx)
	k := &kinabase{run: r, client: client, collection: r.target.IDs["collection"], field: r.target.IDs["field"], listed: map[string]bool{}}
	k.guessed = k.field == ""

	k.tokens(ctx, anonymous)
	k.status(ctx, anonymous)
	k.collections(ctx)
	if k.collection == "" {
		for _, op := range r.doc.Operations {
			r.note(op.ID, "no collection is known: name one with --id collection=SLUG")
		}
		return r.stopped
	}
	pages := k.pages(ctx)
	k.all(ctx, &pages)
	k.reads(ctx, pages)
	if len(pages.pages) > 0 {
		k.writes(ctx)
		k.bulk(ctx)
	}
	return r.stopped
}

// kinabaseClient sends the two headers that Kinabase's guide wants on every call. Clients
// are known to work without, so nothing is learnt from leaving them out.
func kinabaseClient(r *run, through *recorder) (*kinabaseapi.ClientWithResponses, error) {
	headers := func(_ context.Context, request *http.Request) error {
		request.Header.Set("Accept", "application/json")
		request.Header.Set("Content-Type", "application/json")
		return nil
	}
	return kinabaseapi.NewClientWithResponses(r.base.String(), kinabaseapi.WithHTTPClient(through), kinabaseapi.WithRequestEditorFn(headers))
}

func (k *kinabase) tokens(ctx context.Context, anonymous *kinabaseapi.ClientWithResponses) {
	if k.clientID == "" {
		k.note("createToken", "the target was given no app to ask a token for")
		return
	}
	ask := func(body kinabaseapi.TokenRequest) func() (*kinabaseapi.CreateTokenResp, error) {
		return func() (*kinabaseapi.CreateTokenResp, error) { return anonymous.CreateTokenWithResponse(ctx, body) }
	}
	var bySecret, byAppSecret, wrong kinabaseapi.TokenRequest
	secret := k.clientSecret.Reveal()
	// Marshalling two strings cannot fail.
	_ = bySecret.FromSecretCredentials(kinabaseapi.SecretCredentials{AppID: k.clientID, Secret: secret})
	_ = byAppSecret.FromAppSecretCredentials(kinabaseapi.AppSecretCredentials{AppID: k.clientID, AppSecret: secret})
	_ = wrong.FromSecretCredentials(kinabaseapi.SecretCredentials{AppID: k.clientID, Secret: wrongSecret})
	good(k.run, "createToken", ask(bySecret))
	// The guides have this key, yet no client was seen using it: a refusal is no violation.
	call(k.run, "createToken", ask(byAppSecret))
	refused(k.run, "createToken", ask(wrong))
}

func (k *kinabase) status(ctx context.Context, anonymous *kinabaseapi.ClientWithResponses) {
	refused(k.run, "getStatus", func() (*kinabaseapi.GetStatusResp, error) { return anonymous.GetStatusWithResponse(ctx) })
	good(k.run, "getStatus", func() (*kinabaseapi.GetStatusResp, error) { return k.client.GetStatusWithResponse(ctx) })
}

// collections lists them, and picks one to verify where the target names none.
func (k *kinabase) collections(ctx context.Context) {
	_, x := good(k.run, "listCollections", func() (*kinabaseapi.ListCollectionsResp, error) {
		return k.client.ListCollectionsWithResponse(ctx)
	})
	if x == nil || k.collection != "" {
		return
	}
	// The shape is not documented; an array of objects with an id or a slug is what we hope for.
	list, _ := x.value.([]any)
	for _, element := range list {
		for _, name := range []string{"slug", "id"} {
			if text, _ := member(element, name).(string); text != "" {
				k.collection = text
				return
			}
		}
	}
}

// page gets one page and applies what must hold for each.
func (k *kinabase) page(ctx context.Context, params *kinabaseapi.ListRecordsParams) *exchange {
	_, x := good(k.run, "listRecords", func() (*kinabaseapi.ListRecordsResp, error) {
		return k.client.ListRecordsWithResponse(ctx, k.collection, params)
	})
	if x == nil {
		return nil
	}
	k.judge(pagingEchoed, x, checkEcho(x, map[string]int64{"pageIndex": 0, "pageSize": 10}))
	k.judge(countMatches, x, checkPageSize(x, "pageSize", "records"))
	records, _ := member(x.value, "records").([]any)
	k.judge(recordGeneration, x, checkGeneration(x, records, "/records"))
	return x
}

// pages reads the collection in at least three pages, where it is large enough. Pages
// that do not fit together are read once more before anything is said, since on a live
// tenant a record may have been added in between.
func (k *kinabase) pages(ctx context.Context) walk {
	first := k.page(ctx, &kinabaseapi.ListRecordsParams{})
	if first == nil {
		if k.target.IDs["collection"] != "" {
			k.wrongID("collection", k.last)
		}
		return walk{}
	}
	total := totalOf(first, "totalRecords")
	size := pageSizeFor(total, 300)
	k.read = func() walk {
		return k.walkThrough("records", "totalRecords", size, total, func(index int) *exchange {
			return k.page(ctx, &kinabaseapi.ListRecordsParams{PageIndex: &index, PageSize: &size})
		})
	}
	return k.walkTwice("listRecords", k.read)
}

// all compares the call for everything with the pages. Where they differ, both are read
// once more, since a record may have been added in between.
func (k *kinabase) all(ctx context.Context, pages *walk) {
	params := &kinabaseapi.ListAllRecordsParams{}
	comparable := pages.complete && len(pages.pages) > 0 && pages.steady()
	if !pages.complete {
		// Too large to read whole: a window that is most likely empty still shows the shape.
		params.UpdatedAfter = new(time.Now().Add(-time.Minute).UTC())
	}
	read := func() *exchange {
		_, x := good(k.run, "listAllRecords", func() (*kinabaseapi.ListAllRecordsResp, error) {
			return k.client.ListAllRecordsWithResponse(ctx, k.collection, params)
		})
		return x
	}
	x := read()
	if x == nil {
		return
	}
	records, _ := x.value.([]any)
	for _, id := range ids(records) {
		k.listed[id] = true
	}
	k.judge(recordGeneration, x, checkGeneration(x, records, ""))
	if !comparable {
		return
	}
	if len(checkAllEqualsPages(x, *pages)) > 0 {
		again := k.read()
		if x = read(); x == nil || !again.complete || !again.steady() {
			k.tallies["listAllRecords"].remark = "the collection kept changing, so it was not compared with the pages"
			return
		}
		*pages = again
	}
	k.judge(allEqualsPages, x, checkAllEqualsPages(x, *pages))
}

// reads gets single things that the pages name.
func (k *kinabase) reads(ctx context.Context, pages walk) {
	for _, page := range pages.pages {
		records, _ := member(page.value, "records").([]any)
		for i, id := range ids(records) {
			if id == "" {
				continue
			}
			k.listed[id] = true
			if k.field == "" {
				k.field = textField(records[i])
			}
			if k.tallies["getRecord"].calls == 0 {
				k.record(ctx, id)
			}
			if k.tallies["getExternalRecord"].calls == 0 {
				k.external(ctx, id, records[i])
			}
		}
	}
	if len(pages.pages) == 0 {
		return
	}
	for _, id := range []string{"getRecord", "listActivities"} {
		k.note(id, "the collection has no record to read")
	}
	k.note("getExternalRecord", "no record of the collection has an external link")
}

func (k *kinabase) record(ctx context.Context, id string) {
	x := k.get(ctx, id)
	if x != nil && x.status == http.StatusNotFound && k.read != nil && slices.Contains(k.read().ids(), id) {
		x = k.get(ctx, id) // it was not deleted in between
	} else if x != nil && x.status == http.StatusNotFound {
		k.tallies["getRecord"].remark = "what was listed had been deleted when it was read"
		return
	}
	if x != nil {
		k.judge(statusExpected, x, checkExpected(x))
		k.judge(listAgreesWithGet, x, checkSame(x, id, "id"))
		if x.succeeded() {
			k.judge(recordGeneration, x, checkGeneration(x, []any{x.value}, ""))
		}
	}
	good(k.run, "listActivities", func() (*kinabaseapi.ListActivitiesResp, error) {
		return k.client.ListActivitiesWithResponse(ctx, k.collection, id)
	})
}

func (k *kinabase) external(ctx context.Context, id string, record any) {
	links, _ := member(record, "external").([]any)
	for _, link := range links {
		service, _ := member(link, "key").(string)
		external, _ := member(link, "id").(string)
		if service == "" || external == "" {
			continue
		}
		_, x := call(k.run, "getExternalRecord", func() (*kinabaseapi.GetExternalRecordResp, error) {
			return k.client.GetExternalRecordWithResponse(ctx, k.collection, service, external)
		})
		if x != nil {
			k.judge(listAgreesWithGet, x, checkSame(x, id, "id"))
		}
		return
	}
}
