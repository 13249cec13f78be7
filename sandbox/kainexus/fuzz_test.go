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
