package kainexus

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzPutItem puts anything at all: the answer is a declared one, and what is stored can
// still be read.
func FuzzPutItem(f *testing.F) {
	for _, body := range []string{
		`{"item":` + minimal + `}`,
		`{"item":{"id":1001,"fields":[{"id":"23","numericValue":1e5}],"attributes":[{"id":12,"score":"1","values":[{"id":84}]}]}}`,
		`{"item":{"id":1001,"milestones":[{"id":32,"status":"READY"}],"parentId":1200,"startDate":null}}`,
		`{"item":{"id":1001,"resolutionActual":{"impacts":[{"typeId":5,"amount":1,"personProductServiceResourceId":219}],"investments":null}}}`,
		`{"item":{"id":4000,"chart":{"id":200,"series":[{"id":700,"dataPoints":[{"category":"a","value":1}]}]}}}`,
		`{"item":{"id":1002,"status":"DELETED"}}`,
		`{"item":null}`,
	} {
		f.Add(body)
	}
	spec, err := description()
	require.NoError(f, err)
	sandbox, err := New()
	require.NoError(f, err)
	pristine := sandbox.api.store.view()
	f.Fuzz(func(t *testing.T, body string) {
		sandbox.api.store.current.Store(pristine)
		send := func(method, path, body string) *httptest.ResponseRecorder {
			request := httptest.NewRequest(method, path, strings.NewReader(body))
			request.Header.Set("Content-Type", "application/json")
			request.SetBasicAuth(basicUser, sandbox.Credentials().APIKey)
			recorder := httptest.NewRecorder()
			sandbox.ServeHTTP(recorder, request)
			_, err := spec.Check(request, recorder.Code, recorder.Header(), recorder.Body.Bytes())
			require.NoError(t, err, "%s", recorder.Body)
			return recorder
		}
		if send(http.MethodPut, jsonPath+"item?fullSync=true", body).Code != http.StatusOK {
			require.Same(t, pristine, sandbox.api.store.view(), "a refused call changes nothing")
			return
		}
		for _, path := range []string{"json/itemList?id=640&includeCharts=true", "json/widget?id=79", "excel/itemList?id=640", "excel/chartList?id=655"} {
			require.Equal(t, http.StatusOK, send(http.MethodGet, "/api/public/v1/"+path, "").Code)
		}
	})
}

// FuzzStorage makes a server of a storage with anything at all in it: either New says what
// is wrong, or everything can be read.
func FuzzStorage(f *testing.F) {
	for key, value := range map[string]string{
		"items/1001":             `{"id":1001,"templateId":45,"fields":[{"id":21,"value":"x"}],"attributes":[{"id":11,"values":[{"id":81}]}]}`,
		"items/10000001":         `null`,
		"users/301":              `{"id":301,"username":"jdoe","networkLocations":[{"id":70}]}`,
		"lists/640":              `{"id":640,"kind":"items","ids":[1001]}`,
		"values/attribute-12/84": `{"id":84,"parent":{"id":83}}`,
		"meta":                   `{"version":1,"lastId":5,"generated":true,"count":3,"seed":18446744073709551615}`,
	} {
		f.Add(key, value)
	}
	clock := newClock()
	beginning := newMemory()
	_, err := New(WithStorage(beginning), WithClock(clock.Now), WithoutSeed(), WithGeneratedItems(2, 1))
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, key, value string) {
		m := beginning.Copy()
		m.Entries[key] = value
		s, err := New(WithStorage(m), WithClock(clock.Now))
		if err != nil {
			require.ErrorContains(t, err, "kainexus: WithStorage: ")
			return
		}
		if s.api.store.view().items.size < 1000 { // or else it is right, and takes long
			everything(t, s)
		}
	})
}
